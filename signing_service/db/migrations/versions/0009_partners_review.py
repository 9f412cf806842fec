"""Comments, and the reviewers of the parties: links, codes, sessions, the versions they may read, their proposals."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import signing_service.db.types

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = signing_service.db.types.UtcDateTime
    op.create_table('reviewer',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('agreement_id', sa.String(length=40), nullable=False),
    sa.Column('party', sa.JSON(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('email', sa.String(length=320), nullable=False),
    sa.Column('language', sa.String(length=10), nullable=False),
    sa.Column('may_propose', sa.Boolean(), nullable=False),
    sa.Column('invited_by', sa.String(length=40), nullable=False),
    sa.Column('invited_at', moment(), nullable=False),
    sa.Column('until', moment(), nullable=False),
    sa.Column('revoked_at', moment(), nullable=True),
    sa.ForeignKeyConstraint(['agreement_id'], ['agreement.id'], name=op.f('fk_reviewer_agreement_id_agreement')),
    sa.ForeignKeyConstraint(['invited_by'], ['person.id'], name=op.f('fk_reviewer_invited_by_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reviewer'))
    )
    op.create_index(op.f('ix_reviewer_agreement_id'), 'reviewer', ['agreement_id'], unique=False)
    op.create_table('review_link',
    sa.Column('reviewer_id', sa.String(length=40), nullable=False),
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('token_sha256', sa.String(length=64), nullable=False),
    sa.Column('created_at', moment(), nullable=False),
    sa.Column('expires_at', moment(), nullable=False),
    sa.Column('opened_at', moment(), nullable=True),
    sa.Column('revoked_at', moment(), nullable=True),
    sa.ForeignKeyConstraint(['reviewer_id'], ['reviewer.id'], name=op.f('fk_review_link_reviewer_id_reviewer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_link')),
    sa.UniqueConstraint('token_sha256', name=op.f('uq_review_link_token_sha256'))
    )
    op.create_index(op.f('ix_review_link_reviewer_id'), 'review_link', ['reviewer_id'], unique=False)
    op.create_table('review_code',
    sa.Column('link_id', sa.String(length=40), nullable=False),
    sa.Column('code_mac', sa.String(length=64), nullable=False),
    sa.Column('expires_at', moment(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('sent_count', sa.Integer(), nullable=False),
    sa.Column('sent_since', moment(), nullable=False),
    sa.Column('used_at', moment(), nullable=True),
    sa.ForeignKeyConstraint(['link_id'], ['review_link.id'], name=op.f('fk_review_code_link_id_review_link')),
    sa.PrimaryKeyConstraint('link_id', name=op.f('pk_review_code'))
    )
    op.create_table('review_session',
    sa.Column('token_sha256', sa.String(length=64), nullable=False),
    sa.Column('link_id', sa.String(length=40), nullable=False),
    sa.Column('reviewer_id', sa.String(length=40), nullable=False),
    sa.Column('identified_at', moment(), nullable=False),
    sa.Column('expires_at', moment(), nullable=False),
    sa.ForeignKeyConstraint(['link_id'], ['review_link.id'], name=op.f('fk_review_session_link_id_review_link')),
    sa.ForeignKeyConstraint(['reviewer_id'], ['reviewer.id'], name=op.f('fk_review_session_reviewer_id_reviewer')),
    sa.PrimaryKeyConstraint('token_sha256', name=op.f('pk_review_session'))
    )
    op.create_table('shared_version',
    sa.Column('reviewer_id', sa.String(length=40), nullable=False),
    sa.Column('version_number', sa.Integer(), nullable=False),
    sa.Column('version_sha256', sa.String(length=64), nullable=False),
    sa.Column('shared_by', sa.String(length=40), nullable=False),
    sa.Column('shared_at', moment(), nullable=False),
    sa.Column('done_at', moment(), nullable=True),
    sa.ForeignKeyConstraint(['reviewer_id'], ['reviewer.id'], name=op.f('fk_shared_version_reviewer_id_reviewer')),
    sa.ForeignKeyConstraint(['shared_by'], ['person.id'], name=op.f('fk_shared_version_shared_by_person')),
    sa.PrimaryKeyConstraint('reviewer_id', 'version_number', name=op.f('pk_shared_version'))
    )
    op.create_table('comment',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('agreement_id', sa.String(length=40), nullable=False),
    sa.Column('version_number', sa.Integer(), nullable=False),
    sa.Column('version_sha256', sa.String(length=64), nullable=False),
    sa.Column('clause_id', sa.String(length=80), nullable=False),
    sa.Column('parent_id', sa.String(length=40), nullable=True),
    sa.Column('quote', sa.Text(), nullable=False),
    sa.Column('quote_language', sa.String(length=10), nullable=False),
    sa.Column('quote_start', sa.Integer(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('blocking', sa.Boolean(), nullable=False),
    sa.Column('shared', sa.Boolean(), nullable=False),
    sa.Column('shared_at', moment(), nullable=True),
    sa.Column('shared_by', sa.String(length=40), nullable=True),
    sa.Column('person_id', sa.String(length=40), nullable=True),
    sa.Column('reviewer_id', sa.String(length=40), nullable=True),
    sa.Column('added_at', moment(), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('closed_by', sa.String(length=40), nullable=True),
    sa.Column('closed_at', moment(), nullable=True),
    sa.Column('closing_words', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['agreement_id'], ['agreement.id'], name=op.f('fk_comment_agreement_id_agreement')),
    sa.ForeignKeyConstraint(['closed_by'], ['person.id'], name=op.f('fk_comment_closed_by_person')),
    sa.ForeignKeyConstraint(['parent_id'], ['comment.id'], name=op.f('fk_comment_parent_id_comment')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_comment_person_id_person')),
    sa.ForeignKeyConstraint(['reviewer_id'], ['reviewer.id'], name=op.f('fk_comment_reviewer_id_reviewer')),
    sa.ForeignKeyConstraint(['shared_by'], ['person.id'], name=op.f('fk_comment_shared_by_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comment'))
    )
    op.create_index(op.f('ix_comment_agreement_id'), 'comment', ['agreement_id'], unique=False)
    op.create_index(op.f('ix_comment_parent_id'), 'comment', ['parent_id'], unique=False)
    op.create_table('proposal',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('agreement_id', sa.String(length=40), nullable=False),
    sa.Column('version_number', sa.Integer(), nullable=False),
    sa.Column('version_sha256', sa.String(length=64), nullable=False),
    sa.Column('clause_id', sa.String(length=80), nullable=False),
    sa.Column('reviewer_id', sa.String(length=40), nullable=False),
    sa.Column('form_key', sa.String(length=64), nullable=False),
    sa.Column('titles', sa.JSON(), nullable=False),
    sa.Column('texts', sa.JSON(), nullable=False),
    sa.Column('explanation', sa.Text(), nullable=False),
    sa.Column('sent_at', moment(), nullable=False),
    sa.Column('shared', sa.Boolean(), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('amended', sa.Boolean(), nullable=False),
    sa.Column('decided_by', sa.String(length=40), nullable=True),
    sa.Column('decided_at', moment(), nullable=True),
    sa.Column('decision_words', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['agreement_id'], ['agreement.id'], name=op.f('fk_proposal_agreement_id_agreement')),
    sa.ForeignKeyConstraint(['decided_by'], ['person.id'], name=op.f('fk_proposal_decided_by_person')),
    sa.ForeignKeyConstraint(['reviewer_id'], ['reviewer.id'], name=op.f('fk_proposal_reviewer_id_reviewer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proposal')),
    sa.UniqueConstraint('reviewer_id', 'form_key', name=op.f('uq_proposal_reviewer_id_form_key'))
    )
    op.create_index(op.f('ix_proposal_agreement_id'), 'proposal', ['agreement_id'], unique=False)
    op.create_index(op.f('ix_proposal_reviewer_id'), 'proposal', ['reviewer_id'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_proposal_reviewer_id'), table_name='proposal')
    op.drop_index(op.f('ix_proposal_agreement_id'), table_name='proposal')
    op.drop_table('proposal')
    op.drop_index(op.f('ix_comment_parent_id'), table_name='comment')
    op.drop_index(op.f('ix_comment_agreement_id'), table_name='comment')
    op.drop_table('comment')
    op.drop_table('shared_version')
    op.drop_table('review_session')
    op.drop_table('review_code')
    op.drop_index(op.f('ix_review_link_reviewer_id'), table_name='review_link')
    op.drop_table('review_link')
    op.drop_index(op.f('ix_reviewer_agreement_id'), table_name='reviewer')
    op.drop_table('reviewer')
