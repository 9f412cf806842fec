"""Several authorities in order: the next one is asked when one fails, and a failed one rests for a while."""

import pytest

from keys.errors import TimestampError, TimestampRefused, TimestampUnavailable
from keys.keyring import Keyring
from keys.timestamping import (
    FOREIGN_TOKEN_BYTES,
    AuthoritiesInOrder,
    HttpAuthority,
    InProcessAuthority,
    TimestampSource,
    longest_token,
)


class Scripted:
    """A source that fails while `error` is set."""

    def __init__(self, name: str, error: TimestampError | None = None) -> None:
        self.name = name
        self.error = error
        self.asked = 0

    def token(self, sha256_imprint: bytes) -> bytes:
        self.asked += 1
        if self.error:
            raise self.error
        return self.name.encode()


def down(name: str = "first") -> Scripted:
    return Scripted(name, TimestampUnavailable(reasons="down"))


def test_the_first_is_preferred() -> None:
    first, second = Scripted("first"), Scripted("second")
    assert AuthoritiesInOrder([first, second]).token(b"") == b"first"
    assert second.asked == 0


def test_the_next_is_asked_when_one_is_down_or_refuses() -> None:
    refusing = Scripted("second", TimestampRefused(authority="second", status="rejection"))
    assert AuthoritiesInOrder([down(), refusing, Scripted("third")]).token(b"") == b"third"


def test_when_all_fail_each_is_named_with_its_reason() -> None:
    with pytest.raises(TimestampUnavailable) as failure:
        AuthoritiesInOrder([down("a"), down("b")]).token(b"")
    assert "a: " in str(failure.value)
    assert "b: " in str(failure.value)
    assert failure.value.__cause__ is not None


def test_none_set_up_is_said_and_nothing_invented() -> None:
    with pytest.raises(TimestampUnavailable, match="none is set up"):
        AuthoritiesInOrder([]).token(b"")


def test_a_failed_authority_rests_and_is_asked_again_later() -> None:
    seconds = [0.0]
    first, second = down(), Scripted("second")
    both = AuthoritiesInOrder([first, second], rest_seconds=60, seconds=lambda: seconds[0])
    assert [both.token(b""), both.token(b"")] == [b"second", b"second"]
    assert first.asked == 1
    assert both.resting() == ("first",)
    first.error = None
    seconds[0] = 61
    assert both.token(b"") == b"first"
    assert both.resting() == ()


def test_a_resting_authority_is_still_the_last_resort() -> None:
    first, second = down(), Scripted("second")
    both = AuthoritiesInOrder([first, second])
    both.token(b"")
    first.error, second.error = None, TimestampUnavailable(reasons="down too")
    assert both.token(b"") == b"first"


def test_a_real_authority_that_is_down_is_replaced_by_the_built_in_one(keyring: Keyring) -> None:
    built_in = InProcessAuthority(keyring.timestamp_authority)
    dead = HttpAuthority("http://127.0.0.1:9/", timeout_seconds=1)
    sources: list[TimestampSource] = [dead, built_in]
    assert all(isinstance(source, TimestampSource) for source in sources)
    assert AuthoritiesInOrder(sources).token(b"\1" * 32).startswith(b"\x30")


def test_no_token_of_ours_is_longer_than_is_set_aside(keyring: Keyring) -> None:
    source = keyring.timestamp_source
    room = longest_token(source)
    lengths = [len(source.token(bytes((number,)) * 32)) for number in range(200)]
    assert max(lengths) <= room < max(lengths) + 100


def test_others_may_answer_with_more() -> None:
    assert longest_token(Scripted("first")) == FOREIGN_TOKEN_BYTES
    assert longest_token(AuthoritiesInOrder([Scripted("first")])) == FOREIGN_TOKEN_BYTES
