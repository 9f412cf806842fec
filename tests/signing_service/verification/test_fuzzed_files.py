"""What fuzzing found: each case small, and what a reader of the report must see instead."""

import io
import re
import zlib
from datetime import timedelta

import pytest
from asn1crypto import cms, core
from asn1crypto import keys as asn1_keys
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils import generic, xref
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.diff_analysis.form_rules_api import FormUpdatingRule
from pyhanko.sign.signers import PdfSignatureMetadata, SimpleSigner, sign_pdf
from pyhanko_certvalidator.registry import SimpleCertificateStore, SimpleTrustManager

from signing_service.verification import rebuilding
from signing_service.verification.evidence import from_caller
from signing_service.verification.reading import open_leniently
from tests.signing_service.verification.honest import several
from tests.signing_service.verification.mutations import last_signature_place
from tests.signing_service.verification.pki import DER, NOW, asn1, key
from tests.signing_service.verification.worlds import basic, codes, judge, only, pki, verdict
from tools.fuzz.updates import with_revision

SHA256 = "0609608648016503040201"


DATA = "300b06092a864886f70d010701"


def spoil_signer(pdf: bytes, old: str, new: str) -> bytes:
    """In the SignerInfo of the last signature, `new` in the place of the first `old` (hexadecimal digits)."""
    start, end = last_signature_place(pdf)
    digits = pdf[start:end].decode("ascii").lower()
    held = cms.ContentInfo.load(bytes.fromhex(digits))["content"]["signer_infos"][0].dump().hex()
    place = digits.index(held) + held.index(old)
    digits = digits[:place] + new + digits[place + len(old) :]
    return pdf[:start] + digits[: end - start].ljust(end - start, "0").encode() + pdf[end:]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (f"300d{SHA256}", f"6f0d{SHA256}"),
        (SHA256, "0684ffffffff6503040201"),
        (f"300d{SHA256}", f"3086ffffffffffff{SHA256}"),
        (f"300d{SHA256}", f"300d{SHA256}" * 2),
    ],
)
def test_a_signer_that_cannot_be_parsed_is_one_malformed_signature_and_hides_no_other(old, new):
    report = judge(spoil_signer(several(2), old, new))
    assert verdict(only(report, "Sig1")) == ("TOTAL_PASSED", None)
    assert verdict(only(report, "Sig2")) == ("TOTAL_FAILED", "FORMAT_FAILURE")
    assert "run.crashed" not in codes(report)


def test_a_content_type_that_cannot_be_parsed_is_one_malformed_signature():
    """Also where the file cannot be read, and its signatures are looked for in the bare bytes."""
    pdf = several(2)
    start, end = last_signature_place(pdf)
    digits = pdf[start:end].decode("ascii").lower()
    spoilt = pdf[:start] + digits.replace(DATA, "10" + DATA[2:], 1).encode() + pdf[end:]
    assert verdict(only(judge(spoilt), "Sig2")) == ("TOTAL_FAILED", "FORMAT_FAILURE")
    unreadable = judge(spoilt.replace(b"/Pages", b"/Pagez"))
    assert unreadable.document.readable == "no"
    assert {entry.integrity for entry in unreadable.signatures} == {"broken"}


def test_a_signature_outside_the_form_is_told_once_however_often_its_range_is_written():
    pdf = basic()
    stated = re.search(rb"/ByteRange\s*\[[^]]*\]", pdf)
    assert stated
    lost = pdf.replace(b"/AcroForm", b"/AcroFarm").replace(b"/Annots", b"/Annotz") + b"%" + stated.group() * 3
    report = judge(lost)
    assert [entry.integrity for entry in report.signatures] == ["broken"]


def entries_made(monkeypatch: pytest.MonkeyPatch, pdf: bytes) -> int:
    """How many entries of cross-references were made while the file was judged."""
    made = []
    real = xref.XRefEntry
    monkeypatch.setattr(xref, "XRefEntry", lambda **given: made.append(None) or real(**given))
    judge(pdf)
    return len(made)


