"""Rehearsals and the real thing never meet in one file: refused by name, both ways, on the slow and the fast path."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from agreements.rendering.rehearsal import MARK
from keys.rehearsal_keyring import RehearsalKeyring
from keys.trust.anchors import TrustAnchors
from signing_service.pades import bases, errors, skeleton
from signing_service.pades.document import Document
from signing_service.pades.increment import Increment
from signing_service.pades.prepare import prepare_next
from signing_service.pades.seal import seal
from signing_service.pades.syntax import written
from signing_service.verification.report import Report
from signing_service.verification.verify import verify
from tests.factories.case import certification_request
from tests.signing_service.pades.factory import (
    FIELD_A,
    FIELD_B,
    NOW,
    Holder,
    document,
    keyring,
    prepared,
    sealed,
    signatory,
    signed,
)


def marked() -> bytes:
    """The small document as a copy to practise with."""
    pdf = document().replace(b"/AcroForm", f"/{MARK} 1 /AcroForm".encode(), 1)
    body = pdf[: pdf.rindex(b"xref\n0 8")]
    offsets = [body.index(b"\n%d 0 obj" % number) + 1 for number in range(1, 8)]
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start = b"xref\n0 8\n0000000000 65535 f \n" + table
    trailer = pdf[pdf.index(b"trailer") : pdf.index(b"startxref")]
    return body + start + trailer + b"startxref\n%d\n%%%%EOF\n" % len(body)


@cache
def root_pem() -> Path:
    folder = Path(mkdtemp()) / "rehearsal"
    RehearsalKeyring(folder, bytes(range(32))).authority(NOW)
    return folder / "root.pem"


@cache
def practising() -> Holder:
    """Somebody with a key of a rehearsal."""
    key = ec.generate_private_key(ec.SECP256R1())
    issued = RehearsalKeyring(root_pem().parent, bytes(range(32))).issue(
        certification_request(key, "x"), name="王小明", country="CN", rehearsal_id="reh_01", now=NOW
    )
    return Holder(key, issued.der, issued.chain_der)


def next_of(pdf: bytes, holder: Holder) -> None:
    base = bases.read(pdf)
    prepare_next(
        base.skeleton,
        base.running,
        field_name=FIELD_A,
        certificate_der=holder.certificate_der,
        chain_der=holder.chain_der,
        stamp=None,
        at=NOW,
    )


def judged(pdf: bytes, anchors: TrustAnchors) -> Report:
    return verify(pdf, name="copy.pdf", anchors=anchors, at=NOW, crls_der=keyring().crls((), NOW))


def codes(report: Report) -> set[str]:
    return {one.code for one in report.findings}


def test_a_rehearsal_certificate_signs_no_real_document() -> None:
    for base in (document(), sealed()):
        with pytest.raises(errors.RehearsalCertificate):
            prepared(base, practising())
        with pytest.raises(errors.RehearsalCertificate):
            next_of(base, practising())


def test_a_real_certificate_above_one_of_a_rehearsal_does_not_help() -> None:
    real = signatory()
    with pytest.raises(errors.RehearsalCertificate):
        next_of(sealed(), Holder(real.key, real.certificate_der, practising().chain_der))


def test_a_real_certificate_signs_no_copy() -> None:
    with pytest.raises(errors.RehearsalDocument):
        prepared(marked(), signatory())
    with pytest.raises(errors.RehearsalDocument):
        next_of(marked(), signatory())
    with pytest.raises(errors.RehearsalDocument):
        seal(marked(), keyring().seal, None, at=NOW)


def test_the_mark_stays_with_the_base_that_is_kept_and_the_one_that_grows() -> None:
    base = bases.read(marked())
    assert base.skeleton.layout.rehearsal
    layout = skeleton.layout_of(skeleton.layout_bytes(base.skeleton.layout))
    assert layout == base.skeleton.layout
    assert bases.restored(marked(), skeleton.plain(base.skeleton), layout).skeleton.layout.rehearsal
    once = signed(marked(), practising(), stamped=False)
    assert base.grown(once[len(marked()) :], FIELD_A).skeleton.layout.rehearsal
    with pytest.raises(errors.RehearsalDocument):
        prepared(once, signatory(), FIELD_B)


def test_a_layout_kept_before_there_were_rehearsals_is_that_of_a_real_document() -> None:
    layout = skeleton.read(Document(document())).layout
    assert b"rehearsal" not in skeleton.layout_bytes(layout)
    assert not skeleton.layout_of(skeleton.layout_bytes(layout)).rehearsal


def test_the_copy_signed_in_a_rehearsal_is_named_and_never_passes_even_under_its_own_root() -> None:
    pdf = signed(marked(), practising(), stamped=False)
    for anchors in (TrustAnchors(), TrustAnchors.from_pem(root_pem()), keyring().trust_anchors()):
        report = judged(pdf, anchors)
        assert (report.document.indication, report.document.sub_indication) == (
            "INDETERMINATE",
            "CHAIN_CONSTRAINTS_FAILURE",
        )
        assert {"document.rehearsal", "signature.rehearsal"} <= codes(report)
        assert {lang: text[:12] for lang, text in report.document.summary.items()} == {
            "zh-Hans": "这是演练副本，无论其中带",
            "en": "This is a re",
            "de": "Dies ist ein",
            "fi": "Tämä on harj",
        }
        assert report.signatures[0].reason["en"] == "Made in a rehearsal: it binds nobody."
        assert {one["code"] for one in report.to_json()["findings"]} >= {"document.rehearsal", "signature.rehearsal"}


def test_a_certificate_of_a_rehearsal_on_any_other_file_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody with a program of their own: without the lock, as they have none."""
    monkeypatch.setattr("signing_service.pades.rehearsal_lock.require_fit", lambda *_: None)
    pdf = signed(sealed(), practising(), stamped=False)
    real = signed(marked(), signatory(), stamped=False)
    report = judged(pdf, TrustAnchors.from_pem((*keyring().roots_der, root_der())))
    assert report.document.indication == "INDETERMINATE"
    assert "signature.rehearsal" in codes(report)
    report = judged(real, keyring().trust_anchors())
    assert report.document.indication == "INDETERMINATE"
    assert "document.rehearsal" in codes(report)


