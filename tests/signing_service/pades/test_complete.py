"""A value that does not fit, or a prepared signature that was changed, never becomes a document."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from keys.errors import TimestampUnavailable
from signing_service.pades import cms, errors
from signing_service.pades.complete import complete
from signing_service.pades.prepared import Prepared
from tests.signing_service.pades.factory import FIELD_A, FIELD_B, NOW, Holder, keyring, prepared, sealed, signatory

SOURCE = keyring().timestamp_source


class TokenSource:
    """A time stamp source that answers with what a test wants."""

    name = "test"

    def __init__(self, answer: Callable[[bytes], bytes]) -> None:
        self._answer = answer

    def token(self, sha256_imprint: bytes) -> bytes:
        return self._answer(sha256_imprint)


@pytest.fixture(scope="module")
def holder() -> Holder:
    return signatory()


@pytest.fixture(scope="module")
def attempt(holder: Holder) -> Prepared:
    return prepared(sealed(), holder)


def test_a_value_of_another_persons_key(attempt: Prepared) -> None:
    with pytest.raises(errors.WrongValue) as caught:
        complete(attempt, signatory().sign(attempt.signed_attributes), SOURCE)
    assert caught.value.code == "signature.wrong_value"


def test_a_value_over_another_digest(attempt: Prepared, holder: Holder) -> None:
    with pytest.raises(errors.WrongValue):
        complete(attempt, holder.sign(attempt.document_digest), SOURCE)


def test_a_value_replayed_from_another_attempt(attempt: Prepared, holder: Holder) -> None:
    other = prepared(sealed(), holder, at=NOW + timedelta(seconds=1))
    with pytest.raises(errors.WrongValue):
        complete(attempt, holder.sign(other.signed_attributes), SOURCE)


def test_a_value_replayed_from_another_field(attempt: Prepared, holder: Holder) -> None:
    other = prepared(sealed(), holder, FIELD_B)
    with pytest.raises(errors.WrongValue):
        complete(attempt, holder.sign(other.signed_attributes), SOURCE)


@pytest.mark.parametrize(
    "value", [b"", b"\x30\x00", b"\x00" * 72, b"\xff" * 200], ids=["none", "empty", "zeros", "long"]
)
def test_bytes_that_are_no_value(attempt: Prepared, value: bytes) -> None:
    with pytest.raises(errors.WrongValue):
        complete(attempt, value, SOURCE)


def test_a_raw_value_that_was_not_converted(attempt: Prepared, holder: Holder) -> None:
    r, s = decode_dss_signature(holder.sign(attempt.signed_attributes))
    with pytest.raises(errors.WrongValue):
        complete(attempt, r.to_bytes(32, "big") + s.to_bytes(32, "big"), SOURCE)


def test_a_value_with_something_behind_it(attempt: Prepared, holder: Holder) -> None:
    with pytest.raises(errors.WrongValue):
        complete(attempt, holder.sign(attempt.signed_attributes) + b"\x00", SOURCE)


def test_a_value_of_nothing(attempt: Prepared) -> None:
    with pytest.raises(errors.WrongValue):
        complete(attempt, encode_dss_signature(0, 0), SOURCE)


def _flipped(data: bytes, position: int) -> bytes:
    return data[:position] + bytes((data[position] ^ 1,)) + data[position + 1 :]


def test_a_base_that_is_not_the_one_prepared_for(attempt: Prepared, holder: Holder) -> None:
    changed = replace(attempt, pdf=_flipped(attempt.pdf, 200))
    with pytest.raises(errors.BaseChanged):
        complete(changed, holder.sign(attempt.signed_attributes), SOURCE)


def test_a_base_digest_of_another_document(attempt: Prepared, holder: Holder) -> None:
    with pytest.raises(errors.BaseChanged):
        complete(replace(attempt, base_sha256="0" * 64), holder.sign(attempt.signed_attributes), SOURCE)


def _tail_changed(attempt: Prepared) -> Prepared:
    return replace(attempt, pdf=_flipped(attempt.pdf, attempt.base_length + 40))


def _end_changed(attempt: Prepared) -> Prepared:
    return replace(attempt, pdf=attempt.pdf + b"more\n")


def _gap_filled(attempt: Prepared) -> Prepared:
    return replace(attempt, pdf=_flipped(attempt.pdf, attempt.reserved_start + 10))


def _gap_moved(attempt: Prepared) -> Prepared:
    return replace(attempt, reserved_start=attempt.reserved_start + 2)


def _gap_shortened(attempt: Prepared) -> Prepared:
    return replace(attempt, reserved_end=attempt.reserved_end - 2)


def _gap_inside_out(attempt: Prepared) -> Prepared:
    return replace(attempt, reserved_start=attempt.reserved_end, reserved_end=attempt.reserved_start)


def _base_shortened(attempt: Prepared) -> Prepared:
    return replace(attempt, base_length=0)


def _digest_changed(attempt: Prepared) -> Prepared:
    return replace(attempt, document_digest=bytes(32))


def _approval_left_out(attempt: Prepared) -> Prepared:
    attributes = cms.signed_attributes(attempt.document_digest, attempt.certificate_der, approval=False)
    return replace(attempt, signed_attributes=attributes)


def _attribute_added(attempt: Prepared) -> Prepared:
    content = (
        bytes.fromhex("301c06092a864886f70d010905310f170d3236313132323130303233315a") + attempt.signed_attributes[4:]
    )
    return replace(attempt, signed_attributes=b"\x31\x82" + len(content).to_bytes(2, "big") + content)


@pytest.mark.parametrize(
    "change",
    [
        _tail_changed,
        _end_changed,
        _gap_filled,
        _gap_moved,
        _gap_shortened,
        _gap_inside_out,
        _base_shortened,
        _digest_changed,
        _attribute_added,
        _approval_left_out,
    ],
)
def test_a_prepared_signature_that_was_changed(
    attempt: Prepared, holder: Holder, change: Callable[[Prepared], Prepared]
) -> None:
    changed = change(attempt)
    with pytest.raises((errors.PreparedChanged, errors.BaseChanged)):
        complete(changed, holder.sign(changed.signed_attributes), SOURCE)


def test_a_certificate_that_was_exchanged(attempt: Prepared) -> None:
    other = signatory()
    changed = replace(attempt, certificate_der=other.certificate_der)
    with pytest.raises(errors.PreparedChanged):
        complete(changed, other.sign(changed.signed_attributes), SOURCE)


def test_too_few_bytes_set_aside(holder: Holder) -> None:
    attempt = prepared(sealed(), holder, reserve=500)
    with pytest.raises(errors.ReserveTooSmall) as caught:
        complete(attempt, holder.sign(attempt.signed_attributes), SOURCE)
    assert caught.value.params["reserved"] == 500


def test_a_token_larger_than_was_allowed_for(attempt: Prepared, holder: Holder) -> None:
    exact = prepared(sealed(), holder, reserve=3000)
    value = holder.sign(exact.signed_attributes)
    assert complete(exact, value, None)
    with pytest.raises(errors.ReserveTooSmall):
        complete(exact, value, SOURCE)


def test_a_token_for_something_else(attempt: Prepared, holder: Holder) -> None:
    source = TokenSource(lambda _: SOURCE.token(bytes(32)))
    with pytest.raises(errors.WrongTimestamp, match="something else"):
        complete(attempt, holder.sign(attempt.signed_attributes), source)


def test_a_token_whose_signature_was_changed(attempt: Prepared, holder: Holder) -> None:
    source = TokenSource(lambda imprint: _flipped(SOURCE.token(imprint), -2))
    with pytest.raises(errors.WrongTimestamp):
        complete(attempt, holder.sign(attempt.signed_attributes), source)


@pytest.mark.parametrize("answer", [b"", b"\x30\x00", b"not a token"])
def test_bytes_that_are_no_token(attempt: Prepared, holder: Holder, answer: bytes) -> None:
    with pytest.raises(errors.WrongTimestamp):
        complete(attempt, holder.sign(attempt.signed_attributes), TokenSource(lambda _: answer))


def test_an_authority_that_is_down_leaves_the_attempt_usable(attempt: Prepared, holder: Holder) -> None:
    def down(_: bytes) -> bytes:
        raise TimestampUnavailable(reasons="test: no route")

    value = holder.sign(attempt.signed_attributes)
    with pytest.raises(TimestampUnavailable):
        complete(attempt, value, TokenSource(down))
    assert complete(attempt, value, SOURCE).startswith(attempt.pdf[: attempt.reserved_start])


def test_completing_twice_with_one_value_differs_only_in_the_gap(attempt: Prepared, holder: Holder) -> None:
    value = holder.sign(attempt.signed_attributes)
    one, other = complete(attempt, value, None), complete(attempt, value, None)
    assert one == other
    assert one[attempt.reserved_end :] == attempt.pdf[attempt.reserved_end :]
    assert one[: attempt.reserved_start] == attempt.pdf[: attempt.reserved_start]


def test_plain_data_is_enough_to_complete_elsewhere(attempt: Prepared, holder: Holder) -> None:
    members = {name: getattr(attempt, name) for name in Prepared.__dataclass_fields__}
    assert all(isinstance(value, bytes | str | int | tuple) for value in members.values())
    again = Prepared(**members)
    assert complete(again, holder.sign(again.signed_attributes), SOURCE).count(b"/ByteRange") == 2
    assert attempt.field_name == FIELD_A
