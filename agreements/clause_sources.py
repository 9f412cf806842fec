"""A parsed clause text back as it is written in a file: the way back from clause_texts.py."""

from __future__ import annotations

from collections.abc import Iterator

from agreements.clause_texts import Paragraph, Reference, TextNode, WhenBlock


def source_of(title: str, body: tuple[TextNode, ...]) -> str:
    """The text as it is written in a file; reading it again gives the same title and body."""
    return "\n\n".join((f"# {title}", *_sources(body))) + "\n"


def _sources(body: tuple[TextNode, ...]) -> Iterator[str]:
    for node in body:
        if isinstance(node, Paragraph):
            yield ("- " if node.item else "") + "".join(part_source(part) for part in node.parts)
            continue
        opened = (
            f"[when {node.condition.text}]"
            if isinstance(node, WhenBlock)
            else f"[each {node.name} in {'.'.join(node.path)}]"
        )
        yield f"{opened}\n" + "\n\n".join(_sources(node.body)) + "\n[end]"


def part_source(part: str | Reference) -> str:
    """Words as they are, a reference as `{{path|format}}`."""
    if isinstance(part, str):
        return part
    return "{{" + ".".join(part.path) + (f"|{part.format}" if part.format else "") + "}}"
