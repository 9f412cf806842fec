"""What approvers and their delegates are told, in the reader's language; moments are in UTC.

A mail never carries a decision: it says what waits and where.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from signing_service.notifications.messages import Message, Texts, written


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is written to about which version. `due`: the deadline in words; `principal`: for whom a delegate decides."""

    to: str
    name: str
    language: str
    title: str
    version: int
    short_hash: str
    link: str
    due: str = ""
    principal: str = ""


@dataclass(frozen=True, slots=True)
class Delegated:
    """Which delegate is written to; `principal` asked them, for the days from `begins_on` to `ends_on` in `zone`."""

    to: str
    name: str
    language: str
    principal: str
    begins_on: str
    ends_on: str
    zone: str
    link: str


_SUBJECTS: Mapping[str, Texts] = {
    "approval_asked": {
        "en": "Your approval is asked: {title}",
        "zh-Hans": "请您审批：{title}",
        "de": "Ihre Freigabe wird erbeten: {title}",
        "fi": "Hyväksyntääsi pyydetään: {title}",
    },
    "approval_due_soon": {
        "en": "Reminder, your approval is due soon: {title}",
        "zh-Hans": "提醒，审批即将到期：{title}",
        "de": "Erinnerung, Ihre Freigabe ist bald fällig: {title}",
        "fi": "Muistutus, hyväksyntäsi määräaika lähestyy: {title}",
    },
    "approval_overdue": {
        "en": "Your approval is overdue: {title}",
        "zh-Hans": "审批已逾期：{title}",
        "de": "Ihre Freigabe ist überfällig: {title}",
        "fi": "Hyväksyntäsi on myöhässä: {title}",
    },
    "approval_escalated": {
        "en": "Overdue, now you are asked too: {title}",
        "zh-Hans": "审批逾期，现请您参与审批：{title}",
        "de": "Überfällig, nun sind auch Sie gefragt: {title}",
        "fi": "Myöhässä, nyt myös sinua pyydetään: {title}",
    },
    "delegation_given": {
        "en": "{principal} asks you to decide in their place",
        "zh-Hans": "{principal}委托您代为审批",
        "de": "{principal} bittet Sie um Vertretung bei Freigaben",
        "fi": "{principal} pyytää sinua päättämään puolestaan",
    },
    "delegation_revoked": {
        "en": "{principal} has taken the delegation back",
        "zh-Hans": "{principal}已撤回审批委托",
        "de": "{principal} hat die Vertretung zurückgenommen",
        "fi": "{principal} on perunut valtuutuksen",
    },
}

