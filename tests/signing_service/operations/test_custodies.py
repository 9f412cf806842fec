"""Who holds a signatory's key: the host chooses, until the signatory is ready; a template may say who by default."""

import pytest

from agreements.templates import KEY_HOLDINGS
from keys.custody import PERSONAL
from signing_service.errors import InvalidInput, NotPermitted, SeatState
from signing_service.operations import agreements, custodies, ways
from tests.factories import packages
from tests.factories.case import Case


def _signatory(case: Case) -> agreements.SignatoryRow:
    return agreements.read(case.services, case.staff["host"], case.agreement_id).signatories[0]


def test_templates_know_the_same_holders_by_the_same_names() -> None:
    assert tuple(kind.value for kind in PERSONAL) == KEY_HOLDINGS
    assert set(ways.WAYS) <= set(PERSONAL)
    assert all(kind == way.kind for kind, way in ways.WAYS.items())


def test_a_template_says_who_holds_the_keys_of_a_party() -> None:
    files = dict(packages.small())
    files["template.yaml"] = f"{files['template.yaml']}\nkey_holding: {{party_b: own_certificate}}\n"
    assert packages.read(files).key_holding == {"party_b": "own_certificate"}


@pytest.mark.parametrize("server", ["sqlite"], indirect=True)
def test_what_is_not_offered_is_refused(frozen: Case) -> None:
    with pytest.raises(InvalidInput, match="not offered"):
        custodies.choose(frozen.services, frozen.staff["host"], _signatory(frozen).id, "software_seal")
    assert _signatory(frozen).custody == "browser_held"


@pytest.mark.parametrize("server", ["sqlite"], indirect=True)
def test_only_the_host_chooses(frozen: Case) -> None:
    with pytest.raises(NotPermitted):
        custodies.choose(frozen.services, frozen.staff["legal"], _signatory(frozen).id, "browser_held")


@pytest.mark.parametrize("server", ["sqlite"], indirect=True)
def test_the_seat_says_what_will_be_and_afterwards_what_was(round_open: Case) -> None:
    seat = round_open.seats[0]
    assert seat.board().me.custody_words["en"].startswith("The key is made in the signatory's own browser")
    seat.sign()
    assert seat.board().me.custody_words["en"].startswith("The key was made in the signatory's own browser")


def test_nothing_changes_once_the_signatory_is_ready(round_open: Case) -> None:
    with pytest.raises(SeatState):
        custodies.choose(round_open.services, round_open.staff["host"], _signatory(round_open).id, "browser_held")
