"""The cryptographic constraints of one signature (EN 319 102-1 clauses 5.2.6.4 and 5.2.8.4.2): which algorithms and
keys it and its certificates use, and until when the policy's suite accepts each.

An anchor is trusted by its key, so nobody relies on the signature on its certificate; its key counts.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from asn1crypto import algos, cms, x509

from signing_service.verification.certificate_facts import key_facts, plainly_read
from signing_service.verification.cms_check import digest_name
from signing_service.verification.once import once
from signing_service.verification.plain_cms import plain_cms, plain_token
from signing_service.verification.plain_der import if_plain
from signing_service.verification.policy import Policy
from signing_service.verification.report import AlgorithmUse

WEAK, WEAK_WITHOUT_PROOF = "CRYPTO_CONSTRAINTS_FAILURE", "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"


def algorithms_of(
    signed_data: cms.SignedData, path: Sequence[x509.Certificate], document_digest: str, policy: Policy, at: datetime
) -> tuple[AlgorithmUse, ...]:
    """Every algorithm and key in use, each once per place, judged at `at`; `path` leaf first, the anchor last."""
    with if_plain:
        return _every(_plain_signer(signed_data), tuple(path), document_digest, policy, at)
    return _joined(_of_signer(signed_data, policy, at), path, document_digest, policy, at)


def sub_indication(uses: Sequence[AlgorithmUse], path: Sequence[x509.Certificate]) -> str | None:
    """The sub-indication that refused algorithms lead to.

    A proof of an earlier time could help unless the algorithm's end lies before the certificate's beginning: then the
    signature is known to be younger (EN 319 102-1 clause 5.1.3, table 6).
    """
    refused = [use for use in uses if not use.accepted]
    if not refused:
        return None
    since = path[0].not_valid_before if path else None
    provable = all(use.not_after is not None and (since is None or use.not_after > since) for use in refused)
    return WEAK_WITHOUT_PROOF if provable else WEAK


def spelt(use: AlgorithmUse) -> str:
    """`SHA1`, `RSA 1024`."""
    return f"{use.name.upper()} {use.bits}" if use.bits else use.name.upper()


def _plain_signer(signed_data: cms.SignedData) -> tuple[str, ...]:
    """The digests of a plain CMS: of its signer, of the signature, of the imprint; raises NotPlain."""
    signed = plain_cms(signed_data)
    return signed.digest, signed.mechanism[1], plain_token(signed).digest if signed.content is not None else ""


@once(lambda digests, path, document_digest, policy, at: (digests, *map(id, path), document_digest, id(policy), at))
def _every(
    digests: tuple[str, ...], path: tuple[x509.Certificate, ...], document_digest: str, policy: Policy, at: datetime
) -> tuple[AlgorithmUse, ...]:
    places = zip(("signature", "signature", "imprint"), digests, strict=True)
    of_signer = (_digest(place, name, policy, at) for place, name in dict.fromkeys(places) if name)
    return _joined(of_signer, path, document_digest, policy, at)


def _joined(
    of_signer: Iterable[AlgorithmUse],
    path: Sequence[x509.Certificate],
    document_digest: str,
    policy: Policy,
    at: datetime,
) -> tuple[AlgorithmUse, ...]:
    uses = [_digest("document", document_digest, policy, at)] if document_digest else []
    uses.extend(of_signer)
    for place, certificate in enumerate(path):
        uses.extend(_of_certificate(place, certificate, policy, at, place == len(path) - 1))
    return tuple(dict.fromkeys(uses))


def _of_signer(signed_data: cms.SignedData, policy: Policy, at: datetime) -> Iterator[AlgorithmUse]:
    signer = signed_data["signer_infos"][0]
    yield _digest("signature", digest_name(signer), policy, at)
    yield from _mechanism("signature", signer["signature_algorithm"], policy, at)
    if signed_data["encap_content_info"]["content_type"].native == "tst_info":
        imprint = signed_data["encap_content_info"]["content"].parsed["message_imprint"]
        yield _digest("imprint", imprint["hash_algorithm"]["algorithm"].native, policy, at)


@once(lambda place, certificate, policy, at, anchors: (place, id(certificate), id(policy), at, anchors))
def _of_certificate(
    place: int, certificate: x509.Certificate, policy: Policy, at: datetime, anchors: bool
) -> tuple[AlgorithmUse, ...]:
    key = _key(f"certificate:{place}", certificate, policy, at)
    if anchors:
        return (key,)
    with if_plain:
        return key, _digest(f"certificate:{place}", plainly_read(certificate).mechanism[1], policy, at)
    return (key, *_mechanism(f"certificate:{place}", certificate["signature_algorithm"], policy, at))


def _mechanism(
    where: str, algorithm: algos.SignedDigestAlgorithm, policy: Policy, at: datetime
) -> Iterator[AlgorithmUse]:
    try:
        name = algorithm.hash_algo
    except ValueError:  # a bare key type: the digest is stated elsewhere; EdDSA brings its own
        return
    yield _digest(where, name, policy, at)


def _digest(where: str, name: str, policy: Policy, at: datetime) -> AlgorithmUse:
    known, until = policy.suite.digest_until(name)
    last = policy.last_moment(until)
    return AlgorithmUse(where, name, 0, last, known and (last is None or at < last))


def _key(where: str, certificate: x509.Certificate, policy: Policy, at: datetime) -> AlgorithmUse:
    kind, bits = key_facts(certificate)
    known, until = policy.suite.key_until("rsa" if kind == "rsassa_pss" else kind, bits)
    last = policy.last_moment(until)
    return AlgorithmUse(where, kind, bits, last, known and (last is None or at < last))
