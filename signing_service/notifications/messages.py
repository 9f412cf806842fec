"""One function per message; every message in the reader's language.

Messages are plain text. They carry no more about the agreement than the reader needs to know what to open. What
approvers are told stands in `approval_messages`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Message:
    """A mail ready for the outbox."""

    kind: str
    recipient: str
    language: str
    subject: str
    body: str


_SUBJECTS: Mapping[str, Texts] = {
    "sign_in": {
        "en": "Your sign-in link",
        "zh-Hans": "您的登录链接",
        "de": "Ihr Anmelde-Link",
        "fi": "Kirjautumislinkkisi",
    },
    "invitation": {
        "en": "Invitation to sign: {title}",
        "zh-Hans": "邀请您签署：{title}",
        "de": "Einladung zur Unterzeichnung: {title}",
        "fi": "Allekirjoituskutsu: {title}",
    },
    "code": {
        "en": "Your code: {code}",
        "zh-Hans": "您的验证码：{code}",
        "de": "Ihr Code: {code}",
        "fi": "Koodisi: {code}",
    },
    "completed": {
        "en": "Signed and complete: {title}",
        "zh-Hans": "签署完成：{title}",
        "de": "Vollständig unterzeichnet: {title}",
        "fi": "Allekirjoitettu: {title}",
    },
}

_BODIES: Mapping[str, Texts] = {
    "sign_in": {
        "en": "Hello {name},\n\nopen this link to sign in. It works once, until {until}.\n\n{link}\n\n"
        "If you did not ask for it, ignore this mail; nothing happens.\n",
        "zh-Hans": "{name}，您好：\n\n请打开以下链接登录。链接仅可使用一次，有效期至 {until}。\n\n{link}\n\n"
        "如果这不是您本人的操作，请忽略本邮件。\n",
        "de": "Guten Tag {name},\n\nmit diesem Link melden Sie sich an. Er gilt einmal, bis {until}.\n\n{link}\n\n"
        "Haben Sie ihn nicht angefordert, ist nichts zu tun.\n",
        "fi": "Hei {name},\n\nkirjaudu tällä linkillä. Se toimii kerran, {until} asti.\n\n{link}\n\n"
        "Jos et pyytänyt sitä, sinun ei tarvitse tehdä mitään.\n",
    },
    "invitation": {
        "en": "Hello {name},\n\nyou are invited to sign “{title}” ({number}) for {party}.\n"
        "The signing begins on {starts_at}. Please come a few minutes earlier, read the document and say that you are "
        "ready.\n\nYour personal link, please do not forward it:\n{link}\n\nIt works until {until}. To show who you "
        "are, a code will be sent to this address.\n",
        "zh-Hans": "{name}，您好：\n\n现邀请您代表{party}签署《{title}》（{number}）。\n签约时间：{starts_at}。"
        "请提前几分钟进入，阅读文件并确认就绪。\n\n您的专属链接，请勿转发：\n{link}\n\n有效期至 {until}。"
        "为核实身份，验证码将发送至本邮箱。\n",
        "de": "Guten Tag {name},\n\nSie sind eingeladen, „{title}“ ({number}) für {party} zu unterzeichnen.\n"
        "Beginn: {starts_at}. Bitte kommen Sie einige Minuten früher, lesen Sie das Dokument und melden Sie sich "
        "bereit.\n\nIhr persönlicher Link, bitte nicht weitergeben:\n{link}\n\nEr gilt bis {until}. Zum Nachweis Ihrer "
        "Person wird ein Code an diese Adresse gesandt.\n",
        "fi": "Hei {name},\n\nsinut on kutsuttu allekirjoittamaan ”{title}” ({number}) osapuolen {party} puolesta.\n"
        "Tilaisuus alkaa {starts_at}. Tule muutamaa minuuttia aiemmin, lue asiakirja ja ilmoita olevasi valmis.\n\n"
        "Henkilökohtainen linkkisi, älä välitä sitä eteenpäin:\n{link}\n\nSe toimii {until} asti. Henkilöllisyytesi "
        "osoittamiseksi tähän osoitteeseen lähetetään koodi.\n",
    },
    "code": {
        "en": "Hello {name},\n\nyour code is\n\n    {code}\n\nIt works for {minutes} minutes. Never tell it to anybody "
        "who calls you.\n",
        "zh-Hans": "{name}，您好：\n\n您的验证码为\n\n    {code}\n\n{minutes} 分钟内有效。请勿告知任何来电者。\n",
        "de": "Guten Tag {name},\n\nIhr Code lautet\n\n    {code}\n\nEr gilt {minutes} Minuten. Nennen Sie ihn "
        "niemandem am Telefon.\n",
        "fi": "Hei {name},\n\nkoodisi on\n\n    {code}\n\nSe toimii {minutes} minuuttia. Älä kerro sitä kenellekään "
        "soittajalle.\n",
    },
    "completed": {
        "en": "Hello {name},\n\n“{title}” ({number}) is signed by everyone it names and closed with a time stamp.\n\n"
        "SHA-256 of the final document:\n{sha256}\n\nSee it and check it yourself:\n{link}\n",
        "zh-Hans": "{name}，您好：\n\n《{title}》（{number}）已由全体签署方签署，并加盖文档时间戳。\n\n"
        "最终文件的 SHA-256：\n{sha256}\n\n查看并自行验证：\n{link}\n",
        "de": "Guten Tag {name},\n\n„{title}“ ({number}) ist von allen Genannten unterzeichnet und mit einem "
        "Dokument-Zeitstempel abgeschlossen.\n\nSHA-256 des endgültigen Dokuments:\n{sha256}\n\nAnsehen und selbst "
        "prüfen:\n{link}\n",
        "fi": "Hei {name},\n\n”{title}” ({number}) on kaikkien nimettyjen allekirjoittama ja suljettu aikaleimalla.\n\n"
        "Lopullisen asiakirjan SHA-256:\n{sha256}\n\nKatso ja tarkista itse:\n{link}\n",
    },
}


def sign_in(*, to: str, name: str, language: str, link: str, until: str) -> Message:
    """A link that signs one of the staff in, once."""
    return _message("sign_in", to, language, name=name, link=link, until=until)


def invitation(
    *, to: str, name: str, language: str, title: str, number: str, party: str, starts_at: str, link: str, until: str
) -> Message:
    """A signatory's personal link to a ceremony."""
    return _message(
        "invitation",
        to,
        language,
        name=name,
        title=title,
        number=number,
        party=party,
        starts_at=starts_at,
        link=link,
        until=until,
    )


def code(*, to: str, name: str, language: str, code: str, minutes: int) -> Message:
    """A one-time code."""
    return _message("code", to, language, name=name, code=code, minutes=minutes)


def completed(*, to: str, name: str, language: str, title: str, number: str, sha256: str, link: str) -> Message:
    """Everybody signed and the document is closed."""
    return _message("completed", to, language, name=name, title=title, number=number, sha256=sha256, link=link)


def _message(kind: str, recipient: str, language: str, **facts: object) -> Message:
    return written(kind, recipient, language, _SUBJECTS[kind], _BODIES[kind], facts)


def written(
    kind: str, recipient: str, language: str, subjects: Texts, bodies: Texts, facts: Mapping[str, object]
) -> Message:
    """A message in `language`, or in English where it is not written in it; the subject is one line."""
    known = language if language in bodies else "en"
    return Message(
        kind, recipient, known, " ".join(subjects[known].format(**facts).split()), bodies[known].format(**facts)
    )