def with_cross_reference(pdf: bytes, entries: bytes, data: bytes) -> bytes:
    head = b"999 0 obj\n<</Type/XRef/Root 1 0 R%s/Filter/FlateDecode/Length %d>>stream\n" % (entries, len(data))
    return pdf + head + data + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(pdf)


@pytest.mark.parametrize(
    ("entries", "size"),
    [
        (b"/W[0 0 0]/Size 900000", 10),
        (b"/W[0 0 0]/Size 9/Index[0 500000 500000 400000]", 10),
        (b"/W[1 4 1]/Size 900000", 60),
        (b"/W[1 2 1]/Size 4000000", 4_000_000),
    ],
)
def test_a_small_file_cannot_state_a_large_cross_reference(monkeypatch, entries, size):
    pdf = with_cross_reference(basic(), entries, zlib.compress(bytes(size)))
    assert len(pdf) < 30_000
    assert entries_made(monkeypatch, pdf) < 300_000


def test_overlapping_tables_cannot_multiply_entries(monkeypatch):
    """Each of the headers begins a table that reaches over all that follow, to a trailer of its own."""
    heads, size = 400, 20
    rows = 2 * heads
    body = b"".join(b"xref\n0 %-9d  \n" % rows for _ in range(heads)).ljust(size * heads)
    assert len(body) == size * heads
    tail = b"".join(b"0000000000 65535 n \n" for _ in range(heads))
    trailers = b"".join(b"trailer<</Size 9/Root 1 0 R/Prev %d>>" % (size * place) for place in range(heads))
    pdf = basic()
    whole = pdf + body + tail + trailers + b"\nstartxref\n%d\n%%%%EOF\n" % len(pdf)
    assert entries_made(monkeypatch, whole) < 500_000


def test_the_header_of_an_object_stream_is_read_once(monkeypatch):
    count = 2000
    kids = b" ".join(b"%d 0 R" % (10 + place) for place in range(count))
    offsets = b" ".join(b"%d %d" % (10 + place, 9 * place) for place in range(count)) + b" "
    data = zlib.compress(offsets + b"<</A 1>> " * count)
    pdf = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    pdf += b"2 0 obj<</Type/Pages/Kids[%s]/Count %d>>endobj\n" % (kids, count)
    pdf += b"3 0 obj<</Type/ObjStm/N %d/First %d/Filter/FlateDecode/Length %d>>stream\n" % (
        count,
        len(offsets),
        len(data),
    )
    pdf += data + b"\nendstream endobj\n%%EOF\n"
    assert len(pdf) < 40_000
    read = []
    real = generic.NumberObject.read_from_stream
    monkeypatch.setattr(
        generic.NumberObject, "read_from_stream", staticmethod(lambda stream: read.append(None) or real(stream))
    )
    report = judge(pdf)
    assert report.document.pages == count
    assert len(read) < 20 * count


def test_an_object_that_its_stream_lacks_is_null_in_every_revision():
    """A null without a place in the file would break every comparison of two revisions."""
    bodies = (
        b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n",
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n",
        b"3 0 obj<</Type/Page/Parent 2 0 R/Resources 4 0 R>>endobj\n",
        b"5 0 obj<</Type/ObjStm/N 1/First 4/Length 8>>stream\n6 0 null\nendstream endobj\n",
    )
    pdf, rows = b"%PDF-1.7\n", [b"\0\0\0\0"]
    for body in bodies:
        rows += [b"\1" + len(pdf).to_bytes(2, "big") + b"\0"]
        pdf += body
    rows.insert(4, b"\2\0\5\7")  # object 4 is said to be the eighth in a stream of one
    table = b"".join(rows)
    pdf += b"7 0 obj<</Type/XRef/Size 6/W[1 2 1]/Root 1 0 R/Length %d>>stream\n%s\nendstream endobj\n" % (
        len(table),
        table,
    )
    pdf += b"startxref\n%d\n%%%%EOF\n" % pdf.index(b"7 0 obj")
    reader = open_leniently(pdf).reader
    assert reader is not None
    found = reader.get_historical_resolver(0).get_object(generic.Reference(4, 0, reader))
    assert isinstance(found, generic.NullObject)


