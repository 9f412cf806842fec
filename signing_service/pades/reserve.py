"""How many bytes are set aside in the PDF for one CMS object: counted, never tried out with a dummy signature.

Data only. If a time stamp authority answers with more than is allowed for here, `complete` refuses; it never overflows.
"""

from keys.algorithms import P256_MAXIMUM_VALUE_BYTES
from keys.timestamping.sources import FOREIGN_TOKEN_BYTES

#: Version, algorithms, signed attributes and the longest P-256 value, measured and rounded up.
FRAME = 768

#: The same for the one document time stamp at the close, where space does not matter.
DOCUMENT_TOKEN = 16384


def reserve_for(
    certificate_der: bytes,
    chain_der: tuple[bytes, ...],
    *,
    token: int = FOREIGN_TOKEN_BYTES,
    value: int = P256_MAXIMUM_VALUE_BYTES,
) -> int:
    """Bytes for the signature of this certificate with its chain, one token of at most `token` and a longer `value`."""
    subject_twice = 2 * len(certificate_der)  # the issuer's name is repeated in the attributes and the signer's id
    chain = sum(len(certificate) for certificate in chain_der)
    return FRAME + max(0, value - P256_MAXIMUM_VALUE_BYTES) + subject_twice + chain + token
