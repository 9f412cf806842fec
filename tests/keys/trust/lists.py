"""Trusted lists and a list of lists, made and signed with keys of our own (ETSI TS 119 612, XAdES enveloped)."""

import base64
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from lxml import etree
from signxml.xades import XAdESSigner

DER = serialization.Encoding.DER
BASE = "http://uri.etsi.org/TrstSvc"
MIME = "application/vnd.etsi.tsl+xml"
RULE_OF_LISTS = f"{BASE}/TrustedList/schemerules/EUlistofthelists"


def operator(name: str) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    """A scheme operator: a key and a certificate that signs lists."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    return key, builder.sign(key, hashes.SHA256())


def encode(certificate: x509.Certificate) -> str:
    return base64.b64encode(certificate.public_bytes(DER)).decode()


def service(
    kind: str, certificate: x509.Certificate, since: str, *, status: str = "granted", extra: str = "", history: str = ""
) -> str:
    """One service of a provider; `kind` is CA/QC or TSA/QTST."""
    return f"""<TSPService><ServiceInformation>
      <ServiceTypeIdentifier>{BASE}/Svctype/{kind}</ServiceTypeIdentifier>
      <ServiceName><Name xml:lang="en">Qualified {kind}</Name></ServiceName>
      <ServiceDigitalIdentity><DigitalId><X509Certificate>{encode(certificate)}</X509Certificate></DigitalId></ServiceDigitalIdentity>
      <ServiceStatus>{BASE}/TrustedList/Svcstatus/{status}</ServiceStatus>
      <StatusStartingTime>{since}</StatusStartingTime>{extra}
    </ServiceInformation>{history}</TSPService>"""


def history(kind: str, certificate: x509.Certificate, since: str, status: str = "granted") -> str:
    """An earlier state of a service."""
    inner = service(kind, certificate, since, status=status)
    body = inner.replace("<TSPService><ServiceInformation>", "").replace("</ServiceInformation></TSPService>", "")
    return f"<ServiceHistory><ServiceHistoryInstance>{body}</ServiceHistoryInstance></ServiceHistory>"


def with_device() -> str:
    """An extension: certificates for digital signatures of this service have their key in a qualified device."""
    usage = '<sie:KeyUsage><sie:KeyUsageBit name="nonRepudiation">true</sie:KeyUsageBit></sie:KeyUsage>'
    qualifier = f'<sie:Qualifier uri="{BASE}/TrustedList/SvcInfoExt/QCWithQSCD"/>'
    return f"""<ServiceInformationExtensions><Extension Critical="true">
      <sie:Qualifications xmlns:sie="http://uri.etsi.org/TrstSvc/SvcInfoExt/eSigDir-1999-93-EC-TrustedList/#">
      <sie:QualificationElement><sie:Qualifiers>{qualifier}</sie:Qualifiers>
      <sie:CriteriaList assert="all">{usage}</sie:CriteriaList></sie:QualificationElement></sie:Qualifications>
      </Extension></ServiceInformationExtensions>"""


def trusted_list(
    services: str,
    by: tuple[ec.EllipticCurvePrivateKey, x509.Certificate],
    *,
    territory: str = "DE",
    sequence: int = 1,
    next_update: str = "",
) -> bytes:
    """A signed list of one provider; `next_update` is its day, empty for none."""
    provider = f"""<TrustServiceProviderList><TrustServiceProvider><TSPInformation>
      <TSPName><Name xml:lang="en">Provider</Name></TSPName></TSPInformation>
      <TSPServices>{services}</TSPServices></TrustServiceProvider></TrustServiceProviderList>"""
    return _signed(_scheme("", territory, sequence, next_update) + provider, by)


def list_of_lists(
    pointers: dict[str, tuple[str, x509.Certificate]],
    by: tuple[ec.EllipticCurvePrivateKey, x509.Certificate],
    *,
    sequence: int = 1,
) -> bytes:
    """A signed list of lists; `pointers` is territory → (address, who signs that list)."""
    inner = "".join(_pointer(land, *target) for land, target in pointers.items())
    return _signed(_scheme(f"<PointersToOtherTSL>{inner}</PointersToOtherTSL>", "EU", sequence), by)


def _pointer(territory: str, address: str, signer: x509.Certificate) -> str:
    return f"""<OtherTSLPointer><ServiceDigitalIdentities><ServiceDigitalIdentity><DigitalId>
      <X509Certificate>{encode(signer)}</X509Certificate></DigitalId></ServiceDigitalIdentity></ServiceDigitalIdentities>
      <TSLLocation>{address}</TSLLocation><AdditionalInformation>
      <OtherInformation><SchemeTerritory>{territory}</SchemeTerritory></OtherInformation>
      <OtherInformation><ns:MimeType xmlns:ns="http://uri.etsi.org/02231/v2/additionaltypes#">{MIME}</ns:MimeType></OtherInformation>
      </AdditionalInformation></OtherTSLPointer>"""


def _scheme(pointers: str, territory: str, sequence: int = 1, next_update: str = "") -> str:
    due = f"<NextUpdate><dateTime>{next_update}</dateTime></NextUpdate>" if next_update else ""
    return f"""<SchemeInformation><TSLVersionIdentifier>6</TSLVersionIdentifier>
      <TSLSequenceNumber>{sequence}</TSLSequenceNumber>
      <SchemeInformationURI><URI xml:lang="en">https://lists.example/info</URI></SchemeInformationURI>
      <SchemeTerritory>{territory}</SchemeTerritory>{pointers}
      <ListIssueDateTime>2026-11-01T00:00:00Z</ListIssueDateTime>{due}</SchemeInformation>"""


def _signed(inner: str, by: tuple[ec.EllipticCurvePrivateKey, x509.Certificate]) -> bytes:
    key, certificate = by
    root = etree.fromstring(
        f'<TrustServiceStatusList xmlns="http://uri.etsi.org/02231/v2#" Id="list" '
        f'TSLTag="http://uri.etsi.org/19612/TSLTag">{inner}</TrustServiceStatusList>'
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM).decode()
    return etree.tostring(XAdESSigner(signature_algorithm="ecdsa-sha256").sign(root, key=key, cert=pem))
