"""Reading members of PDF objects the same way everywhere: references followed, strings decrypted, nothing raised."""

from collections.abc import Iterator

from pyhanko.pdf_utils import generic


def resolved(raw: generic.PdfObject) -> generic.PdfObject:
    """What a reference points to, or the object itself."""
    target: generic.PdfObject = raw.get_object()
    return target


def entry(node: generic.PdfObject | None, key: str) -> generic.PdfObject | None:
    """The value of a dictionary under `key`, with its reference followed; None when there is none."""
    if not isinstance(node, generic.DictionaryObject) or key not in node:
        return None
    try:
        value: generic.PdfObject = node[key]
    except KeyError:  # the value is null
        return None
    return value


def raw_entry(node: generic.DictionaryObject, key: str) -> generic.PdfObject | None:
    """The value under `key` as it is written, a reference staying one."""
    return node.raw_get(key) if key in node else None


def name_in(node: generic.PdfObject | None, key: str, otherwise: str = "") -> str:
    """A name or string under `key` as text."""
    value = entry(node, key)
    return otherwise if value is None else str(value)


def items(node: generic.PdfObject | None) -> Iterator[generic.PdfObject]:
    """The members of an array with references followed; of anything else none."""
    if isinstance(node, generic.ArrayObject):
        for index in range(len(node)):
            yield node[index]
