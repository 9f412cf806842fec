"""German sentences of the verification report."""

from collections.abc import Mapping

TEXTS: Mapping[str, str] = {
    # the plain answer
    "summary.awaiting": (
        "Was bisher unterschrieben ist, ist gültig und unverändert. Noch leere Signaturfelder: {empty}."
    ),
    "summary.complete": ("Dieses Dokument ist vollständig, unverändert und von allen unterschrieben, die es nennt."),
    "summary.passed": (
        "Jede Signatur in diesem Dokument ist gültig, und nichts wurde geändert, was Unterschreiben nicht erlaubt."
    ),
    "summary.failed": (
        "Eine Signatur in diesem Dokument ist gebrochen: Unterschrieben wurde etwas anderes, als diese Datei enthält."
    ),
    "summary.no_signature": "Dieses Dokument trägt keine Signatur.",
    "summary.errors": "Die Signaturen halten, aber etwas anderes an dieser Datei ist nicht in Ordnung.",
    "summary.untrusted": (
        "Der unterschriebene Inhalt ist unverändert, aber wer unterschrieben hat, lässt sich nicht "
        "bestätigen: Der Aussteller gehört nicht zu den vertrauten Wurzeln."
    ),
    "summary.no_revocation": (
        "Der unterschriebene Inhalt ist unverändert, aber es ließ sich nicht prüfen, ob ein Zertifikat gesperrt wurde."
    ),
    "summary.revoked": (
        "Der unterschriebene Inhalt ist unverändert, aber ein Zertifikat wurde gesperrt, und nichts "
        "beweist eine frühere Verwendung."
    ),
    "summary.expired": (
        "Der unterschriebene Inhalt ist unverändert, aber ein Zertifikat ist abgelaufen, und nichts "
        "beweist eine frühere Verwendung."
    ),
    "summary.undecided": (
        "Der unterschriebene Inhalt ist unverändert, aber mindestens eine Signatur ließ sich nicht bestätigen."
    ),
    "summary.document.not_a_pdf": "Diese Datei ist kein PDF.",
    "summary.document.unreadable": "Diese Datei lässt sich nicht als PDF lesen.",
    "summary.document.encrypted": ("Dieses Dokument ist mit einem Passwort gesperrt und kann nicht geprüft werden."),
    "summary.document.too_many_revisions": ("Dieses Dokument wurde öfter gespeichert, als geprüft werden kann."),
    "summary.document.cut_short": "Diese Datei ist abgeschnitten: Ihr Ende fehlt.",
    "summary.document.trailing_bytes": (
        "Die Signaturen halten, aber nach dem Ende des Dokuments folgen Bytes, die niemand unterschrieben hat."
    ),
    "summary.document.signature_removed": ("Eine Signatur, die dieses Dokument einmal hatte, wurde entfernt."),
    "summary.expected.cut_off": (
        "Die Signaturen in dieser Datei halten, aber es ist ein früherer Stand: Spätere Signaturen "
        "wurden abgeschnitten."
    ),
    "summary.expected.not_the_file": (
        "Die Signaturen in dieser Datei halten, aber es ist nicht die Datei, die unser Protokoll verzeichnet."
    ),
    "summary.expected.signatory_unexpected": ("Jemand hat unterschrieben, den unser Protokoll nicht erwartet."),
    "summary.expected.signatory_different": ("Anstelle der erwarteten Person hat jemand anderes unterschrieben."),
    "summary.expected.signature_missing": ("Eine Signatur, die unser Protokoll verzeichnet, fehlt in dieser Datei."),
    "summary.expected.stamp_missing": ("Ein Zeitnachweis, den unser Protokoll verzeichnet, fehlt in dieser Datei."),
    "summary.change.locked_field": (
        "Das Unterschriebene ist unverändert, aber ein von einer Signatur gesperrtes Feld wurde danach geändert."
    ),
    "summary.change.not_permitted": (
        "Das Unterschriebene ist unverändert, aber das Dokument wurde danach so geändert, wie es seine "
        "Zertifizierung nicht erlaubt."
    ),
    "summary.change.unexplained": (
        "Das Unterschriebene ist unverändert, aber das Dokument wurde danach auf eine Weise geändert, "
        "die sich nicht automatisch erklären lässt."
    ),
    "summary.change.covering_field": ("Das Unterschriebene ist unverändert, aber danach wurde ein Feld darübergelegt."),
    "summary.change.annotation": (
        "Das Unterschriebene ist unverändert, aber nach dem Unterschreiben wurden Kommentare hinzugefügt oder geändert."
    ),
    "summary.run.timed_out": "Die Prüfung dauerte zu lange und wurde abgebrochen.",
    "summary.run.crashed": "Die Prüfung dieser Datei endete unerwartet.",
    "summary.run.too_large": "Diese Datei ist größer, als geprüft werden kann.",
    # findings
    "finding.document.not_a_pdf": "Die Datei beginnt nicht wie ein PDF ({problem}).",
    "finding.document.unreadable": "Der Aufbau der Datei lässt sich nicht lesen ({problem}).",
    "finding.document.encrypted": "Das Dokument ist verschlüsselt ({problem}).",
    "finding.document.read_leniently": (
        "Die Datei folgt dem PDF-Standard nicht streng und wurde nachsichtig gelesen ({problem})."
    ),
    "finding.document.cut_short": "Das Ende der Datei lässt sich nicht lesen; geprüft wurde bis Byte {at}.",
    "finding.document.no_signature": ("Kein Feld dieses Dokuments trägt die Signatur einer Person oder Organisation."),
    "finding.document.trailing_bytes": ("Nach der Dateiende-Marke folgen {count} Bytes; keine Signatur deckt sie."),
    "finding.document.trailing_padding": "Nach der Dateiende-Marke folgen {count} leere Bytes.",
    "finding.document.judged_in_the_past": (
        "Der gewählte Prüfzeitpunkt liegt vor dem bewiesenen Zeitpunkt einer Signatur."
    ),
    "finding.document.too_many_signatures": "Nur die ersten {limit} Signaturen wurden untersucht.",
    "finding.document.too_many_revisions": "Mehr als {problem} Revisionen: nicht untersucht.",
    "finding.document.signature_removed": (
        "Die Signatur „{field}“, vorhanden in Revision {revision}, ist nicht mehr im Dokument."
    ),
    "finding.document.scripts": "Das Dokument enthält Skripte oder Aktionen: {detail}.",
    "finding.document.prepared_content": (
        "Das Dokument enthält Inhalt, der ein- und ausgeblendet werden kann: {count} Ebenen."
    ),
    "finding.run.timed_out": "Die Prüfung wurde nach {seconds} Sekunden abgebrochen.",
    "finding.run.crashed": "Der getrennte Prozess, der die Datei liest, endete ohne Ergebnis ({problem}).",
    "finding.run.too_large": "Die Datei hat {size} Bytes; höchstens {limit} werden untersucht.",
    "finding.signature.empty_field": "Das Signaturfeld „{field}“ ist leer.",
    "finding.signature.unknown_subfilter": (
        "Die Signatur „{field}“ hat ein hier nicht unterstütztes Format ({subfilter})."
    ),
    "finding.signature.not_in_form": (
        "Die Datei enthält die Bytes einer Signatur ({field}), zu der kein Formularfeld führt."
    ),
    "finding.signature.not_analysed": "Die Signatur „{field}“ ließ sich nicht untersuchen.",
    "finding.signature.malformed": ("Die Signatur „{field}“ ist fehlerhaft: Ihr Inhalt ist keine lesbare Signatur."),
    "finding.signature.byte_range": ("Der Bytebereich der Signatur „{field}“ ist nicht zulässig ({problem})."),
    "finding.signature.coverage": ("Die Signatur „{field}“ deckt nicht die ganze Revision, zu der sie gehört."),
    "finding.signature.hash_mismatch": "Die von „{field}“ unterschriebenen Bytes wurden seither geändert.",
    "finding.signature.value_invalid": ("Der Signaturwert von „{field}“ passt nicht zum Schlüssel des Zertifikats."),
    "finding.signature.padding": ("Hinter der Signatur „{field}“, wo nur Nullen hingehören, stehen andere Bytes."),
    "finding.signature.shared_value": "Das Feld „{field}“ verweist auf die Signatur von „{other}“.",
    "finding.signature.untrusted_root": "Das Zertifikat von „{field}“ führt zu keiner vertrauten Wurzel.",
    "finding.signature.no_revocation_information": (
        "Für ein Zertifikat von „{field}“ sagt nichts Aktuelles, ob es gesperrt wurde."
    ),
    "finding.signature.revocation_not_current": (
        "Was über die Sperrung des Stellenzertifikats hinter „{field}“ bekannt ist, ist nicht aktuell; "
        "es reicht bis zum Zeitpunkt des Stempels."
    ),
    "finding.signature.revoked": (
        "Ein Zertifikat von „{field}“ wurde am {time} gesperrt, und nichts beweist eine frühere Verwendung."
    ),
    "finding.signature.outside_validity": (
        "„{field}“ wird außerhalb der Gültigkeit des Zertifikats beurteilt, und nichts beweist eine frühere Signatur."
    ),
    "finding.signature.chain_problem": ("Die Zertifikatskette von „{field}“ erfüllt die Anforderungen nicht ({sub})."),
    "finding.signature.weak_algorithm": "„{field}“ verwendet einen Algorithmus, der nicht als sicher gilt.",
    "finding.signature.time_not_proved": (
        "Kein vertrauter Zeitstempel beweist, wann „{field}“ entstand; das Programm behauptet {time}."
    ),
    "finding.signature.stamp_broken": "Der Zeitstempel von „{field}“ ({authority}, {time}) ist gebrochen.",
    "finding.signature.stamp_not_trusted": (
        "Der Zeitstempel von „{field}“ ({authority}, {time}) ließ sich nicht bestätigen ({sub})."
    ),
    "finding.change.unexplained": (
        "Revision {revision} änderte das Dokument auf eine Weise, die sich nicht automatisch erklären lässt: {detail}."
    ),
    "finding.change.annotation": "Revision {revision} fügte Kommentare hinzu oder änderte sie: {detail}.",
    "finding.change.form_fill": "Revision {revision} füllte Formularfelder aus: {fields}. {detail}",
    "finding.change.not_permitted": (
        "Die Zertifizierung „{field}“ erlaubt nur Änderungen der Stufe {permission}; später kam: {kind}."
    ),
    "finding.change.locked_field": "„{field}“ sperrt Felder, die danach geändert wurden: {fields}.",
    "finding.change.explained_by_content": (
        "Revision {revision} schrieb Objekte neu, ohne etwas Sichtbares zu ändern."
    ),
    "finding.change.covering_field": (
        "Revision {revision} legte das neue Feld „{field}“ über einen großen Teil einer Seite."
    ),
    "finding.expected.signature_missing": "Die Signatur von {name} (Feld „{field}“) fehlt.",
    "finding.expected.signatory_unexpected": (
        "„{name}“ unterschrieb im Feld „{field}“; unser Protokoll erwartet dort keine Signatur."
    ),
    "finding.expected.signatory_different": (
        "Im Feld „{field}“ unterschrieb „{name}“; unser Protokoll erwartet „{expected}“."
    ),
    "finding.expected.stamp_missing": "Ein Zeitnachweis, den unser Protokoll verzeichnet, fehlt ({what}).",
    "finding.expected.cut_off": (
        "Dies ist Stand {place} von {total}, die unser Protokoll verzeichnet: Späteres wurde abgeschnitten."
    ),
    "finding.expected.not_the_file": ("Unser Protokoll verzeichnet für diese Vereinbarung eine andere Datei."),
    "finding.expected.matches": ("Dies ist die Datei, die unser Protokoll für die Vereinbarung {number} verzeichnet."),
    "agreement.matches": "Vereinbarung {number}, Einträge {entries}",
    "agreement.differs": "Vereinbarung {number}: weicht von unserem Protokoll ab",
    # steps
    "step.format": "Format der Signatur",
    "step.format.ok": "{subfilter}, der Inhalt ist ein lesbares CMS",
    "step.format.unknown": "{subfilter} wird hier nicht unterstützt",
    "step.format.malformed": "{subfilter}, der Inhalt ist nicht lesbar",
    "step.byte_range": "Unterschriebener Bytebereich",
    "step.byte_range.ok": "{signed} Bytes, bis Byte {end}, die Lücke ist genau die Signatur",
    "step.byte_range.bad": "nicht zulässig: {problem}",
    "step.byte_range.not_analysed": "ließ sich nicht untersuchen",
    "step.digest": "Hashwert der unterschriebenen Bytes",
    "step.digest.ok": "{algorithm} {digest} gleicht dem unterschriebenen Hashwert",
    "step.digest.bad": "{algorithm} der Datei ist {digest}; unterschrieben wurde ein anderer",
    "step.digest.unknown": "ließ sich nicht entscheiden ({detail})",
    "step.value": "Signaturwert",
    "step.value.ok": "lässt sich mit dem Schlüssel des Zertifikats prüfen",
    "step.value.bad": "lässt sich mit dem Schlüssel des Zertifikats nicht prüfen",
    "step.stamps": "Zeitstempel auf der Signatur",
    "step.stamps.none": "es gibt keinen",
    "step.stamps.ok": "{time} von {authority}, bestätigt",
    "step.stamps.broken": "{time} von {authority}, gebrochen",
    "step.stamps.untrusted": "{time} von {authority}, nicht bestätigt ({sub})",
    "step.time": "Beste Signaturzeit",
    "step.time.proved": "bestand am {time}, durch einen Zeitstempel bewiesen",
    "step.time.claimed": "nicht bewiesen; das Programm der Person behauptet {time}",
    "step.chain": "Zertifikatskette",
    "step.chain.ok": "führt zu „{anchor}“, beurteilt zu {time}",
    "step.chain.bad": "{sub}, beurteilt zu {time}",
    "step.chain.not_analysed": "ließ sich nicht untersuchen",
    "step.revocation": "Sperrung",
    "step.revocation.ok": "kein Zertifikat der Kette war gesperrt, beurteilt zu {time}",
    "step.revocation.bad": "{sub}, beurteilt zu {time}; gesperrt: {revoked}",
    "step.acceptance": "Verwendungszweck, Gültigkeit und Algorithmen",
    "step.acceptance.ok": "erfüllen die Anforderungen, beurteilt zu {time}",
    "step.acceptance.bad": "{sub}, beurteilt zu {time}",
    "step.coverage": "Abdeckung der Revision",
    "step.coverage.ok": "die ganze Revision ist unterschrieben",
    "step.coverage.bad": "Teile der Revision liegen außerhalb der unterschriebenen Bytes",
    "step.changes": "Änderungen nach dieser Signatur",
    "step.changes.ok": "{kind}; Felder: {fields}",
    "step.changes.not_permitted": "nicht erlaubt: {kind}; Felder: {fields}",
    "step.level": "PAdES-Stufe in der Datei",
    "step.level.read": "{level}",
    # one reason per verdict
    "reason.TOTAL_PASSED": "Unversehrt, vertraut, und danach wurde nichts Unerlaubtes geändert.",
    "reason.INDETERMINATE": "Ließ sich hier nicht untersuchen.",
    "reason.TOTAL_FAILED": "Gebrochen.",
    "reason.FORMAT_FAILURE": "Die Signatur ist fehlerhaft aufgebaut.",
    "reason.HASH_FAILURE": "Die unterschriebenen Bytes wurden geändert.",
    "reason.SIG_CRYPTO_FAILURE": "Der Signaturwert passt nicht zum Schlüssel.",
    "reason.REVOKED": "Das Zertifikat war vor dem Unterschreiben gesperrt.",
    "reason.EXPIRED": "Das Zertifikat war vor dem Unterschreiben abgelaufen.",
    "reason.NOT_YET_VALID": "Zum bewiesenen Zeitpunkt galt das Zertifikat noch nicht.",
    "reason.SIG_CONSTRAINTS_FAILURE": "Unversehrt, aber eine Anforderung dieser Prüfung ist nicht erfüllt.",
    "reason.not_covered": "Unversehrt, aber sie deckt nicht die ganze Revision.",
    "reason.changed_class": "Unversehrt, aber das Dokument wurde danach auf unerlaubte Weise geändert.",
    "reason.changed_field": "Unversehrt, aber nach der Zertifizierung kam ein sichtbares Feld hinzu.",
    "reason.changed_locked": "Unversehrt, aber ein von ihr gesperrtes Feld wurde danach geändert.",
    "reason.stamp_broken": "Unversehrt, aber ihr Zeitstempel ist gebrochen.",
    "reason.CHAIN_CONSTRAINTS_FAILURE": ("Das Zertifikat ist nicht zum Unterschreiben von Dokumenten bestimmt."),
    "reason.CERTIFICATE_CHAIN_GENERAL_FAILURE": "Die Zertifikatskette ließ sich nicht bestätigen.",
    "reason.CRYPTO_CONSTRAINTS_FAILURE": "Ein Algorithmus gilt nicht als sicher.",
    "reason.CRYPTO_CONSTRAINTS_FAILURE_NO_POE": (
        "Ein Algorithmus gilt nicht mehr als sicher, und nichts beweist eine frühere Verwendung."
    ),
    "reason.POLICY_PROCESSING_ERROR": "Eine Richtlinie ließ sich nicht verarbeiten.",
    "reason.SIGNATURE_POLICY_NOT_AVAILABLE": "Eine Richtlinie ist nicht verfügbar.",
    "reason.TIMESTAMP_ORDER_FAILURE": "Die Zeitstempel widersprechen einander.",
    "reason.NO_SIGNING_CERTIFICATE_FOUND": "Das Signaturzertifikat wurde nicht gefunden.",
    "reason.NO_CERTIFICATE_CHAIN_FOUND": ("Unversehrt, aber der Aussteller gehört nicht zu den vertrauten Wurzeln."),
    "reason.REVOKED_NO_POE": (
        "Unversehrt, aber das Zertifikat wurde gesperrt, und keine frühere Verwendung ist bewiesen."
    ),
    "reason.REVOKED_CA_NO_POE": (
        "Unversehrt, aber ein Aussteller wurde gesperrt, und keine frühere Verwendung ist bewiesen."
    ),
    "reason.OUT_OF_BOUNDS_NO_POE": (
        "Unversehrt, aber das Zertifikat ist abgelaufen, und keine frühere Verwendung ist bewiesen."
    ),
    "reason.OUT_OF_BOUNDS_NOT_REVOKED": ("Unversehrt, aber außerhalb der Gültigkeit des Zertifikats beurteilt."),
    "reason.REVOCATION_OUT_OF_BOUNDS_NO_POE": ("Unversehrt, aber die Sperrauskunft selbst ist nicht bewiesen."),
    "reason.NO_POE": "Unversehrt, aber nichts beweist, wann sie bestand.",
    "reason.TRY_LATER": "Unversehrt, aber nichts Aktuelles sagt, ob das Zertifikat gesperrt wurde.",
    "reason.SIGNED_DATA_NOT_FOUND": "Die unterschriebenen Daten wurden nicht gefunden.",
    "reason.GENERIC": "Ließ sich nicht entscheiden.",
    # classes of change
    "change.original": "das Dokument, wie es zuerst geschrieben wurde",
    "change.before_signing": "vor der ersten Signatur",
    "change.none": "nichts",
    "change.maintenance": "nur Pflege",
    "change.signing": "Unterschreiben",
    "change.form_fill": "Formularfelder ausgefüllt",
    "change.annotation": "Kommentare",
    "change.unexplained": "nicht automatisch erklärbar",
    "revision.original": "Ursprünglicher Text",
    "revision.before_signing": "Zum Unterschreiben vorbereitet",
    "revision.none": "Nichts",
    "revision.maintenance": "Prüfdaten",
    "revision.signing": "Signaturfeld",
    "revision.form_fill": "Formularfelder",
    "revision.annotation": "Kommentare",
    "revision.unexplained": "Unerklärte Änderung",
    "revision.field": "ein neues sichtbares Feld",
    "revision.document_timestamp": "Dokument-Zeitstempel",
    "revision.certification": "Zertifizierung: {name}",
    "revision.signature": "{name}",
    # differences between two revisions
    "difference.page_count": "die Zahl der Seiten änderte sich von {before} auf {after}",
    "difference.page_content": "was Seite {page} zeigt, wurde geändert ({key})",
    "difference.page_other": "Seite {page} wurde geändert ({key})",
    "difference.page_metadata": "Bearbeitungsvermerke der Seite {page}",
    "difference.catalog": "eine Einstellung des ganzen Dokuments wurde geändert ({key})",
    "difference.catalog_maintenance": "Prüfdaten oder Beschreibung kamen hinzu ({key})",
    "difference.annotation_added_annotation": "auf Seite {page} kam ein Kommentar hinzu ({name})",
    "difference.annotation_added_signing": "auf Seite {page} kam ein Signaturfeld hinzu ({name})",
    "difference.annotation_added_form_fill": "auf Seite {page} kam ein Formularfeld hinzu ({name})",
    "difference.annotation_added_unexplained": "über Seite {page} wurde etwas gelegt ({name})",
    "difference.annotation_changed_annotation": "ein Kommentar auf Seite {page} wurde geändert ({name})",
    "difference.annotation_changed_signing": "ein Signaturfeld auf Seite {page} wurde geändert ({name})",
    "difference.annotation_changed_form_fill": "ein Formularfeld auf Seite {page} wurde geändert ({name})",
    "difference.annotation_changed_unexplained": "etwas auf Seite {page} wurde geändert ({name})",
    "difference.annotation_removed": "von Seite {page} wurde etwas entfernt ({name})",
    "difference.field_value": "das Feld „{name}“ war „{before}“ und ist jetzt „{after}“",
    # what is not proved
    "not_proved.civil_identity": "die bürgerliche Identität hinter jeder E-Mail-Adresse",
    "not_proved.time": "der Zeitpunkt von Signaturen ohne vertrauten Zeitstempel",
    "not_proved.changes": "was die unerklärten Änderungen bedeuten",
    "not_proved.long_term": "dass dies nach Ablauf der Zertifikate noch prüfbar ist",
    "not_proved.completeness": (
        "dass keine spätere Signatur abgeschnitten wurde, solange kein Protokoll verglichen wird"
    ),
    # headings and columns
    "heading.revisions": "Was hinzukam, Revision für Revision",
    "heading.signatures": "Signaturen",
    "heading.stamps": "Dokument-Zeitstempel",
    "heading.findings": "Feststellungen",
    "heading.not_proved": "Was nicht bewiesen ist",
    "heading.steps": "Jeder Schritt",
    "heading.certificates": "Zertifikate",
    "list.separator": "; ",
    "pair": "{name}: {value}",
    "column.signatory": "Unterschrieben von",
    "column.verdict": "Ergebnis",
    "column.custody": "Schlüssel lag",
    "column.certificate": "Zertifikat",
    "column.time": "Zeit (bewiesen)",
    "column.changes": "Seither geändert",
    "column.integrity": "Unterschriebener Inhalt",
    "column.level": "Stufe",
    "column.file": "Datei",
    "column.log": "In unserem Protokoll",
    "column.readable": "Gelesen",
    "column.step": "Schritt",
    "column.result": "Ergebnis",
    "kind.signature": "Signatur",
    "kind.document_timestamp": "Dokument-Zeitstempel",
    "integrity.intact": "unverändert",
    "integrity.broken": "geändert",
    "integrity.undecidable": "nicht entscheidbar",
    "custody.browser_held": "im Browser der unterzeichnenden Person",
    "custody.browser_held_passkey": "im Browser der unterzeichnenden Person, mit Passkey bestätigt",
    "custody.own_certificate": "bei der Person: eigene Karte oder eigenes Programm",
    "custody.remote_provider": "bei einem Vertrauensdiensteanbieter",
    "custody.pkcs11": "bei der Organisation, Hardware-Modul",
    "custody.software_seal": "beim Dienst, Schlüsseldatei",
    "custody.unknown": "nicht bekannt",
    # the page
    "page.judged": "beurteilt zu {time}",
    "page.signatures": "{count} Signaturen",
    "page.signatures_one": "1 Signatur",
    "page.stamps": "{count} Dokument-Zeitstempel",
    "page.stamps_one": "1 Dokument-Zeitstempel",
    "page.no_level": "keine PAdES-Stufe",
    "page.revision": "Rev. {n}",
    "page.certification": "Zertifizierung, keine Person",
    "page.not_proved": "nicht bewiesen",
    "page.claimed": "behauptet: {time}",
    "page.authority": "Stelle",
    "page.notes": "Außerdem bemerkt",
    "page.issuer": "ausgestellt von {issuer}",
    "page.issuer_unknown": "ausgestellt von {issuer}, hier nicht vertraut",
    "page.standard": "Verfahren: ETSI EN 319 102-1",
    "readable.lenient": "nachsichtig: Die Datei weicht vom PDF-Standard ab",
    "severity.error": "Problem",
    "severity.warning": "Vorsicht",
    "severity.info": "Hinweis",
    "role.signatory": "Unterzeichner",
    "role.timestamp": "Zeitstempelstelle",
    "role.authority": "Zertifizierungsstelle",
    "role.anchor": "vertraute Wurzel",
    "role.other": "Zertifikat",
    "assurance.email_verified": "für diese Unterschrift ausgestellt, E-Mail geprüft",
    "assurance.vouched_by_host": "für diese Unterschrift ausgestellt, vom Gastgeber verbürgt",
    "assurance.document_checked": "für diese Unterschrift ausgestellt, Ausweis geprüft",
    "assurance.federated": ("für diese Unterschrift ausgestellt, Identität aus der Anmeldung der Organisation"),
}
