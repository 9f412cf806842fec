"""The service: people, pages, ceremonies, signatures, record. The only package that knows Flask and the database."""
