"""Certificates of other authorities bound to seats; sealed files of other platforms as evidence."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import signing_service.db.types

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = signing_service.db.types.UtcDateTime
    # Plain columns, added in place: SQLite would copy and drop a table that others refer to.
    op.add_column('certificate', sa.Column('issued_here', sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column('certificate', sa.Column('chain', sa.LargeBinary(), nullable=True))
    op.create_table('external_seal',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('agreement_id', sa.String(length=40), nullable=False),
    sa.Column('signatory_id', sa.String(length=40), nullable=True),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('format', sa.String(length=40), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('added_by', sa.String(length=40), nullable=False),
    sa.Column('added_at', moment(), nullable=False),
    sa.Column('withdrawn_by', sa.String(length=40), nullable=True),
    sa.Column('withdrawn_at', moment(), nullable=True),
    sa.Column('withdrawal_words', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['added_by'], ['person.id'], name=op.f('fk_external_seal_added_by_person')),
    sa.ForeignKeyConstraint(['agreement_id'], ['agreement.id'], name=op.f('fk_external_seal_agreement_id_agreement')),
    sa.ForeignKeyConstraint(['sha256'], ['stored_file.sha256'], name=op.f('fk_external_seal_sha256_stored_file')),
    sa.ForeignKeyConstraint(['signatory_id'], ['signatory.id'], name=op.f('fk_external_seal_signatory_id_signatory')),
    sa.ForeignKeyConstraint(['withdrawn_by'], ['person.id'], name=op.f('fk_external_seal_withdrawn_by_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_external_seal'))
    )
    op.create_index(op.f('ix_external_seal_agreement_id'), 'external_seal', ['agreement_id'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_external_seal_agreement_id'), table_name='external_seal')
    op.drop_table('external_seal')
    op.drop_column('certificate', 'chain')
    op.drop_column('certificate', 'issued_here')
