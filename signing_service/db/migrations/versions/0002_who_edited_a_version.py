"""Who edited a version, so that four eyes look at the version and not at what was typed later."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Nullable: the version of the service before this one still writes rows while the migration runs.
    with op.batch_alter_table('agreement_version', schema=None) as batch_op:
        batch_op.add_column(sa.Column('edited_by', sa.String(length=40), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f('fk_agreement_version_edited_by_person'), 'person', ['edited_by'], ['id']
        )


def downgrade() -> None:
    with op.batch_alter_table('agreement_version', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_agreement_version_edited_by_person'), type_='foreignkey')
        batch_op.drop_column('edited_by')
