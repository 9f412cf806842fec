"""Attack: a template package through the upload page: harmful zip files and texts, and ways round the second person.

What a zip file can be made to do is in tests/agreements/test_package_zip.py, what a package can say in
test_hostile_template.py; here both come as an upload, and whatever they try, nothing is stored and the place is named.
"""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from signing_service.db.models.agreements import AgreementVersion
from signing_service.db.models.documents import DocumentRevision
from signing_service.db.models.files import StoredFile
from signing_service.operations import templates
from tests.agreements.cases import SMALL_EN, SMALL_TEMPLATE
from tests.attacks.test_hostile_template import BOMBS
from tests.attacks.unchanged import nothing_changes
from tests.attacks.visitor import Visitor, Web, page, words
from tests.factories import packages
from tests.factories.case import Case
from tests.factories.databases import Postgres
from tests.factories.packages import small, zipped

REFUSED = ("access.refused",)


@pytest.fixture
def server() -> Postgres | None:
    """What an upload holds is not a matter of the database: SQLite is enough here."""
    return None


@pytest.fixture
def web(staffed: Case) -> Web:
    return Web(staffed)


def upload(visitor: Visitor, data: bytes, name: str = "small.zip") -> Any:
    return visitor.send("/templates", {"file": (io.BytesIO(data), name)}, content_type="multipart/form-data")


def added(web: Web, files: packages.Files) -> str:
    """An upload of Katja's that was examined before the attack."""
    return templates.add(web.case.services, web.case.staff["legal_review"], packages.read(files), 1)


def in_template(old: str, new: str) -> str:
    assert old in SMALL_TEMPLATE
    return SMALL_TEMPLATE.replace(old, new)


def linked() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for path, text in small().items():
            info = zipfile.ZipInfo(path)
            info.external_attr = (stat.S_IFLNK if path.endswith("en.md") else stat.S_IFREG) << 16
            archive.writestr(info, "/etc/passwd" if path.endswith("en.md") else text)
    return data.getvalue()


def declared(offset: int, field: bytes) -> bytes:
    """The small package whose directory says something else of its English text."""
    data = zipped(small())
    at = data.rindex(b"clauses/fee.en.md") - 46 + offset
    return data[:at] + field + data[at + len(field) :]


def twice() -> bytes:
    return zipped({**small(), "clauses/fee.eN.md": "# Other\n\nOther.\n"}).replace(b"fee.eN.md", b"fee.en.md")


INJECTED = "__import__('os').system('touch owned')"
HARMFUL: dict[str, tuple[Callable[[], bytes], str]] = {
    "zip slip": (lambda: zipped({**small(), "../../x.en.md": "x"}), "../../x.en.md The name of a file in a package is"),
    "a link": (linked, "clauses/fee.en.md Links and special files are refused."),
    "a zip bomb": (lambda: zipped(small(en="a" * 200_000)), "clauses/fee.en.md The file is packed more than 100 times"),
    "a declared gigabyte": (
        lambda: declared(24, struct.pack("<I", 1 << 30)),
        "clauses/fee.en.md The file is larger than 262144 bytes.",
    ),
    "one name twice": (twice, "clauses/fee.en.md The file is there twice."),
    "an encrypted entry": (
        lambda: declared(8, struct.pack("<H", 1)),
        "clauses/fee.en.md Encrypted files are refused.",
    ),
    "ten megabytes": (lambda: b"PK\3\4" + b"x" * 10_000_000, "The zip file is larger than 2097152 bytes."),
    "no zip file": (lambda: b"%PDF-1.7", "This is not a zip file that can be read."),
    "a YAML bomb": (
        lambda: zipped(small(template=SMALL_TEMPLATE + BOMBS["aliases"][0])),
        "template.yaml, line 27 Anchors and aliases are refused.",
    ),
    "an injected expression": (
        lambda: zipped(small(template=in_template("when: paid,", f'when: "{INJECTED}",'))),
        "template.yaml, line 22, variables[4].when “" + INJECTED,
    ),
    "a path as an id": (
        lambda: zipped(small(template=in_template("{id: fee, binding", '{id: "../../fee", binding'))),
        "template.yaml, line 24, clauses[0].id An id is small letters, digits and _.",
    ),
    "an unknown type": (
        lambda: zipped(small(template=in_template("type: money", "type: python"))),
        "template.yaml, line 20, variables[2].type “python” is not one of: text,",
    ),
    "a missing language": (
        lambda: zipped({path: text for path, text in small().items() if not path.endswith("en.md")}),
        "clauses/fee.en.md The text of the clause in this language is missing.",
    ),
    "markup": (
        lambda: zipped(small(en=SMALL_EN.replace("The fee", "The <script>alert(1)</script> fee"))),
        "clauses/fee.en.md, line 3 “<” is not used in clause texts",
    ),
    "a name that writes on the screen": (
        lambda: zipped({**small(), "clauses/\x1b[2J\u202e<b>.md": "x"}),
        "clauses/\\u001b[2J\\u202e<b>.md A package holds template.yaml",
    ),
}


