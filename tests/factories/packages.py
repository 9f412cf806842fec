"""Template packages as people upload them: the small one of the tests as a zip file, and a shipped one changed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

import yaml

from agreements.package_files import Mistakes, package_of
from agreements.templates import Template, library
from agreements.templates import read as read_package
from tests.agreements.cases import SMALL_EN, SMALL_TEMPLATE, SMALL_ZH, parties

SMALL = "small"
SHIPPED = "mutual_nda"
VALUES = {"agreement_no": "X-1", "parties": parties(), "fee": {"amount": "5.00", "currency": "CNY"}}

Files = Mapping[str, bytes | str]


def small(version: str = "1.0.0", *, template: str = SMALL_TEMPLATE, en: str = SMALL_EN, zh: str = SMALL_ZH) -> Files:
    """The files of the small package with one sample, in that version."""
    return {
        "template.yaml": template.replace('version: "1.0.0"', f'version: "{version}"'),
        "clauses/fee.zh-Hans.md": zh,
        "clauses/fee.en.md": en,
        "samples/one.yaml": yaml.safe_dump(VALUES, allow_unicode=True),
    }


def small_reworded(version: str) -> Files:
    """The small package with another word in its English text, and no answer needed any more whether it was paid."""
    template = SMALL_TEMPLATE.replace("default: no, label", "required: no, default: no, label")
    return small(version, template=template, en=SMALL_EN.replace("The fee is", "The whole fee is"))


def shipped_continued(version: str) -> Files:
    """A template that came with the service, in a higher version with one more sentence in two languages."""
    template = library()[SHIPPED]
    files: dict[str, bytes | str] = dict(template.package.files)
    clause = template.clauses[1].id
    for lang in template.languages:
        path = f"clauses/{clause}.{lang}.md"
        more = "双方确认上述内容。" if lang == "zh-Hans" else "The Parties confirm what is said above."
        files[path] = files[path].decode("utf-8") + f"\n{more}\n"  # type: ignore[union-attr]  # a package holds bytes here
    text = template.package.texts["template.yaml"]
    files["template.yaml"] = text.replace(template.version, version, 1)
    return files


def read(files: Files) -> Template:
    """The template of these files, without examining its samples."""
    mistakes = Mistakes()
    data = {path: text.encode("utf-8") if isinstance(text, str) else text for path, text in files.items()}
    return read_package(package_of("a package", data, mistakes), mistakes)


def zipped(files: Files, folder: str = "") -> bytes:
    """The files as an ordinary program zips them, in a folder if one is named."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files.items():
            archive.writestr(f"{folder}{path}", data)
    return target.getvalue()
