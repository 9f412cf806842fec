"""The numbered list of what was done for one signature: each step with what it looked at and its result."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from signing_service.verification.once import once
from signing_service.verification.report import Report, Signature, Step
from signing_service.verification.report_evidence import Fetched
from signing_service.verification.words import say

WORDS_ALONE = frozenset({str})
PASSED, FAILED, UNDECIDED, NOTED, SKIPPED = "passed", "failed", "indeterminate", "noted", "skipped"


@dataclass
class StepLog:
    """Collects steps in order and numbers them from 1."""

    steps: list[Step] = field(default_factory=list)

    def add(self, code: str, result: str, outcome: str, **params: object) -> None:
        """Note one step: words `step.<code>` for what, `step.<code>.<outcome>` for the detail."""
        number = len(self.steps) + 1
        if {type(value) for value in params.values()} <= WORDS_ALONE:
            self.steps.append(_told_once(number, code, result, outcome, tuple(params.items())))
        else:
            self.steps.append(_step(number, code, result, outcome, params))

    def done(self) -> tuple[Step, ...]:
        return tuple(self.steps)


@once(lambda number, code, result, outcome, params: (number, code, result, outcome, params))
def _told_once(number: int, code: str, result: str, outcome: str, params: tuple[tuple[str, object], ...]) -> Step:
    """Most steps of one signature are those of the others, too."""
    return _step(number, code, result, outcome, dict(params))


def _step(number: int, code: str, result: str, outcome: str, params: Mapping[str, object]) -> Step:
    what, detail = say(f"step.{code}"), say(f"step.{code}.{outcome}", **params)
    return Step(number, code, what["en"], result, detail["en"], what, detail)


def with_step(steps: tuple[Step, ...], code: str, result: str, outcome: str, /, **params: object) -> tuple[Step, ...]:
    """Steps of a finished report with one more at the end."""
    log = StepLog(list(steps))
    log.add(code, result, outcome, **params)
    return log.done()


def told_online(report: Report) -> Report:
    """The report with a step for each question that was asked online, at the signatures whose chains it was about."""
    asked = report.evidence.fetched if report.evidence is not None else ()
    return replace(report, signatures=tuple(_told(entry, asked) for entry in report.signatures)) if asked else report


def _told(entry: Signature, asked: Sequence[Fetched]) -> Signature:
    chains = [entry.certificates, *(stamp.certificates for stamp in entry.timestamps)]
    names = {item.sha256: item.common_name or item.subject for chain in chains for item in chain}
    steps = entry.steps
    for one in asked:
        if one.certificate_sha256 not in names:
            continue
        facts = {"certificate": names[one.certificate_sha256], "url": one.url}
        if one.sha256:
            steps = with_step(steps, "online", NOTED, one.kind, sha256=one.sha256, **facts)
        else:
            steps = with_step(steps, "online", SKIPPED, "nothing", problem=one.problem, **facts)
    return replace(entry, steps=steps)
