"""Versions: frozen, the same bytes everywhere, read back exactly or not at all."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from agreements.canonical import canonical_bytes
from agreements.errors import NotAVersion, ValueMissing
from agreements.fields import validate
from agreements.templates import load
from agreements.versions import compose, from_canonical
from tests.agreements.cases import (
    CHENGDU,
    SMALL_EN,
    SMALL_TEMPLATE,
    SMALL_ZH,
    THREE,
    TODAY,
    parties,
    raw,
    version,
    write_small,
)

ROOT = Path(__file__).parents[2]
HASH_ELSEWHERE = """
from tests.agreements.cases import version
print(version({name!r}).sha256)
"""


@pytest.mark.parametrize("name", [CHENGDU, THREE])
def test_the_round_trip_is_exact(name: str) -> None:
    found = version(name)
    again = from_canonical(found.canonical)
    assert again == found
    assert (again.canonical, again.sha256) == (found.canonical, found.sha256)


@pytest.mark.parametrize("seed", ["0", "4711"])
def test_another_process_gives_the_same_hash(seed: str) -> None:
    found = subprocess.run(
        [sys.executable, "-c", HASH_ELSEWHERE.format(name=CHENGDU)],
        cwd=ROOT,
        env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT), "TZ": "Pacific/Auckland", "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == version().sha256


def test_one_changed_word_is_another_identity() -> None:
    assert version(copies=1).sha256 != version(copies=2).sha256
    changed = raw()["place"] | {"en": "Chengdu "}
    assert version(place=changed).sha256 == version().sha256  # the blank at the end is not content


def test_the_canonical_form_is_canonical_json() -> None:
    found = version()
    assert canonical_bytes(json.loads(found.canonical)) == found.canonical
    assert json.loads(found.canonical)["format"] == "agreement-version/1"


def test_it_carries_what_was_agreed_in_words_and_as_data() -> None:
    found = version()
    shown = {one.path: one for one in found.shown}
    assert shown["term"].text == {
        "zh-Hans": "36个月",
        "en": "36 months",
        "de": "36\u00a0Monate",
        "fi": "36\u00a0kuukautta",
    }
    assert shown["term"].label == {"zh-Hans": "有效期", "en": "Term", "de": "Laufzeit", "fi": "Voimassaoloaika"}
    assert shown["parties.0.legal_name"].label["en"] == "Party 1 · Legal name"
    assert found.prevailing == "zh-Hans"
    assert found.values["term"] == {"count": 36, "unit": "months"}


def test_signature_blocks_are_one_per_representative() -> None:
    assert [(one.id, one.field_name) for one in version().signature_blocks] == [
        ("party_a_1", "Signatory_party_a_1"),
        ("party_b_1", "Signatory_party_b_1"),
    ]
    three = version(THREE).signature_blocks
    assert [one.id for one in three] == ["party_a_1", "party_b_1", "party_b_2", "party_c_1"]
    assert [one.joint_group for one in three] == [None, "A", "A", None]
    assert three[3].person_name == "Aino Virtanen"
    assert three[3].place == {"zh-Hans": "赫尔辛基", "en": "Helsinki", "de": "Helsinki", "fi": "Helsinki"}


def test_a_text_that_lacks_a_value_stops_the_version(tmp_path: Path) -> None:
    package = write_small(
        tmp_path,
        en=SMALL_EN.replace("[when paid]\n", "[when not paid]\n"),
        zh=SMALL_ZH.replace("[when paid]", "[when not paid]"),
    )
    values = {
        "agreement_no": "1",
        "parties": parties(),
        "fee": {"amount": "100000.00", "currency": "CNY"},
        "paid": False,
    }
    with pytest.raises(ValueMissing) as missing:
        compose(load(package), values)
    assert missing.value.params == {"clause": "fee", "path": "paid_on"}


def test_money_in_a_clause(tmp_path: Path) -> None:
    values = {
        "agreement_no": "1",
        "parties": parties(),
        "fee": {"amount": "100000.00", "currency": "CNY"},
        "paid": True,
        "paid_on": "2026-11-22",
    }
    (clause,) = compose(load(write_small(tmp_path)), values).clauses
    assert [one["zh-Hans"] for one in clause.paragraphs] == [
        "费用为人民币壹拾万元整（¥100,000.00）。",
        "已于2026年11月22日付清。",
    ]
    assert [one["en"] for one in clause.paragraphs] == [
        "The fee is CNY 100,000.00 (one hundred thousand yuan).",
        "It was paid on 22 November 2026.",
    ]


def damaged() -> dict[str, bytes]:
    good = version().canonical
    data = json.loads(good)
    return {
        "empty": b"",
        "not json": b"%PDF-1.7",
        "list": b"[]",
        "another format": canonical_bytes({**data, "format": "agreement-version/2"}),
        "a key less": canonical_bytes({key: value for key, value in data.items() if key != "clauses"}),
        "a key more": canonical_bytes({**data, "extra": 1}),
        "an inner key more": canonical_bytes({**data, "clauses": [{**data["clauses"][0], "x": 1}]}),
        "other spacing": json.dumps(data).encode(),
        "trailing line": good + b"\n",
        "other encoding": good.decode().encode("utf-16"),
        "a clause as text": canonical_bytes({**data, "clauses": ["x"]}),
        "nested without end": b"[" * 100_000,
    }


@pytest.mark.parametrize("name", sorted(damaged()))
def test_anything_else_is_not_a_version(name: str) -> None:
    with pytest.raises(NotAVersion) as refused:
        from_canonical(damaged()[name])
    assert refused.value.code == "version.unreadable"


def in_german(value: object) -> object:
    """The same values with their Chinese texts under German."""
    if isinstance(value, dict):
        return {"de" if key == "zh-Hans" else key: in_german(inner) for key, inner in value.items()}
    return [in_german(one) for one in value] if isinstance(value, list) else value


def test_another_pair_of_languages(tmp_path: Path) -> None:
    package = write_small(tmp_path, template=SMALL_TEMPLATE.replace("zh-Hans", "de"), zh=None)
    (package / "clauses" / "fee.de.md").write_text(
        "# Gebühr\n\nDie Gebühr beträgt {{fee|full}}.\n\n[when paid]\nGezahlt am {{paid_on}}.\n[end]\n", "utf-8"
    )
    template = load(package)
    values = {
        "agreement_no": "1",
        "parties": in_german(parties()),
        "fee": {"amount": "100,000", "currency": "EUR"},
        "paid": "yes",
        "paid_on": "2026-11-22",
    }
    found = compose(template, validate(template, values, TODAY))
    assert [one["de"] for one in found.clauses[0].paragraphs] == [
        "Die Gebühr beträgt 100.000,00\u00a0EUR.",
        "Gezahlt am 22. November 2026.",
    ]
    assert [block.role["de"] for block in found.signature_blocks] == ["Partei A", "Partei B"]
    assert from_canonical(found.canonical) == found
