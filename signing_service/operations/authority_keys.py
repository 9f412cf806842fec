"""What the log says of the authority's own keys: a new one came into use, an old one no longer issues."""

from __future__ import annotations

from keys.rotation import Rotated
from signing_service.audit.actions import Action as Recorded
from signing_service.audit.details.signatures import KeyCreated, KeyRetired
from signing_service.operations.operation import Act, command
from signing_service.permissions import Action


@command(Action.OPERATE)
def rotated(act: Act, made: Rotated) -> None:
    """The issuing key was rotated or imported."""
    act.record(Recorded.KEY_CREATED, KeyCreated("issuing", made.spki_sha256, "software"))
    act.record(Recorded.KEY_RETIRED, KeyRetired("issuing", made.former_spki_sha256, "rotated"))
