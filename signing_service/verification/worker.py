"""The child of `isolated`: reads one question from standard input, limits itself, verifies, writes one report.

It writes nothing but the report to standard output and exits with 0 only if that is complete.
"""

import base64
import json
import logging
import sys

from keys.trust.anchors import TrustAnchors
from signing_service import isolation
from signing_service.verification.expectation import Expectation
from signing_service.verification.plain_data import from_plain, parse_time
from signing_service.verification.verify import verify


def main() -> int:
    """Answer the question on standard input."""
    logging.disable(logging.CRITICAL)
    question = json.loads(sys.stdin.buffer.read())
    isolation.limit(question["limits"])
    expected = question["expected"]
    report = verify(
        base64.b64decode(question["pdf"]),
        name=question["name"],
        anchors=TrustAnchors(*(_all(question[purpose]) for purpose in ("signing", "timestamping"))),
        at=parse_time(question["at"]),
        expected=from_plain(Expectation, expected) if expected is not None else None,
        crls_der=_all(question["crls"]),
        certificates_der=_all(question["certificates"]),
        ocsps_der=_all(question["ocsps"]),
        policy=question["policy"],
    )
    sys.stdout.write(json.dumps(report.to_json(), ensure_ascii=False))
    sys.stdout.flush()
    return 0


def _all(encoded: list[str]) -> tuple[bytes, ...]:
    return tuple(base64.b64decode(item) for item in encoded)


if __name__ == "__main__":
    sys.exit(main())
