"""The logical structure of the PDF: what is a heading, a paragraph, a signature field, in which language and order.

Assistive software and text extraction read this tree instead of guessing from positions. It says nothing about looks.
ISO 32000-1 §14.7 and §14.8.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from agreements.rendering.pdf_file import PdfFile, references, text_string


@dataclass(eq=False)
class Element:
    """A structure element. `content` holds (page index, marked content id)."""

    tag: str
    lang: str | None = None
    title: str | None = None
    children: list[Element] = field(default_factory=list)
    content: list[tuple[int, int]] = field(default_factory=list)
    alternative: str | None = None
    attributes: str | None = None  # the entries of an attribute dictionary: how it is decorated, what a cell heads

    def add(self, tag: str, lang: str | None = None, title: str | None = None) -> Element:
        """Append a child element and return it."""
        child = Element(tag, lang, title)
        self.children.append(child)
        return child


def write_structure(pdf: PdfFile, root: Element, pages: list[int], marked: list[list[Element]]) -> int:
    """Write the tree and its parent tree; return the object number of /StructTreeRoot.

    `marked[page][id]` is the element of each marked content id. Signature widgets are not referred to from here:
    filling one would then look like a change of the structure, and validators that compare revisions would refuse it.
    """
    tree = pdf.reserve()
    numbers: dict[int, int] = {}
    _reserve(pdf, root, numbers)
    _write(pdf, root, tree, numbers, pages)
    parents = [
        f"{page} {pdf.add(references(numbers[id(element)] for element in elements))} 0 R"
        for page, elements in enumerate(marked)
    ]
    parent_tree = pdf.add("<</Nums [" + "\n".join(parents) + "]>>")
    pdf.put(
        tree,
        f"<</Type /StructTreeRoot /K {numbers[id(root)]} 0 R /ParentTree {parent_tree} 0 R"
        f" /ParentTreeNextKey {len(parents)}>>",
    )
    return tree


def _reserve(pdf: PdfFile, element: Element, numbers: dict[int, int]) -> None:
    numbers[id(element)] = pdf.reserve()
    for child in element.children:
        _reserve(pdf, child, numbers)


def _write(pdf: PdfFile, element: Element, parent: int, numbers: dict[int, int], pages: list[int]) -> None:
    own = numbers[id(element)]
    kids = [f"{numbers[id(child)]} 0 R" for child in element.children]
    extra = ""
    if len({page for page, _ in element.content}) == 1:
        extra = f" /Pg {pages[element.content[0][0]]} 0 R"
        kids += [str(mark) for _, mark in element.content]
    else:
        kids += [f"<</Type /MCR /Pg {pages[page]} 0 R /MCID {mark}>>" for page, mark in element.content]
    extra += f" /Lang {text_string(element.lang)}" if element.lang else ""
    extra += f" /T {text_string(element.title)}" if element.title else ""
    extra += f" /Alt {text_string(element.alternative)}" if element.alternative else ""
    extra += f" /A <<{element.attributes}>>" if element.attributes else ""
    pdf.put(own, f"<</Type /StructElem /S /{element.tag} /P {parent} 0 R{extra} /K [{' '.join(kids)}]>>")
    for child in element.children:
        _write(pdf, child, own, numbers, pages)
