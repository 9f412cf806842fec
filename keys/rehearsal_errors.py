"""Where a rehearsal and the real thing would have met: each refusal by its own name and stable code."""

from keys.errors import N_, KeysError


class RehearsalKeysRefused(KeysError):
    """A certificate or key of a rehearsal was offered where only real ones are taken."""

    code = "rehearsal.certificate_refused"
    message = N_("This is a certificate of a rehearsal. It signs nothing but copies marked as a rehearsal.")


class RehearsalKeyReused(KeysError):
    """A key that was certified for a rehearsal is offered for a real certificate, or the other way round."""

    code = "rehearsal.key_reused"
    message = N_("A key is used either in a rehearsal or for the real signature, never for both. Make a new one.")


class AuthorityMixed(KeysError):
    """An authority was asked for a certificate of the other kind: a defect of the program, never of the input."""

    code = "rehearsal.other_authority"
    message = N_("Certificates of rehearsals and real ones come from different authorities.")
