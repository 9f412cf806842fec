"""The mails of the partner's review, in the reader's language; as brief about the agreement as the others."""

from __future__ import annotations

from collections.abc import Mapping

from signing_service.notifications.messages import Message, Texts, written

_SUBJECTS: Mapping[str, Texts] = {
    "review_invitation": {
        "en": "Please review: {title}",
        "zh-Hans": "请您审阅：{title}",
        "de": "Bitte um Durchsicht: {title}",
        "fi": "Pyyntö tarkastaa: {title}",
    },
    "version_shared": {
        "en": "A new version to review: {title}",
        "zh-Hans": "新版本请您审阅：{title}",
        "de": "Neue Fassung zur Durchsicht: {title}",
        "fi": "Uusi versio tarkastettavaksi: {title}",
    },
    "proposal_decided": {
        "en": "Your proposal was answered: {title}",
        "zh-Hans": "您的修改建议已有答复：{title}",
        "de": "Ihr Vorschlag wurde beantwortet: {title}",
        "fi": "Ehdotukseesi on vastattu: {title}",
    },
    "proposal_received": {
        "en": "A change was proposed: {title}",
        "zh-Hans": "收到修改建议：{title}",
        "de": "Eine Änderung wurde vorgeschlagen: {title}",
        "fi": "Muutosta on ehdotettu: {title}",
    },
}

_BODIES: Mapping[str, Texts] = {
    "review_invitation": {
        "en": "Hello {name},\n\nyou are asked to read the draft of “{title}” for {party}, to comment on it and, where "
        "that is open, to propose other words.\n\nYour personal link, please do not forward it:\n{link}\n\nIt works "
        "until {until}. To show who you are, a code will be sent to this address. Nothing you do there signs "
        "anything.\n",
        "zh-Hans": "{name}，您好：\n\n现请您代表{party}审阅《{title}》草案，您可以发表意见，并可对开放修改的条款提出"
        "修改建议。\n\n您的专属链接，请勿转发：\n{link}\n\n有效期至 {until}。为核实身份，验证码将发送至本邮箱。"
        "审阅过程不构成签署。\n",
        "de": "Guten Tag {name},\n\nSie werden gebeten, den Entwurf „{title}“ für {party} durchzusehen, zu "
        "kommentieren und, wo das offensteht, andere Worte vorzuschlagen.\n\n"
        "Ihr persönlicher Link, bitte nicht weitergeben:\n{link}\n\nEr gilt bis {until}. Zum Nachweis Ihrer Person "
        "wird ein Code an diese Adresse gesandt. Nichts davon ist eine Unterschrift.\n",
        "fi": "Hei {name},\n\nsinua pyydetään lukemaan luonnos ”{title}” osapuolen {party} puolesta, kommentoimaan "
        "sitä ja ehdottamaan muutoksia avoimiin kohtiin.\n\n"
        "Henkilökohtainen linkkisi, älä välitä sitä eteenpäin:\n{link}\n\nSe toimii {until} asti. Henkilöllisyytesi "
        "osoittamiseksi tähän osoitteeseen lähetetään koodi. Mikään siellä tekemäsi ei ole allekirjoitus.\n",
    },
    "version_shared": {
        "en": "Hello {name},\n\nversion {version} of “{title}” is there for you to read, with what changed since the "
        "version you had before:\n{link}\n\nIf this browser does not know you any more, open the personal link of your "
        "invitation first.\n",
        "zh-Hans": "{name}，您好：\n\n《{title}》第{version}版已可审阅，并列明与您此前所阅版本相比的修改：\n{link}\n\n"
        "如果浏览器不再识别您的身份，请先打开邀请邮件中的专属链接。\n",
        "de": "Guten Tag {name},\n\nFassung {version} von „{title}“ liegt für Sie bereit, mit den Änderungen gegenüber "
        "der Fassung, die Sie zuvor hatten:\n{link}\n\nKennt dieser Browser Sie nicht mehr, öffnen Sie zuerst den "
        "persönlichen Link Ihrer Einladung.\n",
        "fi": "Hei {name},\n\nasiakirjan ”{title}” versio {version} on luettavissasi muutoksineen edelliseen saamaasi "
        "versioon nähden:\n{link}\n\nJos selain ei enää tunne sinua, avaa ensin kutsusi henkilökohtainen linkki.\n",
    },
    "proposal_decided": {
        "en": "Hello {name},\n\nyour proposal for “{clause}” was answered. The answer and its reasons stand here:\n"
        "{link}\n\nIf this browser does not know you any more, open the personal link of your invitation first.\n",
        "zh-Hans": "{name}，您好：\n\n您对“{clause}”的修改建议已有答复。答复及理由见：\n{link}\n\n如果浏览器不再识别"
        "您的身份，请先打开邀请邮件中的专属链接。\n",
        "de": "Guten Tag {name},\n\nIhr Vorschlag zu „{clause}“ wurde beantwortet. Antwort und Gründe stehen hier:\n"
        "{link}\n\nKennt dieser Browser Sie nicht mehr, öffnen Sie zuerst den persönlichen Link Ihrer Einladung.\n",
        "fi": "Hei {name},\n\nehdotukseesi kohtaan ”{clause}” on vastattu. Vastaus perusteluineen on täällä:\n{link}\n"
        "\nJos selain ei enää tunne sinua, avaa ensin kutsusi henkilökohtainen linkki.\n",
    },
    "proposal_received": {
        "en": "Hello {name},\n\n{reviewer} proposed a change of “{clause}”. Nothing changes until you accept it:\n"
        "{link}\n",
        "zh-Hans": "{name}，您好：\n\n{reviewer}对“{clause}”提出了修改建议。在您接受之前，文本不会变更：\n{link}\n",
        "de": "Guten Tag {name},\n\n{reviewer} hat eine Änderung von „{clause}“ vorgeschlagen. Nichts ändert sich, "
        "bevor Sie sie annehmen:\n{link}\n",
        "fi": "Hei {name},\n\n{reviewer} ehdotti muutosta kohtaan ”{clause}”. Mikään ei muutu ennen kuin hyväksyt sen:"
        "\n{link}\n",
    },
}


def invitation(*, to: str, name: str, language: str, title: str, party: str, link: str, until: str) -> Message:
    """A reviewer's personal link."""
    return _message("review_invitation", to, language, name=name, title=title, party=party, link=link, until=until)


def version_shared(*, to: str, name: str, language: str, title: str, version: int, link: str) -> Message:
    """A reviewer may read another version."""
    return _message("version_shared", to, language, name=name, title=title, version=version, link=link)


def proposal_decided(*, to: str, name: str, language: str, title: str, clause: str, link: str) -> Message:
    """A reviewer's proposal was accepted or rejected; which, and why, is said behind the link."""
    return _message("proposal_decided", to, language, name=name, title=title, clause=clause, link=link)


def proposal_received(
    *, to: str, name: str, language: str, title: str, clause: str, reviewer: str, link: str
) -> Message:
    """Legal staff are told that there is something to decide."""
    return _message(
        "proposal_received", to, language, name=name, title=title, clause=clause, reviewer=reviewer, link=link
    )


def _message(kind: str, to: str, language: str, **facts: object) -> Message:
    return written(kind, to, language, _SUBJECTS[kind], _BODIES[kind], facts)
