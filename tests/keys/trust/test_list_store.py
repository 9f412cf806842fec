"""Trusted lists in the trust folder: fetched from a publisher, checked, kept with date and source, never older ones."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from keys.errors import FetchRefused, TrustedListRefused
from keys.trust.fetching import Fetcher
from keys.trust.folder import TrustFolder
from keys.trust.list_store import FETCHER, ListStore
from keys.trust.store import TrustStore
from keys.trust.trusted_lists import TrustedLists
from signing_service.cli.trust import trust
from tests.keys.trust.lists import list_of_lists, operator, service, trusted_list
from tests.keys.trust.publisher import Publisher, publishing, reply
from tests.signing_service.verification.pki import DER, NOW
from tests.signing_service.verification.worlds import pki

SINCE, DUE = "2020-01-01T00:00:00Z", "2027-03-01T00:00:00Z"


@cache
def people(name: str):
    return operator(name)


def certificate(name: str):
    return people(name)[1]


def services() -> str:
    return service("CA/QC", pki().root, SINCE)


@dataclass
class World:
    """A publisher of lists, and a folder whose operator trusts the Union's signer."""

    publisher: Publisher
    folder: TrustFolder
    pages: dict[str, list[bytes]] = field(default_factory=dict)

    @property
    def store(self) -> ListStore:
        return ListStore(self.folder)

    @property
    def fetcher(self) -> Fetcher:
        return Fetcher(redirects=3, open_for=self.publisher.open_for())

    def publish(self, *, sequence: int = 1, by: str = "Germany", named: str = "Germany", union: str = "Union") -> None:
        """A list of lists that names two lists; the second cannot be had."""
        addresses = {land: (self.publisher.url(f"/{land}.xml"), certificate(named)) for land in ("DE", "FI")}
        self.pages["/lotl.xml"] = reply(list_of_lists(addresses, people(union), sequence=sequence))
        self.pages["/DE.xml"] = reply(trusted_list(services(), people(by), sequence=sequence, next_update=DUE))

    def fetch(self, **options):
        return self.store.fetch(NOW, address=self.publisher.url("/lotl.xml"), get=self.fetcher.get, **options)

    def command(self, *words: str) -> Result:
        """As the operator types it; the fence is opened for the publisher only by handing it over here."""
        return CliRunner().invoke(trust, [*words, "--folder", str(self.folder.path)], obj=self.fetcher)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    folder = TrustFolder(tmp_path / "trust")
    folder.add("lists", certificate("Union").public_bytes(DER), "Official Journal", NOW)
    pages: dict[str, list[bytes]] = {}
    with publishing(lambda path: pages.get(path, reply(b"", "404 Not Found"))) as publisher:
        made = World(publisher, folder, pages)
        made.publish()
        yield made


def test_what_the_list_of_lists_names_is_kept_with_date_source_and_hash(world: World) -> None:
    done = {tried.territory: tried for tried in world.fetch()}
    assert not done["DE"].problem
    assert "HTTP 404" in done["FI"].problem
    kept = json.loads((world.store.path / "sources.json").read_text())["DE"]
    assert kept["address"] == world.publisher.url("/DE.xml")
    assert kept["sha256"] == done["DE"].facts.sha256
    assert kept["at"] == NOW.isoformat()
    assert kept["next_update_at"] == "2027-03-01T00:00:00+00:00"
    log = [json.loads(line) for line in (world.store.path / "log.jsonl").read_text().splitlines()]
    assert [(line["territory"], line["result"] == "kept") for line in log] == [
        ("LOTL", True),
        ("DE", True),
        ("FI", False),
    ]
    read = world.store.load()
    assert [one.facts.territory for one in read.lists] == ["DE"]
    assert read.anchors().signing == (pki().root.public_bytes(DER),)


def test_only_the_territories_that_are_wanted(world: World) -> None:
    world.fetch(territories=["de"])
    assert world.publisher.asked == ["/lotl.xml", "/DE.xml"]


def test_without_a_signer_that_the_operator_added_nothing_is_kept(world: World) -> None:
    for root in world.folder.roots():
        world.folder.remove(root.sha256)
    with pytest.raises(TrustedListRefused, match="nobody is known"):
        world.fetch()
    assert not list(world.store.path.glob("*.xml"))


def test_a_list_of_lists_of_somebody_else_changes_nothing(world: World) -> None:
    world.publish(union="Nobody")
    with pytest.raises(TrustedListRefused, match="not that of its operator"):
        world.fetch()
    assert not list(world.store.path.glob("*.xml"))


def test_a_list_that_another_signed_is_not_kept_and_the_old_one_stays(world: World) -> None:
    world.fetch()
    before = (world.store.path / "DE.xml").read_bytes()
    world.publish(sequence=2, by="Nobody")
    done = {tried.territory: tried for tried in world.fetch()}
    assert "not that of its operator" in done["DE"].problem
    assert (world.store.path / "DE.xml").read_bytes() == before


def test_an_older_list_does_not_take_the_place_of_a_newer_one(world: World) -> None:
    world.publish(sequence=7)
    world.fetch()
    world.publish(sequence=6)
    with pytest.raises(TrustedListRefused, match="older"):
        world.fetch()
    assert json.loads((world.store.path / "sources.json").read_text())["DE"]["sequence"] == 7


