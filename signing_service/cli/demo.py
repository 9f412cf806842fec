"""`demo`: the whole way of an agreement, from template to report, over HTTP against a server it starts itself.

Everybody in it acts through the same pages and interfaces as people do; the signatories' keys are made here and never
reach the server. It leaves what an outsider needs to check everything with the server switched off.
"""

from __future__ import annotations

import json
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
from rich.console import Console

from keys.trust.anchors import TrustAnchors
from signing_service.cli import demo_case
from signing_service.cli.demo_people import DemoFailed, OutboxReader, SignatoryPerson, StaffMember, new_command_key
from signing_service.cli.demo_server import Server, ServerDidNotStart
from signing_service.verification.report import Report
from signing_service.verification.report_html import report_html
from signing_service.verification.verify import verify

PATIENCE_SECONDS = 60.0
FILES = ("agreement.pdf", "report.json", "report.html", "log.jsonl", "checkpoint.txt", "log.vkey", "root.pem")


@click.command()
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path("demo-out"), show_default=True)
def demo(out: Path) -> None:
    """Play the whole story and leave the signed agreement, its report and the log in a folder."""
    console = Console()
    out.mkdir(parents=True, exist_ok=True)
    begun = time.monotonic()
    try:
        with tempfile.TemporaryDirectory(prefix="signing-demo-") as data:
            report = Story(Server(Path(data)), out, lambda text: console.print(f"  {text}", highlight=False)).play()
    except (DemoFailed, ServerDidNotStart) as error:
        raise click.ClickException(str(error)) from error
    console.print(f"\n{report.document.indication} for {len(report.signatures)} signatures and stamps")
    console.print(f"{', '.join(FILES)} in {out} after {time.monotonic() - begun:.0f} s", highlight=False)


