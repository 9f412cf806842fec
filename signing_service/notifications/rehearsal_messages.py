"""What signatories are told when the host starts a rehearsal. No link: that of their invitation leads to it."""

from __future__ import annotations

from signing_service.notifications.messages import Message, Texts, written

_SUBJECTS: Texts = {
    "en": "Rehearsal, nothing is signed: {title}",
    "zh-Hans": "演练（不签署任何文件）：{title}",
    "de": "Probe, nichts wird unterzeichnet: {title}",
    "fi": "Harjoitus, mitään ei allekirjoiteta: {title}",
}
_BODIES: Texts = {
    "en": "Hello {name},\n\nbefore “{title}” ({number}) is signed you can practise: the same page and the "
    "same steps, with a marked copy. Nothing is signed, and you can do it as often as you like.\n\n"
    "Open the link in your invitation, enter the code and choose “Practise now”. Please use the device "
    "that you will use on the day.\n\nThe rehearsal runs until {until}, or until the doors are "
    "opened.\n",
    "zh-Hans": "{name}，您好：\n\n在正式签署《{title}》（{number}）之前，您可以先行练习：页面和步骤完全相同，使用"
    "带演练标记的副本。不会签署任何文件，可反复练习。\n\n请打开邀请邮件中的链接，输入验证码，然后选择“"
    "立即练习”。请使用正式签署时要用的设备。\n\n演练持续至 {until}，或至仪式开门为止。\n",
    "de": "Guten Tag {name},\n\nbevor „{title}“ ({number}) unterzeichnet wird, können Sie üben: dieselbe "
    "Seite und dieselben Schritte mit einem gekennzeichneten Exemplar. Nichts wird unterzeichnet, und "
    "Sie können es beliebig oft tun.\n\nÖffnen Sie den Link aus Ihrer Einladung, geben Sie den Code "
    "ein und wählen Sie „Jetzt üben“. Bitte nehmen Sie das Gerät, das Sie auch am Tag selbst "
    "benutzen.\n\nDie Probe läuft bis {until} oder bis zum Einlass.\n",
    "fi": "Hei {name},\n\nennen kuin ”{title}” ({number}) allekirjoitetaan, voit harjoitella: sama sivu ja "
    "samat vaiheet merkityllä kappaleella. Mitään ei allekirjoiteta, ja voit harjoitella niin usein "
    "kuin haluat.\n\nAvaa kutsusi linkki, anna koodi ja valitse ”Harjoittele nyt”. Käytä samaa "
    "laitetta kuin varsinaisena päivänä.\n\nHarjoitus on käynnissä {until} asti tai kunnes ovet "
    "avataan.\n",
}


def rehearsal(*, to: str, name: str, language: str, title: str, number: str, until: str) -> Message:
    """One can practise now."""
    facts = {"name": name, "title": title, "number": number, "until": until}
    return written("rehearsal", to, language, _SUBJECTS, _BODIES, facts)
