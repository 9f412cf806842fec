"""The sRGB colour profile that says which red, green and blue the PDF means, built here byte by byte.

A matrix profile after ICC.1:2001-04 (version 2.4, which every part of ISO 19005 accepts) with the curve and primaries
of IEC 61966-2-1, adapted to D50.
"""

from __future__ import annotations

from functools import lru_cache
from struct import pack

_DESCRIPTION = b"sRGB (IEC 61966-2-1)"
_TERMS = b"No rights reserved"
_WHITE = (0.9642, 1.0, 0.8249)  # D50
_PRIMARIES = {
    b"rXYZ": (0.43607, 0.22249, 0.01392),
    b"gXYZ": (0.38515, 0.71687, 0.09708),
    b"bXYZ": (0.14307, 0.06061, 0.7141),
}
_STEPS = 1024


@lru_cache(maxsize=1)
def srgb() -> bytes:
    """The profile; the same bytes everywhere, about 2.6 kB."""
    curve = b"curv" + bytes(4) + pack(">I", _STEPS) + b"".join(_curve_point(step) for step in range(_STEPS))
    tags = {
        b"desc": b"desc" + bytes(4) + pack(">I", len(_DESCRIPTION) + 1) + _DESCRIPTION + bytes(1 + 12 + 67),
        b"cprt": b"text" + bytes(4) + _TERMS + b"\0",
        b"wtpt": _xyz(_WHITE),
        **{tag: _xyz(values) for tag, values in _PRIMARIES.items()},
        b"rTRC": curve,
    }
    offset = 128 + 4 + 12 * (len(tags) + 2)
    table, data, place = [], [], {}
    for tag, content in tags.items():
        padded = content + bytes(-len(content) % 4)
        place[tag] = (offset, len(content))
        offset += len(padded)
        data.append(padded)
    place[b"gTRC"] = place[b"bTRC"] = place[b"rTRC"]
    for tag, (start, length) in place.items():
        table.append(tag + pack(">II", start, length))
    return _header(offset) + pack(">I", len(table)) + b"".join(table) + b"".join(data)


def _header(size: int) -> bytes:
    head = pack(">I4sI4s4s4s", size, bytes(4), 0x02400000, b"mntr", b"RGB ", b"XYZ ")
    head += pack(">6H", 1999, 10, 18, 0, 0, 0)  # the day of IEC 61966-2-1
    head += b"acsp" + bytes(28) + pack(">3I", *map(_fixed, _WHITE))
    return head + bytes(128 - len(head))


def _curve_point(step: int) -> bytes:
    value = step / (_STEPS - 1)
    linear = value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
    return pack(">H", round(linear * 65535))


def _xyz(values: tuple[float, float, float]) -> bytes:
    return b"XYZ " + bytes(4) + pack(">3I", *map(_fixed, values))


def _fixed(value: float) -> int:
    return round(value * 65536)
