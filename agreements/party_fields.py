"""What is asked about a party, a person, an address and an identifier: the record types a template gets by name.

Written as ordinary variables, so that forms, checking and texts need no special case. Facts drawn from the filled-in
values are parties.py.
"""

from __future__ import annotations

from agreements.expressions import parse
from agreements.identifiers import SCHEMES
from agreements.languages import Texts
from agreements.variables import Choice, Limits, Variable

LONGEST_NAME = 64
"""Characters of a person's name: what a certificate's common name holds (RFC 5280 appendix A.1)."""


def _label(zh: str, en: str, de: str, fi: str) -> Texts:
    return {"zh-Hans": zh, "en": en, "de": de, "fi": fi}


IDENTIFIER = Variable(
    "identifier",
    "identifier",
    _label("登记号码", "Registration number", "Registernummer", "Rekisterinumero"),
    _label(
        "选择号码种类，填写登记机关颁发的号码。",
        "Choose the kind and enter the number as the register gives it.",
        "Die Art wählen und die Nummer so eingeben, wie das Register sie führt.",
        "Valitse laji ja kirjoita numero niin kuin se on rekisterissä.",
    ),
    limits=Limits(schemes=tuple(SCHEMES)),
)

ADDRESS_FIELDS = (
    Variable(
        "street",
        "text",
        _label("街道及门牌", "Street and number", "Straße und Hausnummer", "Katuosoite"),
        _label(
            "不含城市和邮政编码。",
            "Without city and postal code.",
            "Ohne Ort und Postleitzahl.",
            "Ilman kaupunkia ja postinumeroa.",
        ),
        localized=True,
        limits=Limits(most=200),
    ),
    Variable("city", "text", _label("城市", "City", "Ort", "Kaupunki"), localized=True, limits=Limits(most=100)),
    Variable(
        "postal_code",
        "text",
        _label("邮政编码", "Postal code", "Postleitzahl", "Postinumero"),
        required=False,
        limits=Limits(most=20),
    ),
    Variable(
        "country",
        "text",
        _label("国家或地区", "Country or territory", "Land oder Gebiet", "Maa tai alue"),
        _label(
            "两位字母代码，例如 CN、DE、FI。",
            "Two-letter code, for example CN, DE, FI.",
            "Zwei Buchstaben, zum Beispiel CN, DE, FI.",
            "Kaksikirjaiminen tunnus, esimerkiksi CN, DE, FI.",
        ),
        form="country",
    ),
)

PERSON_FIELDS = (
    Variable(
        "name",
        "text",
        _label(
            "姓名（本人文字）",
            "Name in the person’s own script",
            "Name in der eigenen Schrift",
            "Nimi omalla kirjoitusjärjestelmällä",
        ),
        _label(
            "例如：林知远；Aino Virtanen。",
            "For example 林知远 or Aino Virtanen.",
            "Zum Beispiel 林知远 oder Aino Virtanen.",
            "Esimerkiksi 林知远 tai Aino Virtanen.",
        ),
        personal=True,
        limits=Limits(most=LONGEST_NAME),
    ),
    Variable(
        "name_latin",
        "text",
        _label(
            "姓名（拉丁字母）", "Name in Latin letters", "Name in lateinischer Schrift", "Nimi latinalaisin kirjaimin"
        ),
        _label(
            "姓名不是拉丁字母时填写，例如 Lin Zhiyuan。",
            "When the name has another script, for example Lin Zhiyuan.",
            "Wenn der Name in einer anderen Schrift steht, zum Beispiel Lin Zhiyuan.",
            "Kun nimessä on muita kuin latinalaisia kirjaimia, esimerkiksi Lin Zhiyuan.",
        ),
        required=False,
        personal=True,
        limits=Limits(most=100),
    ),
    Variable(
        "title",
        "text",
        _label("职务", "Title", "Funktion", "Asema"),
        localized=True,
        required=False,
        limits=Limits(most=100),
    ),
    Variable(
        "email",
        "text",
        _label("电子邮箱", "E-mail", "E-Mail", "Sähköposti"),
        required=False,
        personal=True,
        form="email",
        limits=Limits(most=254),
    ),
    Variable(
        "phone",
        "text",
        _label("电话", "Telephone", "Telefon", "Puhelin"),
        _label(
            "国际格式，例如 +86 28 8888 0000。",
            "In international form, for example +49 30 1234567.",
            "In internationaler Schreibweise, zum Beispiel +49 30 1234567.",
            "Kansainvälisessä muodossa, esimerkiksi +358 9 1234567.",
        ),
        required=False,
        personal=True,
        form="phone",
        limits=Limits(most=40),
    ),
)


def _choice(value: str, zh: str, en: str, de: str, fi: str) -> Choice:
    label = _label(zh, en, de, fi)
    return Choice(value, label, label)


AUTHORITY = Variable(
    "authority",
    "choice",
    _label("签署权限", "Authority to sign", "Vertretungsbefugnis", "Allekirjoitusoikeus"),
    _label(
        "签署人凭何种依据代表本方签署。",
        "On what basis the person signs for the party.",
        "Auf welcher Grundlage die Person für die Partei unterzeichnet.",
        "Millä perusteella henkilö allekirjoittaa osapuolen puolesta.",
    ),
    choices=(
        _choice(
            "statutory",
            "法定代表人或章程规定的代表",
            "legal representative or representative under the articles",
            "gesetzliche oder satzungsmäßige Vertretung",
            "lakimääräinen tai sääntöihin perustuva edustaja",
        ),
        _choice("power_of_attorney", "授权委托书", "power of attorney", "Vollmacht", "valtakirja"),
        _choice("seal", "加盖公章", "use of the company seal", "Verwendung des Firmensiegels", "yhtiön leiman käyttö"),
    ),
)

