"""Alembic migrations: one file per change, both directions, the same on SQLite and PostgreSQL."""