class Story:
    """One run. `say` tells how far it is."""

    def __init__(self, server: Server, out: Path, say: Callable[[str], None]) -> None:
        self.server = server
        self.out = out
        self.say = say

    def play(self) -> Report:
        """From template to report."""
        self.say("starting a server of its own")
        links: dict[str, str] = json.loads(self.server.command("people", "demo-staff"))
        with self.server as server:
            self.staff = {key: StaffMember(server.base_url) for key in links if key != "outbox"}
            self.outbox = OutboxReader(server.base_url)
            for key, link in links.items():
                (self.outbox if key == "outbox" else self.staff[key]).sign_in(link)
            agreement_id, version_sha256 = self._draft_and_approve()
            self._freeze(agreement_id, version_sha256)
            ceremony_id, signatories = self._invite(agreement_id)
            self._sign(ceremony_id, signatories)
            return self._take_home(ceremony_id, signatories[0])

    def _draft_and_approve(self) -> tuple[str, str]:
        legal = self.staff["legal"]
        values = demo_case.sample()
        self.say("legal drafts from the template: strategic cooperation agreement, Chinese and English")
        legal.open("/agreements/new")
        answer = legal.send("/agreements/new", {"template_id": demo_case.TEMPLATE})
        agreement_id = answer.url.path.split("/")[2]
        first = self._save_version(agreement_id, {**values, "joint_group": {**values["joint_group"], "meetings": 1}}, 1)
        self._submit(agreement_id, first)
        self.say("legal review asks for two meetings a year; the draft changes, version 2 is compared and sent again")
        self._decide("legal_review", agreement_id, first, "request_changes", "Two meetings a year, as agreed.")
        second = self._save_version(agreement_id, values, 2)
        legal.open(f"/agreements/{agreement_id}/redline?from=1&to=2")
        self._submit(agreement_id, second)
        self._decide("legal_review", agreement_id, second, "approve", "")
        self._decide("management", agreement_id, second, "approve", "同意签署。")
        self.say(f"approved by legal and management, bound to {second[:12]}")
        return agreement_id, second

    def _save_version(self, agreement_id: str, values: Mapping[str, Any], number: int) -> str:
        legal = self.staff["legal"]
        page = legal.open(f"/agreements/{agreement_id}/draft")
        row_version = page.split('name="row_version" value="', 1)[1].split('"', 1)[0]
        form = {**demo_case.flat(values), "row_version": row_version, "do": "version"}
        answer = legal.send(f"/agreements/{agreement_id}/draft", form)
        if not answer.url.path.endswith(f"/versions/{number}"):
            raise DemoFailed(f"version {number} was not saved; the browser is at {answer.url.path}")
        overview = legal.open(f"/agreements/{agreement_id}")
        return overview.split('name="version_sha256" value="', 1)[1].split('"', 1)[0]

    def _submit(self, agreement_id: str, sha256: str) -> None:
        self.staff["legal"].send(f"/agreements/{agreement_id}/submit", {"version_sha256": sha256})

    def _decide(self, who: str, agreement_id: str, sha256: str, verdict: str, text: str) -> None:
        person = self.staff[who]
        person.open(f"/agreements/{agreement_id}")
        decision = {"version_sha256": sha256, "verdict": verdict, "text": text}
        person.send(f"/agreements/{agreement_id}/decision", decision)

    def _freeze(self, agreement_id: str, sha256: str) -> None:
        self.say("the host freezes it: reproducible PDF, certified by the service's seal")
        host = self.staff["host"]
        host.open(f"/agreements/{agreement_id}/freeze")
        host.send(f"/agreements/{agreement_id}/freeze", {"version_sha256": sha256})

    def _invite(self, agreement_id: str) -> tuple[str, list[SignatoryPerson]]:
        host = self.staff["host"]
        starts = datetime.now(ZoneInfo(demo_case.ZONE)) + timedelta(minutes=30)
        host.open(f"/agreements/{agreement_id}/ceremony")
        form = {
            "title_zh": demo_case.CONFERENCE["zh-Hans"],
            "title_en": demo_case.CONFERENCE["en"],
            "day": f"{starts:%Y-%m-%d}",
            "time": f"{starts:%H:%M}",
            "zone": demo_case.ZONE,
        }
        ceremony_id = host.send(f"/agreements/{agreement_id}/ceremony", form).url.path.rsplit("/", 1)[1]
        self._command(ceremony_id, "open_doors")
        self.say("doors open; the signatories follow their links and enter the codes from their mail")
        addresses = [person["email"] for party in demo_case.sample()["parties"] for person in party["representatives"]]
        people = []
        for address in addresses:
            person = SignatoryPerson(self.server.base_url)
            person.follow(self.outbox.invitation(address))
            person.enter(self.outbox.newest_code(address))
            person.read()
            person.be_ready()
            people.append(person)
        self.say(f"{len(people)} signatories have read every page, made a key of their own and are ready")
        return ceremony_id, people

    def _sign(self, ceremony_id: str, signatories: list[SignatoryPerson]) -> None:
        self._command(ceremony_id, "go_live")
        self._command(ceremony_id, "open_round")
        self.say("the round is open: everybody presses “Sign and bind” at the same moment")
        failures: list[DemoFailed] = []

        def press(person: SignatoryPerson) -> None:
            try:
                person.sign()
            except DemoFailed as error:
                failures.append(error)

        threads = [threading.Thread(target=press, args=(person,)) for person in signatories]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failures:
            raise failures[0]
        self._command(ceremony_id, "conclude")
        self.say("all signatures are stored and verified; the ceremony is concluded")

    def _command(self, ceremony_id: str, command: str) -> None:
        host, api = self.staff["host"], f"/api/v1/ceremonies/{ceremony_id}"
        version = json.loads(host.fetch(f"{api}/board"))["ceremony"]["version"]
        body = {"command": command, "expected_version": version, "command_key": new_command_key()}
        host.call(f"{api}/commands", body)

    def _take_home(self, ceremony_id: str, signatory: SignatoryPerson) -> Report:
        self._wait(lambda: self._board(ceremony_id)["final"] is not None, "the document was not closed")
        self.say("closed at B-LTA: validation data and one document time stamp")
        pdf = signatory.fetch(f"{signatory.api}/document.pdf")
        auditor = self.staff["auditor"]
        root = auditor.fetch("/pki/root.pem")
        self._wait(self._log_is_covered, "no checkpoint covers the log")
        self._write("agreement.pdf", pdf)
        self._write("log.jsonl", auditor.fetch("/log/entries"))
        self._write("checkpoint.txt", auditor.fetch("/log/checkpoint"))
        self._write("log.vkey", auditor.fetch("/log/vkey"))
        self._write("root.pem", root)
        self.say("verifying the file offline, with nothing but the root certificate")
        report = verify(pdf, name="agreement.pdf", anchors=TrustAnchors.from_pem(root))
        self._write("report.json", json.dumps(report.to_json(), ensure_ascii=False, indent=1).encode())
        self._write("report.html", report_html(report, "en").encode())
        return report

    def _board(self, ceremony_id: str) -> dict[str, Any]:
        return dict(json.loads(self.staff["host"].fetch(f"/api/v1/ceremonies/{ceremony_id}/board")))

    def _log_is_covered(self) -> bool:
        """The newest checkpoint covers every entry there is."""
        auditor = self.staff["auditor"]
        covered = int(auditor.fetch("/log/checkpoint").decode().splitlines()[1])
        return len(auditor.fetch("/log/entries").splitlines()) == covered

    def _wait(self, done: Callable[[], bool], otherwise: str) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not done():
            if time.monotonic() > deadline:
                raise DemoFailed(otherwise)
            time.sleep(0.2)

    def _write(self, name: str, data: bytes) -> None:
        (self.out / name).write_bytes(data)
