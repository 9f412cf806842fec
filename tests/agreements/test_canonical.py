"""The byte form that is hashed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from agreements.canonical import canonical_bytes, sha256_of
from agreements.errors import NotCanonical


def test_keys_are_sorted_by_utf16_and_text_is_not_escaped() -> None:
    assert (
        canonical_bytes({"\U0001f600": 1, "\ufb33": 2, "甲": "方"}) == '{"甲":"方","\U0001f600":1,"\ufb33":2}'.encode()
    )


def test_the_same_data_gives_the_same_hash_whatever_the_order() -> None:
    assert sha256_of(canonical_bytes({"a": 1, "b": [1, 2]})) == sha256_of(canonical_bytes({"b": (1, 2), "a": 1}))


@pytest.mark.parametrize("data", [float("nan"), 2**53, {"a": Decimal(1)}, "\ud800", {1: 2}, object()])
def test_what_has_no_canonical_form_is_refused(data: object) -> None:
    with pytest.raises(NotCanonical) as refused:
        canonical_bytes(data)
    assert refused.value.code == "canonical.unsupported"


def test_nesting_without_end_is_refused() -> None:
    deep: list[object] = []
    deep.append(deep)
    with pytest.raises(NotCanonical):
        canonical_bytes(deep)
