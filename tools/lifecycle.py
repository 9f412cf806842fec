"""Print docs/lifecycle.md: the states of an agreement as a picture (mermaid) and as a table.

    python -m tools.lifecycle > docs/lifecycle.md

`agreements/lifecycle.py` is the source; the page is never edited by hand. A test compares the two.
"""

from __future__ import annotations

from collections.abc import Iterator

from agreements.endings import has_ended
from agreements.lifecycle import FINAL, IMMUTABLE, MOVES, Command, State, permitted
from signing_service.operations.rows import ENTRY_OF

HEAD = """\
# The states of an agreement

An agreement goes from a draft to a concluded document, or it ends on the way. What can follow what stands in one table,
`MOVES` in `agreements/lifecycle.py`; what is not in it is refused with `agreement.wrong_state`. A move is one guarded
update of the row, `WHERE state = … AND row_version = …`: who read the agreement before somebody else changed it loses
with `service.changed_meanwhile` and nothing is lost. Each move has exactly one entry in the audit log, in the same
transaction; a program that forgot it is stopped before the commit (`signing_service/operations/rows.py: move`).

This page is printed by `python -m tools.lifecycle` and is not edited by hand.

## The way to a concluded agreement

"""

ASIDE = """
## The ways out

An agreement is *withdrawn* while nobody has signed, by one person. Once somebody has signed it can only be declared
*void*, by two: one asks and says why, another confirms. It is *declined* when a signatory refuses, and *expires* when
its last day for signing is over and not everybody has signed. What was signed stays, as evidence of what was offered.
Once everybody has signed nothing leads out, even before the document is closed.

"""

TABLE = """
## Every move

| State | Command | Next state | Entry in the log |
|---|---|---|---|
"""

KINDS = """
## What holds in a state

| State | The text can change | Nothing follows | Ended without being concluded |
|---|---|---|---|
"""

_OUT = {Command.WITHDRAW, Command.VOID, Command.DECLINE, Command.EXPIRE}


def diagram(moves: Iterator[tuple[State, Command, State]]) -> str:
    """The moves as a mermaid state diagram."""
    lines = [f"    {before} --> {after}: {command.replace('_', ' ')}" for before, command, after in moves]
    return "\n".join(["```mermaid", "stateDiagram-v2", *lines, "```", ""])


def _moves(*, out: bool) -> Iterator[tuple[State, Command, State]]:
    for (before, command), after in MOVES.items():
        if (command in _OUT) is out:
            yield before, command, after


def page() -> str:
    """The whole page as Markdown."""
    parts = [HEAD, diagram(_moves(out=False)), ASIDE, diagram(_moves(out=True)), TABLE]
    for state in State:
        for command in permitted(state):
            parts.append(f"| `{state}` | {command} | `{MOVES[state, command]}` | `{ENTRY_OF[command]}` |\n")
    parts.append(KINDS)
    for state in State:
        holds = (state not in IMMUTABLE, state in FINAL, has_ended(state))
        parts.append(f"| `{state}` | " + " | ".join("yes" if one else "no" for one in holds) + " |\n")
    return "".join(parts)


if __name__ == "__main__":
    print(page(), end="")
