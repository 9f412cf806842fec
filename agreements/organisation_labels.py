"""What the directory calls the parts of an organisation in German and Finnish, beside the labels of party_fields.py.

A template has the languages of its agreement; the directory is read in every language of the service.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from agreements.languages import Texts
from agreements.variables import Choice, Variable

#: Name of a part → (label, help) in German and Finnish.
_WORDS: Mapping[str, tuple[Texts, Texts]] = {
    "legal_name": (
        {"de": "Name laut Register", "fi": "Rekisteröity nimi"},
        {
            "de": "Genau wie im Register; mindestens in einer Sprache.",
            "fi": "Kuten rekisterissä; ainakin yhdellä kielellä.",
        },
    ),
    "short_name": (
        {"de": "Kurzname", "fi": "Lyhyt nimi"},
        {"de": "Ohne Angabe gilt der volle Name.", "fi": "Jos tyhjä, käytetään koko nimeä."},
    ),
    "legal_form": ({"de": "Rechtsform", "fi": "Yhtiömuoto"}, {}),
    "identifiers": (
        {"de": "Registernummern", "fi": "Rekisterinumerot"},
        {
            "de": "Zum Beispiel Handelsregister, EUID, USt-IdNr.",
            "fi": "Esimerkiksi Y-tunnus, EUID tai ALV-numero.",
        },
    ),
    "identifier": (
        {"de": "Registernummer", "fi": "Rekisterinumero"},
        {
            "de": "Art wählen, Nummer wie im Register eingeben.",
            "fi": "Valitse laji ja kirjoita numero kuten rekisterissä.",
        },
    ),
    "address": ({"de": "Sitz", "fi": "Kotipaikan osoite"}, {}),
    "street": (
        {"de": "Straße und Hausnummer", "fi": "Katuosoite"},
        {"de": "Ohne Ort und Postleitzahl.", "fi": "Ilman paikkakuntaa ja postinumeroa."},
    ),
    "city": ({"de": "Ort", "fi": "Paikkakunta"}, {}),
    "postal_code": ({"de": "Postleitzahl", "fi": "Postinumero"}, {}),
    "country": (
        {"de": "Land oder Gebiet", "fi": "Maa tai alue"},
        {"de": "Zwei Buchstaben, zum Beispiel CN, DE, FI.", "fi": "Kaksi kirjainta, esimerkiksi CN, DE, FI."},
    ),
    "representatives": (
        {"de": "Vertretungsberechtigte (Unterzeichnende)", "fi": "Edustajat (allekirjoittajat)"},
        {"de": "Jede Person erhält ein Unterschriftsfeld.", "fi": "Jokaisella on oma allekirjoituskenttä."},
    ),
    "representative": ({"de": "Vertretungsberechtigte Person", "fi": "Edustaja"}, {}),
    "name": (
        {"de": "Name in eigener Schrift", "fi": "Nimi omalla kirjaimistolla"},
        {"de": "Zum Beispiel 林知远 oder Aino Virtanen.", "fi": "Esimerkiksi 林知远 tai Aino Virtanen."},
    ),
    "name_latin": (
        {"de": "Name in lateinischer Schrift", "fi": "Nimi latinalaisin kirjaimin"},
        {
            "de": "Bei anderer Schrift, zum Beispiel Lin Zhiyuan.",
            "fi": "Jos kirjaimisto on toinen, esimerkiksi Lin Zhiyuan.",
        },
    ),
    "title": ({"de": "Funktion", "fi": "Asema"}, {}),
    "authority": (
        {"de": "Vertretungsbefugnis", "fi": "Allekirjoitusoikeus"},
        {"de": "Worauf die Befugnis zu unterzeichnen beruht.", "fi": "Mihin oikeus allekirjoittaa perustuu."},
    ),
    "authority_document": (
        {"de": "Nachweis der Befugnis", "fi": "Valtuutusasiakirja"},
        {"de": "Bezeichnung, Nummer und Datum.", "fi": "Nimi, numero ja päiväys."},
    ),
    "joint_group": (
        {"de": "Gesamtvertretung", "fi": "Yhteisallekirjoitusryhmä"},
        {
            "de": "Wer nur gemeinsam unterzeichnen darf, erhält denselben Namen, zum Beispiel A.",
            "fi": "Vain yhdessä allekirjoittaville sama nimi, esimerkiksi A. Yksin allekirjoittavalla tyhjä.",
        },
    ),
    "email": (
        {"de": "E-Mail", "fi": "Sähköposti"},
        {"de": "Hierhin geht die Einladung.", "fi": "Kutsu lähetetään tähän."},
    ),
    "phone": (
        {"de": "Telefon", "fi": "Puhelin"},
        {"de": "International, zum Beispiel +49 30 1234567.", "fi": "Kansainvälisesti, esimerkiksi +358 9 1234567."},
    ),
    "contact": (
        {"de": "Ansprechperson für Mitteilungen", "fi": "Yhteyshenkilö"},
        {"de": "Erhält Mitteilungen und laufende Post.", "fi": "Saa ilmoitukset ja juoksevan postin."},
    ),
}
_AUTHORITIES: Mapping[str, Texts] = {
    "statutory": {
        "de": "gesetzliche oder satzungsmäßige Vertretung",
        "fi": "lakisääteinen tai sääntöjen mukainen edustaja",
    },
    "power_of_attorney": {"de": "Vollmacht", "fi": "valtakirja"},
    "seal": {"de": "Führung des Firmensiegels", "fi": "yhtiön sinetin käyttö"},
}


def in_every_language(one: Variable) -> Variable:
    """The part with its German and Finnish words, all the way down."""
    label, help_text = _WORDS.get(one.name, ({}, {}))
    return replace(
        one,
        label={**one.label, **label},
        help={**one.help, **help_text} if one.help else {},
        choices=tuple(_choice(choice) for choice in one.choices),
        fields=tuple(in_every_language(part) for part in one.fields),
        item=in_every_language(one.item) if one.item is not None else None,
    )


def _choice(one: Choice) -> Choice:
    return replace(one, label={**one.label, **_AUTHORITIES.get(one.value, {})})
