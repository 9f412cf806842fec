"""Approval routes at work: adapted routes, delegations, reminders, and when to look at a review again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import signing_service.db.types as types

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('delegation',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('person_id', sa.String(length=40), nullable=False),
    sa.Column('delegate_id', sa.String(length=40), nullable=False),
    sa.Column('begins_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('zone', sa.String(length=60), nullable=False),
    sa.Column('starts_at', types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('ends_at', types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('given_at', types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', types.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['delegate_id'], ['person.id'], name=op.f('fk_delegation_delegate_id_person')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_delegation_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delegation'))
    )
    with op.batch_alter_table('delegation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_delegation_delegate_id'), ['delegate_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_delegation_person_id'), ['person_id'], unique=False)

    op.create_table('adapted_route',
    sa.Column('agreement_id', sa.String(length=40), nullable=False),
    sa.Column('stages', sa.JSON(), nullable=False),
    sa.Column('row_version', sa.Integer(), nullable=False),
    sa.Column('changed_by', sa.String(length=40), nullable=False),
    sa.Column('changed_at', types.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['agreement_id'], ['agreement.id'], name=op.f('fk_adapted_route_agreement_id_agreement')),
    sa.ForeignKeyConstraint(['changed_by'], ['person.id'], name=op.f('fk_adapted_route_changed_by_person')),
    sa.PrimaryKeyConstraint('agreement_id', name=op.f('pk_adapted_route'))
    )
    op.create_table('reminder',
    sa.Column('agreement_id', sa.String(length=40), nullable=False),
    sa.Column('stage_id', sa.String(length=60), nullable=False),
    sa.Column('person_id', sa.String(length=40), nullable=False),
    sa.Column('version_sha256', sa.String(length=64), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('due_at', types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('sent_at', types.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['agreement_id'], ['agreement.id'], name=op.f('fk_reminder_agreement_id_agreement')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_reminder_person_id_person')),
    sa.PrimaryKeyConstraint('agreement_id', 'stage_id', 'person_id', 'version_sha256', 'kind', 'due_at', name=op.f('pk_reminder'))
    )
    with op.batch_alter_table('review', schema=None) as batch_op:
        batch_op.add_column(sa.Column('remind_at', types.UtcDateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f('ix_review_remind_at'), ['remind_at'], unique=False)
    # Reviews under way are looked at once; their deadlines have been running since they were submitted.
    op.execute('UPDATE review SET remind_at = submitted_at')


def downgrade() -> None:
    with op.batch_alter_table('review', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_review_remind_at'))
        batch_op.drop_column('remind_at')

    op.drop_table('reminder')
    op.drop_table('adapted_route')
    with op.batch_alter_table('delegation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_delegation_person_id'))
        batch_op.drop_index(batch_op.f('ix_delegation_delegate_id'))

    op.drop_table('delegation')
