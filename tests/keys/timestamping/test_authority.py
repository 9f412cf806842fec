"""The built-in authority, judged by `openssl ts` and by pyHanko."""

import hashlib
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import cms, tsp
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st
from pyhanko.sign.timestamps.common_utils import handle_tsp_response

from keys.errors import TimestampUnavailable
from keys.issuing.profiles import TIMESTAMP_POLICY
from keys.keyring import Keyring
from keys.timestamping.authority import MAXIMUM_REQUEST_BYTES, BuiltInAuthority
from keys.timestamping.responses import Response, request
from tests.keys.conftest import NOW, Program, pem

DIGEST = hashlib.sha256(b"hello").digest()
AT = str(int(NOW.timestamp()))


@pytest.fixture
def authority(keyring: Keyring, tmp_path: Path) -> BuiltInAuthority:
    (tmp_path / "root.pem").write_bytes(keyring.root_pem)
    (tmp_path / "data").write_bytes(b"hello")
    return keyring.timestamp_authority


def info_of(response_der: bytes) -> tsp.TSTInfo:
    return tsp.TimeStampResp.load(response_der)["time_stamp_token"]["content"]["encap_content_info"]["content"].parsed


@pytest.mark.parametrize("digest", ["sha256", "sha384", "sha512"])
def test_openssl_accepts_the_answer_to_its_request(
    authority: BuiltInAuthority, openssl: Program, tmp_path: Path, digest: str
) -> None:
    openssl("ts", "-query", "-data", "data", f"-{digest}", "-cert", "-out", "q.tsq")
    (tmp_path / "r.tsr").write_bytes(authority.answer((tmp_path / "q.tsq").read_bytes()))
    verified = openssl(
        *("ts", "-verify", "-in", "r.tsr", "-queryfile", "q.tsq", "-CAfile", "root.pem", "-x509_strict"),
        *("-attime", AT),
    )
    assert "Verification: OK" in verified.stdout, verified.stderr
    printed = openssl("ts", "-reply", "-in", "r.tsr", "-text").stdout
    assert f"Policy OID: {TIMESTAMP_POLICY}" in printed
    assert "Time stamp: Nov 22 10:00:00 2026 GMT" in printed
    assert "Accuracy: 0x01 seconds" in printed
    assert "Ordering: no" in printed


def test_openssl_refuses_the_answer_for_other_data(
    authority: BuiltInAuthority, openssl: Program, tmp_path: Path
) -> None:
    (tmp_path / "r.tsr").write_bytes(authority.answer(request(DIGEST, 5)))
    (tmp_path / "other").write_bytes(b"other")
    result = openssl("ts", "-verify", "-in", "r.tsr", "-data", "other", "-CAfile", "root.pem", "-attime", AT)
    assert result.returncode != 0
    assert "message imprint mismatch" in result.stderr


def test_a_token_straight_from_the_key_is_accepted_too(
    authority: BuiltInAuthority, openssl: Program, tmp_path: Path
) -> None:
    (tmp_path / "t.der").write_bytes(authority.token(DIGEST))
    result = openssl(
        *("ts", "-verify", "-token_in", "-in", "t.der", "-data", "data", "-CAfile", "root.pem", "-attime", AT)
    )
    assert "Verification: OK" in result.stdout, result.stderr


def test_without_certreq_there_are_no_certificates(
    authority: BuiltInAuthority, openssl: Program, tmp_path: Path
) -> None:
    openssl("ts", "-query", "-data", "data", "-sha256", "-out", "q.tsq")
    response = authority.answer((tmp_path / "q.tsq").read_bytes())
    token = tsp.TimeStampResp.load(response)["time_stamp_token"]
    assert not token["content"]["certificates"]
    (tmp_path / "r.tsr").write_bytes(response)
    (tmp_path / "tsa.pem").write_bytes(pem_of(authority))
    result = openssl(
        *("ts", "-verify", "-in", "r.tsr", "-queryfile", "q.tsq", "-CAfile", "root.pem"),
        *("-untrusted", "tsa.pem", "-attime", AT),
    )
    assert "Verification: OK" in result.stdout, result.stderr


def pem_of(authority: BuiltInAuthority) -> bytes:
    return pem(authority.certificate_der)


def test_pyhanko_accepts_the_answer(authority: BuiltInAuthority) -> None:
    response = tsp.TimeStampResp.load(authority.answer(request(DIGEST, 77)))
    assert isinstance(handle_tsp_response(response, 77), cms.ContentInfo)


