"""The directory of parties; the agreements there are already are found by their newest versions."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

import signing_service.db.types as types
from agreements.organisations import marks

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

OWN = sa.text("kind NOT IN ('name', 'vat')")


def upgrade() -> None:
    op.create_table('organisation',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('values', sa.JSON(), nullable=False),
    sa.Column('found_by', sa.Text(), nullable=False),
    sa.Column('row_version', sa.Integer(), nullable=False),
    sa.Column('archived_at', types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('changed_at', types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('changed_by', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['changed_by'], ['person.id'], name=op.f('fk_organisation_changed_by_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisation'))
    )
    op.create_table('organisation_mark',
    sa.Column('organisation_id', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('value', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_organisation_mark_organisation_id_organisation')),
    sa.PrimaryKeyConstraint('organisation_id', 'kind', 'value', name=op.f('pk_organisation_mark'))
    )
    op.create_index('ix_organisation_mark_value_kind', 'organisation_mark', ['value', 'kind'], unique=False)
    op.create_index('uq_organisation_mark_own_number', 'organisation_mark', ['kind', 'value'], unique=True, sqlite_where=OWN, postgresql_where=OWN)
    op.create_table('party_mark',
    sa.Column('agreement_id', sa.String(length=40), nullable=False),
    sa.Column('party_index', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('value', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['agreement_id'], ['agreement.id'], name=op.f('fk_party_mark_agreement_id_agreement')),
    sa.PrimaryKeyConstraint('agreement_id', 'party_index', 'kind', 'value', name=op.f('pk_party_mark'))
    )
    op.create_index('ix_party_mark_value_kind', 'party_mark', ['value', 'kind'], unique=False)
    op.create_table('organisation_evidence',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('organisation_id', sa.String(length=40), nullable=False),
    sa.Column('subject', sa.String(length=20), nullable=False),
    sa.Column('about', sa.String(length=400), nullable=False),
    sa.Column('label', sa.String(length=400), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('file_name', sa.String(length=120), nullable=False),
    sa.Column('dated', sa.Date(), nullable=False),
    sa.Column('added_by', sa.String(length=40), nullable=False),
    sa.Column('added_at', types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_at', types.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['added_by'], ['person.id'], name=op.f('fk_organisation_evidence_added_by_person')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_organisation_evidence_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['sha256'], ['stored_file.sha256'], name=op.f('fk_organisation_evidence_sha256_stored_file')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisation_evidence'))
    )
    op.create_index(op.f('ix_organisation_evidence_organisation_id'), 'organisation_evidence', ['organisation_id'], unique=False)
    op.create_table('organisation_entry',
    sa.Column('organisation_id', sa.String(length=40), nullable=False),
    sa.Column('idx', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.ForeignKeyConstraint(['idx'], ['log_entry.idx'], name=op.f('fk_organisation_entry_idx_log_entry')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_organisation_entry_organisation_id_organisation')),
    sa.PrimaryKeyConstraint('organisation_id', 'idx', name=op.f('pk_organisation_entry'))
    )
    _recognise_parties()


def _recognise_parties() -> None:
    """Fill `party_mark` from the newest version of every agreement; one whose file is damaged is left out."""
    connection = op.get_bind()
    newest = connection.execute(sa.text(
        "SELECT v.agreement_id, v.sha256 FROM agreement_version v "
        "JOIN agreement a ON a.id = v.agreement_id AND a.newest_version = v.number"
    )).fetchall()
    content = sa.text("SELECT data FROM stored_file WHERE sha256 = :sha256")
    insert = sa.text("INSERT INTO party_mark (agreement_id, party_index, kind, value) VALUES (:agreement, :party, :kind, :value)")
    for agreement_id, sha256 in newest:
        data = connection.scalar(content, {'sha256': sha256})  # one at a time: a version may have megabytes
        try:
            parties = [marks(one['legal_name'], one['identifiers']) for one in json.loads(data)['parties']]
        except (ValueError, KeyError, TypeError, AttributeError):
            continue
        for index, found in enumerate(parties):
            for mark in found:
                connection.execute(insert, {'agreement': agreement_id, 'party': index, 'kind': mark.kind, 'value': mark.value})


def downgrade() -> None:
    for table in ('organisation_entry', 'organisation_evidence', 'party_mark', 'organisation_mark', 'organisation'):
        op.drop_table(table)