@pytest.mark.parametrize("harmful", HARMFUL)
def test_a_harmful_package_is_refused_with_its_place(web: Web, harmful: str) -> None:
    make, expected = HARMFUL[harmful]
    legal = web.staff("legal")
    with nothing_changes(web.case.services):
        answer = upload(legal, make(), "<script>alert(2)</script>.zip")
        assert expected in page(answer, 422)
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize("who", ["management", "host", "auditor"])
def test_who_has_no_business_with_templates(web: Web, who: str) -> None:
    sha256 = added(web, small())
    person = web.staff(who)
    with nothing_changes(web.case.services, REFUSED * 4):
        page(upload(person, zipped(small("2.0.0"))), 403, "service.not_permitted")
        for act in ("publish", "reject", "retire"):
            form = {"template_sha256": sha256, "compared_with": "", "reason": "no"}
            page(person.send(f"/templates/{sha256}/{act}", form), 403, "service.not_permitted")
    if who == "host":
        page(person.open("/templates"), 403, "service.not_permitted")
    else:
        assert person.open("/templates").status_code == 200
        assert 'type="file"' not in person.open("/templates").text


def test_a_stranger_sees_no_template(web: Web) -> None:
    sha256 = added(web, small())
    for path in ("", f"/{sha256}", f"/{sha256}/changes", f"/{sha256}/package.zip", f"/{sha256}/samples/one"):
        page(web.stranger().open(f"/templates{path}"), 401)


def test_nobody_publishes_the_own_upload(web: Web) -> None:
    sha256 = added(web, small())
    katja = web.staff("legal_review")
    with nothing_changes(web.case.services, REFUSED):
        form = {"template_sha256": sha256, "compared_with": ""}
        said = page(katja.send(f"/templates/{sha256}/publish", form), 403, "template.own_upload")
    assert "Four eyes are needed" in said


def test_an_upload_of_the_same_bytes_does_not_change_whose_it_is(web: Web) -> None:
    """Uploading somebody else's package again neither takes it over nor makes its author the second person."""
    sha256 = added(web, small())
    with nothing_changes(web.case.services):
        templates.add(web.case.services, web.case.staff["legal"], packages.read(small()), 1)
    katja = web.staff("legal_review")
    with nothing_changes(web.case.services, REFUSED):
        page(katja.send(f"/templates/{sha256}/publish", {"template_sha256": sha256}), 403, "template.own_upload")


def test_publishing_another_package_than_was_seen(web: Web) -> None:
    first, second = added(web, small()), added(web, packages.small_reworded("1.1.0"))
    shen = web.staff("legal")
    for shown, compared_with in ((second, ""), ("", ""), (first, second), (first.upper(), "")):
        form = {"template_sha256": shown, "compared_with": compared_with}
        with nothing_changes(web.case.services, REFUSED):
            page(shen.send(f"/templates/{first}/publish", form), 409, "service.changed_meanwhile")


def test_a_hash_of_something_else_is_no_template(at_stage: Callable[[str], Case]) -> None:
    """Packages, their files, versions and PDFs are stored side by side: only a package is one."""
    web = Web(at_stage("frozen"))
    sha256 = added(web, small())
    with web.case.services.db.read() as session:
        foreign = [
            *session.scalars(select(DocumentRevision.sha256)),
            *session.scalars(select(AgreementVersion.sha256)),
            *session.scalars(select(StoredFile.sha256).where(StoredFile.media_type == "text/plain").limit(3)),
            *session.scalars(select(StoredFile.sha256).where(StoredFile.sha256 != sha256).limit(0)),
        ]
    assert len(foreign) >= 6
    shen = web.staff("legal")
    with nothing_changes(web.case.services, REFUSED * (2 * len(foreign))):
        for other in foreign:
            for path in (f"/templates/{other}", f"/templates/{other}/package.zip", f"/templates/{other}/changes"):
                page(shen.open(path), 404, "service.not_found")
            form = {"template_sha256": other, "compared_with": ""}
            page(shen.send(f"/templates/{other}/publish", form), 404, "service.not_found")
            page(shen.send("/agreements/new", {"template_id": other}), 404, "service.not_found")


def test_a_template_that_is_not_published_begins_nothing(web: Web) -> None:
    sha256 = added(web, small())
    shen = web.staff("legal")
    with nothing_changes(web.case.services, REFUSED):
        page(shen.send("/agreements/new", {"template_id": "small", "template_sha256": sha256}), 404)
    assert "Small agreement" not in words(shen.open("/agreements/new"))


@pytest.mark.parametrize("sample", ["two", "../one", "one.yaml", "%2e%2e", "ä"])
def test_a_sample_that_is_not_there(web: Web, sample: str) -> None:
    sha256 = added(web, small())
    shen = web.staff("legal")
    assert shen.open(f"/templates/{sha256}/samples/{sample}").status_code == 404
    assert shen.open(f"/templates/{sha256}/samples/{sample}/agreement.pdf").status_code == 404


def test_words_of_a_template_do_nothing_on_its_pages(web: Web) -> None:
    harmful = "<script>alert(1)</script> {{1+1}}"
    title = f"zh-Hans: '{harmful}', en: '{harmful}'"
    template = in_template("zh-Hans: 小协议, en: Small agreement", title).replace("en: Fee}", f"en: '{harmful}'}}")
    sha256 = added(web, small(template=template))
    shen = web.staff("legal")
    for path in ("", f"/{sha256}", f"/{sha256}/changes", f"/{sha256}/samples/one"):
        answer = shen.open(f"/templates{path}")
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text
        assert "{{1+1}}" in answer.text or path.endswith("one")
