"""The command line: exit codes, one JSON object or JSON Lines, the plain answer first, certificates to trust."""

import io
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console

from keys.trust.anchors import TrustAnchors
from signing_service.cli.trust import trust
from signing_service.verification.command import verify
from signing_service.verification.running import Output, Rules, exit_code, run, worst
from tests.keys.trust.lists import operator, service, trusted_list
from tests.signing_service.verification.documents import base_pdf
from tests.signing_service.verification.mutations import flip_byte, replace_page
from tests.signing_service.verification.pki import DER
from tests.signing_service.verification.worlds import SOON, agreement, judge, pki, with_store

AT = SOON.isoformat()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = {
        "good.pdf": with_store(),
        "agreement.pdf": agreement(),
        "broken.pdf": flip_byte(with_store()),
        "changed.pdf": replace_page(with_store()),
        "unsigned.pdf": base_pdf(),
        "noise.pdf": b"no pdf",
        "root.der": pki().root.public_bytes(DER),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    return tmp_path


def call(folder: Path, *names: str, options: tuple[str, ...] = ()):
    paths = [str(folder / name) for name in names]
    return CliRunner().invoke(verify, [*paths, "--trust", str(folder / "root.der"), "--at", AT, *options])


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("good.pdf", 0),
        ("agreement.pdf", 0),
        ("broken.pdf", 1),
        ("changed.pdf", 2),
        ("unsigned.pdf", 3),
        ("noise.pdf", 3),
    ],
)
def test_exit_codes(folder, name, code):
    assert call(folder, name).exit_code == code


def test_without_trust_nothing_passes(folder):
    result = CliRunner().invoke(verify, [str(folder / "good.pdf"), "--at", AT])
    assert result.exit_code == 2
    assert "NO_CERTIFICATE_CHAIN_FOUND" in result.stdout


def test_the_plain_answer_comes_first(folder):
    first = call(folder, "good.pdf").stdout.splitlines()[0]
    assert first.startswith("✓ Every signature in this document is valid")
    assert call(folder, "good.pdf", options=("--lang", "zh-Hans")).stdout.startswith("✓ 本文件的每个签名均有效")


def test_steps_on_request(folder):
    assert "Digest of the signed bytes" in call(folder, "good.pdf", options=("--steps",)).stdout
    assert "Digest of the signed bytes" not in call(folder, "good.pdf").stdout


def test_one_file_is_one_json_object(folder):
    report = json.loads(call(folder, "good.pdf", options=("--format", "json", "--offline")).stdout)
    assert report["schema"] == "signing-service/report/1"
    assert report["document"]["indication"] == "TOTAL_PASSED"


def test_several_files_are_json_lines_and_the_worst_counts(folder):
    result = call(folder, "good.pdf", "broken.pdf", "noise.pdf", options=("--format", "json"))
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [line["file"]["name"] for line in lines] == ["good.pdf", "broken.pdf", "noise.pdf"]
    assert result.exit_code == 1
    assert "1 passed" in result.stderr


def test_html_is_one_file(folder):
    page = call(folder, "agreement.pdf", options=("--format", "html")).stdout
    assert page.startswith("<!doctype html>")
    assert "<script" not in page


def test_etsi_is_xml(folder):
    assert "total-passed" in call(folder, "good.pdf", options=("--format", "etsi")).stdout


def test_wrong_use_is_explained(folder):
    """Its exit code is none of the verdicts."""
    assert CliRunner().invoke(verify, [str(folder / "absent.pdf")]).exit_code == 64
    assert CliRunner().invoke(verify, []).exit_code == 64
    bad = CliRunner().invoke(verify, [str(folder / "good.pdf"), "--trust", str(folder / "noise.pdf")])
    assert bad.exit_code == 64
    assert "neither PEM nor DER" in bad.stderr
    assert "2026-11-22T12:00:00Z" in CliRunner().invoke(verify, [str(folder / "good.pdf"), "--at", "noon"]).stderr


def test_run_is_a_plain_function(folder):
    written: list[str] = []
    rules = Rules(TrustAnchors.from_pem(folder / "root.der"), at=SOON)
    code = run([folder / "good.pdf"], rules, Output("json", write=written.append))
    assert code == 0
    assert json.loads(written[0])["file"]["name"] == "good.pdf"


def test_the_worst_code_of_several():
    assert worst([0, 2, 3]) == 3
    assert worst([0, 2, 1, 3]) == 1
    assert worst([]) == 0
    assert exit_code(judge(with_store())) == 0


def test_a_policy_is_named_and_decides(folder):
    assert call(folder, "good.pdf", options=("--policy", "strict")).exit_code == 0
    assert call(folder, "good.pdf", options=("--policy", "nobodys")).exit_code == 64
    report = json.loads(call(folder, "good.pdf", options=("--policy", "strict", "--format", "json")).stdout)
    assert report["policy"]["name"] == "strict"


