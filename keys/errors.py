"""Every way in which a key, a certificate or a time stamp can be refused, as one tree.

`code` is stable and goes into logs and problem documents; `message` is an English template that is safe to show to
anyone (no secret, no path of the server). The cause travels as `__cause__` and stays private.
"""

from typing import ClassVar


def N_(message: str) -> str:
    """Mark a text for translation; the text itself is returned unchanged."""
    return message


class KeysError(Exception):
    """Root of the tree. `params` fill the placeholders of `message`."""

    code: ClassVar[str] = "keys.error"
    message: ClassVar[str] = N_("The key or certificate could not be used.")

    def __init__(self, **params: object) -> None:
        self.params = params
        super().__init__(self.message.format(**params))


# -- secrets and key files ---------------------------------------------------------------------------------------


class MasterKeyTooShort(KeysError):
    """The master key from the environment has fewer bytes than it must."""

    code = "keys.master_key_too_short"
    message = N_("The master key has {length} bytes; it must have at least {minimum}.")


class WrongMasterKey(KeysError):
    """The folder of keys was made under another master key."""

    code = "keys.wrong_master_key"
    message = N_(
        "The keys were made under another master key. Start the service with the master key they were made with."
    )


class KeyFileUnreadable(KeysError):
    """A key file is missing, damaged, or not a private key of the expected kind."""

    code = "keys.key_file_unreadable"
    message = N_("The key file {name} cannot be read: {reason}.")


class KeyFileExposed(KeysError):
    """Other users of the machine may read a key file."""

    code = "keys.key_file_exposed"
    message = N_("The key file {name} can be read by other users (mode {mode}). Set its mode to 600.")


class KeyringMissing(KeysError):
    """There is no folder of keys at the given place."""

    code = "keys.keyring_missing"
    message = N_("There are no keys yet. They are made when the service starts for the first time.")


class KeyringExists(KeysError):
    """Keys are never made over existing ones."""

    code = "keys.keyring_exists"
    message = N_("There are keys already; they are never overwritten.")


class KeyringDamaged(KeysError):
    """A file of the folder is missing or two files do not belong together."""

    code = "keys.keyring_damaged"
    message = N_("The folder of keys is damaged: {reason}.")


class KeyringUnwritable(KeysError):
    """The operating system refuses to make or change the folder: no permission, a full disk, a mount point."""

    code = "keys.keyring_unwritable"
    message = N_("The folder of keys cannot be written here: {reason}. It must not be a mount point itself.")


class DemoKeysInProduction(KeysError):
    """Keys made for a demonstration must never sign anything real."""

    code = "keys.demo_keys_in_production"
    message = N_("These keys were made for a demonstration and are refused in production.")


class RootKeyOffline(KeysError):
    """The root's private key has been taken away from this machine, as it should be."""

    code = "keys.root_key_offline"
    message = N_("The root key is kept offline; bring it back to do this.")


class NotRenewable(KeysError):
    """Asked to renew what has no certificate, or the root, which everybody would have to trust anew."""

    code = "keys.not_renewable"
    message = N_("{name} cannot be renewed; issuing, seal and timestamp can.")


# -- algorithms --------------------------------------------------------------------------------------------------


class AlgorithmNotAllowed(KeysError):
    """A key, curve, size or digest that is not in the table of allowed algorithms."""

    code = "keys.algorithm_not_allowed"
    message = N_("{algorithm} is not accepted here: {reason}.")


# -- requests from browsers --------------------------------------------------------------------------------------


class RequestRefused(KeysError):
    """A certificate request that cannot be accepted."""

    code = "keys.request_refused"
    message = N_("The certificate request is refused.")


class MalformedRequest(RequestRefused):
    """Not a PKCS#10 request in DER, or too long."""

    code = "keys.request_malformed"
    message = N_("The certificate request cannot be read.")


class NoProofOfPossession(RequestRefused):
    """The signature over the request does not come from the key in the request."""

    code = "keys.no_proof_of_possession"
    message = N_("The certificate request was not signed with the key it names.")


class WrongChallenge(RequestRefused):
    """The request does not answer the challenge of this invitation."""

    code = "keys.wrong_challenge"
    message = N_("The certificate request does not belong to this invitation.")


