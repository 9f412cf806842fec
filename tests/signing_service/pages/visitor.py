"""A person with a browser that runs no script: opens pages, fills in forms, presses buttons by their words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import lxml.html
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse


class Page:
    """One answer, read as a person reads it."""

    def __init__(self, answer: TestResponse) -> None:
        self.address = answer.request.path
        self.url = answer.request.full_path
        status, body = answer.status_code, answer.data
        self.status = status
        self.json = answer.get_json(silent=True)
        self.tree = lxml.html.document_fromstring(body)

    @property
    def text(self) -> str:
        """The words on the page, blanks made one; what is hidden from everybody is left out."""
        for gone in self.tree.xpath("//script|//style|//template"):
            gone.drop_tree()
        return " ".join(self.tree.text_content().split())

    @property
    def heading(self) -> str:
        return " ".join(self.tree.xpath("//h1")[0].text_content().split())

    def all(self, xpath: str) -> list[str]:
        """The words of every element found."""
        return [" ".join(found.text_content().split()) for found in self.tree.xpath(xpath)]

    def field(self, name: str) -> Any:
        """The input, select or textarea of that name."""
        return self.tree.xpath(f"//form//*[@name='{name}']")[0]

    def fields(self, form_id: str = "draft") -> dict[str, str]:
        """Everything a form would send as it stands."""
        return dict(self.tree.get_element_by_id(form_id).form_values())

    def button(self, words: str) -> Any:
        """The button whose words begin like this."""
        for found in self.tree.xpath("//button"):
            said = found.get("aria-label") or " ".join(found.text_content().split())
            if said.startswith(words):
                return found
        raise AssertionError(f"no button “{words}” on {self.address}: {self.all('//button')}")

    def form_of(self, button: Any) -> Any:
        """The form a button belongs to, by being inside it or by naming it."""
        named = button.get("form")
        return self.tree.get_element_by_id(named) if named else next(button.iterancestors("form"))


@dataclass
class Visitor:
    """A browser and where it is."""

    client: FlaskClient

    def open(self, address: str) -> Page:
        return Page(self.client.get(address, follow_redirects=True))

    def post(self, address: str, fields: Mapping[str, str]) -> Page:
        """Send fields as a page's script does."""
        return Page(self.client.post(address, data=fields, headers={"Accept": "*/*"}))

    def press(
        self, page: Page, words: Any, fill: Mapping[str, str] | None = None, more: Mapping[str, Any] | None = None
    ) -> Page:
        """Press a button (or the one with these words) after filling in some fields; the rest is sent as it stands.

        `more` is sent too without looking whether there is such a field: files, rows a script would have added.
        """
        button = page.button(words) if isinstance(words, str) else words
        form = page.form_of(button)
        sent = dict(form.form_values())
        for name, value in (fill or {}).items():
            assert form.xpath(f".//*[@name='{name}']"), f"no field {name} on {page.address}"
            sent[name] = value
        if button.get("name"):
            sent[button.get("name")] = button.get("value", "")
        address = button.get("formaction") or form.get("action") or page.url
        if form.get("method", "get").lower() == "get":
            answer = self.client.get(address, query_string=sent, follow_redirects=True)
        else:
            answer = self.client.post(address, data={**sent, **(more or {})}, follow_redirects=True)
        return Page(answer)


def visitor(app: Flask) -> Visitor:
    """A stranger with a fresh browser that reads English."""
    client = app.test_client()
    client.set_cookie("lang", "en")
    return Visitor(client)
