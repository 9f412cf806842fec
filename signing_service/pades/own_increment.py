"""One revision that a signatory's own program appended to the document: accepted when it is a signature and no more.

A closed list: the one field gets its value and appearance, the form stays append-only, the document's information and
metadata may name the program. Every other changed object is refused, and every new one that does not belong to these.
Stricter than the rules a verifier applies to files of strangers (ISO 32000-2, 12.8.2.2): the next signatories sign it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from keys.own_certificate_errors import MoreThanASignature, OldBytesChanged, OwnSignatureRefused
from signing_service.pades.document import Document, Field
from signing_service.pades.errors import PadesError
from signing_service.pades.syntax import Name, Ref, Value

CADES = "ETSI.CAdES.detached"

#: What may differ in a signed field, in the form and in the catalogue.
_FIELD, _FORM, _CATALOGUE = (
    frozenset({"V", "AP", "M"}),
    frozenset({"SigFlags"}),
    frozenset({"AcroForm", "Extensions", "Version"}),
)
_SIGNATURE = frozenset(
    {"Type", "Filter", "SubFilter", "Contents", "ByteRange", "M", "Name", "Location", "ContactInfo", "R"}
    | {"Prop_Build", "Prop_AuthTime", "Prop_AuthType"}
)
#: Names that begin something active or hidden.
_ACTIVE = frozenset(
    {"JS", "JavaScript", "AA", "A", "OpenAction", "OC", "OCG", "OCProperties", "EF", "EmbeddedFile", "Launch", "URI"}
    | {"SubmitForm", "RichMedia", "XFA"}
)
_MOST_NEW = 200


@dataclass(frozen=True, slots=True)
class Appended:
    """Where the gap of the new signature lies, `<` and `>` included."""

    start: int
    end: int


def check(base: bytes, pdf: bytes, field_name: str) -> Appended:
    """The new signature in `field_name`. Raises `OldBytesChanged`, `MoreThanASignature` or `OwnSignatureRefused`."""
    if not pdf.startswith(base):
        raise OldBytesChanged
    try:
        return _checked(Document(base), Document(pdf), field_name)
    except PadesError as error:
        raise OwnSignatureRefused(reason=str(error).rstrip(".")) from error


def _checked(old: Document, new: Document, field_name: str) -> Appended:
    before, after = _field(old, field_name), _field(new, field_name)
    if new.trailer.get("Prev") != old.start or new.root_ref != old.root_ref:
        raise MoreThanASignature(what="it has more than one new revision, or another catalogue")
    changed = _changed(old, new)
    existing = {number for number in changed if number in old.places}
    if after.ref != before.ref or before.ref.number not in existing:
        raise OwnSignatureRefused(reason=f"the field {field_name} is not signed in it")
    _same_but(before.entries, after.entries, _FIELD, "the field")
    _check_catalogue(old, new)
    described = (old.root.get("AcroForm"), old.root.get("Metadata"), old.trailer.get("Info"))
    permitted = {before.ref.number, old.root_ref.number, *_numbers(*described)}
    if existing - permitted:
        raise MoreThanASignature(what=f"object {min(existing - permitted)}")
    _check_new(new, after, changed - existing)
    return _gap(old, new, after)


def _field(document: Document, name: str) -> Field:
    found = [one for one in document.signature_fields() if one.name == name]  # other programs write names differently
    if len(found) != 1:
        raise MoreThanASignature(what=f"the fields named {name}")
    return found[0]


def _changed(old: Document, new: Document) -> set[int]:
    """Numbers of the objects that the newest revision defines; each has to stand in the new bytes."""
    changed = {number for number, place in new.places.items() if old.places.get(number) != place}
    for number in changed:
        place = new.places[number]
        if place is None or place[0] < len(old.data):
            raise MoreThanASignature(what=f"object {number} is taken away or stands in the old bytes")
    return changed


def _same_but(old: Mapping[str, Value], new: Mapping[str, Value], free: frozenset[str], what: str) -> None:
    differing = {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)} - free
    if differing:
        raise MoreThanASignature(what=f"/{min(differing)} of {what}")


def _check_catalogue(old: Document, new: Document) -> None:
    _same_but(old.root, new.root, _CATALOGUE, "the catalogue")
    _same_but(old.form, new.form, _FORM, "the form")
    if new.form.get("SigFlags") != old.form.get("SigFlags"):
        raise MoreThanASignature(what="/SigFlags of the form")
    if not isinstance(new.root.get("Version"), Name | None):
        raise MoreThanASignature(what="/Version of the catalogue")
    if "Metadata" in new.root and new.dictionary(new.root["Metadata"]).get("Type") != Name("Metadata"):
        raise MoreThanASignature(what="the metadata")
    if any(isinstance(value, dict | list | Ref) for value in _information(new).values()):
        raise MoreThanASignature(what="the document's information")


def _information(document: Document) -> Mapping[str, Value]:
    return document.dictionary(document.trailer["Info"]) if "Info" in document.trailer else {}


def _numbers(*values: Value) -> Iterator[int]:
    return (value.number for value in values if isinstance(value, Ref))


def _check_new(document: Document, field: Field, added: set[int]) -> None:
    """New objects hang on the signature, its appearance, the extensions or the information, and nothing is active."""
    if len(added) > _MOST_NEW:
        raise MoreThanASignature(what="there are too many new objects")
    reached: set[int] = set()
    waiting: list[Value] = [
        field.value,
        field.entries.get("AP"),
        document.root.get("Extensions"),
        document.trailer.get("Info"),
    ]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Ref):
            if value.number in added and value.number not in reached:
                reached.add(value.number)
                waiting.append(document.get(value))
        elif isinstance(value, dict):
            _require_quiet(value)
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
    if added - reached:
        raise MoreThanASignature(what=f"object {min(added - reached)} belongs to nothing")


def _require_quiet(entries: Mapping[str, Value]) -> None:
    names = {str(value) for value in entries.values() if isinstance(value, Name)}
    found = (set(entries) | names) & _ACTIVE
    if found:
        raise MoreThanASignature(what=f"something active, /{min(found)}")


def _gap(old: Document, new: Document, field: Field) -> Appended:
    """The byte range covers the whole file but the value of /Contents, which lies in the new bytes."""
    signature = new.dictionary(field.value)
    if new.get(signature.get("SubFilter")) != Name(CADES):
        raise OwnSignatureRefused(reason=f"its format is not {CADES}; set your program to CAdES or PAdES")
    if set(signature) - _SIGNATURE:
        raise MoreThanASignature(what=f"/{min(set(signature) - _SIGNATURE)} of the signature")
    numbers = [new.get(one) for one in new.array(signature.get("ByteRange", []))]
    start, end = (numbers[1], numbers[2]) if len(numbers) == 4 else (0, 0)
    if not isinstance(start, int) or not isinstance(end, int) or not len(old.data) < start < end < len(new.data):
        raise OwnSignatureRefused(reason="its byte range is out of order")
    if numbers != [0, start, end, len(new.data) - end]:
        raise OwnSignatureRefused(reason="its byte range does not cover the whole file")
    gap, value = new.data[start:end], new.get(signature.get("Contents"))
    try:
        fits = gap[:1] + gap[-1:] == b"<>" and bytes.fromhex(gap[1:-1].decode("ascii")) == value
    except ValueError:
        fits = False
    if not fits:
        raise OwnSignatureRefused(reason="the gap of its byte range is not its value")
    return Appended(start, end)
