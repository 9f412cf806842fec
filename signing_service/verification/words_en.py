"""English sentences of the verification report."""

from collections.abc import Mapping

TEXTS: Mapping[str, str] = {
    # the plain answer
    "summary.awaiting": ("What is signed so far is valid and unchanged. Signature fields still empty: {empty}."),
    "summary.complete": "This document is complete, unchanged, and signed by everyone it names.",
    "summary.passed": (
        "Every signature in this document is valid, and nothing was changed that signing does not allow."
    ),
    "summary.failed": ("A signature in this document is broken: what was signed is not what this file holds."),
    "summary.no_signature": "This document carries no signature.",
    "summary.errors": "The signatures hold, but something else about this file is not in order.",
    "summary.untrusted": (
        "The signed content is unchanged, but who signed cannot be confirmed: the issuer is not among "
        "the trusted roots."
    ),
    "summary.no_revocation": (
        "The signed content is unchanged, but it could not be checked whether a certificate was withdrawn."
    ),
    "summary.revoked": (
        "The signed content is unchanged, but a certificate was withdrawn and nothing proves that it was used before."
    ),
    "summary.expired": (
        "The signed content is unchanged, but a certificate has expired and nothing proves that it was used before."
    ),
    "summary.undecided": ("The signed content is unchanged, but at least one signature could not be confirmed."),
    "summary.document.not_a_pdf": "This file is not a PDF.",
    "summary.document.unreadable": "This file cannot be read as a PDF.",
    "summary.document.encrypted": "This document is locked with a password and cannot be checked.",
    "summary.document.too_many_revisions": "This document was saved more often than can be checked.",
    "summary.document.cut_short": "This file is cut short: its end is missing.",
    "summary.document.trailing_bytes": (
        "The signatures hold, but bytes that nobody signed follow the end of the document."
    ),
    "summary.document.signature_removed": "A signature that this document once had was removed.",
    "summary.expected.cut_off": (
        "The signatures in this file hold, but it is an earlier state: later signatures were cut off."
    ),
    "summary.expected.not_the_file": ("The signatures in this file hold, but it is not the file that our log records."),
    "summary.expected.signatory_unexpected": "Somebody signed whom our log does not expect.",
    "summary.expected.signatory_different": "Somebody else signed in place of the expected signatory.",
    "summary.expected.signature_missing": "A signature that our log records is missing from this file.",
    "summary.expected.stamp_missing": "A time proof that our log records is missing from this file.",
    "summary.change.locked_field": (
        "What was signed is unchanged, but a field that a signature locks was changed afterwards."
    ),
    "summary.change.not_permitted": (
        "What was signed is unchanged, but the document was changed afterwards in a way its "
        "certification does not permit."
    ),
    "summary.change.unexplained": (
        "What was signed is unchanged, but the document was changed afterwards in a way that could not "
        "be explained automatically."
    ),
    "summary.change.covering_field": ("What was signed is unchanged, but a field was laid over it afterwards."),
    "summary.change.annotation": ("What was signed is unchanged, but comments were added or changed after signing."),
    "summary.run.timed_out": "The check took too long and was stopped.",
    "summary.run.crashed": "The check of this file ended unexpectedly.",
    "summary.run.too_large": "This file is larger than can be checked.",
    # findings
    "finding.document.not_a_pdf": "The file does not begin like a PDF ({problem}).",
    "finding.document.unreadable": "The structure of the file cannot be read ({problem}).",
    "finding.document.encrypted": "The document is encrypted ({problem}).",
    "finding.document.read_leniently": (
        "The file does not follow the PDF standard strictly and was read leniently ({problem})."
    ),
    "finding.document.cut_short": "The end of the file cannot be read; it was judged up to byte {at}.",
    "finding.document.no_signature": ("No field of this document carries a signature of a person or an organisation."),
    "finding.document.trailing_bytes": ("{count} bytes follow the end-of-file marker; no signature covers them."),
    "finding.document.trailing_padding": "{count} blank bytes follow the end-of-file marker.",
    "finding.document.judged_in_the_past": ("The chosen time of judgement lies before the proved time of a signature."),
    "finding.document.too_many_signatures": "Only the first {limit} signatures were examined.",
    "finding.document.too_many_revisions": "More than {problem} revisions: not examined.",
    "finding.document.signature_removed": (
        "The signature “{field}”, present in revision {revision}, is not in the document any more."
    ),
    "finding.document.scripts": "The document carries scripts or actions: {detail}.",
    "finding.document.prepared_content": (
        "Content that can be shown or hidden is part of the document: {count} layers."
    ),
    "finding.run.timed_out": "The check was stopped after {seconds} seconds.",
    "finding.run.crashed": "The separate process that reads the file ended without a result ({problem}).",
    "finding.run.too_large": "The file has {size} bytes; at most {limit} are examined.",
    "finding.signature.empty_field": "The signature field “{field}” is empty.",
    "finding.signature.unknown_subfilter": (
        "The signature “{field}” has a format that is not supported here ({subfilter})."
    ),
    "finding.signature.not_in_form": ("The file holds the bytes of a signature ({field}) that no form field leads to."),
    "finding.signature.not_analysed": "The signature “{field}” could not be analysed.",
    "finding.signature.malformed": (
        "The signature “{field}” is malformed: its contents are not a signature that can be read."
    ),
    "finding.signature.byte_range": ("The byte range of the signature “{field}” is not admissible ({problem})."),
    "finding.signature.coverage": ("The signature “{field}” does not cover the whole revision that it belongs to."),
    "finding.signature.hash_mismatch": "The bytes that “{field}” signed have been changed since.",
    "finding.signature.value_invalid": ("The signature value of “{field}” does not fit the certificate’s key."),
    "finding.signature.padding": ("Behind the signature “{field}”, where only zeros belong, stand other bytes."),
    "finding.signature.shared_value": "The field “{field}” points to the signature of “{other}”.",
    "finding.signature.untrusted_root": "The certificate of “{field}” does not lead to a trusted root.",
    "finding.signature.no_revocation_information": (
        "For a certificate of “{field}” nothing current says whether it was withdrawn."
    ),
    "finding.signature.revocation_not_current": (
        "What is known about the withdrawal of the authority’s certificate behind “{field}” is not "
        "current; it reaches the time of the stamp."
    ),
    "finding.signature.revoked": (
        "A certificate of “{field}” was withdrawn on {time}, and nothing proves that it was used before."
    ),
    "finding.signature.outside_validity": (
        "“{field}” is judged outside the validity of its certificate, and nothing proves an earlier signature."
    ),
    "finding.signature.chain_problem": ("The certificate chain of “{field}” does not meet the requirements ({sub})."),
    "finding.signature.weak_algorithm": "“{field}” uses an algorithm that is not considered secure.",
    "finding.signature.time_not_proved": (
        "No trusted time stamp proves when “{field}” was made; its program claims {time}."
    ),
    "finding.signature.stamp_broken": "The time stamp of “{field}” ({authority}, {time}) is broken.",
    "finding.signature.stamp_not_trusted": (
        "The time stamp of “{field}” ({authority}, {time}) could not be confirmed ({sub})."
    ),
    "finding.change.unexplained": (
        "Revision {revision} changed the document in a way that could not be explained automatically: {detail}."
    ),
    "finding.change.annotation": "Revision {revision} added or changed comments: {detail}.",
    "finding.change.form_fill": "Revision {revision} filled in form fields: {fields}. {detail}",
    "finding.change.not_permitted": (
        "The certification “{field}” permits changes of level {permission} only; later came: {kind}."
    ),
    "finding.change.locked_field": "“{field}” locks fields that were changed afterwards: {fields}.",
    "finding.change.explained_by_content": (
        "Revision {revision} rewrote objects without changing anything that is shown."
    ),
    "finding.change.covering_field": ("Revision {revision} laid the new field “{field}” over a large part of a page."),
    "finding.expected.signature_missing": "The signature of {name} (field “{field}”) is missing.",
    "finding.expected.signatory_unexpected": (
        "“{name}” signed in the field “{field}”; our log expects no such signature."
    ),
    "finding.expected.signatory_different": ("In the field “{field}” signed “{name}”; our log expects “{expected}”."),
    "finding.expected.stamp_missing": "A time proof that our log records is missing ({what}).",
    "finding.expected.cut_off": ("This is state {place} of {total} that our log records: what came later was cut off."),
    "finding.expected.not_the_file": "Our log records a different file for this agreement.",
    "finding.expected.matches": "This is the file that our log records for agreement {number}.",
    "agreement.matches": "agreement {number}, entries {entries}",
    "agreement.differs": "agreement {number}: differs from our log",
    # steps
    "step.format": "Format of the signature",
    "step.format.ok": "{subfilter}, contents are a readable CMS",
    "step.format.unknown": "{subfilter} is not supported here",
    "step.format.malformed": "{subfilter}, contents cannot be read",
    "step.byte_range": "Signed byte range",
    "step.byte_range.ok": "{signed} bytes, up to byte {end}, the gap is exactly the signature",
    "step.byte_range.bad": "not admissible: {problem}",
    "step.byte_range.not_analysed": "could not be analysed",
    "step.digest": "Digest of the signed bytes",
    "step.digest.ok": "{algorithm} {digest} equals the signed digest",
    "step.digest.bad": "{algorithm} of the file is {digest}; another digest was signed",
    "step.digest.unknown": "could not be decided ({detail})",
    "step.value": "Signature value",
    "step.value.ok": "verifies with the key of the signing certificate",
    "step.value.bad": "does not verify with the key of the signing certificate",
    "step.stamps": "Time stamp on the signature",
    "step.stamps.none": "there is none",
    "step.stamps.ok": "{time} by {authority}, confirmed",
    "step.stamps.broken": "{time} by {authority}, broken",
    "step.stamps.untrusted": "{time} by {authority}, not confirmed ({sub})",
    "step.time": "Best signature time",
    "step.time.proved": "existed at {time}, proved by a time stamp",
    "step.time.claimed": "not proved; the signer’s program claims {time}",
    "step.chain": "Certificate chain",
    "step.chain.ok": "leads to “{anchor}”, judged at {time}",
    "step.chain.bad": "{sub}, judged at {time}",
    "step.chain.not_analysed": "could not be analysed",
    "step.revocation": "Revocation",
    "step.revocation.ok": "no certificate of the chain was withdrawn, judged at {time}",
    "step.revocation.bad": "{sub}, judged at {time}; withdrawn: {revoked}",
    "step.acceptance": "Key usage, validity and algorithms",
    "step.acceptance.ok": "meet the requirements, judged at {time}",
    "step.acceptance.bad": "{sub}, judged at {time}",
    "step.coverage": "Coverage of the revision",
    "step.coverage.ok": "the whole revision is signed",
    "step.coverage.bad": "parts of the revision are outside the signed bytes",
    "step.changes": "Changes after this signature",
    "step.changes.ok": "{kind}; fields: {fields}",
    "step.changes.not_permitted": "not permitted: {kind}; fields: {fields}",
    "step.level": "PAdES level in the file",
    "step.level.read": "{level}",
    # one reason per verdict
    "reason.TOTAL_PASSED": "Intact, trusted, and nothing changed afterwards that is not allowed.",
    "reason.INDETERMINATE": "It could not be analysed here.",
    "reason.TOTAL_FAILED": "It is broken.",
    "reason.FORMAT_FAILURE": "The signature is malformed.",
    "reason.HASH_FAILURE": "The signed bytes were changed.",
    "reason.SIG_CRYPTO_FAILURE": "The signature value does not fit the key.",
    "reason.REVOKED": "The certificate was withdrawn before signing.",
    "reason.EXPIRED": "The certificate had expired before signing.",
    "reason.NOT_YET_VALID": "The certificate was not valid yet at the proved time.",
    "reason.SIG_CONSTRAINTS_FAILURE": ("Intact, but a requirement of this check is not met."),
    "reason.not_covered": "Intact, but it does not cover the whole revision.",
    "reason.changed_class": ("Intact, but the document was changed afterwards in a way that is not permitted."),
    "reason.changed_field": "Intact, but a visible field was added after the certification.",
    "reason.changed_locked": "Intact, but a field that it locks was changed afterwards.",
    "reason.stamp_broken": "Intact, but the time stamp on it is broken.",
    "reason.CHAIN_CONSTRAINTS_FAILURE": "The certificate is not meant for signing documents.",
    "reason.CERTIFICATE_CHAIN_GENERAL_FAILURE": "The certificate chain could not be confirmed.",
    "reason.CRYPTO_CONSTRAINTS_FAILURE": "An algorithm is not considered secure.",
    "reason.CRYPTO_CONSTRAINTS_FAILURE_NO_POE": (
        "An algorithm is no longer considered secure, and nothing proves an earlier use."
    ),
    "reason.POLICY_PROCESSING_ERROR": "A policy could not be processed.",
    "reason.SIGNATURE_POLICY_NOT_AVAILABLE": "A policy is not available.",
    "reason.TIMESTAMP_ORDER_FAILURE": "The time stamps contradict each other.",
    "reason.NO_SIGNING_CERTIFICATE_FOUND": "The signing certificate was not found.",
    "reason.NO_CERTIFICATE_CHAIN_FOUND": "Intact, but the issuer is not among the trusted roots.",
    "reason.REVOKED_NO_POE": "Intact, but the certificate was withdrawn and no earlier use is proved.",
    "reason.REVOKED_CA_NO_POE": "Intact, but an issuer was withdrawn and no earlier use is proved.",
    "reason.OUT_OF_BOUNDS_NO_POE": "Intact, but the certificate has expired and no earlier use is proved.",
    "reason.OUT_OF_BOUNDS_NOT_REVOKED": "Intact, but judged outside the certificate’s validity.",
    "reason.REVOCATION_OUT_OF_BOUNDS_NO_POE": "Intact, but the revocation answer itself is not proved.",
    "reason.NO_POE": "Intact, but nothing proves when it existed.",
    "reason.TRY_LATER": "Intact, but nothing current says whether the certificate was withdrawn.",
    "reason.SIGNED_DATA_NOT_FOUND": "The signed data was not found.",
    "reason.GENERIC": "It could not be decided.",
    # classes of change
    "change.original": "the document as first written",
    "change.before_signing": "before the first signature",
    "change.none": "nothing",
    "change.maintenance": "maintenance only",
    "change.signing": "signing",
    "change.form_fill": "form fields filled in",
    "change.annotation": "comments",
    "change.unexplained": "could not be explained automatically",
    "revision.original": "Original text",
    "revision.before_signing": "Prepared for signing",
    "revision.none": "Nothing",
    "revision.maintenance": "Validation data",
    "revision.signing": "Signature field",
    "revision.form_fill": "Form fields",
    "revision.annotation": "Comments",
    "revision.unexplained": "Unexplained change",
    "revision.field": "a new visible field",
    "revision.document_timestamp": "Document time stamp",
    "revision.certification": "Certification: {name}",
    "revision.signature": "{name}",
    # differences between two revisions
    "difference.page_count": "the number of pages changed from {before} to {after}",
    "difference.page_content": "what page {page} shows was changed ({key})",
    "difference.page_other": "page {page} was changed ({key})",
    "difference.page_metadata": "editing notes of page {page}",
    "difference.catalog": "a document-wide setting was changed ({key})",
    "difference.catalog_maintenance": "validation data or description was added ({key})",
    "difference.annotation_added_annotation": "a comment was added on page {page} ({name})",
    "difference.annotation_added_signing": "a signature field was added on page {page} ({name})",
    "difference.annotation_added_form_fill": "a form field was added on page {page} ({name})",
    "difference.annotation_added_unexplained": "something was laid over page {page} ({name})",
    "difference.annotation_changed_annotation": "a comment on page {page} was changed ({name})",
    "difference.annotation_changed_signing": "a signature field on page {page} was changed ({name})",
    "difference.annotation_changed_form_fill": "a form field on page {page} was changed ({name})",
    "difference.annotation_changed_unexplained": "something on page {page} was changed ({name})",
    "difference.annotation_removed": "something was removed from page {page} ({name})",
    "difference.field_value": "the field “{name}” was “{before}” and is now “{after}”",
    # what is not proved
    "not_proved.civil_identity": "the civil identity behind each e-mail address",
    "not_proved.time": "the time of signatures without a trusted time stamp",
    "not_proved.changes": "what the unexplained changes mean",
    "not_proved.long_term": "that this can still be checked after the certificates expire",
    "not_proved.completeness": "that no later signature was cut off, unless a log is compared",
    # headings and columns
    "heading.revisions": "What was added, revision by revision",
    "heading.signatures": "Signatures",
    "heading.stamps": "Document time stamps",
    "heading.findings": "Findings",
    "heading.not_proved": "What is not proved",
    "heading.steps": "Every step",
    "heading.certificates": "Certificates",
    "list.separator": "; ",
    "pair": "{name}: {value}",
    "column.signatory": "Signatory",
    "column.verdict": "Verdict",
    "column.custody": "Key was held",
    "column.certificate": "Certificate",
    "column.time": "Time (proved)",
    "column.changes": "Changed since",
    "column.integrity": "Signed content",
    "column.level": "Level",
    "column.file": "File",
    "column.log": "In our log",
    "column.readable": "Read",
    "column.step": "Step",
    "column.result": "Result",
    "kind.signature": "signature",
    "kind.document_timestamp": "document time stamp",
    "integrity.intact": "unchanged",
    "integrity.broken": "changed",
    "integrity.undecidable": "could not be decided",
    "custody.browser_held": "in the signatory’s browser",
    "custody.browser_held_passkey": "in the signatory’s browser, passkey confirmed",
    "custody.own_certificate": "by the signatory: own card or program",
    "custody.remote_provider": "by a trust service provider",
    "custody.pkcs11": "by the organisation, hardware module",
    "custody.software_seal": "by the service, key file",
    "custody.unknown": "not known",
    # the page
    "page.judged": "judged {time}",
    "page.signatures": "{count} signatures",
    "page.signatures_one": "1 signature",
    "page.stamps": "{count} document time stamps",
    "page.stamps_one": "1 document time stamp",
    "page.no_level": "no PAdES level",
    "page.revision": "rev {n}",
    "page.certification": "certification, not a person",
    "page.not_proved": "not proved",
    "page.claimed": "claimed: {time}",
    "page.authority": "Authority",
    "page.notes": "Also noted",
    "page.issuer": "issued by {issuer}",
    "page.issuer_unknown": "issued by {issuer}, which is not trusted here",
    "page.standard": "procedure: ETSI EN 319 102-1",
    "readable.lenient": "leniently: the file departs from the PDF standard",
    "severity.error": "Problem",
    "severity.warning": "Caution",
    "severity.info": "Note",
    "role.signatory": "signatory",
    "role.timestamp": "time stamp authority",
    "role.authority": "authority",
    "role.anchor": "trusted root",
    "role.other": "certificate",
    "assurance.email_verified": "issued for this signing, e-mail verified",
    "assurance.vouched_by_host": "issued for this signing, vouched for by the host",
    "assurance.document_checked": "issued for this signing, identity document checked",
    "assurance.federated": "issued for this signing, identity from the organisation’s sign-in",
}
