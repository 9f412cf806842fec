"""Bringing a database to the newest schema, and comparing it with the models."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

import signing_service.db.models.agreements
import signing_service.db.models.approval_routes
import signing_service.db.models.approvals
import signing_service.db.models.audit
import signing_service.db.models.ceremonies
import signing_service.db.models.clause_library
import signing_service.db.models.comments
import signing_service.db.models.delegations
import signing_service.db.models.documents
import signing_service.db.models.drawings
import signing_service.db.models.endings
import signing_service.db.models.external_seals
import signing_service.db.models.files
import signing_service.db.models.judged_files
import signing_service.db.models.mails
import signing_service.db.models.organisations
import signing_service.db.models.passkeys
import signing_service.db.models.people
import signing_service.db.models.pki
import signing_service.db.models.proposals
import signing_service.db.models.provider_credentials
import signing_service.db.models.rehearsals
import signing_service.db.models.reminders
import signing_service.db.models.reviewers
import signing_service.db.models.signatories
import signing_service.db.models.signatures
import signing_service.db.models.succession
import signing_service.db.models.templates  # noqa: F401 - importing a model registers its table
from signing_service.db.base import Base
from signing_service.db.session import Database

METADATA = Base.metadata
SCRIPTS = Path(__file__).with_name("migrations")
LOCK_KEY = 7_215_903_301


def upgrade(database: Database, revision: str = "head") -> None:
    """Run the missing migrations in one transaction; two processes starting at once run them once."""
    with database.write_connection() as connection:
        if not database.is_sqlite:
            connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK_KEY})"))
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def downgrade(database: Database, revision: str) -> None:
    """Go back to `revision` (`base` for an empty database)."""
    with database.write_connection() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


def differences(database: Database) -> list[object]:
    """What the models have and the database lacks, or the other way round; empty when they agree."""
    with database.write_connection() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), METADATA))


def draft_revision(database: Database, message: str) -> None:
    """Write a new migration file from the difference between models and database (a developer's tool)."""
    with database.write_connection() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.revision(config, message=message, autogenerate=True)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    return config
