"""The pages over one case on SQLite; what differs between databases is tested at the operations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from signing_service.app import create_app
from signing_service.operations import people
from signing_service.permissions import SYSTEM
from tests.factories import case as cases
from tests.signing_service.pages.visitor import Visitor, visitor


@pytest.fixture
def server() -> None:
    """SQLite only."""


class House:
    """A case with its pages, and browsers for its people."""

    def __init__(self, case: cases.Case) -> None:
        self.case = case
        self.app = create_app(case.services.settings, case.services)

    def stranger(self) -> Visitor:
        return visitor(self.app)

    def link(self, key: str) -> str:
        """A path that signs this person in."""
        until = self.case.services.clock() + timedelta(days=1)
        return f"/enter/{people.demo_link(self.case.services, SYSTEM, self.case.staff[key].id, until)}"

    def signed_in(self, key: str) -> Visitor:
        """This person, signed in with a link."""
        who = self.stranger()
        page = who.press(who.open(self.link(key)), "Sign in")
        assert page.heading == "Agreements"
        return who


@pytest.fixture
def house(at_stage: Callable[[str], cases.Case]) -> Callable[[str], House]:
    """`house("frozen")`: the pages of the case at that stage."""
    return lambda stage: House(at_stage(stage))


@pytest.fixture
def staffed_house(house: Callable[[str], House]) -> House:
    return house("staffed")


@pytest.fixture
def frozen_house(house: Callable[[str], House]) -> House:
    return house("frozen")
