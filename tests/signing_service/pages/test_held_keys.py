"""The page of a key that is held elsewhere, as a browser without scripts goes through it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from keys.custody import CustodyKind
from signing_service.app import create_app
from signing_service.operations import people
from signing_service.permissions import ANONYMOUS
from tests.factories import held_keys as held
from tests.factories.browser_sessions import browser_session
from tests.factories.case import Case, identified_with_token, invitation_links
from tests.factories.providers import RunningProvider
from tests.factories.tokens import SoftHsm
from tests.peers.csc_people import PEOPLE

MATTI, _ = PEOPLE
pytestmark = pytest.mark.parametrize("server", ["sqlite"], indirect=True)


class Visitor:
    """A browser with the cookie of one seat."""

    def __init__(self, case: Case, language: str = "en") -> None:
        self.case = case
        seat, token = identified_with_token(case, invitation_links(case)[0])
        case.seats[0] = self.seat = seat
        seat.services = case.services
        assert people.seat_actor(case.services, ANONYMOUS, token) is not None
        self.client = create_app(case.services.settings, case.services).test_client()
        cookie, self.csrf = browser_session({"seats": {seat.actor.signatory_id: token}})
        self.client.set_cookie("signing", cookie, domain="127.0.0.1")
        self.client.set_cookie("lang", language, domain="127.0.0.1")
        self.base = f"/seat/{seat.actor.signatory_id}/key"
        self.headers = {"Accept-Language": language, "Host": "127.0.0.1:8000"}

    def get(self, path: str = "") -> tuple[int, str]:
        answer = self.client.get(self.base + path, headers=self.headers, base_url="http://127.0.0.1:8000")
        return answer.status_code, answer.get_data(as_text=True)

    def post(self, path: str, **form: str) -> tuple[int, str]:
        answer = self.client.post(
            self.base + path,
            data={"csrf_token": self.csrf, **form},
            headers=self.headers,
            base_url="http://127.0.0.1:8000",
        )
        return answer.status_code, answer.get_data(as_text=True)


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a page."""
    return dict(re.findall(r'<input type="hidden" name="([a-z0-9_]+)" value="([^"]*)"', page))


def test_choose_confirm_and_sign_through_a_provider(doors_open: Case, csc: RunningProvider) -> None:
    csc.behave()
    held.choose(doors_open, CustodyKind.REMOTE_PROVIDER, held.provider_at(csc))
    visitor = Visitor(doors_open)
    assert "First read the document" in visitor.get()[1]
    visitor.seat.read()
    status, page = visitor.get()
    assert (status, "Test Trust Service" in page) == (200, True)
    status, page = visitor.post("/credentials", provider="test", account="nobody@example.org")
    assert (status, "refused" in page) == (403, True)
    _, page = visitor.post("/credentials", provider="test", account=MATTI.account)
    assert "matti-ec" in page
    _, page = visitor.post("/certificate", provider="test", credential="matti-ec")
    assert MATTI.name in page
    assert "Go on only if both are you" in page
    fields = {name: value for name, value in hidden(page).items() if name != "csrf_token"}
    assert visitor.post("/ready", **fields)[0] == 409  # the sentence was not accepted
    assert visitor.post("/ready", **fields, agree="yes")[0] == 303
    held.open_round(doors_open)
    _, page = visitor.get()
    assert 'name="pin" type="password"' in page
    fields = {name: value for name, value in hidden(page).items() if name != "csrf_token"}
    status, page = visitor.post("/signature", **fields, pin="27182818")
    assert (status, "wrong PIN" in page, "27182818" in page) == (403, True, False)
    csc.behave("down")
    fields["command_key"] += "b"
    status, page = visitor.post("/signature", **fields, pin=MATTI.pin)
    assert (status, "does not answer" in page, MATTI.pin in page) == (503, True, False)
    csc.behave()
    fields["command_key"] += "c"
    assert visitor.post("/signature", **fields, pin=MATTI.pin)[0] == 303
    assert "Your signature is stored" in visitor.get()[1]


def test_the_seal_is_called_a_seal(doors_open: Case, soft_hsm: SoftHsm, tmp_path: Path) -> None:
    party = doors_open.seats[0].board().me.party["en"]
    holders, _ = held.seal_in(soft_hsm, "page", party, tmp_path)
    held.choose(doors_open, CustodyKind.PKCS11, holders)
    visitor = Visitor(doors_open)
    visitor.seat.read()
    _, page = visitor.get()
    assert "not the signature of a person" in page
    fields = {name: value for name, value in hidden(page).items() if name != "csrf_token"}
    assert visitor.post("/ready", **fields, agree="yes")[0] == 303
    held.open_round(doors_open)
    _, page = visitor.get()
    assert "Seal for" in page
    fields = {name: value for name, value in hidden(page).items() if name != "csrf_token"}
    assert visitor.post("/signature", **fields)[0] == 303
    assert visitor.seat.board().me.state == "signed"
