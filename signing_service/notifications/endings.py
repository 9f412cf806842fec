"""The mails about an agreement that ended without being concluded, and the one that asks for a second person.

Each says what happened, what it means for the reader, and that there is nothing to do; links that no longer work are
not in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from signing_service.notifications.messages import Message

Texts = Mapping[str, str]
SUBJECT_MAX = 300  # what the outbox keeps

_SUBJECTS: Mapping[str, Texts] = {
    "withdrawn": {
        "en": "Withdrawn: {title}",
        "zh-Hans": "协议已撤回：{title}",
        "de": "Zurückgezogen: {title}",
        "fi": "Peruutettu: {title}",
    },
    "void": {
        "en": "Declared void: {title}",
        "zh-Hans": "协议已宣告作废：{title}",
        "de": "Für nichtig erklärt: {title}",
        "fi": "Julistettu mitättömäksi: {title}",
    },
    "expired": {
        "en": "The time for signing is over: {title}",
        "zh-Hans": "签署期限已过：{title}",
        "de": "Die Unterzeichnungsfrist ist abgelaufen: {title}",
        "fi": "Allekirjoitusaika on päättynyt: {title}",
    },
    "declined": {
        "en": "A party declined to sign: {title}",
        "zh-Hans": "一方已拒绝签署：{title}",
        "de": "Eine Partei hat die Unterzeichnung abgelehnt: {title}",
        "fi": "Osapuoli kieltäytyi allekirjoittamasta: {title}",
    },
    "void_asked": {
        "en": "A second person is needed: declaring “{title}” void",
        "zh-Hans": "需要第二人确认：宣告《{title}》作废",
        "de": "Eine zweite Person wird gebraucht: „{title}“ für nichtig erklären",
        "fi": "Tarvitaan toinen henkilö: ”{title}” mitättömäksi",
    },
}

_HAPPENED: Mapping[str, Texts] = {
    "withdrawn": {
        "en": "“{title}” ({number}) was withdrawn before anybody signed it.",
        "zh-Hans": "《{title}》（{number}）已在任何一方签署之前撤回。",
        "de": "„{title}“ ({number}) wurde zurückgezogen, bevor jemand unterzeichnet hat.",
        "fi": "”{title}” ({number}) peruutettiin ennen kuin kukaan oli allekirjoittanut sen.",
    },
    "void": {
        "en": "“{title}” ({number}) was declared void before everybody had signed it. It is not concluded.",
        "zh-Hans": "《{title}》（{number}）在各方签署齐备之前已宣告作废，协议未成立。",
        "de": "„{title}“ ({number}) wurde für nichtig erklärt, bevor alle unterzeichnet haben. Es ist kein Vertrag "
        "zustande gekommen.",
        "fi": "”{title}” ({number}) julistettiin mitättömäksi ennen kuin kaikki olivat allekirjoittaneet. Sopimusta ei "
        "syntynyt.",
    },
    "expired": {
        "en": "The time for signing “{title}” ({number}) is over. Not everybody had signed; it is not concluded.",
        "zh-Hans": "《{title}》（{number}）的签署期限已过，各方未签署齐备，协议未成立。",
        "de": "Die Frist zur Unterzeichnung von „{title}“ ({number}) ist abgelaufen. Nicht alle haben unterzeichnet; "
        "es ist kein Vertrag zustande gekommen.",
        "fi": "Asiakirjan ”{title}” ({number}) allekirjoitusaika on päättynyt. Kaikki eivät allekirjoittaneet; "
        "sopimusta ei syntynyt.",
    },
    "declined": {
        "en": "One of the parties declined to sign “{title}” ({number}). It is not concluded.",
        "zh-Hans": "一方已拒绝签署《{title}》（{number}），协议未成立。",
        "de": "Eine der Parteien hat es abgelehnt, „{title}“ ({number}) zu unterzeichnen. Es ist kein Vertrag zustande "
        "gekommen.",
        "fi": "Yksi osapuolista kieltäytyi allekirjoittamasta asiakirjaa ”{title}” ({number}). Sopimusta ei syntynyt.",
    },
}

_REASON: Texts = {
    "en": "The reason that was given:\n{reason}",
    "zh-Hans": "所述理由：\n{reason}",
    "de": "Die angegebene Begründung:\n{reason}",
    "fi": "Annettu perustelu:\n{reason}",
}
_EVIDENCE: Texts = {
    "en": "Your signature stays in the record as evidence of what you offered. At your seat you can still take the "
    "signed PDF and your receipt home.",
    "zh-Hans": "您的签名将作为您曾提出要约的证据保留在记录中。您仍可在您的席位下载已签署的PDF和回执。",
    "de": "Ihre Unterschrift bleibt als Nachweis Ihres Angebots erhalten. An Ihrem Platz können Sie das unterzeichnete "
    "PDF und Ihre Quittung weiterhin herunterladen.",
    "fi": "Allekirjoituksesi säilyy todisteena tarjouksestasi. Voit yhä ladata allekirjoitetun PDF:n ja kuittisi "
    "paikaltasi.",
}
_NOTHING_TO_DO: Texts = {
    "en": "Nothing more can be signed, and you need do nothing.",
    "zh-Hans": "该协议不能再签署，您无需进行任何操作。",
    "de": "Es kann nichts mehr unterzeichnet werden; Sie müssen nichts tun.",
    "fi": "Mitään ei voi enää allekirjoittaa, eikä sinun tarvitse tehdä mitään.",
}
_GREETING: Texts = {
    "en": "Hello {name},",
    "zh-Hans": "{name}，您好：",
    "de": "Guten Tag {name},",
    "fi": "Hei {name},",
}
_VOID_ASKED: Texts = {
    "en": "{asker} asks to declare “{title}” ({number}) void. Somebody has signed it, so a second person decides. "
    "Until then nothing changes.",
    "zh-Hans": "{asker}请求宣告《{title}》（{number}）作废。该协议已有人签署，须由第二人决定；在此之前一切照旧。",
    "de": "{asker} möchte „{title}“ ({number}) für nichtig erklären. Es hat schon jemand unterzeichnet, darum "
    "entscheidet eine zweite Person. Bis dahin ändert sich nichts.",
    "fi": "{asker} pyytää julistamaan asiakirjan ”{title}” ({number}) mitättömäksi. Joku on jo allekirjoittanut, joten "
    "toinen henkilö päättää. Siihen asti mikään ei muutu.",
}


def ended(
    *, kind: str, to: str, name: str, language: str, title: str, number: str, signed: bool, reason: str = ""
) -> Message:
    """To a signatory. `kind` is withdrawn, void, expired or declined; `signed` when the reader's signature is kept."""
    parts = [_GREETING, _HAPPENED[kind], *([_REASON] if reason else []), *([_EVIDENCE] if signed else [])]
    facts = {"name": name, "title": title, "number": number, "reason": reason}
    return _message(kind, to, language, [*parts, _NOTHING_TO_DO], facts)


def void_asked(
    *, to: str, name: str, language: str, title: str, number: str, asker: str, reason: str, link: str
) -> Message:
    """To one of the staff who may confirm it."""
    facts = {"name": name, "title": title, "number": number, "asker": asker, "reason": reason, "link": link}
    parts = [_GREETING, _VOID_ASKED, _REASON, {"en": "{link}"}]
    return _message("void_asked", to, language, parts, facts)


def _message(kind: str, recipient: str, language: str, parts: Sequence[Texts], facts: Mapping[str, str]) -> Message:
    known = language if language in _GREETING else "en"
    body = "\n\n".join(part.get(known, part["en"]).format(**facts) for part in parts) + "\n"
    subject = " ".join(_SUBJECTS[kind][known].format(**facts).split())
    return Message(kind, recipient, known, subject[:SUBJECT_MAX], body)
