"""The key ceremony of the hardware module: make keys in the token, have them certified, let the service use them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding

from keys.errors import KeysError
from keys.pkcs11 import HardwareKey
from keys.pkcs11_ceremony import KeyKind, SealSubject, certificate_request, create_key, store_certificate
from keys.renewal import move_to_token
from keys.signer_keys import spki_of
from signing_service.cli.server import opened
from signing_service.operations import authority_keys, own_keys
from signing_service.permissions import SYSTEM
from signing_service.services import Services


@click.group()
def token() -> None:
    """Keys in the hardware module that SIGNING_KEY_HOLDERS names."""


@contextmanager
def _services() -> Iterator[Services]:
    services = opened()
    try:
        yield services
    except KeysError as error:
        raise click.ClickException(str(error)) from error
    finally:
        services.db.close()


@token.command()
@click.argument("label")
def check(label: str) -> None:
    """Sign something with a key and say what it is and whether a certificate stands beside it."""
    with _services() as services:
        key = HardwareKey(services.held.token(), label)
        key.sign(b"a test of the key")
        kind = "RSA" if isinstance(key.public_key, rsa.RSAPublicKey) else "ECDSA"
        click.echo(f"{label}: {kind} {key.public_key.key_size}, signs, {len(key.certificates())} certificate(s)")


@token.command("create-key")
@click.argument("label")
@click.option("--kind", type=click.Choice([kind.value for kind in KeyKind]), default=KeyKind.P256.value)
def create(label: str, kind: str) -> None:
    """Make a key pair in the token; the private key never leaves it."""
    with _services() as services:
        made = create_key(services.held.token(), label, KeyKind(kind))
        authority_keys.made_in_token(services, SYSTEM, spki_of(made.public_key))
        click.echo(f"{label}: made in the token")


@token.command()
@click.argument("label")
@click.option("--organisation", required=True, help="Legal name, exactly as in agreements.")
@click.option("--country", required=True, help="Two capital letters.")
@click.option("--name", required=True, help="What the seal is called.")
@click.option("--identifier", default="", help="Registration, e.g. VATFI-12345678.")
def request(label: str, organisation: str, country: str, name: str, identifier: str) -> None:
    """Print a certificate request (PKCS#10, PEM) for the authority that certifies the organisation."""
    with _services() as services:
        key = HardwareKey(services.held.token(), label)
        subject = SealSubject(organisation, country, name, identifier)
        click.echo(certificate_request(key, subject).decode(), nl=False)


@token.command()
@click.argument("label")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def certificate(label: str, file: Path) -> None:
    """Put the certificate (PEM) that the authority issued beside its key."""
    with _services() as services:
        try:
            found = x509.load_pem_x509_certificate(file.read_bytes())
        except ValueError as error:
            raise click.ClickException(f"{file.name} is no certificate in PEM") from error
        store_certificate(HardwareKey(services.held.token(), label), found)
        authority_keys.certified(services, SYSTEM, "token", found.public_bytes(Encoding.DER))
        click.echo(f"{label}: certificate stored, valid until {found.not_valid_after_utc:%Y-%m-%d}")


@token.command("take-over")
@click.argument("name", type=click.Choice(["issuing", "seal"]))
@click.argument("label")
def take_over(name: str, label: str) -> None:
    """From now on the service's issuing key, or its seal, is this key of the token; the old key's file is removed."""
    with _services() as services:
        if name == "issuing" and (holding := own_keys.certificates_that_hold(services, SYSTEM)):
            raise click.ClickException(
                f"{holding} certificate(s) of the present issuing key still hold; only it can list them as revoked. "
                "Nothing was changed; do this when they have ended (seven days), or on a new installation."
            )
        settings, key = services.settings, HardwareKey(services.held.token(), label)
        former = services.keyring.certificate_of(name)
        move_to_token(settings.keys_dir, settings.master_key, name, key, services.clock(), services.held.own_keys())
        authority_keys.moved_to_token(services, SYSTEM, name, spki_of(key.public_key), former)
        click.echo(f'{name}: certified. Now write  {name} = "{label}"  under [token] in the file of key holders.')
