"""The shipped template with its samples, and small packages written to a folder."""

from __future__ import annotations

import copy
import shutil
from datetime import date
from pathlib import Path
from typing import Any

from agreements.drafts import flat, parse_form
from agreements.fields import validate
from agreements.templates import LIBRARY, Template, in_languages, library
from agreements.versions import Version, compose

TODAY = date(2026, 11, 22)
CHENGDU = "chengdu_2020"
THREE = "three_parties"

SMALL_TEMPLATE = """\
id: small
version: "1.0.0"
languages: [zh-Hans, en]
title: {zh-Hans: 小协议, en: Small agreement}
notice: {zh-Hans: 仅供测试。, en: For tests.}
parties: parties
binding_default: yes
signature_blocks: [name, date]
groups:
  - {id: all, title: {zh-Hans: 全部, en: Everything}}
variables:
  - {name: agreement_no, type: text, group: all, label: {zh-Hans: 编号, en: Number}}
  - name: parties
    type: list
    group: all
    least: 2
    most: 2
    label: {zh-Hans: 当事方, en: Party}
    item: {type: party}
  - {name: fee, type: money, group: all, currencies: [CNY, EUR], label: {zh-Hans: 费用, en: Fee}}
  - {name: paid, type: yes_no, group: all, default: no, label: {zh-Hans: 已付, en: Paid}}
  - {name: paid_on, type: date, group: all, when: paid, label: {zh-Hans: 付款日, en: Paid on}}
clauses:
  - {id: fee, binding: yes}
approval_route:
  - {id: legal, name: {zh-Hans: 法务, en: Legal}, role: legal, mode: all}
"""
SMALL_ZH = "# 费用\n\n费用为{{fee|full}}。\n\n[when paid]\n已于{{paid_on}}付清。\n[end]\n"
SMALL_EN = "# Fee\n\nThe fee is {{fee|full}}.\n\n[when paid]\nIt was paid on {{paid_on}}.\n[end]\n"


def strategic() -> Template:
    """The shipped strategic cooperation agreement."""
    return library()["strategic_cooperation"]


def in_two(template_id: str) -> Template:
    """A shipped template as an agreement without reference texts uses it."""
    template = library()[template_id]
    return in_languages(template, template.languages[:2])


def filled_in(template: Template) -> list[dict[str, Any]]:
    """The samples of a template as forms, in the languages it has."""
    return [parse_form(template, flat(one)) for one in template.samples.values()]


def raw(name: str = CHENGDU) -> dict[str, Any]:
    """A sample's values as a drafter filled them in; a copy to change."""
    return copy.deepcopy(dict(strategic().samples[name]))


def parties() -> list[dict[str, Any]]:
    """The parties of the shipped case as an agreement in Chinese and English asks for them."""
    found: list[dict[str, Any]] = _in_two_languages(raw()["parties"])
    return found


def _in_two_languages(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _in_two_languages(part) for key, part in value.items() if key not in ("de", "fi")}
    return [_in_two_languages(one) for one in value] if isinstance(value, list) else value


def version(name: str = CHENGDU, **changes: Any) -> Version:
    """A sample composed, with some top-level values replaced."""
    return compose(strategic(), validate(strategic(), raw(name) | changes, TODAY))


def write_small(folder: Path, **files: str | None) -> Path:
    """Write the small package; `template`, `zh`, `en` replace its files, None leaves one out."""
    package = folder / "small"
    (package / "clauses").mkdir(parents=True)
    texts = {"template": SMALL_TEMPLATE, "zh": SMALL_ZH, "en": SMALL_EN} | files
    paths = {"template": "template.yaml", "zh": "clauses/fee.zh-Hans.md", "en": "clauses/fee.en.md"}
    for key, text in texts.items():
        if text is not None:
            (package / paths[key]).write_text(text, "utf-8")
    return package


def copy_strategic(folder: Path) -> Path:
    """A copy of the shipped package, to be damaged."""
    return Path(shutil.copytree(LIBRARY / "strategic_cooperation", folder / "strategic_cooperation"))