_BODIES: Mapping[str, Texts] = {
    "approval_asked": {
        "en": "Hello {name},\n\nversion {version} ({short_hash}) of “{title}” waits for your "
        "decision.{more}\n\n{link}\n",
        "zh-Hans": "{name}，您好：\n\n《{title}》第{version}版（{short_hash}）等待您的审批。{more}\n\n{link}\n",
        "de": "Guten Tag {name},\n\nFassung {version} ({short_hash}) von „{title}“ wartet auf Ihre "
        "Entscheidung.{more}\n\n{link}\n",
        "fi": "Hei {name},\n\nasiakirjan ”{title}” versio {version} ({short_hash}) odottaa "
        "päätöstäsi.{more}\n\n{link}\n",
    },
    "approval_due_soon": {
        "en": "Hello {name},\n\nversion {version} ({short_hash}) of “{title}” still waits for your decision.{more}\n\n"
        "{link}\n",
        "zh-Hans": "{name}，您好：\n\n《{title}》第{version}版（{short_hash}）仍在等待您的审批。{more}\n\n{link}\n",
        "de": "Guten Tag {name},\n\nFassung {version} ({short_hash}) von „{title}“ wartet noch auf Ihre "
        "Entscheidung.{more}\n\n{link}\n",
        "fi": "Hei {name},\n\nasiakirjan ”{title}” versio {version} ({short_hash}) odottaa yhä päätöstäsi.{more}\n\n"
        "{link}\n",
    },
    "approval_overdue": {
        "en": "Hello {name},\n\nthe time to decide on version {version} ({short_hash}) of “{title}” is over. Nothing "
        "was "
        "decided for you; your decision is still asked.{more}\n\n{link}\n",
        "zh-Hans": "{name}，您好：\n\n《{title}》第{version}版（{short_hash}）的审批期限已过。系统不会代您作出决定，"
        "仍请您审批。{more}\n\n{link}\n",
        "de": "Guten Tag {name},\n\ndie Frist zur Entscheidung über Fassung {version} ({short_hash}) von „{title}“ ist "
        "abgelaufen. Für Sie wurde nichts entschieden; Ihre Entscheidung ist weiterhin gefragt.{more}\n\n{link}\n",
        "fi": "Hei {name},\n\nasiakirjan ”{title}” version {version} ({short_hash}) päätösaika on umpeutunut. Mitään "
        "ei "
        "päätetty puolestasi; päätöstäsi odotetaan yhä.{more}\n\n{link}\n",
    },
    "approval_escalated": {
        "en": "Hello {name},\n\nthe decision on version {version} ({short_hash}) of “{title}” is late. Therefore you "
        "are "
        "asked too. Nothing was approved by it.{more}\n\n{link}\n",
        "zh-Hans": "{name}，您好：\n\n《{title}》第{version}版（{short_hash}）的审批已逾期，现一并请您审批。"
        "逾期本身不构成批准。{more}\n\n{link}\n",
        "de": "Guten Tag {name},\n\ndie Entscheidung über Fassung {version} ({short_hash}) von „{title}“ ist "
        "verspätet. "
        "Darum sind nun auch Sie gefragt. Freigegeben wurde dadurch nichts.{more}\n\n{link}\n",
        "fi": "Hei {name},\n\npäätös asiakirjan ”{title}” versiosta {version} ({short_hash}) on myöhässä. Siksi myös "
        "sinua pyydetään päättämään. Mitään ei ole sillä hyväksytty.{more}\n\n{link}\n",
    },
    "delegation_given": {
        "en": "Hello {name},\n\n{principal} asks you to decide on approvals in their place, from {begins_on} until the "
        "end of {ends_on} ({zone}). You decide on their behalf, and it is shown like that. You cannot pass it on, and "
        "one person counts once.\n\n{link}\n",
        "zh-Hans": "{name}，您好：\n\n{principal}委托您自{begins_on}起至{ends_on}当日结束（{zone}）代为审批。"
        "您的决定将显示为代其作出。委托不得转托，每人只计一次。\n\n{link}\n",
        "de": "Guten Tag {name},\n\n{principal} bittet Sie, vom {begins_on} bis zum Ende des {ends_on} ({zone}) an "
        "ihrer "
        "oder seiner Stelle über Freigaben zu entscheiden. So wird es auch angezeigt. Die Vertretung kann nicht "
        "weitergegeben werden, und jede Person zählt einmal.\n\n{link}\n",
        "fi": "Hei {name},\n\n{principal} pyytää sinua päättämään hyväksynnöistä puolestaan {begins_on} alkaen päivän "
        "{ends_on} loppuun ({zone}). Se myös näytetään niin. Valtuutusta ei voi siirtää eteenpäin, ja jokainen "
        "henkilö lasketaan kerran.\n\n{link}\n",
    },
    "delegation_revoked": {
        "en": "Hello {name},\n\n{principal} has taken the delegation for {begins_on} to {ends_on} ({zone}) back. "
        "What you "
        "decided by it before stays decided.\n\n{link}\n",
        "zh-Hans": "{name}，您好：\n\n{principal}已撤回{begins_on}至{ends_on}（{zone}）的审批委托。"
        "您此前据此作出的决定仍然有效。\n\n{link}\n",
        "de": "Guten Tag {name},\n\n{principal} hat die Vertretung vom {begins_on} bis {ends_on} ({zone}) "
        "zurückgenommen. Was Sie zuvor entschieden haben, bleibt entschieden.\n\n{link}\n",
        "fi": "Hei {name},\n\n{principal} on perunut valtuutuksen ajalle {begins_on}–{ends_on} ({zone}). Sen nojalla "
        "jo "
        "tekemäsi päätökset pysyvät voimassa.\n\n{link}\n",
    },
}

_DUE: Texts = {
    "en": "Please decide by {due}.",
    "zh-Hans": "请在 {due} 前作出决定。",
    "de": "Bitte entscheiden Sie bis {due}.",
    "fi": "Pyydämme päätöstäsi viimeistään {due}.",
}
_WAS_DUE: Texts = {
    "en": "It was due by {due}.",
    "zh-Hans": "截止时间为 {due}。",
    "de": "Die Frist endete {due}.",
    "fi": "Määräaika oli {due}.",
}
_BEHALF: Texts = {
    "en": "You decide on behalf of {principal}.",
    "zh-Hans": "您将代{principal}作出决定。",
    "de": "Sie entscheiden in Vertretung von {principal}.",
    "fi": "Päätät henkilön {principal} puolesta.",
}


def approval_asked(asked: Asked) -> Message:
    """An approver's turn has come, or a delegate's."""
    return _about(asked, "approval_asked", _DUE)


def approval_due_soon(asked: Asked) -> Message:
    """A quarter of the time is left."""
    return _about(asked, "approval_due_soon", _DUE)


def approval_overdue(asked: Asked) -> Message:
    """The deadline passed without a decision."""
    return _about(asked, "approval_overdue", _WAS_DUE)


def approval_escalated(asked: Asked) -> Message:
    """Somebody else is late, and therefore this person is asked too."""
    return _about(asked, "approval_escalated", _WAS_DUE)


def delegation_given(delegated: Delegated) -> Message:
    """Somebody may decide in another's place for some days."""
    return _message("delegation_given", delegated.to, delegated.language, _facts(delegated))


def delegation_revoked(delegated: Delegated) -> Message:
    """A delegation ended before its last day."""
    return _message("delegation_revoked", delegated.to, delegated.language, _facts(delegated))


def _about(asked: Asked, kind: str, deadline: Texts) -> Message:
    language = asked.language if asked.language in deadline else "en"
    more = ""
    if asked.principal:
        more += "\n" + _BEHALF[language].format(principal=asked.principal)
    if asked.due:
        more += "\n" + deadline[language].format(due=asked.due)
    return _message(kind, asked.to, language, {**_facts(asked), "more": more})


def _facts(about: Asked | Delegated) -> dict[str, object]:
    return {field.name: getattr(about, field.name) for field in fields(about)}


def _message(kind: str, to: str, language: str, facts: Mapping[str, object]) -> Message:
    return written(kind, to, language, _SUBJECTS[kind], _BODIES[kind], facts)
