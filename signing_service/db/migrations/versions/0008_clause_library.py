"""The clause library: clauses of the house and their versions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from signing_service.db.types import UtcDateTime

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('library_clause',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('retired_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('retired_by', sa.String(length=40), nullable=True),
    sa.Column('retired_reason', sa.String(length=1000), server_default='', nullable=False),
    sa.Column('created_at', UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['retired_by'], ['person.id'], name=op.f('fk_library_clause_retired_by_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_library_clause'))
    )
    op.create_table('library_clause_version',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('clause_id', sa.String(length=40), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('reason', sa.String(length=1000), nullable=False),
    sa.Column('owner_id', sa.String(length=40), nullable=True),
    sa.Column('proposed_by', sa.String(length=40), nullable=True),
    sa.Column('proposed_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('decided_by', sa.String(length=40), nullable=True),
    sa.Column('decided_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('decision_words', sa.String(length=1000), nullable=False),
    sa.ForeignKeyConstraint(['clause_id'], ['library_clause.id'], name=op.f('fk_library_clause_version_clause_id_library_clause')),
    sa.ForeignKeyConstraint(['decided_by'], ['person.id'], name=op.f('fk_library_clause_version_decided_by_person')),
    sa.ForeignKeyConstraint(['owner_id'], ['person.id'], name=op.f('fk_library_clause_version_owner_id_person')),
    sa.ForeignKeyConstraint(['proposed_by'], ['person.id'], name=op.f('fk_library_clause_version_proposed_by_person')),
    sa.ForeignKeyConstraint(['sha256'], ['stored_file.sha256'], name=op.f('fk_library_clause_version_sha256_stored_file')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_library_clause_version')),
    sa.UniqueConstraint('clause_id', 'number', name=op.f('uq_library_clause_version_clause_id_number'))
    )
    with op.batch_alter_table('library_clause_version', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_library_clause_version_clause_id'), ['clause_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('library_clause_version', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_library_clause_version_clause_id'))
    op.drop_table('library_clause_version')
    op.drop_table('library_clause')
