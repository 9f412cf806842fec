"""New certificates for the service's own keys before the old ones run out, and a new stored list of the root.

The key stays and only its certificate is replaced, by one atomic exchange of one file, so that a kill in between leaves
the old one. A key that may have been stolen is never renewed: that takes a new folder of keys. A running service goes
on with what it has opened until it is started again.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives import serialization

from keys.errors import NotRenewable, RootKeyOffline
from keys.issuing.revocation import ROOT_CRL_LIFE, build_crl, continued
from keys.key_folder import replace_file
from keys.keyring_contents import ISSUER_OF, ISSUING, ROOT, ROOT_CRL, make_own_certificate, title_of_generation
from keys.keyring_files import KeyringFiles
from keys.passphrases import Secret


def renew_certificate(folder: Path, master_key: bytes | Secret, name: str, now: datetime) -> datetime:
    """Replace the certificate of `issuing`, `seal` or `timestamp`; returns when the new one ends.

    Raises `NotRenewable` for any other name, `RootKeyOffline` when its issuer is the root and the root's key is away,
    and whatever opening the folder raises.
    """
    if name not in ISSUER_OF:
        raise NotRenewable(name=name)
    files = KeyringFiles.open(folder, master_key)
    issuer = ISSUER_OF[name]
    if issuer == ROOT and not files.has_root_key:
        raise RootKeyOffline
    current = files.issuers().current
    file, title, above = name, None, issuer
    if name == ISSUING:
        if current.chain or current.root != files.certificates()[ROOT]:
            raise NotRenewable(name=name)  # whoever made an imported authority renews it
        file, title = current.name, title_of_generation(current.name)
    if issuer == ISSUING:
        above = current.name
    made = make_own_certificate(
        name,
        files.facts,
        files.key_of(file).public_key(),
        files.certificates()[issuer],
        files.key_of(above),
        now,
        issuer_name=above,
        title=title,
    )
    replace_file(folder, f"{file}.pem", made.public_bytes(serialization.Encoding.PEM))
    return made.not_valid_after_utc


def renew_root_crl(
    folder: Path,
    master_key: bytes | Secret,
    now: datetime,
    revoked: Sequence[tuple[int, datetime, str]] = (),
) -> None:
    """Store a new list of the root: the lines it had, and `revoked`. Raises `RootKeyOffline`."""
    files = KeyringFiles.open(folder, master_key)
    if not files.has_root_key:
        raise RootKeyOffline
    root = files.certificates()[ROOT]
    lines = continued(files.read(ROOT_CRL), revoked)
    replace_file(folder, ROOT_CRL, build_crl(root, files.key_of(ROOT), lines, now, life=ROOT_CRL_LIFE))
