"""Uploaded versions of templates, and the very package that an agreement was begun with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'template_version',
        sa.Column('sha256', sa.String(length=64), nullable=False),
        sa.Column('template_id', sa.String(length=80), nullable=False),
        sa.Column('version', sa.String(length=20), nullable=False),
        sa.Column('title', sa.JSON(), nullable=False),
        sa.Column('languages', sa.JSON(), nullable=False),
        sa.Column('state', sa.String(length=20), nullable=False),
        sa.Column('rendered', sa.Integer(), nullable=False),
        sa.Column('uploaded_by', sa.String(length=40), nullable=False),
        sa.Column('uploaded_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('decided_by', sa.String(length=40), nullable=True),
        sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('retired_by', sa.String(length=40), nullable=True),
        sa.Column('retired_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('reason', sa.String(length=2000), nullable=False),
        sa.ForeignKeyConstraint(
            ['sha256'], ['stored_file.sha256'], name=op.f('fk_template_version_sha256_stored_file')
        ),
        sa.ForeignKeyConstraint(['uploaded_by'], ['person.id'], name=op.f('fk_template_version_uploaded_by_person')),
        sa.ForeignKeyConstraint(['decided_by'], ['person.id'], name=op.f('fk_template_version_decided_by_person')),
        sa.ForeignKeyConstraint(['retired_by'], ['person.id'], name=op.f('fk_template_version_retired_by_person')),
        sa.PrimaryKeyConstraint('sha256', name=op.f('pk_template_version')),
        sa.UniqueConstraint('template_id', 'version', name=op.f('uq_template_version_template_id_version')),
    )
    # Nullable: which package an older agreement was begun with is known to the running service only, which takes the
    # one of that id that came with it. In plain SQL: Alembic would rebuild the table on SQLite, and other rows name it.
    op.execute(
        'ALTER TABLE agreement ADD COLUMN template_sha256 VARCHAR(64)'
        ' CONSTRAINT fk_agreement_template_sha256_stored_file REFERENCES stored_file (sha256)'
    )


def downgrade() -> None:
    op.execute('ALTER TABLE agreement DROP COLUMN template_sha256')
    op.drop_table('template_version')
