"""Judging many files for the command line: the rules of one run, the answers, the exit code, what is written where."""

import hashlib
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from keys.trust.anchors import TrustAnchors
from keys.trust.fetching import Fetcher
from keys.trust.trusted_lists import TrustedLists
from signing_service.verification.online import Answers, judged_online
from signing_service.verification.policy import DEFAULT
from signing_service.verification.qualification import qualified, usable
from signing_service.verification.replay import replay, replay_without_file
from signing_service.verification.report import SIGNATURE, TOTAL_FAILED, TOTAL_PASSED, Report
from signing_service.verification.report_etsi import report_etsi
from signing_service.verification.report_html import report_html
from signing_service.verification.report_text import report_text
from signing_service.verification.verify import verify
from signing_service.verification.words import Lang

SUFFIXES = {"text": "txt", "json": "json", "etsi": "xml", "html": "html"}
FORMATS = tuple(SUFFIXES)
ALONE = frozenset({"etsi", "html"})
"""One document each: several of them cannot stand one after the other in one stream."""

PASSED, FAILED, UNDECIDED, UNREADABLE = 0, 1, 2, 3
SUMMARY = ("passed", "failed", "indeterminate", "not readable or not signed")


@dataclass(frozen=True, slots=True)
class Rules:
    """How every file of one run is judged. `at` and `policy`: None is now and the default, or in a replay what the
    first report had. `fetcher`: revocation is asked for online through it; None: nothing is fetched."""

    anchors: TrustAnchors = field(default_factory=TrustAnchors)
    lists: TrustedLists | None = None
    crls: tuple[bytes, ...] = ()
    at: datetime | None = None
    policy: str | None = None
    fetcher: Fetcher | None = None

    def with_lists(self, policy: str, at: datetime) -> TrustAnchors:
        """The anchors, with those of the lists that count under a policy at a time."""
        if self.lists is None:
            return self.anchors
        return self.anchors.and_also(usable(self.lists, policy, at).anchors())

    def judged(self, pdf: bytes, name: str) -> Report:
        """The report on a file."""
        policy = self.policy or DEFAULT
        anchors = self.with_lists(policy, self.at or _now())

        def once(answers: Answers) -> Report:
            crls = (*self.crls, *answers.crls)
            return verify(
                pdf, name=name, anchors=anchors, at=self.at, crls_der=crls, ocsps_der=answers.ocsps, policy=policy
            )

        return self._qualified(judged_online(once, self.fetcher, _now) if self.fetcher is not None else once(Answers()))

    def judged_again(self, report: Report, pdf: bytes | None) -> Report:
        """A report judged again, with the file or without; raises ValueError, see `replay`."""
        policy = self.policy or (report.policy.name if report.policy is not None else DEFAULT)
        anchors = self.with_lists(policy, self.at or report.document.judged_at)
        asked = {"at": self.at} if self.at is not None else {}
        if pdf is not None:
            return self._qualified(replay(report, pdf, policy=policy, anchors=anchors, **asked))
        return self._qualified(replay_without_file(report, policy=policy, anchors=anchors, **asked))

    def _qualified(self, report: Report) -> Report:
        return qualified(report, self.lists) if self.lists is not None else report


@dataclass(frozen=True, slots=True)
class Output:
    """In which form and language, and where to: `write`, or one file each in `folder`."""

    format: str = "text"
    lang: Lang = "en"
    steps: bool = False
    folder: Path | None = None
    write: Callable[[str], object] = sys.stdout.write
    console: Console = field(default_factory=lambda: Console(stderr=True))


def exit_code(report: Report) -> int:
    """The exit code of one report."""
    if report.document.indication == TOTAL_FAILED:
        return FAILED
    if report.document.readable == "no" or not any(entry.kind == SIGNATURE for entry in report.signatures):
        return UNREADABLE
    return PASSED if report.document.indication == TOTAL_PASSED else UNDECIDED


def worst(codes: Iterable[int]) -> int:
    """The code of several files: a failure outweighs an unreadable file, that an undecided one."""
    found = set(codes)
    return next((code for code in (FAILED, UNREADABLE, UNDECIDED) if code in found), PASSED)


def run(paths: Sequence[Path], rules: Rules, output: Output) -> int:
    """Verify files, write the answers, return the exit code."""
    return _written([partial(_of_file, path, rules) for path in paths], output)


def run_again(reports: Sequence[Report], paths: Sequence[Path], rules: Rules, output: Output) -> int:
    """Judge reports again, each with its file if that is among `paths` (found by its SHA-256), else out of itself.

    Raises ValueError for a file that no report is about, and for a report that does not keep its evidence.
    """
    files = {hashlib.sha256(data).hexdigest(): data for data in (path.read_bytes() for path in paths)}
    unknown = files.keys() - {report.file.sha256 for report in reports}
    if unknown:
        raise ValueError(f"no report is about the file with SHA-256 {sorted(unknown)[0]}")
    tasks = [partial(rules.judged_again, report, files.get(report.file.sha256)) for report in reports]
    return _written(tasks, output)


def reports_in(text: str) -> Iterator[Report]:
    """The reports of a file: one JSON object, or one in each line; raises ValueError."""
    try:
        yield Report.from_json(json.loads(text))
    except json.JSONDecodeError:
        for line in filter(str.strip, text.splitlines()):
            yield Report.from_json(json.loads(line))


def _of_file(path: Path, rules: Rules) -> Report:
    return rules.judged(path.read_bytes(), path.name)


def _written(tasks: Sequence[Callable[[], Report]], output: Output) -> int:
    codes: list[int] = []
    several = len(tasks) > 1
    with Progress(console=output.console, transient=True, disable=not several) as progress:
        for task in progress.track(tasks, description=""):
            report = task()
            codes.append(exit_code(report))
            text = _shown(report, output, several=several and output.folder is None)
            if output.folder is None:
                output.write(text)
            else:
                _free(output.folder, report.file.name, SUFFIXES[output.format]).write_text(text, encoding="utf-8")
    if several:
        counts = " · ".join(f"{codes.count(code)} {name}" for code, name in enumerate(SUMMARY) if codes.count(code))
        output.console.print(f"{len(codes)}: {counts}")
    return worst(codes)


def _shown(report: Report, output: Output, *, several: bool) -> str:
    if output.format == "json":
        return json.dumps(report.to_json(), ensure_ascii=False, indent=None if several else 2) + "\n"
    if output.format == "etsi":
        return report_etsi(report)
    if output.format == "html":
        return report_html(report, output.lang)
    return report_text(report, output.lang, steps=output.steps) + ("\n" if several else "")


def _free(folder: Path, name: str, suffix: str) -> Path:
    """A name in a folder that nothing has yet; files from several folders may be called the same."""
    stem = Path(name.replace("\\", "/")).name or "report"
    taken = (folder / f"{stem}{f'-{number}' if number > 1 else ''}.report.{suffix}" for number in range(1, 10_000))
    return next(path for path in taken if not path.exists())


def _now() -> datetime:
    return datetime.now(UTC)
