"""Who has a key at the test provider, with what they type; known to the provider and to the tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

CLIENT_ID = "the-signing-service"
CLIENT_SECRET = "client-secret-0cc175b9c0f1b6a8"


@dataclass(frozen=True)
class Person:
    """`credentials`: identifier → kind of key; `otp` empty: the PIN is enough."""

    account: str
    name: str
    organisation: str
    pin: str
    otp: str
    credentials: Mapping[str, str]


PEOPLE = (
    Person(
        "matti@example.fi", "Matti Virtanen", "BMH Technologies", "90210477", "", {"matti-ec": "ec", "matti-rsa": "rsa"}
    ),
    Person(
        "anna@example.de", "Anna Weber", "JKMM Architects", "55500123", "424242", {"anna-ec": "ec", "anna-rsa": "rsa"}
    ),
)