def root_der() -> bytes:
    (der,) = TrustAnchors.from_pem(root_pem()).signing
    return der


def test_a_mark_that_a_later_revision_took_away_still_counts() -> None:
    opened = Document(signed(marked(), practising(), stamped=False))
    revision = Increment(skeleton.read(opened))
    revision.replace(opened.root_ref, written({key: value for key, value in opened.root.items() if key != MARK}))
    hidden = opened.data + revision.appended(b"x")[0]
    assert MARK not in Document(hidden).root
    assert {"document.rehearsal", "signature.rehearsal"} <= codes(judged(hidden, TrustAnchors()))


def test_a_real_document_that_only_speaks_of_the_mark_is_no_rehearsal() -> None:
    """Somebody writes the word into a field of an agreement, or appends it to the signed file."""
    speaking = document().replace(b"0.8 g 60 60 475 722 re 1 w S     ", f"% /{MARK}".encode().ljust(33))
    pdf = signed(seal(speaking, keyring().seal, keyring().timestamp_source, at=NOW), signatory())
    assert judged(pdf, keyring().trust_anchors()).passed
    opened = Document(signed(sealed(), signatory()))
    revision = Increment(skeleton.read(opened))
    revision.replace(opened.root_ref, written({**opened.root, MARK: 1}))
    report = judged(opened.data + revision.appended(b"x")[0], keyring().trust_anchors())
    assert not report.passed
    assert "document.rehearsal" not in codes(report), "it was added to something that was signed for real"


def test_a_broken_file_is_named_too() -> None:
    pdf = signed(marked(), practising(), stamped=False).replace(b"0.8 g 60 60", b"0.8 g 60 61")
    report = judged(pdf, TrustAnchors())
    assert report.document.indication == "TOTAL_FAILED"
    assert {"document.rehearsal", "signature.rehearsal"} <= codes(report)
