"""The versions of one template: their order, who may publish one, and which of them an agreement can be begun with.

A version is uploaded by one person and published or rejected by another. Publishing a version retires the one before
it; what is retired does not come back. Pure rules, over facts that are handed in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from agreements.errors import OwnUpload, TemplateState, TemplateVersionTaken


class State(StrEnum):
    """Where an uploaded version stands."""

    UPLOADED = "uploaded"
    PUBLISHED = "published"
    REJECTED = "rejected"
    RETIRED = "retired"


class Command(StrEnum):
    """What a person does with an uploaded version."""

    PUBLISH = "publish"
    REJECT = "reject"
    RETIRE = "retire"


#: The one table of permitted moves. What was rejected or retired stays so: another text takes another version.
MOVES: Mapping[tuple[State, Command], State] = {
    (State.UPLOADED, Command.PUBLISH): State.PUBLISHED,
    (State.UPLOADED, Command.REJECT): State.REJECTED,
    (State.PUBLISHED, Command.RETIRE): State.RETIRED,
}


@dataclass(frozen=True, slots=True)
class Known:
    """One version that is here: of a template that came with the service (`state` None), or an uploaded one."""

    version: str
    sha256: str
    state: State | None

    @property
    def was_offered(self) -> bool:
        """Whether agreements can have been begun with it."""
        return self.state in (None, State.PUBLISHED, State.RETIRED)


def order(version: str) -> tuple[int, ...]:
    """The key to sort semantic versions by.

    >>> order("1.10.0") > order("1.9.3")
    True
    """
    return tuple(int(part) for part in version.split("."))


def next_state(state: State, command: Command) -> State:
    """Where the command leads. Raises TemplateState when the table has no such move."""
    try:
        return MOVES[state, command]
    except KeyError as error:
        raise TemplateState(command=command.value, state=state.value) from error


def check_upload(template_id: str, version: str, known: Iterable[Known]) -> None:
    """Raise TemplateVersionTaken unless the version is higher than every one that is here, rejected ones included."""
    highest = max((one.version for one in known), key=order, default=None)
    if highest is not None and order(version) <= order(highest):
        raise TemplateVersionTaken(version=version, id=template_id, highest=highest)


def check_publication(
    template_id: str, version: str, known: Iterable[Known], *, uploaded_by: str, publisher: str
) -> None:
    """Raise OwnUpload for the uploader, and TemplateVersionTaken when a higher version was offered meanwhile."""
    if uploaded_by == publisher:
        raise OwnUpload()
    check_upload(template_id, version, [one for one in known if one.was_offered])


def before(version: str, known: Iterable[Known]) -> Known | None:
    """The version that `version` is compared with: the highest below it that was ever offered."""
    lower = [one for one in known if one.was_offered and order(one.version) < order(version)]
    return max(lower, key=lambda one: order(one.version), default=None)


def offered(known: Iterable[Known]) -> Known | None:
    """The version that new agreements begin with; None when there is none.

    As soon as a version of an id was published here, the one that came with the service is not offered any more: an
    update of the software does not change a wording that this house has taken into its own hands.
    """
    everything = list(known)
    own = [one for one in everything if one.state is not None and one.was_offered]
    standing = [one for one in own or everything if one.state in (None, State.PUBLISHED)]
    return max(standing, key=lambda one: order(one.version), default=None)
