"""The application over a case, with people in front of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.attacks.visitor import Web
from tests.factories.case import Case


@pytest.fixture
def invited(at_stage: Callable[[str], Case]) -> Case:
    return at_stage("invited")


@pytest.fixture
def web_invited(invited: Case) -> Web:
    """Invitations are sent; nobody has come yet."""
    return Web(invited)


@pytest.fixture
def web_doors(doors_open: Case) -> Web:
    """Both signatories are identified and have read nothing."""
    return Web(doors_open)


@pytest.fixture
def web_round(round_open: Case) -> Web:
    """Both are ready and the round is open."""
    return Web(round_open)
