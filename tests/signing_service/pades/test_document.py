"""The small reader: what it reads is what stands there, and a damaged file is refused by name and nothing else."""

import random
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signing_service.pades import errors
from signing_service.pades.document import Document
from signing_service.pades.errors import PadesError
from signing_service.pades.long_term import levels
from signing_service.pades.syntax import Name, Ref, Value, parse, text_of, text_string, written
from tests.signing_service.pades.factory import FIELD_A, document, prepared, sealed, signatory, signed

_LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.binary(max_size=20)
    | st.text(st.characters(min_codepoint=1, max_codepoint=255), min_size=1, max_size=8).map(Name)
    | st.builds(Ref, st.integers(1, 99999), st.integers(0, 99))
)
_KEYS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=6)
_VALUES = st.recursive(
    _LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=4), max_leaves=12
)


@given(_VALUES)
@settings(max_examples=200, deadline=None)
def test_what_is_written_is_read_back(value: Value) -> None:
    assert parse(written(value) + b" ", 0)[0] == value


@pytest.mark.parametrize(
    ("source", "value"),
    [
        (
            rb"(a (b) \) \101\n\
c)",
            b"a (b) ) A\nc",
        ),
        (b"<48 6F 4>", b"Ho@"),
        (b"/A#20B", "A B"),
        (b"% remark\n [1 0 R -.5 +7]", [Ref(1, 0), -0.5, 7]),
        (b"<</K(v)/N null>>", {"K": b"v", "N": None}),
    ],
)
def test_forms_of_objects(source: bytes, value: Value) -> None:
    assert parse(source, 0)[0] == value


@pytest.mark.parametrize(
    "source",
    [b"", b"<<", b"[1", b"(a", b"<4G>", b">>", b"]", b"<</A 1 /A 2>>", b"<<1 2>>", b"truely", b"[" * 60, b"1x"],
)
def test_what_is_no_object_is_refused(source: bytes) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        parse(source, 0)


@pytest.mark.parametrize("text", ["Signatory_party_a_1", "签名 Ä", "(a)"])
def test_texts_in_both_encodings(text: str) -> None:
    assert text_of(parse(written(text_string(text)), 0)[0]) == text


def test_fields_of_a_signed_document() -> None:
    fields = {field.name: field for field in Document(signed(sealed(), signatory())).signature_fields()}
    assert list(fields) == ["Seal", FIELD_A, "Signatory_party_b_1"]
    assert [field.value is None for field in fields.values()] == [False, False, True]
    assert fields[FIELD_A].box == (260, 80)


def _replaced(old: bytes, new: bytes) -> Callable[[], bytes]:
    """A change of equal length, so that the offsets stay right."""
    assert len(old) == len(new)
    return lambda: document().replace(old, new)


@pytest.mark.parametrize(
    "change",
    [
        lambda: document().replace(b"/Size 8", b"/Size 8 /Encrypt << /Filter /Standard >>"),
        lambda: document().replace(b"/Size 8", b"/Size 8 /XRefStm 9"),
        lambda: document().replace(b"/Size 8", b"/Size 8 /Prev %d" % document().index(b"xref\n0")),
        lambda: document().replace(b"/Size 8", b"/Size -8"),
        lambda: document().replace(b"xref\n0 8", b"xref\n0 9"),
        _replaced(b"/Sig /T", b"/Sig /K"),
        _replaced(b"(Signatory_party_a_1)", b"[ignatory_party_a_1] "),
        _replaced(b"/F 132 /P 3 0 R", b"/Kids [3 0 R ] "),
        _replaced(b"/SigFlags 3", b"/SigFlags 1"),
        _replaced(b"(Signatory_party_b_1)", b"(Signatory_party_a_1)"),
        _replaced(b"/Rect [60 60", b"/Rect [60 /a"),
        _replaced(b"6 0 obj", b"9 0 obj"),
    ],
)
def test_a_document_of_another_kind_is_refused(change: Callable[[], bytes]) -> None:
    with pytest.raises((errors.UnreadableDocument, errors.UnknownField)) as caught:
        prepared(change(), signatory())
    assert any(caught.value.params.values())


def test_random_damage_never_ends_in_anything_but_a_named_refusal() -> None:
    chance, holder = random.Random(20261122), signatory()
    whole = signed(sealed(), holder)
    for _ in range(300):
        damaged = bytearray(whole)
        for _ in range(chance.choice((1, 3, 40))):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        for use in (levels, lambda data: prepared(data, holder, "Signatory_party_b_1", appearance=None)):
            try:
                use(bytes(damaged))
            except PadesError:
                continue
