"""The service: people, pages, ceremonies, signatures, record. The only package that knows Flask and the database.

Importing this package imports neither: a PDF is verified with no server. The application is in `signing_service.app`.
"""
