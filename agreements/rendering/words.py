"""The fixed words of the PDF per language: the labels around the agreed text.

They belong to the document, not to the reader's interface, so they are data here and not translations of messages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "number": {"zh": "编号", "en": "No.", "de": "Nr.", "fi": "Nro"},
    "version": {"zh": "版本", "en": "Version", "de": "Fassung", "fi": "Versio"},
    "amends": {
        "zh": "修订{date}签署完成的第{number}号协议",
        "en": "Amends agreement No. {number} of {date}",
        "de": "Ändert den Vertrag Nr. {number} vom {date}",
        "fi": "Muuttaa sopimusta nro {number}, {date}",
    },
    "supersedes": {
        "zh": "取代{date}签署完成的第{number}号协议",
        "en": "Replaces agreement No. {number} of {date}",
        "de": "Ersetzt den Vertrag Nr. {number} vom {date}",
        "fi": "Korvaa sopimuksen nro {number}, {date}",
    },
    "place": {"zh": "签署地", "en": "Place", "de": "Ort", "fi": "Paikka"},
    "date": {"zh": "日期", "en": "Date", "de": "Datum", "fi": "Päiväys"},
    "name": {"zh": "姓名", "en": "Name", "de": "Name", "fi": "Nimi"},
    "title": {"zh": "职务", "en": "Title", "de": "Funktion", "fi": "Asema"},
    "seal": {"zh": "签字盖章处", "en": "Signature and seal", "de": "Unterschrift und Siegel", "fi": "Allekirjoitus"},
    "signature_page": {
        "zh": "签署页",
        "en": "Signature page",
        "de": "Unterschriftenseite",
        "fi": "Allekirjoitussivu",
    },
    "signature_intro": {
        "zh": "各方授权代表签署如下，以昭信守。",
        "en": "Signed by the authorised representatives of the Parties.",
        "de": "Unterzeichnet von den bevollmächtigten Vertretern der Parteien.",
        "fi": "Osapuolten valtuutettujen edustajien allekirjoittama.",
    },
    "end_of_text": {
        "zh": "（以下无正文，后接签署页）",
        "en": "(End of the text. The signature page follows.)",
        "de": "(Ende des Textes. Es folgt die Unterschriftenseite.)",
        "fi": "(Tekstin loppu. Allekirjoitussivu seuraa.)",
    },
    "date_rule": {
        "zh": "以签名时间为准",
        "en": "as signed",
        "de": "laut Signatur",
        "fi": "allekirjoituksen mukaan",
    },
    "bound": {
        "zh": "签名所约束的内容",
        "en": "What the signatures bind",
        "de": "Was die Unterschriften binden",
        "fi": "Mitä allekirjoitukset sitovat",
    },
    "agreement": {"zh": "协议", "en": "Agreement", "de": "Vertrag", "fi": "Sopimus"},
    "data": {"zh": "所附数据", "en": "Data", "de": "Daten", "fi": "Tiedot"},
    "verify": {"zh": "查验", "en": "Check at", "de": "Prüfen unter", "fi": "Tarkista"},
    "scan": {"zh": "扫码查验", "en": "Scan to check", "de": "Zum Prüfen scannen", "fi": "Tarkista skannaamalla"},
    "reference": {
        "zh": "参考译文",
        "en": "Reference translation",
        "de": "Übersetzung zur Information",
        "fi": "Käännös tiedoksi",
    },
    "comparison": {"zh": "对比稿", "en": "Comparison", "de": "Vergleich", "fi": "Vertailu"},
    "not_for_signature": {
        "zh": "对比稿，不供签署",
        "en": "Comparison – not a document for signature",
        "de": "Vergleich – nicht zur Unterschrift",
        "fi": "Vertailu – ei allekirjoitettavaksi",
    },
    "rehearsal": {"zh": "演练", "en": "REHEARSAL", "de": "PROBE", "fi": "HARJOITUS"},
    "rehearsal_band": {
        "zh": "演练副本，无法律效力",
        "en": "Rehearsal copy – no legal effect",
        "de": "Probeexemplar – ohne rechtliche Wirkung",
        "fi": "Harjoituskappale – ei oikeusvaikutusta",
    },
    "deleted": {"zh": "删去", "en": "taken out", "de": "gestrichen", "fi": "poistettu"},
    "inserted": {"zh": "新增", "en": "put in", "de": "eingefügt", "fi": "lisätty"},
    "reversed": {
        "zh": "倒序对比：后列版本早于前列版本。",
        "en": "In reverse: the second version is older than the first.",
        "de": "Rückwärts: Die zweite Fassung ist älter als die erste.",
        "fi": "Käänteisesti: toinen versio on ensimmäistä vanhempi.",
    },
    "nothing_differs": {
        "zh": "两者没有任何差异。",
        "en": "Nothing differs between the two.",
        "de": "Beide stimmen vollständig überein.",
        "fi": "Näiden välillä ei ole eroja.",
    },
    "standard": {
        "zh": "模板标准文本",
        "en": "Standard wording of the template",
        "de": "Standardtext der Vorlage",
        "fi": "Mallin vakioteksti",
    },
    "all_standard": {
        "zh": "所有条款均为模板标准文本。",
        "en": "Every clause is the template’s standard wording.",
        "de": "Jede Klausel ist der Standardtext der Vorlage.",
        "fi": "Jokainen kohta on mallin vakiotekstiä.",
    },
    "value": {"zh": "填写事项", "en": "Value", "de": "Angabe", "fi": "Tieto"},
    "none": {"zh": "未填写", "en": "none", "de": "keine", "fi": "ei ole"},
    "unchanged": {"zh": "未变", "en": "unchanged", "de": "unverändert", "fi": "ennallaan"},
    "added": {"zh": "新增条款", "en": "new article", "de": "neuer Artikel", "fi": "uusi artikla"},
    "removed": {"zh": "删去条款", "en": "removed", "de": "gestrichen", "fi": "poistettu"},
    "moved_from": {"zh": "原为", "en": "moved from", "de": "verschoben von", "fi": "siirretty kohdasta"},
    "formerly": {"zh": "原", "en": "formerly", "de": "vorher", "fi": "aiemmin"},
}


def word(key: str, lang: str) -> str:
    """The fixed word in a language; English where a language is not known."""
    texts = WORDS[key]
    return texts.get(lang.split("-")[0], texts["en"])


def bilingual(key: str, languages: Sequence[str]) -> str:
    """The fixed word in each language, once where they agree."""
    return "  ".join(dict.fromkeys(word(key, lang) for lang in languages))
