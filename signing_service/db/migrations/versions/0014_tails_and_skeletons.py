"""A file may continue another and keep only what comes after; a revision keeps what signing needs to know of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

_TAILS = sa.text("SELECT sha256, base_sha256 FROM stored_file WHERE base_sha256 IS NOT NULL")
_DATA = sa.text("SELECT data FROM stored_file WHERE sha256 = :sha256")
_WHOLE = sa.text("UPDATE stored_file SET data = :data, base_sha256 = NULL WHERE sha256 = :sha256")


def upgrade() -> None:
    # Plain columns, added in place: SQLite would copy and drop a table that half of the others refer to.
    op.add_column('stored_file', sa.Column('base_sha256', sa.String(length=64), nullable=True))
    op.add_column('document_revision', sa.Column('skeleton', sa.JSON(), nullable=True))


def downgrade() -> None:
    connection = op.get_bind()
    bases = {row.sha256: row.base_sha256 for row in connection.execute(_TAILS)}
    while bases:  # the shortest first: each then stands on a whole
        for sha256, base in [pair for pair in bases.items() if pair[1] not in bases]:
            before, after = (connection.scalar(_DATA, {"sha256": one}) for one in (base, sha256))
            connection.execute(_WHOLE, {"sha256": sha256, "data": bytes(before) + bytes(after)})
            del bases[sha256]
    op.drop_column('document_revision', 'skeleton')
    op.drop_column('stored_file', 'base_sha256')