def authority_named_like_its_issuer(number: int) -> x509.Certificate:
    private = key("every/one")
    one, every = (x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, word)]) for word in ("One", "Every"))
    builder = x509.CertificateBuilder().subject_name(every if number > 1 else one).issuer_name(every)
    builder = builder.public_key(private.public_key())
    builder = builder.serial_number(number).not_valid_before(NOW).not_valid_after(NOW + timedelta(days=9))
    builder = builder.add_extension(x509.BasicConstraints(number > 1, None), critical=True)
    usage = x509.KeyUsage(*(True, True, False, False, False), number > 1, *(False, False, False))
    builder = builder.add_extension(usage, critical=True)
    return builder.sign(private, hashes.SHA256())


def test_certificates_that_all_name_each_other_as_issuer_do_not_multiply_the_work(monkeypatch):
    store = SimpleCertificateStore()
    store.register_multiple([asn1(authority_named_like_its_issuer(number)) for number in range(2, 16)])
    private = asn1_keys.PrivateKeyInfo.load(
        key("every/one").private_bytes(DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    signer = SimpleSigner(asn1(authority_named_like_its_issuer(1)), private, store)
    output = io.BytesIO()
    sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(basic())), PdfSignatureMetadata(field_name="Evil"), signer, output=output
    )
    asked = []
    real = SimpleTrustManager.find_potential_issuers
    monkeypatch.setattr(
        SimpleTrustManager, "find_potential_issuers", lambda self, cert: asked.append(None) or real(self, cert)
    )
    report = judge(output.getvalue())
    assert verdict(only(report, "Sig1")) == ("TOTAL_PASSED", None)
    assert verdict(only(report, "Evil")) == ("INDETERMINATE", "NO_CERTIFICATE_CHAIN_FOUND")
    assert only(report, "Evil").integrity == "intact"
    assert len(asked) < 2000


class Looked(bytes):
    """A file that counts how many of its bytes are looked at by searches and copies."""

    count = 0

    def find(self, *given) -> int:
        start = given[1] if len(given) > 1 else 0
        end = min(given[2] if len(given) > 2 else len(self), len(self))
        place = super().find(*given)
        self.count += (place if place != -1 else max(end, start)) - start
        return place

    def __getitem__(self, key):
        part = super().__getitem__(key)
        self.count += len(part) if isinstance(part, bytes) else 1
        return part


class Search:
    """A pattern that counts the bytes that its searches go over."""

    def __init__(self, pattern: re.Pattern[bytes]) -> None:
        self.pattern, self.count = pattern, 0

    def search(self, pdf: bytes, start: int = 0, end: int | None = None) -> re.Match[bytes] | None:
        found = self.pattern.search(pdf, start, len(pdf) if end is None else end)
        self.count += (found.end() if found else min(len(pdf) if end is None else end, len(pdf))) - start
        return found


