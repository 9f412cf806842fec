"""One small log, byte for byte, as computed and confirmed independently by Go's own implementation of the formats."""

from __future__ import annotations

from base64 import b64decode
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from signing_service.audit.note import Ed25519Signer
from signing_service.audit.witness import Ed25519Witness

ORIGIN: Final = "sign.example.org/log/1"
LOG_KEY: Final = Ed25519Signer(ORIGIN, Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
VKEY: Final = "sign.example.org/log/1+3ecba99a+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
WITNESS: Final = Ed25519Witness("witness.example.com/w1", Ed25519PrivateKey.from_private_bytes(bytes(range(32, 64))))
WITNESS_VKEY: Final = "witness.example.com/w1+969980cf+BCmsuuFBvMrwsi4alNNNC8c2HlJtC/4SyJeUvJMilm3X"
WITNESSED_AT: Final = 1795336216

DOCUMENT: Final = "662f0631667382600d18269aeb84b04987b60124d1371b34cd783ae06cbe656c"
ENTRIES: Final = (
    '{"actor":"usr_4f1c","agreement":"agr_01","at":"2026-11-22T08:00:00.000Z",'
    '"data":{"title":"战略合作协议 / Strategic Cooperation Agreement"},'
    '"nonce":"AAAAAAAAAAAAAAAAAAAAAA==","seq":0,"type":"agreement.created","v":1}',
    '{"actor":"usr_4f1c","agreement":"agr_01","at":"2026-11-22T08:05:00.000Z",'
    f'"data":{{"sha256":"{DOCUMENT}","version":3}},'
    '"nonce":"AQEBAQEBAQEBAQEBAQEBAQ==","prev":"hnRxBzAUXLAzmjqK8rmXpRCNTxaozeOt/i8UKbUZM+M=",'
    '"seq":1,"type":"document.frozen","v":1}',
    '{"_sd":["UHIzS5TySgTHzBgzWxybsSQnsbAnyVjI9l_XNVKPYuU","zFErDeGrGWmlXlL8iw-9PdQym8NRO7ZIE2jlEdSVy1g"],'
    '"_sd_alg":"sha-256","actor":"usr_9b02","agreement":"agr_01","at":"2026-11-22T08:30:15.123Z",'
    f'"data":{{"method":"adv","sha256":"{DOCUMENT}"}},'
    '"nonce":"AgICAgICAgICAgICAgICAg==","prev":"BJaPu4ll12nnaFM41M3L4XY95NaWfPDSsE4RisJTTDw=",'
    '"seq":2,"type":"signature.applied","v":1}',
)
LEAVES: Final = tuple(
    map(
        bytes.fromhex,
        (
            "8674710730145cb0339a3a8af2b997a5108d4f16a8cde3adfe2f1429b51933e3",
            "04968fbb8965d769e7685338d4cdcbe1763de4d6967cf0d2b04e118ac2534c3c",
            "60a83cca70e78e6b95680d6b6bba44a8094c1052d8ee046d6eb6029b47b9eb55",
        ),
    )
)
ROOT_2: Final = bytes.fromhex("bfe46acf71914ec19cca55b7dd11e0f1ad62109475fcbdfeab752eecce455099")
ROOT_3: Final = bytes.fromhex("1549c5c921d8abb6ccb12c5ca4566655c0744b60639fbf14b9a8a58a7d7191ce")
CONSISTENCY_2_3: Final = (b64decode("YKg8ynDnjmuVaA1ra7pEqAlMEFLY7gRtbrYCm0e561U="),)
INCLUSION_2_3: Final = (b64decode("v+Rqz3GRTsGcylW33RHg8a1iEJR1/L3+q3Uu7M5FUJk="),)

DISCLOSED_ACTOR: Final = (
    "WyJLOG1RQlpSelJJNXV2VVFxb1d2Nm9BIiwgImFjdG9yIiwgIkFpbm8gVmlydGFuZW4gPGFpbm9AYWFsdG8uZXhhbXBsZT4iXQ",
    "zFErDeGrGWmlXlL8iw-9PdQym8NRO7ZIE2jlEdSVy1g",
)
DISCLOSED_IP: Final = (
    "WyIzSkRQQjk2UWZNeGtZMnp0MnpqbFVnIiwgImlwIiwgIjE5Mi4wLjIuNyJd",
    "UHIzS5TySgTHzBgzWxybsSQnsbAnyVjI9l_XNVKPYuU",
)

OWN_LINE: Final = (
    "— sign.example.org/log/1 "
    "PsupmjdILvcAgc2bagAEGKjzPjrxLZxdYzuFDjxymgdmjhfMP/t1WhaL2Nq3qx7//SjMv3TuxqAYWR5o4QACuu6W6Q8=\n"
)
WITNESS_LINE: Final = (
    "— witness.example.com/w1 "
    "lpmAzwAAAABrAqgYE+sGjs+2ignCCLp6dR+0TLiVjJWC42eJAeXoiB3djGmIi+G9v7+4mTxNIZyV47BOClMHJQR4GvAhRE9ceYCCCA==\n"
)
CHECKPOINT: Final = (
    f"{ORIGIN}\n3\nFUnFySHYq7bMsSxcpFZmVcB0S2Bjn78Uuailin1xkc4=\n\n{OWN_LINE}"  # 191 bytes: what is time-stamped
)
IMPRINT: Final = "b2f483394a8835ad9d85114b076d511b0500ef5ddf84d19094ed13ebdce19b7f"
TLOG_PROOF: Final = (
    "c2sp.org/tlog-proof@v1\nindex 2\nv+Rqz3GRTsGcylW33RHg8a1iEJR1/L3+q3Uu7M5FUJk=\n\n" + CHECKPOINT + WITNESS_LINE
)
