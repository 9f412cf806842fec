"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import signing_service.db.types as types
from signing_service.db.models.audit import drop_append_only_triggers, install_log

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('log_checkpoint',
    sa.Column('size', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('origin', sa.String(length=255), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('at', sa.String(length=24), nullable=False),
    sa.PrimaryKeyConstraint('size', name=op.f('pk_log_checkpoint'))
    )
    op.create_table('log_entry',
    sa.Column('idx', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('agreement', sa.String(length=128), nullable=True),
    sa.Column('seq', sa.BigInteger(), nullable=True),
    sa.Column('ceremony', sa.String(length=128), nullable=True),
    sa.Column('type', sa.String(length=64), nullable=False),
    sa.Column('actor', sa.String(length=128), nullable=False),
    sa.Column('at', sa.String(length=24), nullable=False),
    sa.Column('encoded', sa.LargeBinary(), nullable=False),
    sa.Column('leaf_hash', sa.LargeBinary(length=32), nullable=False),
    sa.CheckConstraint('(agreement IS NULL) = (seq IS NULL)', name=op.f('ck_log_entry_agreement_with_seq')),
    sa.CheckConstraint('idx >= 0', name=op.f('ck_log_entry_idx_not_negative')),
    sa.PrimaryKeyConstraint('idx', name=op.f('pk_log_entry')),
    sa.UniqueConstraint('agreement', 'seq', name=op.f('uq_log_entry_agreement_seq')),
    sa.UniqueConstraint('leaf_hash', name=op.f('uq_log_entry_leaf_hash'))
    )
    with op.batch_alter_table('log_entry', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_log_entry_actor_idx'), ['actor', 'idx'], unique=False)
        batch_op.create_index(batch_op.f('ix_log_entry_ceremony_idx'), ['ceremony', 'idx'], unique=False)
        batch_op.create_index(batch_op.f('ix_log_entry_type_idx'), ['type', 'idx'], unique=False)

    op.create_table('log_head',
    sa.Column('one', sa.SmallInteger(), autoincrement=False, nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('one = 1', name=op.f('ck_log_head_one_row')),
    sa.PrimaryKeyConstraint('one', name=op.f('pk_log_head'))
    )
    op.create_table('log_node',
    sa.Column('level', sa.SmallInteger(), autoincrement=False, nullable=False),
    sa.Column('idx', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('hash', sa.LargeBinary(length=32), nullable=False),
    sa.PrimaryKeyConstraint('level', 'idx', name=op.f('pk_log_node'))
    )
    op.create_table('person',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('email', sa.String(length=320), nullable=False),
    sa.Column('roles', sa.JSON(), nullable=False),
    sa.Column('language', sa.String(length=10), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person')),
    sa.UniqueConstraint('email', name=op.f('uq_person_email'))
    )
    op.create_table('stored_file',
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('media_type', sa.String(length=100), nullable=False),
    sa.Column('data', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('sha256', name=op.f('pk_stored_file'))
    )
    op.create_table('agreement',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('number', sa.String(length=60), nullable=True),
    sa.Column('title', sa.JSON(), nullable=False),
    sa.Column('template_id', sa.String(length=80), nullable=False),
    sa.Column('template_version', sa.String(length=20), nullable=False),
    sa.Column('state', sa.String(length=30), nullable=False),
    sa.Column('row_version', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.String(length=40), nullable=False),
    sa.Column('last_editor_id', sa.String(length=40), nullable=False),
    sa.Column('newest_version', sa.Integer(), nullable=False),
    sa.Column('frozen_version', sa.Integer(), nullable=True),
    sa.Column('created_at', types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('changed_at', types.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_agreement_author_id_person')),
    sa.ForeignKeyConstraint(['last_editor_id'], ['person.id'], name=op.f('fk_agreement_last_editor_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agreement')),
    sa.UniqueConstraint('number', name=op.f('uq_agreement_number'))
    )
    op.create_table('log_cosignature',
    sa.Column('size', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('name', sa.String(length=255), nullable=False),
    sa.Column('line', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['size'], ['log_checkpoint.size'], name=op.f('fk_log_cosignature_size_log_checkpoint')),
    sa.PrimaryKeyConstraint('size', 'name', name=op.f('pk_log_cosignature'))
    )
    op.create_table('log_disclosure',
    sa.Column('idx', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('digest', sa.String(length=43), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['idx'], ['log_entry.idx'], name=op.f('fk_log_disclosure_idx_log_entry')),
    sa.PrimaryKeyConstraint('idx', 'digest', name=op.f('pk_log_disclosure'))
    )
    op.create_table('log_timestamp',
    sa.Column('size', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('authority', sa.String(length=255), nullable=False),
    sa.Column('token', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['size'], ['log_checkpoint.size'], name=op.f('fk_log_timestamp_size_log_checkpoint')),
    sa.PrimaryKeyConstraint('size', 'authority', name=op.f('pk_log_timestamp'))
    )
    op.create_table('sign_in_link',
    sa.Column('token_sha256', sa.String(length=64), nullable=False),
    sa.Column('person_id', sa.String(length=40), nullable=False),
    sa.Column('expires_at', types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('used_at', types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('reusable', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_sign_in_link_person_id_person')),
    sa.PrimaryKeyConstraint('token_sha256', name=op.f('pk_sign_in_link'))
    )
    op.create_table('staff_session',
    sa.Column('token_sha256', sa.String(length=64), nullable=False),
    sa.Column('person_id', sa.String(length=40), nullable=False),
    sa.Column('created_at', types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('expires_at', types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', types.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_staff_session_person_id_person')),
    sa.PrimaryKeyConstraint('token_sha256', name=op.f('pk_staff_session'))
    )
    op.create_table('agreement_version',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('agreement_id', sa.String(length=40), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('saved_by', sa.String(length=40), nullable=False),
    sa.Column('saved_at', types.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['agreement_id'], ['agreement.id'], name=op.f('fk_agreement_version_agreement_id_agreement')),
    sa.ForeignKeyConstraint(['saved_by'], ['person.id'], name=op.f('fk_agreement_version_saved_by_person')),
    sa.ForeignKeyConstraint(['sha256'], ['stored_file.sha256'], name=op.f('fk_agreement_version_sha256_stored_file')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agreement_version')),
    sa.UniqueConstraint('agreement_id', 'number', name=op.f('uq_agreement_version_agreement_id_number'))
    )
    with op.batch_alter_table('agreement_version', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_agreement_version_agreement_id'), ['agreement_id'], unique=False)

    op.create_table('ceremony',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('agreement_id', sa.String(length=40), nullable=False),
    sa.Column('title', sa.JSON(), nullable=False),
    sa.Column('host_id', sa.String(length=40), nullable=False),
    sa.Column('planned_at', types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('starts_at', types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('zone', sa.String(length=60), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('row_version', sa.Integer(), nullable=False),
    sa.Column('round_state', sa.String(length=20), nullable=False),
    sa.Column('round_mode', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['agreement_id'], ['agreement.id'], name=op.f('fk_ceremony_agreement_id_agreement')),
    sa.ForeignKeyConstraint(['host_id'], ['person.id'], name=op.f('fk_ceremony_host_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ceremony'))
    )
    with op.batch_alter_table('ceremony', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ceremony_agreement_id'), ['agreement_id'], unique=False)

    op.create_table('decision',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('agreement_id', sa.String(length=40), nullable=False),
    sa.Column('stage_id', sa.String(length=60), nullable=False),
    sa.Column('person_id', sa.String(length=40), nullable=False),
    sa.Column('on_behalf_of', sa.String(length=40), nullable=True),
    sa.Column('verdict', sa.String(length=20), nullable=False),
    sa.Column('version_number', sa.Integer(), nullable=False),
    sa.Column('version_sha256', sa.String(length=64), nullable=False),
    sa.Column('text', sa.String(length=4000), nullable=False),
    sa.Column('decided_at', types.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['agreement_id'], ['agreement.id'], name=op.f('fk_decision_agreement_id_agreement')),
    sa.ForeignKeyConstraint(['on_behalf_of'], ['person.id'], name=op.f('fk_decision_on_behalf_of_person')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_decision_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_decision'))
    )
    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_decision_agreement_id'), ['agreement_id'], unique=False)

    op.create_table('draft',
    sa.Column('agreement_id', sa.String(length=40), nullable=False),
    sa.Column('raw', sa.JSON(), nullable=False),
    sa.Column('row_version', sa.Integer(), nullable=False),
    sa.Column('saved_at', types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('saved_by', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['agreement_id'], ['agreement.id'], name=op.f('fk_draft_agreement_id_agreement')),
    sa.ForeignKeyConstraint(['saved_by'], ['person.id'], name=op.f('fk_draft_saved_by_person')),
    sa.PrimaryKeyConstraint('agreement_id', name=op.f('pk_draft'))
    )
    op.create_table('mail',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('agreement_id', sa.String(length=40), nullable=True),
    sa.Column('recipient', sa.String(length=320), nullable=False),
    sa.Column('language', sa.String(length=10), nullable=False),
    sa.Column('subject', sa.String(length=300), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('created_at', types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('delivered_at', types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('failure', sa.String(length=300), nullable=True),
    sa.ForeignKeyConstraint(['agreement_id'], ['agreement.id'], name=op.f('fk_mail_agreement_id_agreement')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mail'))
    )
    with op.batch_alter_table('mail', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_mail_agreement_id'), ['agreement_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_mail_created_at'), ['created_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_mail_delivered_at'), ['delivered_at'], unique=False)

    op.create_table('review',
    sa.Column('agreement_id', sa.String(length=40), nullable=False),
    sa.Column('route', sa.JSON(), nullable=False),
    sa.Column('version_number', sa.Integer(), nullable=False),
    sa.Column('version_sha256', sa.String(length=64), nullable=False),
    sa.Column('submitted_by', sa.String(length=40), nullable=False),
    sa.Column('submitted_at', types.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['agreement_id'], ['agreement.id'], name=op.f('fk_review_agreement_id_agreement')),
    sa.ForeignKeyConstraint(['submitted_by'], ['person.id'], name=op.f('fk_review_submitted_by_person')),
    sa.PrimaryKeyConstraint('agreement_id', name=op.f('pk_review'))
    )
    op.create_table('signatory',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('agreement_id', sa.String(length=40), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('block_id', sa.String(length=80), nullable=False),
    sa.Column('field_name', sa.String(length=100), nullable=False),
    sa.Column('party', sa.JSON(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('title', sa.JSON(), nullable=False),
    sa.Column('email', sa.String(length=320), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('language', sa.String(length=10), nullable=False),
    sa.Column('custody', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['agreement_id'], ['agreement.id'], name=op.f('fk_signatory_agreement_id_agreement')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signatory')),
    sa.UniqueConstraint('agreement_id', 'field_name', name=op.f('uq_signatory_agreement_id_field_name'))
    )
    with op.batch_alter_table('signatory', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_signatory_agreement_id'), ['agreement_id'], unique=False)

    op.create_table('consent',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('signatory_id', sa.String(length=40), nullable=False),
    sa.Column('text_id', sa.String(length=60), nullable=False),
    sa.Column('language', sa.String(length=10), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('text_sha256', sa.String(length=64), nullable=False),
    sa.Column('version_sha256', sa.String(length=64), nullable=False),
    sa.Column('document_sha256', sa.String(length=64), nullable=False),
    sa.Column('authentication', sa.String(length=60), nullable=False),
    sa.Column('given_at', types.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['signatory_id'], ['signatory.id'], name=op.f('fk_consent_signatory_id_signatory')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consent'))
    )
    with op.batch_alter_table('consent', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_consent_signatory_id'), ['signatory_id'], unique=False)

    op.create_table('document_revision',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('agreement_id', sa.String(length=40), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('signatory_id', sa.String(length=40), nullable=True),
    sa.Column('fields', sa.JSON(), nullable=True),
    sa.Column('created_at', types.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['agreement_id'], ['agreement.id'], name=op.f('fk_document_revision_agreement_id_agreement')),
    sa.ForeignKeyConstraint(['sha256'], ['stored_file.sha256'], name=op.f('fk_document_revision_sha256_stored_file')),
    sa.ForeignKeyConstraint(['signatory_id'], ['signatory.id'], name=op.f('fk_document_revision_signatory_id_signatory')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_document_revision')),
    sa.UniqueConstraint('agreement_id', 'number', name=op.f('uq_document_revision_agreement_id_number'))
    )
    with op.batch_alter_table('document_revision', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_document_revision_agreement_id'), ['agreement_id'], unique=False)

    op.create_table('invitation',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('token_sha256', sa.String(length=64), nullable=False),
    sa.Column('signatory_id', sa.String(length=40), nullable=False),
    sa.Column('created_at', types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('expires_at', types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('opened_at', types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', types.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['signatory_id'], ['signatory.id'], name=op.f('fk_invitation_signatory_id_signatory')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitation')),
    sa.UniqueConstraint('token_sha256', name=op.f('uq_invitation_token_sha256'))
    )
    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_invitation_signatory_id'), ['signatory_id'], unique=False)

    op.create_table('seat',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('ceremony_id', sa.String(length=40), nullable=False),
    sa.Column('signatory_id', sa.String(length=40), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('last_seen_at', types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('pages_read', sa.JSON(), nullable=False),
    sa.Column('challenge', sa.String(length=60), nullable=False),
    sa.Column('signed_at', types.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['ceremony_id'], ['ceremony.id'], name=op.f('fk_seat_ceremony_id_ceremony')),
    sa.ForeignKeyConstraint(['signatory_id'], ['signatory.id'], name=op.f('fk_seat_signatory_id_signatory')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_seat')),
    sa.UniqueConstraint('ceremony_id', 'signatory_id', name=op.f('uq_seat_ceremony_id_signatory_id'))
    )
    with op.batch_alter_table('seat', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_seat_ceremony_id'), ['ceremony_id'], unique=False)

    op.create_table('turn_request',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('agreement_id', sa.String(length=40), nullable=False),
    sa.Column('signatory_id', sa.String(length=40), nullable=False),
    sa.Column('asked_at', types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('lease_until', types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('attempt_id', sa.String(length=40), nullable=True),
    sa.ForeignKeyConstraint(['agreement_id'], ['agreement.id'], name=op.f('fk_turn_request_agreement_id_agreement')),
    sa.ForeignKeyConstraint(['signatory_id'], ['signatory.id'], name=op.f('fk_turn_request_signatory_id_signatory')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_turn_request')),
    sa.UniqueConstraint('agreement_id', 'signatory_id', name=op.f('uq_turn_request_agreement_id_signatory_id'))
    )
    with op.batch_alter_table('turn_request', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_turn_request_agreement_id'), ['agreement_id'], unique=False)

    op.create_table('certificate',
    sa.Column('serial', sa.String(length=64), nullable=False),
    sa.Column('signatory_id', sa.String(length=40), nullable=False),
    sa.Column('invitation_id', sa.String(length=40), nullable=False),
    sa.Column('der', sa.LargeBinary(), nullable=False),
    sa.Column('spki_sha256', sa.String(length=64), nullable=False),
    sa.Column('not_before', types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('not_after', types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('revocation_reason', sa.String(length=40), nullable=True),
    sa.ForeignKeyConstraint(['invitation_id'], ['invitation.id'], name=op.f('fk_certificate_invitation_id_invitation')),
    sa.ForeignKeyConstraint(['signatory_id'], ['signatory.id'], name=op.f('fk_certificate_signatory_id_signatory')),
    sa.PrimaryKeyConstraint('serial', name=op.f('pk_certificate'))
    )
    with op.batch_alter_table('certificate', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_certificate_signatory_id'), ['signatory_id'], unique=False)

    op.create_table('one_time_code',
    sa.Column('invitation_id', sa.String(length=40), nullable=False),
    sa.Column('code_mac', sa.String(length=64), nullable=False),
    sa.Column('expires_at', types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('sent_count', sa.Integer(), nullable=False),
    sa.Column('sent_since', types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('used_at', types.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['invitation_id'], ['invitation.id'], name=op.f('fk_one_time_code_invitation_id_invitation')),
    sa.PrimaryKeyConstraint('invitation_id', name=op.f('pk_one_time_code'))
    )
    op.create_table('seat_session',
    sa.Column('token_sha256', sa.String(length=64), nullable=False),
    sa.Column('invitation_id', sa.String(length=40), nullable=False),
    sa.Column('signatory_id', sa.String(length=40), nullable=False),
    sa.Column('identified_at', types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('expires_at', types.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['invitation_id'], ['invitation.id'], name=op.f('fk_seat_session_invitation_id_invitation')),
    sa.ForeignKeyConstraint(['signatory_id'], ['signatory.id'], name=op.f('fk_seat_session_signatory_id_signatory')),
    sa.PrimaryKeyConstraint('token_sha256', name=op.f('pk_seat_session'))
    )
    op.create_table('signature_attempt',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('agreement_id', sa.String(length=40), nullable=False),
    sa.Column('signatory_id', sa.String(length=40), nullable=False),
    sa.Column('command_key', sa.String(length=80), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('base_revision', sa.Integer(), nullable=False),
    sa.Column('base_sha256', sa.String(length=64), nullable=False),
    sa.Column('base_length', sa.BigInteger(), nullable=False),
    sa.Column('tail', sa.LargeBinary(), nullable=False),
    sa.Column('reserved_start', sa.BigInteger(), nullable=False),
    sa.Column('reserved_end', sa.BigInteger(), nullable=False),
    sa.Column('document_digest', sa.LargeBinary(), nullable=False),
    sa.Column('signed_attributes', sa.LargeBinary(), nullable=False),
    sa.Column('certificate_serial', sa.String(length=64), nullable=False),
    sa.Column('consent_id', sa.String(length=40), nullable=False),
    sa.Column('prepared_at', types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('expires_at', types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('result_revision', sa.Integer(), nullable=True),
    sa.Column('log_index', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['agreement_id'], ['agreement.id'], name=op.f('fk_signature_attempt_agreement_id_agreement')),
    sa.ForeignKeyConstraint(['certificate_serial'], ['certificate.serial'], name=op.f('fk_signature_attempt_certificate_serial_certificate')),
    sa.ForeignKeyConstraint(['consent_id'], ['consent.id'], name=op.f('fk_signature_attempt_consent_id_consent')),
    sa.ForeignKeyConstraint(['signatory_id'], ['signatory.id'], name=op.f('fk_signature_attempt_signatory_id_signatory')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signature_attempt'))
    )
    with op.batch_alter_table('signature_attempt', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_signature_attempt_agreement_id'), ['agreement_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_signature_attempt_command_key'), ['command_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_signature_attempt_signatory_id'), ['signatory_id'], unique=False)

    install_log(op.get_bind())


def downgrade() -> None:
    drop_append_only_triggers(op.get_bind())
    with op.batch_alter_table('signature_attempt', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_signature_attempt_signatory_id'))
        batch_op.drop_index(batch_op.f('ix_signature_attempt_command_key'))
        batch_op.drop_index(batch_op.f('ix_signature_attempt_agreement_id'))

    op.drop_table('signature_attempt')
    op.drop_table('seat_session')
    op.drop_table('one_time_code')
    with op.batch_alter_table('certificate', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_certificate_signatory_id'))

    op.drop_table('certificate')
    with op.batch_alter_table('turn_request', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_turn_request_agreement_id'))

    op.drop_table('turn_request')
    with op.batch_alter_table('seat', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_seat_ceremony_id'))

    op.drop_table('seat')
    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_invitation_signatory_id'))

    op.drop_table('invitation')
    with op.batch_alter_table('document_revision', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_document_revision_agreement_id'))

    op.drop_table('document_revision')
    with op.batch_alter_table('consent', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_consent_signatory_id'))

    op.drop_table('consent')
    with op.batch_alter_table('signatory', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_signatory_agreement_id'))

    op.drop_table('signatory')
    op.drop_table('review')
    with op.batch_alter_table('mail', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_mail_delivered_at'))
        batch_op.drop_index(batch_op.f('ix_mail_created_at'))
        batch_op.drop_index(batch_op.f('ix_mail_agreement_id'))

    op.drop_table('mail')
    op.drop_table('draft')
    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_decision_agreement_id'))

    op.drop_table('decision')
    with op.batch_alter_table('ceremony', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_ceremony_agreement_id'))

    op.drop_table('ceremony')
    with op.batch_alter_table('agreement_version', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_agreement_version_agreement_id'))

    op.drop_table('agreement_version')
    op.drop_table('staff_session')
    op.drop_table('sign_in_link')
    op.drop_table('log_timestamp')
    op.drop_table('log_disclosure')
    op.drop_table('log_cosignature')
    op.drop_table('agreement')
    op.drop_table('stored_file')
    op.drop_table('person')
    op.drop_table('log_node')
    op.drop_table('log_head')
    with op.batch_alter_table('log_entry', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_log_entry_type_idx'))
        batch_op.drop_index(batch_op.f('ix_log_entry_ceremony_idx'))
        batch_op.drop_index(batch_op.f('ix_log_entry_actor_idx'))

    op.drop_table('log_entry')
    op.drop_table('log_checkpoint')
