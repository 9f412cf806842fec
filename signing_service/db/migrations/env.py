"""Runs the migrations over a connection that `signing_service.db.schema` hands in. There is no alembic.ini."""

from __future__ import annotations

from alembic import context

from signing_service.db.schema import METADATA

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=METADATA,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    user_module_prefix="types.",
)
context.run_migrations()
