"""What can go wrong in the log: a branch of the service's error tree, each with a stable code and a safe text.

Findings about a log that does not verify are not errors but `replay.Problem`s; see `verify`.
"""

from __future__ import annotations

from signing_service.errors import N_, ServiceError


class AuditError(ServiceError):
    """Root of everything the log can refuse."""

    code = "audit.error"
    message = N_("The audit log could not be used.")


class LogNotInstalled(AuditError):
    """The row that all writers queue at is missing: the tables were created without `install_log`."""

    code = "audit.not_installed"
    message = N_("The audit log is not set up in this database. Run the database migrations.")


class EntryNotRecordable(AuditError):
    """What was to be recorded does not fit the form of an entry; the act it belongs to must not happen."""

    code = "audit.entry_not_recordable"
    message = N_("This act cannot be recorded: {reason}.")


class MalformedEntry(AuditError):
    """Bytes that are not a canonical entry."""

    code = "audit.malformed_entry"
    message = N_("This is not an entry of the log: {reason}.")


class MalformedDisclosure(AuditError):
    """Text that is not a salted disclosure (RFC 9901 section 4.2)."""

    code = "audit.malformed_disclosure"
    message = N_("This is not a disclosure: {reason}.")


class MalformedNote(AuditError):
    """Text that is not a signed note, or a key that is not a note key."""

    code = "audit.malformed_note"
    message = N_("This is not a signed note: {reason}.")


class UntrustedNote(AuditError):
    """A note with no valid signature of a known key, or with a wrong one that claims to be of a known key."""

    code = "audit.untrusted_note"
    message = N_("The signature of this note could not be confirmed: {reason}.")


class MalformedCheckpoint(AuditError):
    """A signed note that is not a checkpoint."""

    code = "audit.malformed_checkpoint"
    message = N_("This is not a checkpoint of a log: {reason}.")


class MalformedProof(AuditError):
    """Text that is not a `.tlog-proof`."""

    code = "audit.malformed_proof"
    message = N_("This is not a proof of an entry: {reason}.")


class ProofRefused(AuditError):
    """A well-formed proof that does not prove what it was asked to."""

    code = "audit.proof_refused"
    message = N_("The proof does not hold: {reason}.")


class EntryNotFound(AuditError):
    """No such entry, or none that the tree of this size contains."""

    code = "audit.entry_not_found"
    message = N_("The log has no entry {index}.")


class TileNotFound(AuditError):
    """No such tile at this size of the log."""

    code = "audit.tile_not_found"
    message = N_("The log has no tile {path}.")


class NodesMissing(AuditError):
    """Stored hashes that a root or a proof needs are not there."""

    code = "audit.nodes_missing"
    message = N_("The log lacks {count} of the hashes it needs. Run the log check (audit verify).")


class RefusesToSign(AuditError):
    """Root of every reason not to sign a checkpoint. Nothing was signed."""

    code = "audit.refuses_to_sign"
    message = N_("The state of the log was not signed.")


class DatabaseBehind(RefusesToSign):
    """The database holds fewer entries than were signed before: an old backup was restored."""

    code = "audit.database_behind"
    message = N_(
        "The database holds {size} log entries, but {signed_size} were signed before ({where}). An older copy of the "
        "database is in use. Restore a copy that holds at least {signed_size} entries; or, if none exists, begin a "
        "new log under a new origin whose first entry names the old one (audit continue)."
    )


class LogForked(RefusesToSign):
    """The database holds other entries than were signed before."""

    code = "audit.log_forked"
    message = N_(
        "The first {signed_size} entries in the database are not those that were signed before ({where}). Run the log "
        "check (audit verify), restore a copy that agrees with the signed state; or, if none exists, begin a new log "
        "under a new origin whose first entry names the old one (audit continue)."
    )


class HighWaterMissing(RefusesToSign):
    """Checkpoints were signed before, but the mark outside the database is gone."""

    code = "audit.high_water_missing"
    message = N_(
        "The log was signed at {signed_size} entries, but the high-water mark {where} is missing. If this copy of the "
        "database is the newest one, put the mark back from a checkpoint that was kept elsewhere (audit adopt)."
    )


class HighWaterUnreadable(RefusesToSign):
    """The mark outside the database cannot be read, written or believed."""

    code = "audit.high_water_unreadable"
    message = N_("The high-water mark {where} cannot be used: {reason}.")


class OriginChanged(RefusesToSign):
    """The log was signed under another origin, and no entry says that this one continues it."""

    code = "audit.origin_changed"
    message = N_(
        "The log was signed as {old_origin} before and is now to be signed as {origin}. Set the old origin again, or "
        "record first that the log continues under the new one (audit continue)."
    )


class WitnessUnknownLog(AuditError):
    """A witness was sent a checkpoint of a log that it does not follow."""

    code = "audit.witness_unknown_log"
    message = N_("This witness does not follow the log {origin}.")


class WitnessConflict(AuditError):
    """A witness knows another size of the log than the sender believed, or another root of the same size."""

    code = "audit.witness_conflict"
    message = N_("This witness knows the log at {size} entries. Send the proof from there.")


class WitnessRefuses(AuditError):
    """A checkpoint does not continue the one that the witness signed last: the log shows two histories."""

    code = "audit.witness_refuses"
    message = N_("The log {origin} at {size} entries does not continue what it was at {known_size} entries.")


class DisclosureNotFound(AuditError):
    """There is no such disclosure beside the entry: it never was, or it was erased."""

    code = "audit.disclosure_not_found"
    message = N_("Entry {index} has no personal data {digest} beside it; it may have been erased before.")
