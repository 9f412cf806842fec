"""Time stamps on signature values (RFC 3161): taken out of the CMS, checked, and judged one by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import cms, x509
from pyhanko.sign.general import find_cms_attribute_iter

from signing_service.verification.certificates import describe, describe_chain
from signing_service.verification.cms_check import with_certificate
from signing_service.verification.evidence import Evidence, from_cms
from signing_service.verification.forgiving import forgiving
from signing_service.verification.integrity import Integrity, check_integrity
from signing_service.verification.once import once
from signing_service.verification.plain_cms import plain_cms, plain_token, tokens_in
from signing_service.verification.plain_der import if_plain
from signing_service.verification.report import BROKEN, INDETERMINATE, INTACT, TOTAL_FAILED, TimeStamp
from signing_service.verification.signature_values import digest_of
from signing_service.verification.trust import Judge, Judgement

MAX_STAMPS = 20


@dataclass(frozen=True, slots=True)
class StampResult:
    """One time stamp: its token, whether it is intact and stamps this value, and its verdict."""

    token: cms.SignedData
    time: datetime | None
    integrity: str
    judgement: Judgement | None
    certificate: x509.Certificate | None = None

    @property
    def proves(self) -> bool:
        """Whether it proves that the signature existed at its time."""
        return self.integrity == INTACT and self.judgement is not None and self.judgement.passed

    def entry(self) -> TimeStamp:
        """As it stands in the report."""
        judged = self.judgement
        broken = self.integrity == BROKEN
        return TimeStamp(
            time=self.time,
            authority=authority_name(self.certificate),
            indication=judged.indication if judged else TOTAL_FAILED if broken else INDETERMINATE,
            sub_indication=judged.sub_indication if judged else "HASH_FAILURE" if broken else None,
            integrity=self.integrity,
            certificates=describe_chain(judged.path, "timestamp") if judged else (),
        )


@once(id)
def tokens_of(signed_data: cms.SignedData) -> list[cms.SignedData]:
    """The time stamp tokens on the value of the first signer, unreadable ones left out."""
    with if_plain:
        return [cms.SignedData.load(token) for token in tokens_in(plain_cms(signed_data))[:MAX_STAMPS]]
    found: list[cms.SignedData] = []
    with forgiving:
        signer_info = signed_data["signer_infos"][0]
        for value in find_cms_attribute_iter(signer_info["unsigned_attrs"], "signature_time_stamp_token"):
            if len(found) < MAX_STAMPS:
                found.append(value["content"])
    return found


async def judge_stamps(
    signed_data: cms.SignedData, evidence: Evidence, judge: Judge, proved: datetime | None
) -> tuple[StampResult, ...]:
    """Every signature time stamp with its verdict; `proved` is a proof that they existed, by a later document stamp."""
    value = _value_of(signed_data)
    results = []
    for token in tokens_of(signed_data):
        checked = check_token(token, value, evidence.signers_of(token))
        judgement = None
        if checked.state == INTACT:
            token = with_certificate(token, checked.certificate)
            known = evidence.plus(from_cms(token))
            with forgiving:  # an algorithm that the library does not know raises: then there is no judgement
                judgement = await judge.timestamp(token, lambda name: digest_of((value,), name), known, proved)
        results.append(StampResult(token, token_time(token), checked.state, judgement, checked.certificate))
    return tuple(results)


def _value_of(signed_data: cms.SignedData) -> bytes:
    with if_plain:
        return plain_cms(signed_data).value
    value: bytes = signed_data["signer_infos"][0]["signature"].native
    return value


def check_token(token: cms.SignedData, stamped: bytes, known: Sequence[x509.Certificate] = ()) -> Integrity:
    """Whether the token's own signature holds and its imprint is of `stamped`."""
    return check_integrity(token, (stamped,), known)


def token_time(token: cms.SignedData) -> datetime | None:
    """The time that a token states."""
    with if_plain:
        return plain_token(plain_cms(token)).time
    with forgiving:
        moment: datetime = token["encap_content_info"]["content"].parsed["gen_time"].native
        return moment
    return None


def authority_name(certificate: x509.Certificate | None) -> str:
    """The common name of the time stamp authority, as its certificate says."""
    with forgiving:
        if certificate is not None:
            told = describe(certificate, "timestamp")
            return told.common_name or told.organisation
    return ""
