"""Time stamps on signature values (RFC 3161): taken out of the CMS, checked, and judged one by one."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import cms
from pyhanko.sign.general import extract_certificate_info, find_cms_attribute_iter
from pyhanko.sign.validation.generic_cms import validate_sig_integrity

from signing_service.verification.certificates import describe_chain
from signing_service.verification.evidence import Evidence, from_cms
from signing_service.verification.forgiving import forgiving
from signing_service.verification.report import BROKEN, INTACT, TOTAL_FAILED, UNDECIDABLE, TimeStamp
from signing_service.verification.trust import Judge, Judgement

MAX_STAMPS = 20


@dataclass(frozen=True)
class StampResult:
    """One time stamp: its token, whether it is intact and stamps this value, and its verdict."""

    token: cms.SignedData
    time: datetime | None
    integrity: str
    judgement: Judgement | None

    @property
    def proves(self) -> bool:
        """Whether it proves that the signature existed at its time."""
        return self.integrity == INTACT and self.judgement is not None and self.judgement.passed

    def entry(self) -> TimeStamp:
        """As it stands in the report."""
        judged = self.judgement
        return TimeStamp(
            time=self.time,
            authority=authority_name(self.token),
            indication=judged.indication if judged else TOTAL_FAILED,
            sub_indication=judged.sub_indication if judged else "HASH_FAILURE",
            integrity=self.integrity,
            certificates=describe_chain(judged.path, "timestamp") if judged else (),
        )


def tokens_of(signer_info: cms.SignerInfo) -> list[cms.SignedData]:
    """The signature time stamp tokens of a signer, unreadable ones left out."""
    found: list[cms.SignedData] = []
    with forgiving:
        for value in find_cms_attribute_iter(signer_info["unsigned_attrs"], "signature_time_stamp_token"):
            if len(found) < MAX_STAMPS:
                found.append(value["content"])
    return found


async def judge_stamps(
    signer_info: cms.SignerInfo, evidence: Evidence, judge: Judge, proved: datetime | None
) -> tuple[StampResult, ...]:
    """Every signature time stamp with its verdict; `proved` is a proof that they existed, by a later document stamp."""
    value: bytes = signer_info["signature"].native
    results = []
    for token in tokens_of(signer_info):
        integrity = token_integrity(token, value)
        judgement = None
        if integrity == INTACT:
            known = evidence.plus(from_cms(token))
            judgement = await judge.timestamp(token, lambda name: hashlib.new(name, value).digest(), known, proved)
        results.append(StampResult(token, token_time(token), integrity, judgement))
    return tuple(results)


def token_integrity(token: cms.SignedData, stamped: bytes) -> str:
    """Whether the token's own signature holds and its imprint is of `stamped`."""
    with forgiving:  # hostile ASN.1, unsupported keys
        content = token["encap_content_info"]["content"]
        info = content.parsed
        signer = token["signer_infos"][0]
        algorithm = signer["digest_algorithm"]["algorithm"].native
        inner = hashlib.new(algorithm, content.contents, usedforsecurity=False).digest()
        certificate = extract_certificate_info(token).signer_cert
        matches, valid = validate_sig_integrity(signer, certificate, "tst_info", inner)
        imprint = info["message_imprint"]
        name = imprint["hash_algorithm"]["algorithm"].native
        outer = hashlib.new(name, stamped, usedforsecurity=False).digest() == imprint["hashed_message"].native
        return INTACT if matches and valid and outer else BROKEN
    return UNDECIDABLE


def token_time(token: cms.SignedData) -> datetime | None:
    """The time that a token states."""
    with forgiving:
        moment: datetime = token["encap_content_info"]["content"].parsed["gen_time"].native
        return moment
    return None


def authority_name(token: cms.SignedData) -> str:
    """The common name of the time stamp authority, as its certificate in the token says."""
    with forgiving:
        names = extract_certificate_info(token).signer_cert.subject.native
        return str(names.get("common_name") or names.get("organization_name") or "")
    return ""
