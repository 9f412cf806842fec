"""OCSP answers signed ahead, levels asked for and reached, closings that wait for a time stamp."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import signing_service.db.types

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = signing_service.db.types.UtcDateTime
    op.create_table('ocsp_answer',
    sa.Column('serial', sa.String(length=64), nullable=False),
    sa.Column('digest', sa.String(length=10), nullable=False),
    sa.Column('issuer', sa.String(length=20), nullable=False),
    sa.Column('responder_sha256', sa.String(length=64), nullable=False),
    sa.Column('der', sa.LargeBinary(), nullable=False),
    sa.Column('this_update', moment(), nullable=False),
    sa.Column('next_update', moment(), nullable=False),
    sa.PrimaryKeyConstraint('serial', 'digest', name=op.f('pk_ocsp_answer'))
    )
    op.create_index(op.f('ix_ocsp_answer_next_update'), 'ocsp_answer', ['next_update'], unique=False)
    op.create_index(op.f('ix_ocsp_answer_responder_sha256'), 'ocsp_answer', ['responder_sha256'], unique=False)
    op.create_table('document_level',
    sa.Column('revision_id', sa.String(length=40), nullable=False),
    sa.Column('requested', sa.String(length=10), nullable=False),
    sa.Column('achieved', sa.String(length=10), nullable=False),
    sa.Column('fields', sa.JSON(), nullable=False),
    sa.Column('authority', sa.Text(), nullable=False),
    sa.Column('stamp_ends_at', moment(), nullable=False),
    sa.ForeignKeyConstraint(['revision_id'], ['document_revision.id'], name=op.f('fk_document_level_revision_id_document_revision')),
    sa.PrimaryKeyConstraint('revision_id', name=op.f('pk_document_level'))
    )
    op.create_index(op.f('ix_document_level_stamp_ends_at'), 'document_level', ['stamp_ends_at'], unique=False)
    op.create_table('pending_closing',
    sa.Column('agreement_id', sa.String(length=40), nullable=False),
    sa.Column('since', moment(), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('next_try_at', moment(), nullable=False),
    sa.Column('reason', sa.String(length=80), nullable=False),
    sa.ForeignKeyConstraint(['agreement_id'], ['agreement.id'], name=op.f('fk_pending_closing_agreement_id_agreement')),
    sa.PrimaryKeyConstraint('agreement_id', name=op.f('pk_pending_closing'))
    )


def downgrade() -> None:
    op.drop_table('pending_closing')
    op.drop_index(op.f('ix_document_level_stamp_ends_at'), table_name='document_level')
    op.drop_table('document_level')
    op.drop_index(op.f('ix_ocsp_answer_responder_sha256'), table_name='ocsp_answer')
    op.drop_index(op.f('ix_ocsp_answer_next_update'), table_name='ocsp_answer')
    op.drop_table('ocsp_answer')
