"""Passkeys of signatories and what they confirmed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from signing_service.db.types import UtcDateTime

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('passkey_challenge',
    sa.Column('signatory_id', sa.String(length=40), nullable=False),
    sa.Column('challenge', sa.LargeBinary(), nullable=False),
    sa.Column('expires_at', UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['signatory_id'], ['signatory.id'], name=op.f('fk_passkey_challenge_signatory_id_signatory')),
    sa.PrimaryKeyConstraint('signatory_id', name=op.f('pk_passkey_challenge'))
    )
    op.create_table('passkey',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('signatory_id', sa.String(length=40), nullable=False),
    sa.Column('invitation_id', sa.String(length=40), nullable=False),
    sa.Column('credential_id', sa.String(length=1400), nullable=False),
    sa.Column('credential_sha256', sa.String(length=64), nullable=False),
    sa.Column('public_key_der', sa.LargeBinary(), nullable=False),
    sa.Column('algorithm', sa.String(length=10), nullable=False),
    sa.Column('rp_id', sa.String(length=253), nullable=False),
    sa.Column('origin', sa.String(length=300), nullable=False),
    sa.Column('aaguid', sa.String(length=40), nullable=False),
    sa.Column('attestation_format', sa.String(length=40), nullable=False),
    sa.Column('attestation_object', sa.LargeBinary(), nullable=False),
    sa.Column('client_data_json', sa.LargeBinary(), nullable=False),
    sa.Column('backed_up', sa.Boolean(), nullable=False),
    sa.Column('sign_count', sa.BigInteger(), nullable=False),
    sa.Column('registered_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_at', UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['invitation_id'], ['invitation.id'], name=op.f('fk_passkey_invitation_id_invitation')),
    sa.ForeignKeyConstraint(['signatory_id'], ['signatory.id'], name=op.f('fk_passkey_signatory_id_signatory')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_passkey')),
    sa.UniqueConstraint('credential_sha256', name=op.f('uq_passkey_credential_sha256'))
    )
    with op.batch_alter_table('passkey', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_passkey_signatory_id'), ['signatory_id'], unique=False)
    op.create_table('passkey_assertion',
    sa.Column('attempt_id', sa.String(length=40), nullable=False),
    sa.Column('passkey_id', sa.String(length=40), nullable=False),
    sa.Column('authenticator_data', sa.LargeBinary(), nullable=False),
    sa.Column('client_data_json', sa.LargeBinary(), nullable=False),
    sa.Column('signature', sa.LargeBinary(), nullable=False),
    sa.Column('sign_count_before', sa.BigInteger(), nullable=False),
    sa.Column('sign_count', sa.BigInteger(), nullable=False),
    sa.Column('given_at', UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['attempt_id'], ['signature_attempt.id'], name=op.f('fk_passkey_assertion_attempt_id_signature_attempt')),
    sa.ForeignKeyConstraint(['passkey_id'], ['passkey.id'], name=op.f('fk_passkey_assertion_passkey_id_passkey')),
    sa.PrimaryKeyConstraint('attempt_id', name=op.f('pk_passkey_assertion'))
    )


def downgrade() -> None:
    op.drop_table('passkey_assertion')
    with op.batch_alter_table('passkey', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_passkey_signatory_id'))
    op.drop_table('passkey')
    op.drop_table('passkey_challenge')
