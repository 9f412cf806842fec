"""The operator's keys: what there is, a new issuing key, an authority brought from outside, revoking a certificate.

Commands that change the folder of keys take effect at the next start of the service.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from secrets import token_bytes

import click

from config import UnsafeSettings, from_environment
from keys import rotation
from keys.errors import KeysError
from keys.keyring import Keyring
from keys.renewal import renew_certificate
from keys.rotation import Rotated
from keys.seal_replacement import replace_seal
from signing_service.cli.server import opened
from signing_service.errors import ServiceError
from signing_service.operations import authority_keys, certificates
from signing_service.permissions import SYSTEM
from signing_service.services import Services

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def keys() -> None:
    """Certificate authority, seal and time stamps: their keys and certificates."""


@keys.command("show")
def show() -> None:
    """When each certificate of the service ends, and the generations of the issuing authority."""
    try:
        settings = from_environment()
        keyring = Keyring.open(settings.keys_dir, settings.master_key)
    except (UnsafeSettings, KeysError) as error:
        raise click.ClickException(str(error)) from error
    for name, ends in keyring.ends().items():
        click.echo(f"{name:12} until {ends:%Y-%m-%d}")
    for issuer in keyring.issuers.all:
        state = "issues" if issuer is keyring.issuers.current else "answers only"
        click.echo(f"{issuer.name:12} {state:12} {issuer.certificate.subject.rfc4514_string()}")


@keys.command("timestamps")
def timestamps() -> None:
    """Ask each time stamp authority of the settings once, in their order, and say how it answered."""
    services = opened()
    try:
        for source in getattr(services.timestamps, "sources", (services.timestamps,)):
            try:
                source.token(sha256(token_bytes(32)).digest())
                click.echo(f"{source.name}: answers")
            except KeysError as error:
                click.echo(f"{source.name}: {error}")
    finally:
        services.db.close()


@keys.command("renew")
@click.argument("name", type=click.Choice(["issuing", "seal", "timestamp"]))
def renew(name: str) -> None:
    """A new certificate for the same key."""
    services = opened()
    try:
        settings, held = services.settings, services.held.own_keys()
        ends = renew_certificate(settings.keys_dir, settings.master_key, name, services.clock(), held)
        renewed = Keyring.open(settings.keys_dir, settings.master_key, held=held).certificate_of(name)
        authority_keys.certified(services, SYSTEM, name, renewed)
    except KeysError as error:
        raise click.ClickException(str(error)) from error
    finally:
        services.db.close()
    click.echo(f"{name} is renewed until {ends:%Y-%m-%d}; restart the service")


@keys.command("rotate-issuing")
def rotate_issuing() -> None:
    """A new issuing key under the root. The old one goes on answering for what it issued."""
    services = opened()
    try:
        settings = services.settings
        _in_use(services, rotation.rotate_issuing(settings.keys_dir, settings.master_key, services.clock()))
    except KeysError as error:
        raise click.ClickException(str(error)) from error
    finally:
        services.db.close()


@keys.command("import-issuing")
@click.option("--chain", required=True, type=FILE, help="PEM: the issuing certificate first, the root last.")
@click.option("--key", "key_file", required=True, type=FILE, help="PEM: the issuing certificate's private key.")
@click.option("--passphrase-file", type=FILE, help="A file whose first line is the passphrase of the key.")
def import_issuing(chain: Path, key_file: Path, passphrase_file: Path | None) -> None:
    """Take over an existing certificate authority as the one that issues."""
    services = opened()
    passphrase = passphrase_file.read_bytes().splitlines()[0] if passphrase_file else None
    try:
        made = rotation.import_issuing(
            services.settings.keys_dir,
            services.settings.master_key,
            chain_pem=chain.read_bytes(),
            key_pem=key_file.read_bytes(),
            passphrase=passphrase,
            now=services.clock(),
        )
        _in_use(services, made)
    except KeysError as error:
        raise click.ClickException(str(error)) from error
    finally:
        services.db.close()


@keys.command("revoke")
@click.argument("serial")
@click.option("--reason", required=True, type=click.Choice(certificates.REASONS))
def revoke(serial: str, reason: str) -> None:
    """Revoke a signatory's certificate by its serial number (hex)."""
    services = opened()
    try:
        certificates.revoke(services, SYSTEM, serial.replace(":", ""), reason)
    except ServiceError as error:
        raise click.ClickException(str(error)) from error
    finally:
        services.db.close()
    click.echo(f"{serial} is revoked ({reason})")


@keys.command("replace-seal")
@click.option("--reason", required=True, type=click.Choice(certificates.REASONS))
def seal(reason: str) -> None:
    """Revoke the certificate of the service's own seal and make another key for it."""
    services = opened()
    try:
        settings, held = services.settings, services.held.own_keys()
        made = replace_seal(settings.keys_dir, settings.master_key, reason, services.clock(), held)
        authority_keys.seal_replaced(services, SYSTEM, made, reason)
    except KeysError as error:
        raise click.ClickException(str(error)) from error
    finally:
        services.db.close()
    click.echo(f"the seal {made.serial:x} is revoked ({reason})")
    if made.ends is None:
        click.echo("its key is in the token: make another there, then token take-over seal LABEL; restart the service")
    else:
        click.echo(f"another seals from the next start on, until {made.ends:%Y-%m-%d}; restart the service")


def _in_use(services: Services, made: Rotated) -> None:
    authority_keys.rotated(services, SYSTEM, made)
    click.echo(f"{made.name} issues from the next start on, until {made.ends:%Y-%m-%d}; restart the service")
