"""RFC 3161 time stamps: the built-in authority, and where tokens come from (in process, over HTTP, several in order).

A source that cannot give a token raises `TimestampUnavailable`; there is no invented token and no silent fall-back.
Whether a token's authority is trusted is judged by the verification, with anchors for that purpose. The form that
pyHanko asks for is in `pyhanko_adapter`, apart, because importing pyHanko takes half a second.
"""

from keys.timestamping.authority import BuiltInAuthority
from keys.timestamping.http import HttpAuthority
from keys.timestamping.sources import (
    FOREIGN_TOKEN_BYTES,
    AuthoritiesInOrder,
    InProcessAuthority,
    TimestampSource,
    longest_token,
)

__all__ = [
    "FOREIGN_TOKEN_BYTES",
    "AuthoritiesInOrder",
    "BuiltInAuthority",
    "HttpAuthority",
    "InProcessAuthority",
    "TimestampSource",
    "longest_token",
]