def test_a_list_of_one_land_does_not_stand_for_another(world: World) -> None:
    world.pages["/FI.xml"] = world.pages["/DE.xml"]
    done = {tried.territory: tried for tried in world.fetch()}
    assert "it is the one of DE" in done["FI"].problem


def test_a_list_that_was_changed_in_the_folder_is_not_used(world: World) -> None:
    world.fetch()
    file = world.store.path / "DE.xml"
    file.write_bytes(file.read_bytes().replace(b"Provider<", b"Pretender<"))
    read = world.store.load()
    assert read.lists == []
    assert "DE" in read.problems[0]


def test_a_list_brought_as_a_file_needs_a_signer_of_the_operator(world: World, tmp_path: Path) -> None:
    xml = trusted_list(services(), people("China"), territory="CN")
    (tmp_path / "cn.xml").write_bytes(xml)
    assert "not that of its operator" in world.command("add-list", str(tmp_path / "cn.xml")).stderr
    (tmp_path / "signer.der").write_bytes(certificate("China").public_bytes(DER))
    world.command("add", str(tmp_path / "signer.der"), "--for", "lists", "--note", "from the operator")
    assert world.command("add-list", str(tmp_path / "cn.xml")).exit_code == 0
    assert world.command("lists").stdout.startswith("CN  no. 1  issued 2026-11-01")


def test_a_list_names_no_file_outside_its_folder(world: World) -> None:
    for territory in ("../../x", "LOTL", ""):
        xml = trusted_list(services(), people("Union"), territory=territory)
        with pytest.raises(TrustedListRefused):
            world.store.add(xml, "x.xml", NOW)
    assert not list(world.folder.path.parent.glob("*.xml"))


def test_the_command_says_what_was_kept_and_what_was_not(world: World) -> None:
    result = world.command("fetch-lists", "--lotl", world.publisher.url("/lotl.xml"))
    assert result.exit_code == 1
    assert [line.split()[0] for line in result.stdout.splitlines()] == ["LOTL", "DE"]
    assert "next 2027-03-01" in result.stdout
    assert result.stderr.startswith("FI  not kept: 127.0.0.1 was not used: HTTP 404")
    german = world.command("fetch-lists", "--lotl", world.publisher.url("/lotl.xml"), "--territory", "DE")
    assert german.exit_code == 0


def test_the_command_reaches_nothing_inside_our_own_network(world: World) -> None:
    for address in (world.publisher.url("/lotl.xml"), "http://169.254.169.254/lotl.xml", "http://[::1]/lotl.xml"):
        result = CliRunner().invoke(
            trust, ["fetch-lists", "--lotl", address, "--folder", str(world.folder.path)], obj=None
        )
        assert result.exit_code == 1
        assert "was not used" in result.stderr
    assert world.publisher.asked == []


def test_a_list_of_lists_that_names_an_address_of_ours_gets_nothing(world: World) -> None:
    """Even one that is rightly signed is a stranger's text."""
    inside = {"DE": ("http://127.0.0.1:80/secret", certificate("Germany"))}
    world.pages["/lotl.xml"] = reply(list_of_lists(inside, people("Union")))
    assert "not a public address" in world.fetch()[1].problem


def test_a_list_without_an_end_and_one_that_is_a_bomb_are_dropped(world: World) -> None:
    world.pages["/lotl.xml"] = reply(b"<x/>" * 100_000)
    small = Fetcher(open_for=world.publisher.open_for(), maximum_bytes=50_000)
    with pytest.raises(FetchRefused, match="too long"):
        world.store.fetch(NOW, address=world.publisher.url("/lotl.xml"), get=small.get)
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><x>&b;</x>'
    world.pages["/lotl.xml"] = reply(bomb)
    with pytest.raises(TrustedListRefused):
        world.fetch()
    assert FETCHER.maximum_bytes == 32 * 1024 * 1024
    assert not FETCHER.allow_private
    assert FETCHER.open_for == frozenset()


def test_a_list_past_its_next_update_is_known_to_be_stale() -> None:
    read = TrustedLists()
    signer = certificate("Germany").public_bytes(DER)
    facts = read.add(trusted_list(services(), people("Germany"), next_update="2026-11-10T00:00:00Z"), [signer], "DE")
    assert facts.is_stale(NOW)
    assert read.fresh(NOW).lists == []
    assert read.fresh(NOW).anchors().signing == ()
    closed = read.add(trusted_list(services(), people("Germany")), [signer], "DE")
    assert not closed.is_stale(NOW), "a list that names no next one is closed and stays what it was"


def test_a_running_service_notices_a_change_of_the_folder(world: World) -> None:
    trusted = TrustStore(world.folder.path)
    assert trusted.current().lists.lists == []
    world.fetch()
    first = trusted.current()
    assert first.lists.anchors().signing == (pki().root.public_bytes(DER),)
    assert trusted.current() is first
    world.folder.add("timestamping", pki().root.public_bytes(DER), "why", NOW)
    assert trusted.current().anchors.timestamping == (pki().root.public_bytes(DER),)
    assert TrustStore().current().anchors.signing == ()
