"""What is known about the revocation of a chain's certificates, and our own rule on answers that came too late.

An authority may drop a certificate from its lists once it has expired (RFC 5280 clause 3.3). So an answer given
after a certificate's end says nothing about it, unless the answer states that it keeps expired ones (ISO/IEC 9594-8
expiredCertsOnCRL, RFC 6960 archive cutoff). An answer is looked for in the file first.
"""

from collections.abc import Iterator, Sequence
from hashlib import sha256

from asn1crypto import core, crl, x509
from pyhanko_certvalidator.revinfo.archival import CRLContainer, OCSPContainer

from keys.encoded import encoded
from signing_service.verification.certificate_facts import (
    ends,
    is_never_checked,
    is_short_term,
    issuer_of,
    serial_number,
    serial_of,
)
from signing_service.verification.evidence import Evidence
from signing_service.verification.forgiving import forgiving
from signing_service.verification.once import once
from signing_service.verification.plain_certificates import der_of
from signing_service.verification.plain_der import NotPlain, if_plain
from signing_service.verification.plain_names import reads_like
from signing_service.verification.plain_revocation import plain_answer, plain_list
from signing_service.verification.report import RevocationFact

EXPIRED_CERTIFICATES_ON_CRL = "2.5.29.60"
GOOD, REVOKED = "good", "revoked"


def answers(path: Sequence[x509.Certificate], evidence: Evidence) -> tuple[RevocationFact, ...]:
    """Every answer that names a certificate of this path below its anchor, or is its issuer's list."""
    found: list[RevocationFact] = []
    for certificate in path[:-1]:
        with forgiving:  # hostile answers raise anything
            found.extend(_answers(certificate, evidence))
    return tuple(dict.fromkeys(found))


def names_no_pointer(certificate: x509.Certificate) -> bool:
    """Whether a certificate says neither where its list is nor who answers for it."""
    return not certificate.crl_distribution_points and not certificate.ocsp_urls


def too_late_only(path: Sequence[x509.Certificate], evidence: Evidence) -> bool:
    """Whether some certificate below the anchor has answers, and every one of them came after its end."""
    return any(_came_too_late(certificate, evidence) for certificate in path[:-1])


@once(lambda certificate, evidence: (id(certificate), id(evidence)))
def _came_too_late(certificate: x509.Certificate, evidence: Evidence) -> bool:
    if is_short_term(certificate) or is_never_checked(certificate):
        return False
    own = _answers(certificate, evidence)
    return bool(own) and not any(_speaks_for(answer, certificate) for answer in own)


def _speaks_for(answer: RevocationFact, certificate: x509.Certificate) -> bool:
    end = ends(certificate)
    return answer.keeps_expired or answer.status == REVOKED or answer.issued_at is None or answer.issued_at <= end


@once(lambda certificate, evidence: (id(certificate), id(evidence)))
def _answers(certificate: x509.Certificate, evidence: Evidence) -> tuple[RevocationFact, ...]:
    return tuple(_each_answer(certificate, evidence))


def _each_answer(certificate: x509.Certificate, evidence: Evidence) -> Iterator[RevocationFact]:
    for response in evidence.answers_by_serial.get(serial_number(certificate), ()):
        with forgiving:
            yield _of_response(certificate, response)
    for container in evidence.crls:
        with forgiving:
            if same_name(_issuer_of_list(container), issuer_of(certificate)):
                yield _of_list(certificate, container)


@once(id)
def _issuer_of_list(container: CRLContainer) -> bytes:
    return encoded(container.crl_data.issuer)


@once(lambda first, second: (first, second))
def same_name(first: bytes, second: bytes) -> bool:
    """Whether two names are equal by the rules of RFC 5280 clause 7.1."""
    if first == second:
        return True
    with if_plain:
        if reads_like(first) != reads_like(second):
            return False
    return bool(x509.Name.load(first) == x509.Name.load(second))


def _of_response(certificate: x509.Certificate, response: OCSPContainer) -> RevocationFact:
    with if_plain:
        return _of_plain_answer(certificate, encoded(response.ocsp_response_data))
    single = response.extract_single_response()
    assert single is not None
    status = single["cert_status"]
    details = status.chosen if status.name == REVOKED else None
    cutoff = any(item["extn_id"].native == "archive_cutoff" for item in single["single_extensions"] or ())
    return RevocationFact(
        certificate_sha256=_name(certificate),
        kind="ocsp",
        sha256=sha256(encoded(response.ocsp_response_data)).hexdigest(),
        status=status.name,
        issued_at=single["this_update"].native,
        next_update_at=single["next_update"].native,
        revoked_at=details["revocation_time"].native if details is not None else None,
        reason=str(details["revocation_reason"].native or "") if details is not None else "",
        keeps_expired=cutoff,
    )


def _of_plain_answer(certificate: x509.Certificate, der: bytes) -> RevocationFact:
    """Raises NotPlain, also for any answer that is not plainly good."""
    answer = plain_answer(der)
    if answer.status != GOOD:
        raise NotPlain("not good")
    return RevocationFact(
        certificate_sha256=_name(certificate),
        kind="ocsp",
        sha256=sha256(der).hexdigest(),
        status=GOOD,
        issued_at=answer.issued,
        next_update_at=answer.ends,
    )


def _of_list(certificate: x509.Certificate, container: CRLContainer) -> RevocationFact:
    data: crl.CertificateList = container.crl_data
    with if_plain:
        return _of_plain_list(certificate, encoded(data))
    listed = _entry(data, certificate.serial_number)
    keeps = any(
        item["extn_id"].dotted == EXPIRED_CERTIFICATES_ON_CRL for item in data["tbs_cert_list"]["crl_extensions"] or ()
    )
    return RevocationFact(
        certificate_sha256=_name(certificate),
        kind="crl",
        sha256=sha256(encoded(data)).hexdigest(),
        status=REVOKED if listed is not None else GOOD,
        issued_at=data["tbs_cert_list"]["this_update"].native,
        next_update_at=data["tbs_cert_list"]["next_update"].native,
        revoked_at=listed["revocation_date"].native if listed is not None else None,
        reason=_reason(listed),
        keeps_expired=keeps,
    )


def _of_plain_list(certificate: x509.Certificate, der: bytes) -> RevocationFact:
    """Raises NotPlain, also where the list may name the certificate."""
    found = plain_list(der)
    if found.may_name(serial_of(certificate)):
        raise NotPlain("may be named")
    return RevocationFact(
        certificate_sha256=_name(certificate),
        kind="crl",
        sha256=sha256(der).hexdigest(),
        status=GOOD,
        issued_at=found.begins,
        next_update_at=found.ends,
        keeps_expired=found.keeps_expired,
    )


def _entry(data: crl.CertificateList, serial: int) -> crl.RevokedCertificate | None:
    listed = data["tbs_cert_list"]["revoked_certificates"]
    if isinstance(listed, core.Void):
        return None
    return next((item for item in listed if item["user_certificate"].native == serial), None)


def _reason(listed: crl.RevokedCertificate | None) -> str:
    return str(listed.crl_reason_value.native) if listed is not None and listed.crl_reason_value else ""


def _name(certificate: x509.Certificate) -> str:
    return sha256(der_of(certificate)).hexdigest()
