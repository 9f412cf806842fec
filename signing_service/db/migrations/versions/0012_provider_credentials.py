"""Credentials at trust service providers, chosen at the seat."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('provider_credential',
    sa.Column('signatory_id', sa.String(length=40), nullable=False),
    sa.Column('provider', sa.String(length=40), nullable=False),
    sa.Column('credential', sa.String(length=200), nullable=False),
    sa.Column('certificate_sha256', sa.String(length=64), nullable=False),
    sa.Column('wants', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['signatory_id'], ['signatory.id'], name=op.f('fk_provider_credential_signatory_id_signatory')),
    sa.PrimaryKeyConstraint('signatory_id', name=op.f('pk_provider_credential'))
    )


def downgrade() -> None:
    op.drop_table('provider_credential')
