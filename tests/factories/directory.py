"""Organisations entered into the directory of a case."""

from __future__ import annotations

from signing_service.operations import organisations
from tests.agreements.entries import fields
from tests.factories.case import Case


def entered(case: Case, **changes: str) -> str:
    """The example in the directory; returns its id."""
    return organisations.add(case.services, case.staff["legal"], fields(**changes))
