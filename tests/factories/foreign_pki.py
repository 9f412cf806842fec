"""A foreign certificate authority with OCSP, lists and time stamps, run by certomancer in a process of its own."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from string import Template

import httpx
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

_ENTITIES = ("root", "interm", "signer", "revoked", "tsa", "ocsp", "intruder")
_CONFIGURATION = Template("""
external-url-prefix: "$base"
keysets:
  main:
    path-prefix: keys
    keys:
$keys
pki-architectures:
  foreign:
    keyset: main
    entity-defaults: {country-name: FI, organization-name: Foreign Authority}
    entities:
      root: {common-name: Foreign root}
      interm: {common-name: Foreign issuing authority}
      signer: {common-name: Aino Foreign}
      revoked: {common-name: Revoked Foreign}
      tsa: {common-name: Foreign time stamp authority}
      ocsp: {common-name: Foreign responder}
      intruder: {common-name: Intruder}
    certs:
      root:
        subject: root
        issuer: root
        validity: {valid-from: "2020-01-01T00:00:00+0000", valid-to: "2060-01-01T00:00:00+0000"}
        extensions: &authority
          - {id: basic_constraints, critical: true, value: {ca: true}}
          - id: key_usage
            critical: true
            smart-value: {schema: key-usage, params: [digital_signature, key_cert_sign, crl_sign]}
      interm:
        subject: interm
        issuer: root
        validity: {valid-from: "2020-01-01T00:00:00+0000", valid-to: "2060-01-01T00:00:00+0000"}
        extensions:
          - {id: basic_constraints, critical: true, value: {ca: true}}
          - id: key_usage
            critical: true
            smart-value: {schema: key-usage, params: [digital_signature, key_cert_sign, crl_sign]}
          - id: crl_distribution_points
            smart-value: {schema: crl-dist-url, params: {crl-repo-names: [root]}}
      signer: &person
        subject: signer
        issuer: interm
        validity: {valid-from: "2020-01-01T00:00:00+0000", valid-to: "2028-01-01T00:00:00+0000"}
        extensions: &leaf
          - id: key_usage
            critical: true
            smart-value: {schema: key-usage, params: [non_repudiation]}
          - id: authority_information_access
            smart-value: {schema: aia-urls, params: {ocsp-responder-names: [interm]}}
          - id: crl_distribution_points
            smart-value: {schema: crl-dist-url, params: {crl-repo-names: [interm]}}
      revoked:
        subject: revoked
        issuer: interm
        validity: {valid-from: "2020-01-01T00:00:00+0000", valid-to: "2028-01-01T00:00:00+0000"}
        revocation: {revoked-since: "2021-01-01T00:00:00+0000", reason: key_compromise}
        extensions: *leaf
      tsa:
        subject: tsa
        issuer: root
        validity: {valid-from: "2020-01-01T00:00:00+0000", valid-to: "2040-01-01T00:00:00+0000"}
        extensions:
          - id: extended_key_usage
            critical: true
            value: [time_stamping]
          - id: crl_distribution_points
            smart-value: {schema: crl-dist-url, params: {crl-repo-names: [root]}}
      ocsp:
        subject: ocsp
        issuer: interm
        validity: {valid-from: "2020-01-01T00:00:00+0000", valid-to: "2060-01-01T00:00:00+0000"}
        extensions: &responder
          - id: extended_key_usage
            value: [ocsp_signing]
          - {id: ocsp_no_check}
      intruder:
        subject: intruder
        issuer: root
        validity: {valid-from: "2020-01-01T00:00:00+0000", valid-to: "2060-01-01T00:00:00+0000"}
        extensions: *responder
    services:
      ocsp:
        interm: {for-issuer: interm, responder-cert: ocsp, signing-key: ocsp}
        intruder: {for-issuer: interm, responder-cert: intruder, signing-key: intruder}
      crl-repo:
        root: {for-issuer: root, signing-key: root, simulated-update-schedule: P90D}
        interm: {for-issuer: interm, signing-key: interm, simulated-update-schedule: P90D}
      time-stamping:
        tsa: {signing-key: tsa, signing-cert: tsa}
""")


@dataclass(frozen=True)
class ForeignPki:
    """Where it listens, and its keys: a test plays every holder."""

    base: str
    folder: Path

    def key(self, name: str) -> ec.EllipticCurvePrivateKey:
        pem = (self.folder / "keys" / f"{name}.pem").read_bytes()
        key = serialization.load_pem_private_key(pem, None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return key

    def certificate(self, name: str) -> bytes:
        """DER of one certificate."""
        return self._get(f"_certomancer/any-cert/foreign/{name}.crt")

    @property
    def tsa_url(self) -> str:
        return f"{self.base}/foreign/tsa/tsa"

    def ocsp_url(self, responder: str) -> str:
        return f"{self.base}/foreign/ocsp/{responder}"

    def _get(self, path: str) -> bytes:
        reply = httpx.get(f"{self.base}/{path}")
        reply.raise_for_status()
        return reply.content


@contextmanager
def running(folder: Path) -> Iterator[ForeignPki]:
    """The authority on a free port, until the block ends."""
    (folder / "keys").mkdir()
    for name in _ENTITIES:
        key = ec.generate_private_key(ec.SECP256R1())
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        (folder / "keys" / f"{name}.pem").write_bytes(pem)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    keys = "\n".join(f"      {name}: {{path: {name}.pem}}" for name in _ENTITIES)
    (folder / "certomancer.yml").write_text(_CONFIGURATION.substitute(base=base, keys=keys))
    log = (folder / "log").open("wb")
    arguments = ["--config", "certomancer.yml", "animate", "--port", str(port)]
    process = subprocess.Popen([sys.executable, "-m", "certomancer", *arguments], cwd=folder, stdout=log, stderr=log)
    try:
        _wait(process, port, folder / "log")
        yield ForeignPki(base, folder)
    finally:
        process.terminate()
        process.wait()
        log.close()


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Until it listens; a process that ends before is a failure with its own words."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
        except OSError:
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.05)
                break
        else:
            return
    raise AssertionError(log.read_text())