def test_nonce_and_serial(authority: BuiltInAuthority) -> None:
    infos = [info_of(authority.answer(request(DIGEST, nonce))) for nonce in (0, 1, 2**64 - 1, 2**300)]
    assert [info["nonce"].native for info in infos] == [0, 1, 2**64 - 1, 2**300]
    serials = {info_of(authority.answer(request(DIGEST, 1)))["serial_number"].native for _ in range(50)}
    assert len(serials) == 50
    assert all(0 <= serial < 2**127 for serial in serials)


def test_milliseconds_are_written_without_trailing_zeros(keyring: Keyring, keyring_folder: Path) -> None:
    for microseconds, ending in ((0, b"20261122100000Z"), (123_999, b"00.123Z"), (500_000, b"00.5Z"), (999, b"00Z")):
        moment = NOW + timedelta(microseconds=microseconds)
        authority = at(keyring, moment)
        assert ending in authority.token(DIGEST)


def at(keyring: Keyring, moment: datetime) -> BuiltInAuthority:
    """An authority with the same certificate at another time (its key need not fit to read the time)."""
    return BuiltInAuthority(
        ec.generate_private_key(ec.SECP256R1()),
        keyring.timestamp_authority.certificate_der,
        (),
        clock=lambda: moment,
    )


def rejection(authority: BuiltInAuthority, request_der: bytes) -> tuple[set[str], str]:
    answer = authority.answer(request_der)
    status = Response.load(answer)["status"]
    assert status["status"].native == "rejection"
    assert len(answer) < 200
    return set(status["fail_info"].native), status["status_string"][0].native


def built(**changes: object) -> bytes:
    whole = {
        "version": 1,
        "message_imprint": {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": DIGEST},
        "nonce": 3,
        "cert_req": True,
        **changes,
    }
    return bytes(tsp.TimeStampReq(whole).dump())


def test_bad_requests_are_rejected_with_the_reason_of_the_rfc(authority: BuiltInAuthority) -> None:
    sha1 = {"hash_algorithm": {"algorithm": "sha1"}, "hashed_message": DIGEST[:20]}
    short = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": DIGEST[:31]}
    extension = [{"extn_id": "1.2.3.4", "critical": False, "extn_value": b""}]
    cases = {
        built(message_imprint=sha1): "bad_alg",
        built(message_imprint=short): "bad_data_format",
        built(version=2): "bad_request",
        built(req_policy="1.2.3.4"): "unaccepted_policy",
        built(extensions=extension): "unaccepted_extensions",
        built(nonce=2**600): "bad_request",
        built() + b"\0": "bad_data_format",
        built()[:-1]: "bad_data_format",
        b"": "bad_data_format",
        b"garbage": "bad_data_format",
        b"\x30" * (MAXIMUM_REQUEST_BYTES + 1): "bad_data_format",
    }
    for request_der, expected in cases.items():
        failures, words = rejection(authority, request_der)
        assert failures == {expected}
        assert words
    assert info_of(authority.answer(built(req_policy=TIMESTAMP_POLICY)))


def test_openssl_reads_a_rejection(authority: BuiltInAuthority, openssl: Program, tmp_path: Path) -> None:
    (tmp_path / "r.tsr").write_bytes(authority.answer(b"garbage"))
    printed = openssl("ts", "-reply", "-in", "r.tsr", "-text").stdout
    assert "Status: Rejected." in printed
    assert "the data submitted has the wrong format" in printed


@given(st.binary(max_size=200))
def test_nothing_a_stranger_sends_raises(junk: bytes) -> None:
    assert AUTHORITY.answer(junk).startswith(b"\x30")
    assert AUTHORITY.answer(built()[:20] + junk).startswith(b"\x30")


@pytest.fixture(autouse=True, scope="module")
def _authority_for_hypothesis(keyring: Keyring) -> None:
    global AUTHORITY
    AUTHORITY = keyring.timestamp_authority


AUTHORITY: BuiltInAuthority


@pytest.mark.parametrize("days", [-2, 6 * 365])
def test_no_token_when_its_certificate_is_not_valid(keyring: Keyring, days: int) -> None:
    authority = at(keyring, NOW + timedelta(days=days))
    assert rejection(authority, built())[0] == {"time_not_available"}
    with pytest.raises(TimestampUnavailable, match="not valid"):
        authority.token(DIGEST)


def test_only_a_sha256_digest_is_stamped_in_process(keyring: Keyring) -> None:
    with pytest.raises(TimestampUnavailable):
        keyring.timestamp_source.token(b"short")
