"""Signing from a skeleton: the same revisions as from the whole file, refused when the base is not what it was."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from signing_service.pades import bases, errors, skeleton, stamps
from signing_service.pades.bases import Base, Bases
from signing_service.pades.complete import complete_tail
from signing_service.pades.document import Document
from signing_service.pades.prepare import prepare_next
from signing_service.pades.signatures import signatures
from tests.agreements.rendering.tools import rendered
from tests.agreements.rendering.versions import version
from tests.signing_service.pades import judges
from tests.signing_service.pades.factory import FIELD_A, FIELD_B, NOW, appearance, keyring, sealed, signatory, signed


def appended(base: Base, field: str) -> bytes:
    """What a signatory's signature in this field adds."""
    holder = signatory()
    box = base.skeleton.empty_field(field)
    prepared = prepare_next(
        base.skeleton,
        base.running,
        field_name=field,
        certificate_der=holder.certificate_der,
        chain_der=holder.chain_der,
        stamp=stamps.drawn(appearance().texts, box),
        at=NOW,
    )
    return complete_tail(prepared, base.running, holder.sign(prepared.signed_attributes), keyring().timestamp_source)


def test_two_signatures_without_reading_the_file_again(tmp_path: Path) -> None:
    pdf = sealed()
    base = bases.read(pdf)
    for field in (FIELD_A, FIELD_B):
        tail = appended(base, field)
        base, pdf = base.grown(tail, field), pdf + tail
    assert base.sha256 == bases.read(pdf).sha256
    assert len(signatures(Document(pdf))) == 3
    (tmp_path / "signed.pdf").write_bytes(pdf)
    judges.qpdf_accepts(tmp_path / "signed.pdf")
    judges.pdfsig_accepts(tmp_path / "signed.pdf", 3)
    judges.pyhanko_accepts(pdf, keyring().root_der, NOW)


def test_the_skeleton_that_grew_is_the_one_that_is_read() -> None:
    pdf = sealed()
    base = bases.read(pdf)
    tail = appended(base, FIELD_A)
    grown, again = base.grown(tail, FIELD_A).skeleton, bases.read(pdf + tail).skeleton
    assert skeleton.plain(grown) == skeleton.plain(again)
    assert grown.layout.fields[FIELD_B] == again.layout.fields[FIELD_B]


def test_it_comes_back_whole_from_plain_data() -> None:
    pdf = sealed()
    bones = bases.read(pdf).skeleton
    layout = skeleton.layout_of(skeleton.layout_bytes(bones.layout))
    assert bases.restored(pdf, skeleton.plain(bones), layout).skeleton == bones


def test_the_code_of_the_stamps_is_kept_and_a_document_without_one_stays_as_it_was() -> None:
    bones = bases.read(rendered(version(articles=1)).pdf).skeleton
    again = skeleton.layout_of(skeleton.layout_bytes(bones.layout))
    assert again == bones.layout
    assert all(field.code for name, field in again.fields.items() if name != "Seal")
    older = bases.read(sealed()).skeleton.layout
    assert older.fields[FIELD_A].code is None
    assert all(len(kept) == 6 for kept in json.loads(skeleton.layout_bytes(older))["fields"].values())


@pytest.mark.parametrize(
    "other",
    [lambda pdf: pdf + b"\n", lambda pdf: pdf[:-1], lambda pdf: b"x" + pdf, lambda pdf: pdf[:-9] + b"0" + pdf[-8:]],
    ids=["longer", "shorter", "moved", "another end"],
)
def test_a_file_that_does_not_end_as_its_skeleton_says(other: Callable[[bytes], bytes]) -> None:
    pdf = sealed()
    bones = bases.read(pdf).skeleton
    with pytest.raises(errors.BaseChanged):
        bases.restored(other(pdf), skeleton.plain(bones), bones.layout)


def test_a_field_is_filled_once() -> None:
    base = bases.read(sealed())
    after = base.grown(appended(base, FIELD_A), FIELD_A)
    with pytest.raises(errors.FieldAlreadySigned):
        after.skeleton.empty_field(FIELD_A)
    with pytest.raises(errors.FieldAlreadySigned):
        bases.read(signed(sealed(), signatory())).skeleton.empty_field(FIELD_A)
    with pytest.raises(errors.UnknownField):
        after.skeleton.empty_field("Signatory_party_z_1")


def test_a_section_over_another_revision_does_not_follow() -> None:
    base = bases.read(sealed())
    tail = appended(base, FIELD_A)
    after = base.grown(tail, FIELD_A)
    for wrong in (tail + b"\n", tail[:-1], b"", appended(after, FIELD_B)):
        with pytest.raises(errors.UnreadableDocument):
            base.grown(wrong, FIELD_A)


def test_a_running_digest_of_another_file_is_refused() -> None:
    """The attempt names the digest of its base; a state that stands elsewhere is never continued."""
    base, other = bases.read(sealed()), bases.read(signed(sealed(), signatory()))
    holder = signatory()
    prepared = prepare_next(
        base.skeleton,
        base.running,
        field_name=FIELD_B,
        certificate_der=holder.certificate_der,
        chain_der=holder.chain_der,
        stamp=None,
        at=NOW,
    )
    value = holder.sign(prepared.signed_attributes)
    with pytest.raises(errors.BaseChanged):
        complete_tail(prepared, other.running, value, None)
    later = replace(prepared, tail=prepared.tail.replace(b"/M (D:2026", b"/M (D:2027"))
    with pytest.raises(errors.PreparedChanged):
        complete_tail(later, base.running, value, None)


def test_what_is_known_is_found_by_its_digest_and_forgotten_in_order() -> None:
    known = Bases(kept=1)
    first, second = bases.read(sealed()), bases.read(sealed((FIELD_A,)))
    known.keep(first)
    known.keep(second)
    assert known.at(first.sha256) is None
    assert known.at(second.sha256) is second
