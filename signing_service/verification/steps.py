"""The numbered list of what was done for one signature: each step with what it looked at and its result."""

from dataclasses import dataclass, field

from signing_service.verification.report import Step
from signing_service.verification.words import say

PASSED, FAILED, UNDECIDED, NOTED, SKIPPED = "passed", "failed", "indeterminate", "noted", "skipped"


@dataclass
class StepLog:
    """Collects steps in order and numbers them from 1."""

    steps: list[Step] = field(default_factory=list)

    def add(self, code: str, result: str, outcome: str, **params: object) -> None:
        """Note one step: words `step.<code>` for what, `step.<code>.<outcome>` for the detail."""
        what, detail = say(f"step.{code}"), say(f"step.{code}.{outcome}", **params)
        number = len(self.steps) + 1
        self.steps.append(Step(number, code, what["en"], result, detail["en"], what, detail))

    def done(self) -> tuple[Step, ...]:
        return tuple(self.steps)
