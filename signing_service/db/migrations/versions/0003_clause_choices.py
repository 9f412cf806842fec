"""Languages of an agreement, clauses of a draft that are not standard, and which translation was written for what."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('agreement', sa.Column('languages', sa.JSON(), nullable=True))
    with op.batch_alter_table('draft', schema=None) as batch_op:
        batch_op.add_column(sa.Column('clauses', sa.JSON(), server_default='{}', nullable=False))
        batch_op.add_column(sa.Column('translations', sa.JSON(), server_default='{}', nullable=False))
    with op.batch_alter_table('agreement_version', schema=None) as batch_op:
        batch_op.add_column(sa.Column('translations', sa.JSON(), server_default='{}', nullable=False))


def downgrade() -> None:
    with op.batch_alter_table('agreement_version', schema=None) as batch_op:
        batch_op.drop_column('translations')
    with op.batch_alter_table('draft', schema=None) as batch_op:
        batch_op.drop_column('translations')
        batch_op.drop_column('clauses')
    op.execute('ALTER TABLE agreement DROP COLUMN languages')
