"""Files that are encrypted and readable by everybody: the empty password tried by the library, then by our own reading.

ISO 32000-2, 7.6.4. The library knows neither revision 5 (AES-256 of Acrobat 9) nor permissions written as an unsigned
number, and refuses files whose permissions do not fit their encrypted copy. None of that matters to a signature.
"""

import hashlib
from collections.abc import Iterator
from typing import Any

from cryptography.hazmat.decrepit.ciphers.algorithms import ARC4
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.crypt import AuthStatus, StandardSecurityHandler
from pyhanko.pdf_utils.crypt.filter_mixins import AESCryptFilterMixin
from pyhanko.pdf_utils.crypt.standard import _r6_hash_algo
from pyhanko.pdf_utils.reader import PdfFileReader

from signing_service.verification.forgiving import forgiving
from signing_service.verification.pdf_access import entry, name_in

_decrypt_aes = AESCryptFilterMixin.decrypt
AES_BLOCK = 16
PADDING = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")


def opens_without_password(reader: PdfFileReader) -> bool:
    """Whether an encrypted file can be read with the empty password; afterwards the reader decrypts."""
    with forgiving:
        if reader.decrypt(b"").status != AuthStatus.FAILED:
            return True
    with forgiving:  # another handler, or an encryption dictionary that is broken
        handler = reader.security_handler
        key = next(_keys(reader), None)
        if key is not None and isinstance(handler, StandardSecurityHandler):
            handler._shared_key, handler._auth_failed = key, False
            return True
    return False


def _decrypt(self: AESCryptFilterMixin, key: bytes, ciphertext: bytes, params: Any = None) -> bytes:
    """Nothing, encrypted, is nothing: some producers write an empty stream without an initialisation vector.

    What was never encrypted, as its length or its padding shows, is taken as it stands.
    """
    try:
        return bytes(_decrypt_aes(self, key, ciphertext, params)) if len(ciphertext) > AES_BLOCK else b""
    except ValueError:
        return bytes(ciphertext)


def use() -> None:
    """Let the library decrypt this way, in the whole process."""
    AESCryptFilterMixin.decrypt = _decrypt  # type: ignore[method-assign]


def _keys(reader: PdfFileReader) -> Iterator[bytes]:
    """The file key that the empty password gives, if it is the right password."""
    held = entry(reader.trailer.flatten(), "/Encrypt")
    if name_in(held, "/Filter") != "/Standard":
        return
    version, revision = _number(held, "/V"), _number(held, "/R")
    user, owner = _bytes(held, "/U"), _bytes(held, "/O")
    if version >= 5:
        yield from _strong(revision, user[:48], _bytes(held, "/UE"))
        return
    identifier = reader.document_id[0]
    clear_metadata = revision >= 4 and name_in(held, "/EncryptMetadata").lower() == "false"
    for size in dict.fromkeys((5,) if revision == 2 else (_number(held, "/Length", 40) // 8, 16, 5)):
        running = hashlib.md5(PADDING + owner[:32], usedforsecurity=False)
        running.update((_number(held, "/P") & 0xFFFFFFFF).to_bytes(4, "little") + identifier)
        running.update(b"\xff\xff\xff\xff" if clear_metadata else b"")
        key = running.digest()
        for _ in range(50 if revision >= 3 else 0):
            key = hashlib.md5(key[:size], usedforsecurity=False).digest()
        if _proves(revision, key[:size], user, identifier):
            yield key[:size]


def _strong(revision: int, user: bytes, sealed: bytes) -> Iterator[bytes]:
    """Revisions 5 and 6 (algorithm 2.A): the hash of the password and a salt, then the key under another salt."""
    proof, wrapping = (
        (hashlib.sha256(salt).digest() if revision == 5 else _r6_hash_algo(b"", salt))
        for salt in (user[32:40], user[40:48])
    )
    if proof == user[:32]:
        opener = Cipher(algorithms.AES(wrapping), modes.CBC(bytes(16))).decryptor()
        yield opener.update(sealed[:32]) + opener.finalize()


def _proves(revision: int, key: bytes, user: bytes, identifier: bytes) -> bool:
    """Whether this is the key (algorithms 4 to 6)."""
    if revision == 2:
        return _rc4(key, PADDING) == user[:32]
    value = _rc4(key, hashlib.md5(PADDING + identifier, usedforsecurity=False).digest())
    for number in range(1, 20):
        value = _rc4(bytes(byte ^ number for byte in key), value)
    return value == user[:16]


def _rc4(key: bytes, data: bytes) -> bytes:
    return Cipher(ARC4(key), None).encryptor().update(data)


def _number(node: generic.PdfObject | None, key: str, otherwise: int = 0) -> int:
    value = entry(node, key)
    return int(value) if isinstance(value, generic.NumberObject) else otherwise


def _bytes(node: generic.PdfObject | None, key: str) -> bytes:
    value = entry(node, key)
    return (
        bytes(value.original_bytes) if isinstance(value, (generic.TextStringObject, generic.ByteStringObject)) else b""
    )
