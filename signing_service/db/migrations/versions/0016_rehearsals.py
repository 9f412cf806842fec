"""Rehearsals, what their seats have practised, and the keys that may never get a real certificate."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import signing_service.db.types

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None

# table → the other one, whose keys it must not have
APART = {'certificate': 'rehearsal_key', 'rehearsal_key': 'certificate'}
WORDS = 'a key is used either in a rehearsal or for a real certificate'


def upgrade() -> None:
    moment = signing_service.db.types.UtcDateTime
    op.create_table('rehearsal',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('ceremony_id', sa.String(length=40), nullable=False),
    sa.Column('pdf', sa.LargeBinary(), nullable=False),
    sa.Column('document_sha256', sa.String(length=64), nullable=False),
    sa.Column('pages', sa.Integer(), nullable=False),
    sa.Column('started_at', moment(), nullable=False),
    sa.Column('expires_at', moment(), nullable=False),
    sa.Column('ended_at', moment(), nullable=True),
    sa.ForeignKeyConstraint(['ceremony_id'], ['ceremony.id'], name=op.f('fk_rehearsal_ceremony_id_ceremony')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rehearsal'))
    )
    op.create_index(op.f('ix_rehearsal_ceremony_id'), 'rehearsal', ['ceremony_id'], unique=False)
    running = sa.text('ended_at IS NULL')
    op.create_index('ix_rehearsal_running', 'rehearsal', ['ceremony_id'], unique=True, sqlite_where=running, postgresql_where=running)
    op.create_table('rehearsal_key',
    sa.Column('spki_sha256', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('spki_sha256', name=op.f('pk_rehearsal_key'))
    )
    op.create_table('rehearsal_seat',
    sa.Column('rehearsal_id', sa.String(length=40), nullable=False),
    sa.Column('signatory_id', sa.String(length=40), nullable=False),
    sa.Column('challenge', sa.String(length=60), nullable=False),
    sa.Column('opened_at', moment(), nullable=True),
    sa.Column('last_seen_at', moment(), nullable=True),
    sa.Column('pages_read', sa.JSON(), nullable=False),
    sa.Column('certificate_der', sa.LargeBinary(), nullable=True),
    sa.Column('spki_sha256', sa.String(length=64), nullable=True),
    sa.Column('command_key', sa.String(length=80), nullable=True),
    sa.Column('tail', sa.LargeBinary(), nullable=True),
    sa.Column('reserved_start', sa.BigInteger(), nullable=True),
    sa.Column('reserved_end', sa.BigInteger(), nullable=True),
    sa.Column('document_digest', sa.LargeBinary(), nullable=True),
    sa.Column('signed_attributes', sa.LargeBinary(), nullable=True),
    sa.Column('signed_sha256', sa.String(length=64), nullable=True),
    sa.Column('signed_at', moment(), nullable=True),
    sa.Column('log_index', sa.BigInteger(), nullable=True),
    sa.CheckConstraint('signed_at IS NULL OR certificate_der IS NOT NULL', name=op.f('ck_rehearsal_seat_signed_with_a_certificate')),
    sa.ForeignKeyConstraint(['rehearsal_id'], ['rehearsal.id'], name=op.f('fk_rehearsal_seat_rehearsal_id_rehearsal'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['signatory_id'], ['signatory.id'], name=op.f('fk_rehearsal_seat_signatory_id_signatory')),
    sa.ForeignKeyConstraint(['spki_sha256'], ['rehearsal_key.spki_sha256'], name=op.f('fk_rehearsal_seat_spki_sha256_rehearsal_key')),
    sa.PrimaryKeyConstraint('rehearsal_id', 'signatory_id', name=op.f('pk_rehearsal_seat'))
    )
    for statement in _guards(op.get_bind().dialect.name):
        op.execute(statement)


def _guards(dialect: str) -> list[str]:
    statements = []
    for table, other in APART.items():
        there = f'EXISTS (SELECT 1 FROM {other} WHERE spki_sha256 = NEW.spki_sha256)'
        if dialect == 'postgresql':
            statements += [
                f'CREATE FUNCTION {table}_apart() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {there} THEN '
                f"RAISE EXCEPTION '{WORDS}'; END IF; RETURN NEW; END $$",
                f'CREATE TRIGGER {table}_apart BEFORE INSERT OR UPDATE OF spki_sha256 ON {table} FOR EACH ROW '
                f'EXECUTE FUNCTION {table}_apart()',
            ]
            continue
        for verb in ('INSERT', 'UPDATE'):
            statements.append(
                f'CREATE TRIGGER {table}_apart_{verb.lower()} BEFORE {verb} ON {table} WHEN {there} '
                f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
            )
    return statements


def downgrade() -> None:
    for table in APART:
        if op.get_bind().dialect.name == 'postgresql':
            op.execute(f'DROP TRIGGER {table}_apart ON {table}')
            op.execute(f'DROP FUNCTION {table}_apart()')
        else:
            for verb in ('insert', 'update'):
                op.execute(f'DROP TRIGGER {table}_apart_{verb}')
    op.drop_table('rehearsal_seat')
    op.drop_table('rehearsal_key')
    op.drop_index('ix_rehearsal_running', table_name='rehearsal')
    op.drop_index(op.f('ix_rehearsal_ceremony_id'), table_name='rehearsal')
    op.drop_table('rehearsal')
