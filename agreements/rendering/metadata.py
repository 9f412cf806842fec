"""What the PDF says about itself: title and parties (XMP and document information alike), colour intent, attached data.

The content travels inside the PDF as the exact canonical JSON that the version's SHA-256 identifies. No dates are
stated: when a version was made is in the log, and a date of rendering would make every rendering different.
Claims ISO 19005-3, level U.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from xml.sax.saxutils import escape

from agreements.rendering.colour_profile import srgb
from agreements.rendering.pdf_file import PdfFile, text_string

ATTACHMENT = "agreement.json"
PRODUCER = "agreements.rendering"


@dataclass(frozen=True)
class Facts:
    """What the metadata say. `titles` maps language to title; `authors` are the parties' names.

    `identifier` names the content by its SHA-256.
    """

    titles: dict[str, str]
    authors: tuple[str, ...]
    subject: str
    languages: tuple[str, ...]
    identifier: str


def write_information(pdf: PdfFile, facts: Facts) -> int:
    """Write the document information dictionary; the same words as in the XMP packet."""
    author = f" /Author {text_string('; '.join(facts.authors))}" if facts.authors else ""
    return pdf.add(
        f"<</Title {text_string(_first(facts.titles))}{author}"
        f" /Subject {text_string(facts.subject)} /Creator {text_string(PRODUCER)} /Producer {text_string(PRODUCER)}>>"
    )


def write_xmp(pdf: PdfFile, facts: Facts) -> int:
    """Write the metadata stream (ISO 16684-1)."""
    titles = [f'<rdf:li xml:lang="x-default">{escape(_first(facts.titles))}</rdf:li>']
    titles += [f'<rdf:li xml:lang="{lang}">{escape(title)}</rdf:li>' for lang, title in facts.titles.items()]
    authors = "".join(f"<rdf:li>{escape(author)}</rdf:li>" for author in facts.authors)
    creator = f"\n<dc:creator><rdf:Seq>{authors}</rdf:Seq></dc:creator>" if authors else ""
    languages = "".join(f"<rdf:li>{lang}</rdf:li>" for lang in facts.languages)
    packet = f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<dc:format>application/pdf</dc:format>
<dc:identifier>{facts.identifier}</dc:identifier>
<dc:title><rdf:Alt>{"".join(titles)}</rdf:Alt></dc:title>{creator}
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{escape(facts.subject)}</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag>{languages}</rdf:Bag></dc:language>
<xmp:CreatorTool>{PRODUCER}</xmp:CreatorTool>
<pdf:Producer>{PRODUCER}</pdf:Producer>
<pdfaid:part>3</pdfaid:part>
<pdfaid:conformance>U</pdfaid:conformance>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""
    return pdf.add_stream(packet.encode("utf-8"), " /Type /Metadata /Subtype /XML")


def write_output_intent(pdf: PdfFile) -> int:
    """Write the output intent with its profile (ISO 19005-3 §6.2.3)."""
    profile = pdf.add_stream(srgb(), " /N 3")
    return pdf.add(
        "<</Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB) /Info (sRGB IEC 61966-2-1)"
        f" /DestOutputProfile {profile} 0 R>>"
    )


def attach(pdf: PdfFile, data: bytes, description: str, name: str = ATTACHMENT) -> int:
    """Attach JSON as the source of the document; return the file specification (ISO 19005-3 §6.8)."""
    check = hashlib.md5(data, usedforsecurity=False).hexdigest()  # /CheckSum is defined as MD5; nothing relies on it
    stream = pdf.add_stream(
        data,
        f" /Type /EmbeddedFile /Subtype /application#2Fjson /Params <</Size {len(data)} /CheckSum <{check}>>>",
    )
    return pdf.add(
        f"<</Type /Filespec /F {text_string(name)} /UF {text_string(name)} /Desc {text_string(description)}"
        f" /AFRelationship /Source /EF <</F {stream} 0 R /UF {stream} 0 R>>>>"
    )


def _first(titles: dict[str, str]) -> str:
    return next(iter(titles.values()))
