"""Our own time stamp authority (RFC 3161), the embedded default.

It proves the order of things in this service, not independence from it, and is named so in every report. It answers a
request with a response, both in DER; who may ask, and over what transport, is decided elsewhere. It claims no
`ordering`: several instances may stamp at once.
"""

from dataclasses import dataclass
from functools import cached_property

from asn1crypto import tsp
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from keys.algorithms import IMPRINT_BYTES
from keys.clock import Clock, in_utc
from keys.encoded import encoded
from keys.errors import TimestampUnavailable
from keys.issuing.profiles import TIMESTAMP_POLICY
from keys.timestamping.der import integer, sequence, tagged
from keys.timestamping.tokens import Accuracy, TokenWriter, sha256_imprint

MAXIMUM_REQUEST_BYTES = 2048
"""A request with SHA-512, a policy and a nonce has about 120 bytes."""

MAXIMUM_NONCE_BITS = 512

_GRANTED = sequence(integer(0))
_REJECTION = 2
_BAD_ALGORITHM, _BAD_REQUEST, _BAD_DATA, _TIME = 0, 2, 5, 14
_POLICY, _EXTENSIONS = 15, 16
_UTF8_STRING, _BIT_STRING = 0x0C, 0x03


_SPARE_BYTES = 64  # serial number, fraction of the second and value take a few bytes more or less


class _Rejected(Exception):
    """A request that is answered with a rejection; never leaves this module."""

    def __init__(self, failure: int, words: str) -> None:
        super().__init__(words)
        self.failure = failure


@dataclass(frozen=True, slots=True)
class _Request:
    imprint_der: bytes
    nonce: int | None
    with_certificates: bool


class BuiltInAuthority:
    """Answers requests with its own key. `clock` must be the clock whose accuracy is claimed. Thread-safe."""

    name = "built-in"

    def __init__(
        self,
        key: ec.EllipticCurvePrivateKey,
        certificate_der: bytes,
        chain_der: tuple[bytes, ...],
        *,
        clock: Clock,
        policy: str = TIMESTAMP_POLICY,
        accuracy: Accuracy | None = None,
    ) -> None:
        certificate = x509.load_der_x509_certificate(certificate_der)
        self.certificate_der = certificate_der
        self.chain_der = chain_der
        self.policy = policy
        self._clock = clock
        self._first, self._last = certificate.not_valid_before_utc, certificate.not_valid_after_utc
        self._writer = TokenWriter(key, certificate_der, chain_der, policy=policy, accuracy=accuracy or Accuracy())

    def answer(self, request_der: bytes) -> bytes:
        """A TimeStampResp in DER: a token, or a rejection that says why (RFC 3161 §2.4.2). Never raises."""
        try:
            request = self._read(request_der)
            token = self._stamp(request)
        except _Rejected as rejected:
            return _rejection(rejected.failure, str(rejected))
        return sequence(_GRANTED, token)

    def token(self, sha256_imprint_bytes: bytes) -> bytes:
        """A token (ContentInfo, DER) over a SHA-256 digest, straight from the key, with certificates, without nonce.

        Raises `TimestampUnavailable` when the authority's certificate is not valid at its clock.
        """
        if len(sha256_imprint_bytes) != IMPRINT_BYTES["sha256"]:
            raise TimestampUnavailable(reasons=f"{self.name}: the imprint is not a SHA-256 digest")
        try:
            return self._stamp(_Request(sha256_imprint(sha256_imprint_bytes), None, True))
        except _Rejected as rejected:
            raise TimestampUnavailable(reasons=f"{self.name}: {rejected}") from rejected

    @cached_property
    def longest_token(self) -> int:
        """Bytes that no token of `token` exceeds."""
        imprint = sha256_imprint(bytes(IMPRINT_BYTES["sha256"]))
        return _SPARE_BYTES + len(self._writer.write(imprint, at=self._first, nonce=None, with_certificates=True))

    def _stamp(self, request: _Request) -> bytes:
        now = in_utc(self._clock())
        if not self._first <= now <= self._last:
            raise _Rejected(_TIME, "the certificate of this authority is not valid now")
        return self._writer.write(
            request.imprint_der, at=now, nonce=request.nonce, with_certificates=request.with_certificates
        )

    def _read(self, request_der: bytes) -> _Request:
        if len(request_der) > MAXIMUM_REQUEST_BYTES:
            raise _Rejected(_BAD_DATA, "the request is too long")
        try:
            request = tsp.TimeStampReq.load(request_der, strict=True)
            read = request.native  # asn1crypto parses lazily: this reads every part now
        except (ValueError, TypeError, KeyError, OverflowError) as error:
            raise _Rejected(_BAD_DATA, "this is no time stamp request") from error
        if read["version"] != "v1":
            raise _Rejected(_BAD_REQUEST, "only version 1 is known")
        imprint = read["message_imprint"]
        length = IMPRINT_BYTES.get(imprint["hash_algorithm"]["algorithm"])
        if length is None or imprint["hash_algorithm"]["parameters"] is not None:
            raise _Rejected(_BAD_ALGORITHM, "only SHA-256, SHA-384 and SHA-512 are stamped")
        if len(imprint["hashed_message"]) != length:
            raise _Rejected(_BAD_DATA, "the imprint has the wrong length")
        if read["req_policy"] not in (None, self.policy):
            raise _Rejected(_POLICY, "this authority stamps under another policy")
        if read["extensions"]:
            raise _Rejected(_EXTENSIONS, "no extension is known")
        nonce = read["nonce"]
        if nonce is not None and nonce.bit_length() > MAXIMUM_NONCE_BITS:
            raise _Rejected(_BAD_REQUEST, "the nonce is too long")
        return _Request(encoded(request["message_imprint"]), nonce, bool(read["cert_req"]))


def _rejection(failure: int, words: str) -> bytes:
    text = sequence(tagged(_UTF8_STRING, words.encode()))
    bits = 1 << (31 - failure)
    octets = bits.to_bytes(4, "big").rstrip(b"\0")
    unused = 7 - failure % 8
    info = tagged(_BIT_STRING, bytes((unused,)) + octets)
    return sequence(sequence(integer(_REJECTION), text, info))