class UnexpectedContent(RequestRefused):
    """The request asks for extensions or carries attributes that nobody asked for."""

    code = "keys.request_unexpected_content"
    message = N_("The certificate request contains something that was not asked for ({what}).")


class WrongValueLength(KeysError):
    """A raw P-256 value is r and s, 32 bytes each."""

    code = "keys.wrong_value_length"
    message = N_("The signature value has {length} bytes; it must have {expected}.")


class WrongValue(KeysError):
    """The value does not verify over these signed attributes with this certificate."""

    code = "keys.wrong_value"
    message = N_("The signature value does not fit this document and this key.")


# -- issuing -----------------------------------------------------------------------------------------------------


class InvalidSubject(KeysError):
    """A fact about the subject cannot stand in a certificate."""

    code = "keys.invalid_subject"
    message = N_("The {field} cannot stand in a certificate: {reason}.")


class AuthorityNotValid(KeysError):
    """The authority's own certificate does not cover the life of what it is asked to issue."""

    code = "keys.authority_not_valid"
    message = N_("The certificate authority is valid from {not_before} to {not_after}; this is outside.")


class IssuedKeyDiffers(KeysError):
    """A certificate came out with another key than the request, or does not verify. Nothing is handed out."""

    code = "keys.issued_key_differs"
    message = N_("The issued certificate does not hold the requested key.")


class FetchRefused(KeysError):
    """An address named in a certificate was not fetched, or what came cannot be used."""

    code = "keys.fetch_refused"
    message = N_("{host} was not used: {reason}.")


class ImportRefused(KeysError):
    """An existing certificate authority cannot be taken over as it was given."""

    code = "keys.import_refused"
    message = N_("This certificate authority cannot be imported: {reason}.")


class OcspRequestUnreadable(KeysError):
    """Not an OCSP request about one certificate, or one that names it by an unknown digest."""

    code = "keys.ocsp_request_unreadable"
    message = N_("The question about a certificate's status cannot be read.")


class NaiveTime(KeysError):
    """A time without zone was passed in."""

    code = "keys.naive_time"
    message = N_("A time without zone was given; times are aware and in UTC.")


# -- time stamps -------------------------------------------------------------------------------------------------


class TimestampError(KeysError):
    """Root of everything about time stamps."""

    code = "keys.timestamp"
    message = N_("The time stamp could not be obtained.")


class TimestampUnavailable(TimestampError):
    """No authority answered with an acceptable token; `reasons` names each."""

    code = "keys.timestamp_unavailable"
    message = N_("No time stamp authority could be used ({reasons}).")


class TimestampAddressInvalid(TimestampError):
    """What is set up as the address of an authority is none."""

    code = "keys.timestamp_address_invalid"
    message = N_("{address} is not the address of a time stamp authority.")


class TimestampRefused(TimestampError):
    """The authority answered with a status other than granted."""

    code = "keys.timestamp_refused"
    message = N_("The time stamp authority {authority} refused the request: {status}.")


class TimestampNotUsable(TimestampError):
    """The authority answered, but with something that must not be used."""

    code = "keys.timestamp_not_usable"
    message = N_("The answer of the time stamp authority {authority} cannot be used: {reason}.")


class TimestampOtherRequest(TimestampNotUsable):
    """The token carries another nonce than was sent (RFC 3161 §2.4.2): it was made for somebody else, or before."""

    code = "keys.timestamp_other_request"
    message = N_("The answer of the time stamp authority {authority} belongs to another request.")


class TimestampUntrusted(TimestampError):
    """The authority's certificate stands under no anchor that the operator chose for time stamps."""

    code = "keys.timestamp_untrusted"
    message = N_("The time stamp authority {authority} is not trusted here.")


# -- trust anchors -----------------------------------------------------------------------------------------------


class AnchorUnreadable(KeysError):
    """A file or text that should hold trusted certificates does not."""

    code = "keys.anchor_unreadable"
    message = N_("{name} holds no usable certificate: {reason}.")


class TrustedListRefused(KeysError):
    """A trusted list is not signed by whom it must be signed by, or is none."""

    code = "keys.trusted_list_refused"
    message = N_("The trusted list {name} is not used: {reason}.")
