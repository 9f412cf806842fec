"""The same evidence judged again: under another policy, at another time, or with further anchors.

What is judged is the file and what the first report kept beside it. Nothing is fetched, and the first report's verdict
plays no part.
"""

import hashlib
from datetime import datetime

from keys.trust.anchors import TrustAnchors
from signing_service.verification.policy import DEFAULT
from signing_service.verification.report import Report
from signing_service.verification.supplied import supplied_in
from signing_service.verification.verify import verify


class AnotherFile(ValueError):
    """The report is about another file."""


def replay(
    report: Report,
    pdf: bytes,
    *,
    at: datetime | None = None,
    policy: str | None = None,
    anchors: TrustAnchors | None = None,
) -> Report:
    """Judge what `report` was about again; what is not given stays as it was.

    Raises AnotherFile when the file is another, ValueError when the report does not keep its evidence, UnknownPolicy.
    The comparison with the log is not repeated, because the log is not in the report.
    """
    if hashlib.sha256(pdf).hexdigest() != report.file.sha256:
        raise AnotherFile(f"the report is about the file with SHA-256 {report.file.sha256}")
    kept = supplied_in(report)
    return verify(
        pdf,
        name=report.file.name,
        anchors=kept.anchors.and_also(anchors) if anchors is not None else kept.anchors,
        at=at or report.document.judged_at,
        crls_der=kept.crls,
        certificates_der=kept.certificates,
        ocsps_der=kept.ocsps,
        policy=policy or (report.policy.name if report.policy is not None else DEFAULT),
    )
