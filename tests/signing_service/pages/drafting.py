"""Bringing an agreement along the way by pressing the buttons of the pages."""

from __future__ import annotations

from signing_service.cli import demo_case
from tests.signing_service.pages.visitor import Page, Visitor


def sample(**changes: str) -> dict[str, str]:
    """The shipped sample as form fields; `a__b` in a name stands for `a.b`."""
    return demo_case.flat(demo_case.sample()) | {name.replace("__", "."): value for name, value in changes.items()}


def started(legal: Visitor, *references: str) -> Page:
    """A fresh draft of the strategic cooperation agreement, with reference texts in these languages, on the screen."""
    more = {"references": list(references)}
    return legal.press(legal.open("/agreements/new"), "Start: Strategic Cooperation Agreement", more=more)


def with_rows(legal: Visitor, page: Page, rows: str, count: int) -> Page:
    """Press “add” until the list called `rows` has that many."""
    for _press in range(count):
        if page.tree.xpath(f"//*[@data-row='{rows}.{count - 1}']"):
            break
        page = legal.press(page, page.tree.xpath(f"//button[@value='add:{rows}']")[0])
    return page


def version(legal: Visitor, address: str, **changes: str) -> Page:
    """The draft at `address` with the sample's values and these changes, saved as a version."""
    return legal.press(legal.open(address), "Save version", more=sample(**changes))
