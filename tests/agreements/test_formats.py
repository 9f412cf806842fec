"""How values are written in each language."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from agreements.errors import FormatUnavailable
from agreements.formats import write
from agreements.party_fields import ADDRESS_FIELDS, IDENTIFIER, PERSON_FIELDS
from agreements.variables import Choice, Variable

LANGUAGES = ("zh-Hans", "en", "de", "fi")


def variable(kind: str, **more: Any) -> Variable:
    return Variable("x", kind, {"en": "X"}, **more)


def test_dates() -> None:
    assert [write(date(2026, 11, 22), variable("date"), lang) for lang in LANGUAGES] == [
        "2026年11月22日",
        "22 November 2026",
        "22. November 2026",
        "22. marraskuuta 2026",
    ]


def test_numbers() -> None:
    number = variable("number")
    assert [write(1234567, number, lang) for lang in LANGUAGES] == [
        "1,234,567",
        "1,234,567",
        "1.234.567",
        "1\u00a0234\u00a0567",
    ]
    assert write(Decimal("1234.50"), number, "de") == "1.234,50"
    assert write(36, number, "zh-Hans", "words") == "三十六"
    assert write(36, number, "en", "full") == "thirty-six (36)"
    assert write(2, number, "zh-Hans", "full") == "两（2）"
    assert [write(n, number, "en", "times") for n in (1, 2, 3)] == ["once", "twice", "three times"]
    assert [write(n, number, "zh-Hans", "times") for n in (1, 2)] == ["一次", "两次"]
    assert [write(11, number, lang, "month") for lang in LANGUAGES] == ["11月", "November", "November", "marraskuu"]


@pytest.mark.parametrize(("value", "lang"), [(36, "de"), (Decimal("1.5"), "en"), (-1, "zh-Hans")])
def test_no_words_are_made_up(value: Any, lang: str) -> None:
    with pytest.raises(FormatUnavailable):
        write(value, variable("number"), lang, "words")


def test_lists_are_joined_as_the_language_does() -> None:
    names = variable("list", item=variable("text"))
    assert [write(["甲", "乙", "丙"], names, lang) for lang in LANGUAGES] == [
        "甲、乙和丙",
        "甲, 乙 and 丙",
        "甲, 乙 und 丙",
        "甲, 乙 ja 丙",
    ]
    assert write(["甲"], names, "zh-Hans") == "甲"


def test_choices_say_their_text_in_clauses_and_their_label_in_tables() -> None:
    choices = (Choice("cn", {"en": "China"}, {"en": "the laws of China"}),)
    law = variable("choice", choices=choices)
    assert (write("cn", law, "en"), write("cn", law, "en", "label")) == ("the laws of China", "China")


def test_yes_and_no() -> None:
    assert [write(True, variable("yes_no"), lang) for lang in LANGUAGES] == ["是", "yes", "ja", "kyllä"]


def test_people_have_their_own_script_in_chinese_only() -> None:
    lin = {"name": "林知远", "name_latin": "Lin Zhiyuan", "title": {"zh-Hans": "主任", "en": "Director"}}
    person = variable("person", fields=PERSON_FIELDS)
    assert [write(lin, person, lang, "titled") for lang in ("zh-Hans", "en")] == [
        "林知远（主任）",
        "Lin Zhiyuan (Director)",
    ]
    assert write({"name": "Aino Virtanen"}, person, "zh-Hans", "titled") == "Aino Virtanen"
    full = write({**lin, "email": "lin@centre.example", "phone": "+86 28 5550 0117"}, person, "zh-Hans", "full")
    assert full == "林知远，主任，lin@centre.example，+86 28 5550 0117"


def test_addresses_follow_the_habit_of_the_country() -> None:
    address = variable("address", fields=ADDRESS_FIELDS)
    hamburg = {
        "street": {"zh-Hans": "样例路 5 号", "en": "Musterweg 5"},
        "city": {"zh-Hans": "汉堡", "en": "Hamburg"},
        "postal_code": "20095",
        "country": "DE",
    }
    assert write(hamburg, address, "en") == "Musterweg 5, 20095 Hamburg, Germany"
    assert write(hamburg, address, "zh-Hans") == "德国汉堡样例路 5 号（邮政编码：20095）"
    chengdu = {**hamburg, "country": "CN", "city": {"zh-Hans": "成都市", "en": "Chengdu"}}
    assert write(chengdu, address, "en") == "Musterweg 5, Chengdu 20095, China"


def test_identifiers_say_their_kind() -> None:
    code = {"scheme": "uscc", "value": "91110000600037341L"}
    assert write(code, IDENTIFIER, "zh-Hans") == "统一社会信用代码：91110000600037341L"
    assert write(code, IDENTIFIER, "en") == "Unified Social Credit Code: 91110000600037341L"
    assert write(code, IDENTIFIER, "en", "value") == "91110000600037341L"


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(FormatUnavailable):
        write(date(2026, 11, 22), variable("date"), "en", "roman")
