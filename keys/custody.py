"""Who holds a private key, and the contract every holder fulfils.

The words per language say plainly who could have signed; they are shown on the page, printed in the report and are the
same everywhere. What a custodian signs is always the signed attributes, never a document and never a bare digest.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol, runtime_checkable

Lang = str


class CustodyKind(StrEnum):
    """The kinds of key holding that a signature can rest on."""

    BROWSER_HELD = "browser_held"
    BROWSER_HELD_PASSKEY = "browser_held_passkey"
    OWN_CERTIFICATE = "own_certificate"
    REMOTE_PROVIDER = "remote_provider"
    PKCS11 = "pkcs11"
    SOFTWARE_SEAL = "software_seal"


PERSONAL: tuple[CustodyKind, ...] = (
    CustodyKind.BROWSER_HELD,
    CustodyKind.BROWSER_HELD_PASSKEY,
    CustodyKind.OWN_CERTIFICATE,
    CustodyKind.REMOTE_PROVIDER,
    CustodyKind.PKCS11,
)
"""What can be chosen for a signatory, the default first. The service's own seal is nobody's choice."""


@runtime_checkable
class Custodian(Protocol):
    """Holds one private key that this process can reach, with the certificate that names its owner.

    Keys in browsers and at providers are *not* custodians in this sense: their values arrive later, from outside.
    """

    @property
    def kind(self) -> CustodyKind: ...

    @property
    def certificate_der(self) -> bytes: ...

    @property
    def chain_der(self) -> tuple[bytes, ...]:
        """The issuers of the certificate, nearest first, without the root."""
        ...

    def sign(self, signed_attributes: bytes) -> bytes:
        """The DER signature value over the DER SET (0x31…) of signed attributes."""
        ...


WORDS: Mapping[CustodyKind, Mapping[Lang, str]] = MappingProxyType(
    {
        CustodyKind.BROWSER_HELD: {
            "en": "The key was made in the signatory's own browser and cannot leave it. "
            "This service named its holder in a certificate, after the identity check stated there.",
            "zh-Hans": "密钥在签署人本人的浏览器中生成，无法导出。本服务在完成所述身份核验后，为该密钥签发了证书。",
            "de": "Der Schlüssel wurde im Browser der unterzeichnenden Person erzeugt und kann ihn nicht verlassen. "
            "Dieser Dienst hat die Person nach der dort genannten Identitätsprüfung in einem Zertifikat benannt.",
            "fi": "Avain luotiin allekirjoittajan omassa selaimessa, eikä sitä voi siirtää sieltä pois. "
            "Palvelu nimesi haltijan varmenteessa siinä mainitun henkilöllisyyden tarkistuksen jälkeen.",
        },
        CustodyKind.BROWSER_HELD_PASSKEY: {
            "en": "The key was made in the signatory's own browser and cannot leave it; the signatory also confirmed "
            "this very signature with a passkey set up before, after the identity check. Nobody without that passkey, "
            "this service included, could have given that confirmation.",
            "zh-Hans": "密钥在签署人本人的浏览器中生成，无法导出；签署人还使用通行密钥确认了本次签名。"
            "该通行密钥在身份核验后事先设置；没有它，任何人（包括本服务）都无法作出该确认。",
            "de": "Der Schlüssel wurde im Browser der unterzeichnenden Person erzeugt und kann ihn nicht verlassen; "
            "die Person hat genau diese Unterschrift zusätzlich mit einem Passkey bestätigt, der nach der "
            "Identitätsprüfung eingerichtet wurde. Ohne ihn hätte niemand, auch dieser Dienst nicht, "
            "diese Bestätigung geben können.",
            "fi": "Avain luotiin allekirjoittajan omassa selaimessa, eikä sitä voi siirtää sieltä pois; "
            "allekirjoittaja vahvisti juuri tämän allekirjoituksen myös pääsyavaimella, joka otettiin käyttöön "
            "henkilöllisyyden tarkistuksen jälkeen. Ilman sitä kukaan, edes palvelu, ei olisi voinut antaa "
            "vahvistusta.",
        },
        CustodyKind.OWN_CERTIFICATE: {
            "en": "The signatory signed with their own certificate and their own program or card. "
            "This service never had the key.",
            "zh-Hans": "签署人使用自有证书和自有软件或智能卡签署。本服务从未持有该密钥。",
            "de": "Die Person hat mit ihrem eigenen Zertifikat und eigenem Programm oder eigener Karte unterschrieben. "
            "Dieser Dienst hatte den Schlüssel nie.",
            "fi": "Allekirjoittaja käytti omaa varmennettaan ja omaa ohjelmaansa tai korttiaan. "
            "Palvelulla ei ole koskaan ollut avainta.",
        },
        CustodyKind.REMOTE_PROVIDER: {
            "en": "A trust service provider keeps the key and used it on the signatory's authorisation. "
            "This service never had the key.",
            "zh-Hans": "密钥由信任服务提供者保管，经签署人授权后使用。本服务从未持有该密钥。",
            "de": "Ein Vertrauensdiensteanbieter verwahrt den Schlüssel und hat ihn auf Freigabe der Person verwendet. "
            "Dieser Dienst hatte den Schlüssel nie.",
            "fi": "Luottamuspalvelun tarjoaja säilyttää avainta ja käytti sitä allekirjoittajan luvalla. "
            "Palvelulla ei ole koskaan ollut avainta.",
        },
        CustodyKind.PKCS11: {
            "en": "The organisation's key is in a hardware security module of its operator. "
            "This is a seal of the organisation, not the signature of a person.",
            "zh-Hans": "密钥保存在运营机构的硬件安全模块中。这是机构的电子印章，不是个人签名。",
            "de": "Der Schlüssel der Organisation liegt in einem Hardware-Sicherheitsmodul ihres Betreibers. "
            "Dies ist ein Siegel der Organisation, keine Unterschrift einer Person.",
            "fi": "Organisaation avain on sen ylläpitäjän laitteistopohjaisessa turvamoduulissa. "
            "Tämä on organisaation leima, ei henkilön allekirjoitus.",
        },
        CustodyKind.SOFTWARE_SEAL: {
            "en": "The key is an encrypted file of this service. "
            "This is the service's own seal, not the signature of a person.",
            "zh-Hans": "密钥为本服务的加密文件。这是本服务自身的电子印章，不是个人签名。",
            "de": "Der Schlüssel ist eine verschlüsselte Datei dieses Dienstes. "
            "Dies ist das Siegel des Dienstes selbst, keine Unterschrift einer Person.",
            "fi": "Avain on tämän palvelun salattu tiedosto. Tämä on palvelun oma leima, ei henkilön allekirjoitus.",
        },
    }
)
"""Plain words for each kind, complete in en, zh-Hans, de and fi."""


AHEAD: Mapping[CustodyKind, Mapping[Lang, str]] = MappingProxyType(
    {
        CustodyKind.BROWSER_HELD: {
            "en": "The key is made in the signatory's own browser and cannot leave it. "
            "This service names its holder in a certificate, after the identity check stated there.",
            "zh-Hans": "密钥将在签署人本人的浏览器中生成，无法导出。本服务在完成所述身份核验后，为该密钥签发证书。",
            "de": "Der Schlüssel wird im Browser der unterzeichnenden Person erzeugt und kann ihn nicht verlassen. "
            "Dieser Dienst benennt die Person nach der dort genannten Identitätsprüfung in einem Zertifikat.",
            "fi": "Avain luodaan allekirjoittajan omassa selaimessa, eikä sitä voi siirtää sieltä pois. "
            "Palvelu nimeää haltijan varmenteessa siinä mainitun henkilöllisyyden tarkistuksen jälkeen.",
        },
        CustodyKind.BROWSER_HELD_PASSKEY: {
            "en": "The key is made in the signatory's own browser and cannot leave it; the signatory also confirms "
            "this very signature with a passkey that is set up before, after the identity check. Nobody without that "
            "passkey, this service included, can give that confirmation.",
            "zh-Hans": "密钥将在签署人本人的浏览器中生成，无法导出；签署人还将使用通行密钥确认本次签名。"
            "该通行密钥在身份核验后事先设置；没有它，任何人（包括本服务）都无法作出该确认。",
            "de": "Der Schlüssel wird im Browser der unterzeichnenden Person erzeugt und kann ihn nicht verlassen; "
            "die Person bestätigt genau diese Unterschrift zusätzlich mit einem Passkey, der nach der "
            "Identitätsprüfung eingerichtet wird. Ohne ihn kann niemand, auch dieser Dienst nicht, "
            "diese Bestätigung geben.",
            "fi": "Avain luodaan allekirjoittajan omassa selaimessa, eikä sitä voi siirtää sieltä pois; "
            "allekirjoittaja vahvistaa juuri tämän allekirjoituksen myös pääsyavaimella, joka otetaan käyttöön "
            "henkilöllisyyden tarkistuksen jälkeen. Ilman sitä kukaan, edes palvelu, ei voi antaa vahvistusta.",
        },
        CustodyKind.OWN_CERTIFICATE: {
            "en": "The signatory signs with their own certificate and their own program or card. "
            "This service never has the key.",
            "zh-Hans": "签署人使用自有证书和自有软件或智能卡签署。本服务不持有该密钥。",
            "de": "Die Person unterschreibt mit ihrem eigenen Zertifikat und eigenem Programm oder eigener Karte. "
            "Dieser Dienst hat den Schlüssel nie.",
            "fi": "Allekirjoittaja käyttää omaa varmennettaan ja omaa ohjelmaansa tai korttiaan. "
            "Palvelulla ei ole avainta missään vaiheessa.",
        },
        CustodyKind.REMOTE_PROVIDER: {
            "en": "A trust service provider keeps the key and uses it on the signatory's authorisation. "
            "This service never has the key.",
            "zh-Hans": "密钥由信任服务提供者保管，经签署人授权后使用。本服务不持有该密钥。",
            "de": "Ein Vertrauensdiensteanbieter verwahrt den Schlüssel und verwendet ihn auf Freigabe der Person. "
            "Dieser Dienst hat den Schlüssel nie.",
            "fi": "Luottamuspalvelun tarjoaja säilyttää avainta ja käyttää sitä allekirjoittajan luvalla. "
            "Palvelulla ei ole avainta missään vaiheessa.",
        },
    }
)
"""The same before a signature is made; of seals the words of `WORDS` hold before and after."""


def words(kind: CustodyKind, lang: Lang, *, ahead: bool = False) -> str:
    """Who held the key, in one or two plain sentences; English when the language has no text.

    `ahead`: what will be, said while nothing is signed yet.
    """
    texts = AHEAD.get(kind, WORDS[kind]) if ahead else WORDS[kind]
    return texts.get(lang, texts["en"])


BRIEF: Mapping[CustodyKind, Mapping[Lang, str]] = MappingProxyType(
    {
        CustodyKind.BROWSER_HELD: {
            "en": "key held in the signing browser",
            "zh-Hans": "密钥由签署人浏览器持有",
            "de": "Schlüssel im Browser der unterzeichnenden Person",
            "fi": "avain allekirjoittajan selaimessa",
        },
        CustodyKind.BROWSER_HELD_PASSKEY: {
            "en": "key held in the signing browser, confirmed by passkey",
            "zh-Hans": "密钥由签署人浏览器持有，经通行密钥确认",
            "de": "Schlüssel im Browser der Person, mit Passkey bestätigt",
            "fi": "avain allekirjoittajan selaimessa, vahvistus pääsyavaimella",
        },
        CustodyKind.OWN_CERTIFICATE: {
            "en": "own certificate and own key",
            "zh-Hans": "签署人自有证书和密钥",
            "de": "eigenes Zertifikat und eigener Schlüssel",
            "fi": "allekirjoittajan oma varmenne ja avain",
        },
        CustodyKind.REMOTE_PROVIDER: {
            "en": "key kept by a trust service provider",
            "zh-Hans": "密钥由信任服务提供者保管",
            "de": "Schlüssel bei einem Vertrauensdiensteanbieter",
            "fi": "avain luottamuspalvelun tarjoajalla",
        },
        CustodyKind.PKCS11: {
            "en": "seal of the organisation, key in a hardware module",
            "zh-Hans": "机构电子印章，密钥存于硬件安全模块",
            "de": "Siegel der Organisation, Schlüssel im Hardware-Modul",
            "fi": "organisaation leima, avain laitteistomoduulissa",
        },
        CustodyKind.SOFTWARE_SEAL: {
            "en": "seal of this service",
            "zh-Hans": "本服务的电子印章",
            "de": "Siegel dieses Dienstes",
            "fi": "tämän palvelun leima",
        },
    }
)
"""The same in the few words that a stamp has room for; the sentences stand on the pages and in the report."""


def brief(kind: CustodyKind, lang: Lang) -> str:
    """Who held the key, for a stamp; English when the language has no text."""
    return BRIEF[kind].get(lang, BRIEF[kind]["en"])