def test_a_trusted_list_gives_anchors_and_qualification(folder):
    by = operator("Germany")
    (folder / "de.xml").write_bytes(trusted_list(service("CA/QC", pki().root, "2020-01-01T00:00:00Z"), by))
    (folder / "signer.der").write_bytes(by[1].public_bytes(DER))
    options = ["--trusted-list", str(folder / "de.xml"), "--at", AT, "--format", "json", "--list-signer"]
    given = CliRunner().invoke(verify, [str(folder / "good.pdf"), *options, str(folder / "signer.der")])
    assert given.exit_code == 0
    assert json.loads(given.stdout)["signatures"][0]["qualification"]["level"] == "not_qualified"
    wrong = CliRunner().invoke(verify, [str(folder / "good.pdf"), *options, str(folder / "root.der")])
    assert "not that of its operator" in wrong.stderr


def test_roots_added_with_a_note_are_trusted(folder):
    trusted = str(folder / "trust")
    given = [str(folder / "root.der"), "--note", "from the operator", "--folder", trusted]
    for purpose in ("signing", "timestamping"):
        assert CliRunner().invoke(trust, ["add", *given, "--for", purpose]).exit_code == 0
    assert "from the operator" in CliRunner().invoke(trust, ["list", "--folder", trusted]).stdout
    verified = CliRunner().invoke(verify, [str(folder / "good.pdf"), "--at", AT, "--trust-folder", trusted])
    assert verified.exit_code == 0


def replayed(folder: Path, *options: str):
    return CliRunner().invoke(verify, [*options, "--format", "json", "--replay", str(folder / "report.json")])


def test_a_report_is_judged_again_without_its_file(folder):
    first = call(folder, "good.pdf", options=("--format", "json"))
    (folder / "report.json").write_text(first.stdout)
    (folder / "good.pdf").rename(folder / "elsewhere.pdf")
    again = replayed(folder)
    assert again.exit_code == 0
    told = json.loads(again.stdout)
    assert told["document"] == json.loads(first.stdout)["document"]
    assert "document.replayed" in {one["code"] for one in told["findings"]}
    late = replayed(folder, "--at", "2050-01-01T00:00:00Z", "--policy", "strict")
    assert late.exit_code == 2
    assert json.loads(late.stdout)["policy"]["name"] == "strict"
    with_file = replayed(folder, str(folder / "elsewhere.pdf"))
    assert with_file.exit_code == 0
    assert "document.replayed" not in with_file.stdout


def test_many_reports_of_one_run_are_judged_again(folder):
    first = call(folder, "good.pdf", "broken.pdf", "noise.pdf", options=("--format", "json"))
    (folder / "report.json").write_text(first.stdout)
    again = replayed(folder, str(folder / "noise.pdf"))  # what could not be read needs the file
    assert [json.loads(line)["file"]["name"] for line in again.stdout.splitlines()] == [
        "good.pdf",
        "broken.pdf",
        "noise.pdf",
    ]
    assert again.exit_code == 1
    assert "1 passed" in again.stderr


def test_what_cannot_be_judged_again_is_explained(folder):
    for name in ("good.pdf", "noise.pdf"):
        (folder / "report.json").write_text(call(folder, name, options=("--format", "json")).stdout)
        other = replayed(folder, str(folder / "agreement.pdf"))
        assert other.exit_code == 64
        assert "no report is about the file" in other.stderr
    assert "needs the file" in replayed(folder).stderr
    assert replayed(folder, "--online").exit_code == 64
    (folder / "report.json").write_text("{}")
    assert "no report of this program" in replayed(folder).stderr


def test_one_report_for_each_file_in_a_folder(folder):
    (folder / "out").mkdir()
    several = ("good.pdf", "broken.pdf", "good.pdf")
    assert call(folder, *several, options=("--format", "html")).exit_code == 64
    written = call(folder, *several, options=("--format", "html", "--out", str(folder / "out")))
    assert written.exit_code == 1
    assert written.stdout == ""
    names = {path.name for path in (folder / "out").iterdir()}
    assert names == {"good.pdf.report.html", "broken.pdf.report.html", "good.pdf-2.report.html"}


def test_the_html_needs_no_server_and_nothing_else(folder):
    page = call(folder, "changed.pdf", options=("--format", "html")).stdout
    assert not re.findall(r"""(?:src|href)=["']?(?!#)|url\(|@import|<link""", page)


def test_a_bar_of_progress_and_a_summary_for_many(folder):
    seen = io.StringIO()
    console = Console(file=seen, force_terminal=True, width=80)
    rules = Rules(TrustAnchors.from_pem(folder / "root.der"), at=SOON)
    paths = [folder / name for name in ("good.pdf", "broken.pdf", "changed.pdf", "noise.pdf")]
    written: list[str] = []
    assert run(paths, rules, Output("json", write=written.append, console=console)) == 1
    assert "100%" in seen.getvalue()
    assert "4: 1 passed · 1 failed · 1 indeterminate · 1 not readable" in re.sub(
        r"\x1b\[[0-9;?]*\w", "", seen.getvalue()
    )
    assert len(written) == 4


def test_online_is_off_unless_asked_for(folder, monkeypatch):
    wanted: list[str] = []
    monkeypatch.setattr("keys.trust.fetching.Fetcher._exchange", lambda *rest: wanted.append(str(rest)))
    call(folder, "changed.pdf")
    assert CliRunner().invoke(verify, [str(folder / "good.pdf"), "--offline"]).exit_code == 2
    assert wanted == []
