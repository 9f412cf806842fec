"""Digests and mechanisms of the commonest signatures by their identifiers (RFC 5754, RFC 5758, RFC 8017)."""

from hashlib import sha256, sha384, sha512

DIGESTS = {
    bytes.fromhex("608648016503040201"): ("sha256", sha256),
    bytes.fromhex("608648016503040202"): ("sha384", sha384),
    bytes.fromhex("608648016503040203"): ("sha512", sha512),
}
MECHANISMS = {  # what signs, and the digest that it names
    bytes.fromhex("2a8648ce3d040302"): ("ecdsa", "sha256"),
    bytes.fromhex("2a8648ce3d040303"): ("ecdsa", "sha384"),
    bytes.fromhex("2a8648ce3d040304"): ("ecdsa", "sha512"),
    bytes.fromhex("2a864886f70d01010b"): ("rsa", "sha256"),
    bytes.fromhex("2a864886f70d01010c"): ("rsa", "sha384"),
    bytes.fromhex("2a864886f70d01010d"): ("rsa", "sha512"),
    bytes.fromhex("2a864886f70d010101"): ("rsa", ""),
}