REPRESENTATIVE_FIELDS = (
    *(part for part in PERSON_FIELDS if part.name in ("name", "name_latin")),
    Variable("title", "text", _label("职务", "Title", "Funktion", "Asema"), localized=True, limits=Limits(most=100)),
    AUTHORITY,
    Variable(
        "authority_document",
        "text",
        _label("授权文件", "Document of authority", "Vollmachtsurkunde", "Valtuutusasiakirja"),
        _label(
            "文件名称、编号和日期。",
            "Name, number and date of the document.",
            "Bezeichnung, Nummer und Datum der Urkunde.",
            "Asiakirjan nimi, numero ja päiväys.",
        ),
        when=parse('authority == "power_of_attorney"'),
        limits=Limits(most=300),
    ),
    Variable(
        "joint_group",
        "text",
        _label("共同签署组", "Joint group", "Gemeinsam unterzeichnende Gruppe", "Yhdessä allekirjoittavien ryhmä"),
        _label(
            "须共同签署的人填写相同的名称，例如 A。单独签署时不填。",
            "People who may only sign together get the same name, for example A. Leave empty for one who signs alone.",
            "Wer nur gemeinsam unterzeichnen darf, erhält denselben Namen, zum Beispiel A. Sonst leer lassen.",
            "Vain yhdessä allekirjoittavat saavat saman nimen, esimerkiksi A. Jätä muuten tyhjäksi.",
        ),
        required=False,
        limits=Limits(most=20),
    ),
    Variable(
        "email",
        "text",
        _label("电子邮箱", "E-mail", "E-Mail", "Sähköposti"),
        _label(
            "签署邀请发往此地址。",
            "The invitation to sign is sent here.",
            "Die Einladung zur Unterzeichnung geht an diese Adresse.",
            "Kutsu allekirjoittamaan lähetetään tähän osoitteeseen.",
        ),
        personal=True,
        form="email",
        limits=Limits(most=254),
    ),
)

REPRESENTATIVE = Variable(
    "representative",
    "person",
    _label("授权代表", "Authorised representative", "Vertretungsberechtigte Person", "Valtuutettu edustaja"),
    fields=REPRESENTATIVE_FIELDS,
)

PARTY_FIELDS = (
    Variable(
        "role",
        "text",
        _label("称谓", "Called", "Bezeichnung", "Nimitys"),
        localized=True,
        computed=True,
        required=False,
    ),
    Variable(
        "legal_name",
        "text",
        _label("名称", "Legal name", "Name laut Register", "Virallinen nimi"),
        _label(
            "与登记机关的登记一致。",
            "Exactly as it stands in the register.",
            "Genau wie im Register eingetragen.",
            "Täsmälleen niin kuin se on rekisterissä.",
        ),
        localized=True,
        limits=Limits(most=200),
    ),
    Variable(
        "short_name",
        "text",
        _label("简称", "Short name", "Kurzname", "Lyhyt nimi"),
        _label(
            "不填时使用全称。",
            "The legal name is used when this is left empty.",
            "Bleibt das Feld leer, gilt der Name laut Register.",
            "Jos kenttä jää tyhjäksi, käytetään virallista nimeä.",
        ),
        localized=True,
        required=False,
        limits=Limits(most=80),
    ),
    Variable(
        "legal_form",
        "text",
        _label("组织形式", "Legal form", "Rechtsform", "Oikeudellinen muoto"),
        localized=True,
        required=False,
        limits=Limits(most=100),
    ),
    Variable(
        "identifiers",
        "list",
        _label("登记号码", "Registration numbers", "Registernummern", "Rekisterinumerot"),
        _label(
            "例如统一社会信用代码、商业登记号。",
            "For example the unified social credit code or the register number.",
            "Zum Beispiel der einheitliche Sozialkreditcode oder die Handelsregisternummer.",
            "Esimerkiksi yhtenäinen yhteiskuntaluottokoodi tai kaupparekisterinumero.",
        ),
        required=False,
        item=IDENTIFIER,
        limits=Limits(most=6),
    ),
    Variable(
        "address",
        "address",
        _label("住所", "Registered address", "Eingetragene Anschrift", "Rekisteröity osoite"),
        fields=ADDRESS_FIELDS,
    ),
    Variable(
        "representatives",
        "list",
        _label(
            "授权代表（签署人）",
            "Authorised representatives (signatories)",
            "Vertretungsberechtigte (unterzeichnende Personen)",
            "Valtuutetut edustajat (allekirjoittajat)",
        ),
        _label(
            "每人在签署页有一个签名栏。",
            "Each has a box on the signature page.",
            "Jede Person hat ein Feld auf der Unterschriftenseite.",
            "Jokaisella on kenttä allekirjoitussivulla.",
        ),
        item=REPRESENTATIVE,
        limits=Limits(least=1, most=8),
    ),
    Variable(
        "contact",
        "person",
        _label("联系人", "Contact for notices", "Kontaktperson für Mitteilungen", "Ilmoitusten yhteyshenkilö"),
        _label(
            "通知和日常联络的接收人。",
            "Receives notices and the daily correspondence.",
            "Erhält Mitteilungen und den laufenden Schriftverkehr.",
            "Vastaanottaa ilmoitukset ja päivittäisen kirjeenvaihdon.",
        ),
        fields=tuple(
            Variable(
                part.name,
                part.type,
                part.label,
                part.help,
                required=part.name in ("name", "email"),
                personal=part.personal,
                localized=part.localized,
                form=part.form,
                limits=part.limits,
            )
            for part in PERSON_FIELDS
        ),
    ),
)

RECORD_TYPES = {"party": PARTY_FIELDS, "person": PERSON_FIELDS, "address": ADDRESS_FIELDS}
