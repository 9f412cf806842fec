"""Nine attacks on a signature, on every custody: each is refused by its own name, and nothing is signed.

`python -m tools.signature_matrix --refusals` prints the same table.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.factories.case import Case
from tests.factories.installation import StoppedClock
from tests.factories.providers import RunningProvider
from tests.factories.refusals import refusals
from tests.factories.tokens import SoftHsm

pytestmark = pytest.mark.parametrize("server", ["sqlite"], indirect=True)

CUSTODIES = (
    "pkcs11",
    "browser_held",
    "browser_held_passkey",
    "own_certificate, value",
    "own_certificate, CMS",
    "own_certificate, PDF",
    "remote_provider, CSC v1",
    "software_seal",
)
WRONG, DIGEST, OLD = "own_signature.wrong_value", "own_signature.other_digest", "own_signature.old_bytes_changed"
OTHER, NOT_CONFIRMED, REVOKED = "own_signature.other_signer", "own_certificate.not_confirmed", "own_certificate.revoked"
CHEAT, CONTENT = "keys.provider_wrong_signature", "keys.passkey_other_content"
NONE = ""
"""It makes no sense there: nothing is uploaded, or the service itself gives the key holder what is signed."""

#: Attack → the code of the refusal, in the order of `CUSTODIES`.
EXPECTED: dict[str, tuple[str, ...]] = {
    "another person's certificate": (
        *("keys.seal_not_theirs", "certificate.refused", "keys.passkey_of_another"),
        *(NOT_CONFIRMED, OTHER, OTHER, NOT_CONFIRMED, "signature.unusable_certificate"),
    ),
    "the wrong key": (
        *("keys.hardware_wrong_value", "keys.wrong_value", "keys.passkey_wrong_value"),
        *(WRONG, WRONG, WRONG, CHEAT, "signature.wrong_value"),
    ),
    "a value over another digest": (
        *(NONE, "keys.wrong_value", CONTENT, WRONG, DIGEST, DIGEST, CHEAT, "signature.wrong_value"),
    ),
    "a replayed value": (*(NONE, "keys.wrong_value", CONTENT, WRONG, DIGEST, OLD, CHEAT, "signature.wrong_value"),),
    "an expired lease": (*["signature.attempt_expired"] * 7, NONE),
    "a stale base": (*["signature.stale_base"] * 7, NONE),
    "an upload whose old bytes differ": (*[NONE] * 5, OLD, NONE, NONE),
    "a revoked certificate": (
        *(REVOKED, "signing.certificate_revoked", "signing.certificate_revoked", *[REVOKED] * 4, NONE),
    ),
    "a time stamp with the wrong nonce": ("keys.timestamp_other_request",) * 8,
}


def test_each_attack_is_refused_by_its_own_name(
    staffed: Case, soft_hsm: SoftHsm, csc: RunningProvider, clock: StoppedClock, tmp_path: Path
) -> None:
    csc.behave()
    (tmp_path / "outside").mkdir()
    found = refusals(staffed.services, staffed.staff, tmp_path / "outside", (soft_hsm, csc), clock)
    got = {(one.attack, one.custody): one.code for one in found}
    wanted = {
        (attack, custody): code
        for attack, codes in EXPECTED.items()
        for custody, code in zip(CUSTODIES, codes, strict=True)
    }
    assert got == wanted
