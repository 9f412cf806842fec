"""Files that strangers had judged, sealed, for as long as their report can be looked at."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import signing_service.db.types

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = signing_service.db.types.UtcDateTime
    op.create_table('judged_file',
    sa.Column('token_sha256', sa.String(length=64), nullable=False),
    sa.Column('created_at', moment(), nullable=False),
    sa.Column('expires_at', moment(), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('sealed_pdf', sa.LargeBinary(), nullable=False),
    sa.Column('sealed_report', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('token_sha256', name=op.f('pk_judged_file'))
    )
    op.create_index(op.f('ix_judged_file_expires_at'), 'judged_file', ['expires_at'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_judged_file_expires_at'), table_name='judged_file')
    op.drop_table('judged_file')
