"""The sentence a signatory accepts before being ready, in every language, with the facts it is bound to.

The words shown, their language and their SHA-256 are stored with the signature. Changing a sentence means a new
`TEXT_ID`: old consents keep the words they were given for.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

TEXT_ID = "sign-and-bind/1"

_SENTENCES = {
    "en": (
        "I have read version {version} ({short_hash}) of “{title}”. I sign it for {party} as {role}. I agree that an "
        "electronic signature with a key made in my browser, and a certificate issued for it, are used, and that my "
        "signature has the same effect as one by hand."
    ),
    "zh-Hans": (
        "本人已阅读《{title}》第{version}版（{short_hash}），以{role}身份代表{party}签署。本人同意使用在本人浏览器中"
        "生成的密钥及为其签发的证书进行电子签名，其效力等同于手写签名。"
    ),
    "de": (
        "Ich habe Fassung {version} ({short_hash}) von „{title}“ gelesen. Ich unterzeichne sie für {party} als {role}. "
        "Ich bin einverstanden, dass dafür eine elektronische Signatur mit einem in meinem Browser erzeugten Schlüssel "
        "und ein dafür ausgestelltes Zertifikat verwendet werden; sie soll wie meine Unterschrift von Hand wirken."
    ),
    "fi": (
        "Olen lukenut asiakirjan ”{title}” version {version} ({short_hash}). Allekirjoitan sen osapuolen {party} "
        "puolesta asemassa {role}. Hyväksyn, että käytetään selaimessani luotua avainta ja sille myönnettyä "
        "varmennetta ja että sähköisellä allekirjoituksellani on sama vaikutus kuin omakätisellä."
    ),
}


_WITH_OWN_CERTIFICATE = {
    "en": (
        "I have read version {version} ({short_hash}) of “{title}”. I sign it for {party} as {role}. I agree that an "
        "electronic signature is used, made with my own certificate and my own program, and that my signature has the "
        "same effect as one by hand."
    ),
    "zh-Hans": (
        "本人已阅读《{title}》第{version}版（{short_hash}），以{role}身份代表{party}签署。本人同意使用本人自有的证书和"
        "自有的程序进行电子签名，其效力等同于手写签名。"
    ),
    "de": (
        "Ich habe Fassung {version} ({short_hash}) von „{title}“ gelesen. Ich unterzeichne sie für {party} als {role}. "
        "Ich bin einverstanden, dass dafür eine elektronische Signatur verwendet wird, die ich mit meinem eigenen "
        "Zertifikat und meinem eigenen Programm erzeuge; sie soll wie meine Unterschrift von Hand wirken."
    ),
    "fi": (
        "Olen lukenut asiakirjan ”{title}” version {version} ({short_hash}). Allekirjoitan sen osapuolen {party} "
        "puolesta asemassa {role}. Hyväksyn, että käytetään sähköistä allekirjoitusta, jonka teen omalla "
        "varmenteellani ja omalla ohjelmallani, ja että sillä on sama vaikutus kuin omakätisellä allekirjoituksella."
    ),
}

_THROUGH_A_PROVIDER = {
    "en": (
        "I have read version {version} ({short_hash}) of “{title}”. I sign it for {party} as {role}. I agree that an "
        "electronic signature is used, made with my key at my trust service provider, and that my signature has the "
        "same effect as one by hand."
    ),
    "zh-Hans": (
        "本人已阅读《{title}》第{version}版（{short_hash}），以{role}身份代表{party}签署。本人同意使用本人在信任服务"
        "提供者处的密钥进行电子签名，其效力等同于手写签名。"
    ),
    "de": (
        "Ich habe Fassung {version} ({short_hash}) von „{title}“ gelesen. Ich unterzeichne sie für {party} als {role}. "
        "Ich bin einverstanden, dass dafür eine elektronische Signatur mit meinem Schlüssel bei meinem "
        "Vertrauensdiensteanbieter verwendet wird; sie soll wie meine Unterschrift von Hand wirken."
    ),
    "fi": (
        "Olen lukenut asiakirjan ”{title}” version {version} ({short_hash}). Allekirjoitan sen osapuolen {party} "
        "puolesta asemassa {role}. Hyväksyn, että käytetään sähköistä allekirjoitusta, joka tehdään avaimellani "
        "luottamuspalvelun tarjoajalla, ja että sillä on sama vaikutus kuin omakätisellä allekirjoituksella."
    ),
}

_WITH_A_SEAL = {
    "en": (
        "I have read version {version} ({short_hash}) of “{title}”. As {role} of {party} I have its electronic seal "
        "put on it. I know that this is a seal of the organisation and not my signature, and that it is to bind "
        "{party}."
    ),
    "zh-Hans": (
        "本人已阅读《{title}》第{version}版（{short_hash}），以{party}{role}的身份加盖该机构的电子印章。"
        "本人知悉这是机构的电子印章而非本人签名，并对{party}具有约束力。"
    ),
    "de": (
        "Ich habe Fassung {version} ({short_hash}) von „{title}“ gelesen. Als {role} von {party} lasse ich ihr "
        "elektronisches Siegel anbringen. Mir ist bekannt, dass dies ein Siegel der Organisation und nicht meine "
        "Unterschrift ist und dass es {party} binden soll."
    ),
    "fi": (
        "Olen lukenut asiakirjan ”{title}” version {version} ({short_hash}). Asemassa {role} liitän siihen osapuolen "
        "{party} sähköisen leiman. Tiedän, että se on organisaation leima eikä minun allekirjoitukseni ja että sen on "
        "tarkoitus sitoa osapuolta {party}."
    ),
}

_IN_A_REHEARSAL = {
    "en": (
        "REHEARSAL. I have looked at the marked copy of version {version} ({short_hash}) of “{title}” and practise "
        "signing it for {party} as {role}. I know that this is no signature of mine and binds nobody."
    ),
    "zh-Hans": (
        "【演练】本人已查看《{title}》第{version}版（{short_hash}）的演练副本，以{role}身份代表{party}练习签署。"
        "本人知悉这不是本人的签名，对任何人均无约束力。"
    ),
    "de": (
        "PROBE. Ich habe das gekennzeichnete Exemplar der Fassung {version} ({short_hash}) von „{title}“ angesehen und "
        "übe, sie für {party} als {role} zu unterzeichnen. Mir ist bekannt, dass dies keine Unterschrift von mir ist "
        "und niemanden bindet."
    ),
    "fi": (
        "HARJOITUS. Olen katsonut asiakirjan ”{title}” version {version} ({short_hash}) merkityn kappaleen ja "
        "harjoittelen sen allekirjoittamista osapuolen {party} puolesta asemassa {role}. Tiedän, että tämä ei ole "
        "allekirjoitukseni eikä sido ketään."
    ),
}

REHEARSAL = "rehearsal"
"""Stands in the place of a way while a seat practises."""

#: What the seat's page does outside (`operations.ways`) → name of the wording and its sentences.
_BY_WAY = {
    "own_program": ("sign-with-own-certificate/1", _WITH_OWN_CERTIFICATE),
    "provider": ("sign-through-provider/1", _THROUGH_A_PROVIDER),
    "token": ("seal-of-organisation/1", _WITH_A_SEAL),
    REHEARSAL: ("rehearsal/1", _IN_A_REHEARSAL),
}


@dataclass(frozen=True, slots=True)
class ConsentText:
    """The words of one consent and their SHA-256 (UTF-8, lower-case hex)."""

    text_id: str
    language: str
    text: str
    sha256: str


def sentence(
    language: str, *, title: str, version: int, short_hash: str, party: str, role: str, way: str = "browser"
) -> ConsentText:
    """The sentence in `language` (English where we have none), for a signature made in that way."""
    text_id, sentences = _BY_WAY.get(way, (TEXT_ID, _SENTENCES))
    known = language if language in sentences else "en"
    text = sentences[known].format(title=title, version=version, short_hash=short_hash, party=party, role=role)
    return ConsentText(text_id, known, text, hashlib.sha256(text.encode()).hexdigest())


def languages() -> tuple[str, ...]:
    """The languages the sentence exists in."""
    return tuple(_SENTENCES)
