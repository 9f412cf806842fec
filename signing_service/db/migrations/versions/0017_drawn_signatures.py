"""Signatures drawn for the stamp, and whether a ceremony offers that."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import signing_service.db.types

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('seat_drawing',
    sa.Column('signatory_id', sa.String(length=40), nullable=False),
    sa.Column('strokes', sa.LargeBinary(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('drawn_at', signing_service.db.types.UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['signatory_id'], ['signatory.id'], name=op.f('fk_seat_drawing_signatory_id_signatory')),
    sa.PrimaryKeyConstraint('signatory_id', name=op.f('pk_seat_drawing'))
    )
    # Added in place: SQLite would copy and drop a table that others refer to. Who planned before was not asked.
    op.add_column('ceremony', sa.Column('drawings', sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column('ceremony', 'drawings')
    op.drop_table('seat_drawing')
