"""Many signatories of one document on a real server: the sample agreement with as many signature boxes as a test wants.

The text is the sample's; its signature page has a box for each of the crowd. What leads up to the round is done by the
operations over the same database, as in `rooms`.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from agreements.rendering import render
from agreements.signature_blocks import FIELD_PREFIX, SignatureBlock
from agreements.versions import from_canonical
from signing_service.db import files
from signing_service.db.models.agreements import Agreement, AgreementVersion
from signing_service.db.models.documents import DocumentRevision
from signing_service.db.models.signatories import Signatory
from signing_service.ids import new_id
from signing_service.operations import bases as rows_of_bases
from signing_service.pades import bases, skeleton
from signing_service.pades.seal import seal
from tests.factories import case as cases
from tests.factories.rooms import Rooms, copy_of

PDF, JSON = "application/pdf", "application/json"


class Crowds(Rooms):
    """Rooms in which `people` signatories sign one document."""

    def __init__(self, folder: Path, keys: Path, people: int) -> None:
        super().__init__(folder, keys)
        self.people = people
        self.frozen = self._with_a_box_for_everybody()

    def _with_a_box_for_everybody(self) -> cases.Case:
        """The frozen sample once more, with other boxes: rendered and sealed as freezing does it."""
        services, original = self.services, self.frozen.agreement_id
        agreement_id = new_id("agr")
        with services.db.write() as session:
            row = session.query(AgreementVersion).filter_by(agreement_id=original).one()
            sample = from_canonical(files.get(session, row.sha256))
            blocks = _blocks(sample.signature_blocks, self.people)
            wide = replace(sample, signature_blocks=blocks)
            drawn = render(wide, number=1, verify_url=f"{services.settings.base_url}/verify/X", fonts=services.fonts)
            sealed = seal(drawn.pdf, services.keyring.seal, services.timestamps)
            base = bases.read(sealed)
            files.put(session, skeleton.layout_bytes(base.skeleton.layout), JSON)
            session.add(copy_of(session.get_one(Agreement, original), id=agreement_id, number="SCA-2026-WIDE"))
            session.flush()
            session.add(copy_of(row, id=new_id("ver"), agreement_id=agreement_id))
            bones = rows_of_bases.row_of(base)
            for number, kind, pdf, kept in ((1, "frozen", drawn.pdf, None), (2, "sealed", sealed, bones)):
                revision = DocumentRevision(agreement_id=agreement_id, number=number, kind=kind, skeleton=kept)
                revision.id, revision.sha256 = new_id("rev"), files.put(session, pdf, PDF)
                revision.created_at = services.clock()
                session.add(revision)
            signatory = session.query(Signatory).filter_by(agreement_id=original, position=1).one()
            for position, block in enumerate(blocks, start=1):
                facts: dict[str, object] = {"block_id": block.id, "field_name": block.field_name, "email": block.email}
                facts |= {"name": block.person_name, "position": position, "agreement_id": agreement_id}
                session.add(copy_of(signatory, id=new_id("sig"), **facts))
        return cases.Case(services, self.frozen.staff, agreement_id)


def _blocks(few: tuple[SignatureBlock, ...], people: int) -> tuple[SignatureBlock, ...]:
    return tuple(
        replace(
            few[number % len(few)],
            id=f"person_{number}",
            field_name=f"{FIELD_PREFIX}person_{number}",
            person_name=f"王小明 {number}",
            person_name_latin=f"Wang Xiaoming {number}",
            email=f"person{number}@example.org",
        )
        for number in range(1, people + 1)
    )
