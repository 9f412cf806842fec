"""The beginning of a signature dictionary: the byte range in a fixed width, then the gap for the CMS object.

Written before the length of the file is known, filled in afterwards, and checked again before a signature is given out.
"""

_WIDTH = 48
_HEAD = b"<</ByteRange %b/Contents "

BEFORE_GAP = len(_HEAD) - len(b"%b") + _WIDTH
"""Bytes from the beginning of the dictionary to the gap."""


def before_gap(start: int, end: int, length: int) -> bytes:
    """What stands before a gap from `start` to `end` in a file of `length` bytes: all but the gap is covered."""
    return _HEAD % (b"[0 %d %d %d]" % (start, end, length - end)).ljust(_WIDTH)
