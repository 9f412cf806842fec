"""The DER that is written by hand is the DER that asn1crypto writes."""

from datetime import UTC, datetime

from asn1crypto import core
from hypothesis import example, given
from hypothesis import strategies as st

from keys.timestamping.der import generalized_time, identifier, integer, octets, set_of


@given(st.integers(-(2**200), 2**200))
@example(-128)
@example(-32768)
@example(0)
def test_integers(value: int) -> None:
    assert integer(value) == core.Integer(value).dump()


@given(st.binary(max_size=70_000))
def test_lengths(value: bytes) -> None:
    assert octets(value) == core.OctetString(value).dump()


@given(st.tuples(st.just(2), st.integers(0, 2**128), st.integers(0, 2**40)))
def test_identifiers(arcs: tuple[int, ...]) -> None:
    dotted = ".".join(str(arc) for arc in arcs)
    assert core.ObjectIdentifier.load(identifier(dotted)).dotted == dotted


@given(st.datetimes(datetime(1970, 1, 1), datetime(9999, 12, 31)))
def test_times_keep_milliseconds(moment: datetime) -> None:
    written = core.GeneralizedTime.load(generalized_time(moment)).native
    assert written == moment.replace(microsecond=moment.microsecond // 1000 * 1000, tzinfo=UTC)


@given(st.lists(st.binary(max_size=40), max_size=6))
def test_members_of_a_set_are_in_order(values: list[bytes]) -> None:
    members = [octets(value) for value in values]
    assert set_of(*members) == set_of(*reversed(members))
