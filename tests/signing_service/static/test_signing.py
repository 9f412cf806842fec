"""Before the key is used the browser proves what it signs. Each way of deceiving it is refused by its name."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Callable
from typing import Any

import pytest

from signing_service.pades.prepare import Prepared
from tests.signing_service.pades import factory

pytestmark = pytest.mark.browser

CHECK = """async (signing, { prepared, shown, range, attributes }) => {
  const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  try {
    await signing.checkPrepared(
      { prepared: bytes(prepared), shown: bytes(shown), range, attributes: bytes(attributes) });
    return "signs";
  } catch (error) { return error.what ?? String(error); }
}"""


class Offer:
    """What a service offers for signing, to be changed by a deceiver."""

    def __init__(self, prepared: Prepared, shown: bytes) -> None:
        self.pdf = bytearray(prepared.pdf)
        self.shown = shown
        self.start, self.end = prepared.reserved_start, prepared.reserved_end
        self.range = [0, self.start, self.end, len(prepared.pdf) - self.end]
        self.attributes = bytearray(prepared.signed_attributes)
        self.digest = prepared.document_digest

    def told(self, run: Callable[..., Any]) -> str:
        given = {
            "prepared": b64encode(self.pdf).decode(),
            "shown": b64encode(self.shown).decode(),
            "range": self.range,
            "attributes": b64encode(self.attributes).decode(),
        }
        return str(run("signing", CHECK, given))

    def rehash(self) -> None:
        """Make the attributes fit whatever the file and the range are now."""
        covered = bytes(self.pdf[: self.range[1]]) + bytes(self.pdf[self.range[2] :])
        fresh = hashlib.sha256(covered).digest()
        self.attributes = bytearray(bytes(self.attributes).replace(self.digest, fresh))
        self.digest = fresh


@pytest.fixture(scope="module")
def sealed() -> bytes:
    return factory.sealed()


@pytest.fixture
def offer(sealed: bytes) -> Offer:
    return Offer(factory.prepared(sealed, factory.signatory()), sealed)


def test_an_honest_offer_is_signed(run: Callable[..., Any], offer: Offer) -> None:
    assert offer.told(run) == "signs"


def test_after_others_have_signed_the_displayed_document_is_still_the_beginning(
    run: Callable[..., Any], sealed: bytes
) -> None:
    head = factory.signed(sealed, factory.signatory())
    assert Offer(factory.prepared(head, factory.signatory("Second"), factory.FIELD_B), sealed).told(run) == "signs"


def test_another_document_is_refused_even_with_a_fitting_digest(run: Callable[..., Any], offer: Offer) -> None:
    offer.pdf[200] ^= 1
    offer.rehash()
    assert offer.told(run) == "beginning"


def test_a_document_that_ends_with_what_was_displayed_is_refused(run: Callable[..., Any], offer: Offer) -> None:
    offer.shown = bytes(offer.pdf) + b"more"
    assert offer.told(run) == "beginning"


@pytest.mark.parametrize(
    "change",
    [
        lambda r: [1, *r[1:]],
        lambda r: [*r[:3], r[3] - 1],
        lambda r: [r[0], 100, *r[2:]],
        lambda r: [r[0], r[2], r[1], r[3]],
        lambda r: r[:3],
        lambda r: [0, str(r[1]), r[2], r[3]],
        lambda r: [0, -r[1], r[2], r[3]],
    ],
)
def test_a_range_that_leaves_anything_out_is_refused(
    run: Callable[..., Any], offer: Offer, change: Callable[[list[Any]], list[Any]]
) -> None:
    offer.range = change(offer.range)
    assert offer.told(run) == "range"


def test_a_range_other_than_the_one_written_in_the_file_is_refused(run: Callable[..., Any], offer: Offer) -> None:
    written = b"/ByteRange"
    at = bytes(offer.pdf).rindex(written)
    offer.pdf[at : at + len(written)] = b"/ByteRangy"
    offer.rehash()
    assert offer.told(run) == "range"


def test_something_hidden_in_the_gap_is_refused(run: Callable[..., Any], offer: Offer) -> None:
    offer.pdf[offer.start + 40] = ord("a")
    assert offer.told(run) == "gap"


def test_a_gap_without_its_brackets_is_refused(run: Callable[..., Any], offer: Offer) -> None:
    offer.pdf[offer.start] = ord("0")
    assert offer.told(run) == "gap"


def test_attributes_about_another_file_are_refused(run: Callable[..., Any], offer: Offer) -> None:
    offer.attributes = bytearray(bytes(offer.attributes).replace(offer.digest, bytes(32)))
    assert offer.told(run) == "digest"


def test_a_byte_changed_behind_the_displayed_document_is_refused(run: Callable[..., Any], offer: Offer) -> None:
    offer.pdf[len(offer.shown) + 12] ^= 1
    assert offer.told(run) == "digest"


def test_attributes_that_are_no_set_are_refused(run: Callable[..., Any], offer: Offer) -> None:
    offer.attributes[0] = 0x30
    assert offer.told(run) == "attributes"


def test_bytes_behind_the_attributes_are_refused(run: Callable[..., Any], offer: Offer) -> None:
    offer.attributes += b"\x00"
    assert offer.told(run) == "attributes"


def test_two_digests_in_the_attributes_are_refused(run: Callable[..., Any], offer: Offer) -> None:
    one = bytes.fromhex("06092a864886f70d01090431220420")
    body = bytes(offer.attributes[3:] if offer.attributes[1] & 0x80 else offer.attributes[2:])
    body += bytes.fromhex("302f") + one + bytes(32)
    length = bytes([0x81, len(body)]) if len(body) < 256 else b"\x82" + len(body).to_bytes(2, "big")
    offer.attributes = bytearray(b"\x31" + length + body)
    assert offer.told(run) == "attributes"


def test_a_document_with_another_hash_than_announced_is_not_displayed_as_checked(
    run: Callable[..., Any], page: Any
) -> None:
    page.route("**/document.pdf", lambda route: route.fulfill(body=b"%PDF-1.7 other"))
    told = run(
        "signing",
        "async (s, h) => { try { await s.fetchShown('/document.pdf', h); return 'ok'; } catch (e) { return e.what; } }",
        hashlib.sha256(b"%PDF-1.7 announced").hexdigest(),
    )
    assert told == "document"
