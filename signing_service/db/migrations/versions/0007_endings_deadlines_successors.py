"""Why an agreement ended, until when it is open for signature, and which agreement comes after which."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import signing_service.db.types as types

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Plain columns, added in place: SQLite would copy and drop a table that half of the others refer to.
    op.add_column('agreement', sa.Column('sign_until_at', types.UtcDateTime(timezone=True), nullable=True))
    op.add_column('agreement', sa.Column('sign_until_zone', sa.String(length=60), nullable=True))
    op.create_table('ending',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('agreement_id', sa.String(length=40), nullable=False),
    sa.Column('command', sa.String(length=20), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('asked_by', sa.String(length=40), nullable=False),
    sa.Column('asked_at', types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('confirmed_by', sa.String(length=40), nullable=True),
    sa.Column('ended_at', types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('dropped_at', types.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['agreement_id'], ['agreement.id'], name=op.f('fk_ending_agreement_id_agreement')),
    sa.ForeignKeyConstraint(['asked_by'], ['person.id'], name=op.f('fk_ending_asked_by_person')),
    sa.ForeignKeyConstraint(['confirmed_by'], ['person.id'], name=op.f('fk_ending_confirmed_by_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ending'))
    )
    op.create_index(op.f('ix_ending_agreement_id'), 'ending', ['agreement_id'], unique=False)
    op.create_table('succession',
    sa.Column('agreement_id', sa.String(length=40), nullable=False),
    sa.Column('predecessor_id', sa.String(length=40), nullable=False),
    sa.Column('relation', sa.String(length=20), nullable=False),
    sa.CheckConstraint('agreement_id <> predecessor_id', name=op.f('ck_succession_not_its_own_predecessor')),
    sa.ForeignKeyConstraint(['agreement_id'], ['agreement.id'], name=op.f('fk_succession_agreement_id_agreement')),
    sa.ForeignKeyConstraint(['predecessor_id'], ['agreement.id'], name=op.f('fk_succession_predecessor_id_agreement')),
    sa.PrimaryKeyConstraint('agreement_id', name=op.f('pk_succession'))
    )
    op.create_index(op.f('ix_succession_predecessor_id'), 'succession', ['predecessor_id'], unique=False)


def downgrade() -> None:
    op.drop_table('succession')
    op.drop_table('ending')
    op.drop_column('agreement', 'sign_until_zone')
    op.drop_column('agreement', 'sign_until_at')