@pytest.mark.parametrize(
    "piece",
    [
        b"trailer<</Root 1 0 R>>\n",
        b"trailer",
        b"/Root <<",
        b"1 0 obj<<>>stream\nendstream ",
        b"1 0 obj<</Type/XRef/Root <<",
        b"1 0 obj<</Length 0>>stream\nendstream endobj %%EOF ",
        b"1 0 obj ",
        b"%%EOF",
        b"1 0 obj<</ID[<",
    ],
)
@pytest.mark.parametrize("end", [b"", b"endobj", b"\nstream\n", b"endstream"])
def test_looking_for_objects_goes_over_a_file_a_few_times_only(monkeypatch, piece, end):
    pdf = Looked(b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n" + piece * (100_000 // len(piece)) + end)
    patterns = [Search(pattern) for pattern in (rebuilding.END_OR_STREAM, rebuilding.OBJECT)]
    monkeypatch.setattr(rebuilding, "END_OR_STREAM", patterns[0])
    monkeypatch.setattr(rebuilding, "OBJECT", patterns[1])
    rebuilding.rebuild(pdf)
    assert pdf.count + sum(pattern.count for pattern in patterns) < 20 * len(pdf)


def test_object_streams_are_unpacked_as_far_as_a_limit_only(monkeypatch):
    data = zlib.compress(b"7 0 " * 1_000_000)
    one = b"3 0 obj<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n" % len(data)
    pdf = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n" + (one + data + b"\nendstream endobj\n") * 40
    assert len(pdf) < 250_000
    unpacked = []

    class Unpacking:
        def decompress(self, data: bytes, most: int) -> bytes:
            found = zlib.decompressobj().decompress(data, most)
            unpacked.append(len(found))
            return found

    monkeypatch.setattr(rebuilding, "zlib", type("zlib", (), {"decompressobj": Unpacking}))
    assert rebuilding.rebuild(pdf) is not None
    assert sum(unpacked) <= 64 * 1024 * 1024


def test_many_fields_in_many_revisions_do_not_multiply_the_work(monkeypatch):
    """A form of a few hundred fields, saved again and again, each time with another value in one of them."""
    pdf = basic()
    root = int(re.findall(rb"/Root (\d+) 0 R", pdf)[-1])
    catalog = re.findall(rb"\n%d 0 obj(.*?)endobj" % root, pdf, re.S)[-1].rstrip().removesuffix(b">>")
    catalog = re.sub(rb"/AcroForm\s*(\d+ 0 R|<<.*?>>)", b"", catalog, flags=re.S)
    fields = {200 + place: b"<</T(f%d)/FT/Tx>>\n" % place for place in range(250)}
    kids = b" ".join(b"%d 0 R" % number for number in fields)
    pdf = with_revision(pdf, {root: catalog + b"/AcroForm<</Fields[%s]>>>>\n" % kids, **fields})
    for place in range(60):
        pdf = with_revision(pdf, {200 + place: b"<</T(f%d)/FT/Tx/V(%d)>>\n" % (place, place)})
    assert len(pdf) < 60_000
    visited, asked = [], []
    real_list, real_resolve = FormUpdatingRule.apply, xref.XRefSectionData.try_resolve
    monkeypatch.setattr(FormUpdatingRule, "apply", lambda *given: visited.append(None) or real_list(*given))
    monkeypatch.setattr(
        xref.XRefSectionData, "try_resolve", lambda self, ref: asked.append(None) or real_resolve(self, ref)
    )
    report = judge(pdf)
    assert not report.passed
    assert "change.too_many_to_compare" in codes(report)
    assert len(visited) < 30
    assert len(asked) < 150_000


def test_a_form_of_usual_size_is_compared_in_all_its_revisions():
    pdf = basic()
    for place in range(12):
        pdf = with_revision(pdf, {700 + place: b"<</T(new)>>\n"})
    assert "change.too_many_to_compare" not in codes(judge(pdf))


def test_a_long_revocation_list_is_not_read_entry_by_entry(monkeypatch):
    """A list with a critical extension is none of the plainest form; a third of a million entries are not unusual."""
    entries = 3000
    place = x509.IssuingDistributionPoint(
        [x509.UniformResourceIdentifier("http://example.org/a.crl")], None, False, False, None, False, False
    )
    builder = x509.CertificateRevocationListBuilder().issuer_name(x509.Name([])).last_update(NOW)
    builder = builder.next_update(NOW + timedelta(days=7)).add_extension(place, critical=True)
    for number in range(entries):
        revoked = x509.RevokedCertificateBuilder().serial_number(1000 + number).revocation_date(NOW)
        builder = builder.add_revoked_certificate(revoked.build())
    made: list[None] = []
    real = core._build
    monkeypatch.setattr(core, "_build", lambda *given, **named: made.append(None) or real(*given, **named))
    evidence = from_caller((), (builder.sign(key("long list"), hashes.SHA256()).public_bytes(DER),))
    assert len(evidence.crls) == 1
    assert len(made) < entries


def test_a_revocation_list_of_another_version_is_kept():
    """One parser refuses it, the general one reads it: what it says is for the judge, not for the reader."""
    lists = pki().crl()
    version = lists.index(bytes.fromhex("020101"))
    assert len(from_caller((), (lists[: version + 2] + b"\x02" + lists[version + 3 :],)).crls) == 1
