"""Every way in which a hardware module or a trust service provider can refuse, by name; part of `keys.errors`' tree.

Messages name token, key, provider and the module's file name, never a path, an address or a PIN.
"""

from keys.errors import N_, KeysError


class HardwareError(KeysError):
    """Root of everything about keys in hardware modules (PKCS#11)."""

    code = "keys.hardware"
    message = N_("The hardware module could not be used.")


class ModuleMissing(HardwareError):
    """The module's library is not where the settings say, or cannot be loaded (C_Initialize, C_GetFunctionList)."""

    code = "keys.hardware_module_missing"
    message = N_("The PKCS#11 module {module} cannot be loaded.")


class TokenAbsent(HardwareError):
    """No token of that label is present: taken out, not initialised, or another one."""

    code = "keys.hardware_token_absent"
    message = N_("The token {token} is not present.")


class TokenPinMissing(HardwareError):
    """Neither the file nor the environment variable that should hold the PIN gives one."""

    code = "keys.hardware_pin_missing"
    message = N_("There is no PIN for the token {token}.")


class TokenPinWrong(HardwareError):
    """The token refused the PIN. It is not sent a second time, because tokens lock themselves."""

    code = "keys.hardware_pin_wrong"
    message = N_("The token {token} refused the PIN. It is not tried again before the PIN is changed.")


class TokenPinLocked(HardwareError):
    """The token has locked itself after wrong PINs; its security officer unlocks it."""

    code = "keys.hardware_pin_locked"
    message = N_("The token {token} is locked after wrong PINs.")


class HardwareKeyAbsent(HardwareError):
    """The token holds no such key."""

    code = "keys.hardware_key_absent"
    message = N_("The token {token} holds no key {key}.")


class HardwareKeyAmbiguous(HardwareError):
    """Two objects have one label; which of them signs must never be left to chance."""

    code = "keys.hardware_key_ambiguous"
    message = N_("The token {token} holds more than one key {key}.")


class HardwareKeyExists(HardwareError):
    """A new key never takes the label of another."""

    code = "keys.hardware_key_exists"
    message = N_("The token {token} holds a key {key} already; it is never overwritten.")


class HardwareCertificateAbsent(HardwareError):
    """The token holds no certificate beside the key."""

    code = "keys.hardware_certificate_absent"
    message = N_("The token {token} holds no certificate for the key {key}.")


class HardwareCertificateDiffers(HardwareError):
    """A certificate names another public key than that of the token."""

    code = "keys.hardware_certificate_differs"
    message = N_("The certificate does not belong to the key {key} of the token {token}.")


class MechanismUnsupported(HardwareError):
    """The token cannot do what this kind of key needs (C_GetMechanismList)."""

    code = "keys.hardware_mechanism_unsupported"
    message = N_("The token {token} does not offer {mechanism}.")


class HardwareWrongValue(HardwareError):
    """The module gave a value of another key than the certificate's, or over something else."""

    code = "keys.hardware_wrong_value"
    message = N_("The token {token} gave a signature that does not belong to this document and this key.")


class TokenUnavailable(HardwareError):
    """The token was lost in the middle and did not come back when its session was opened anew."""

    code = "keys.hardware_unavailable"
    message = N_("The token {token} does not answer ({reason}).")


class NotTheirSeal(HardwareError):
    """The operator keeps no seal for this organisation: no certificate among the seals names it."""

    code = "keys.seal_not_theirs"
    message = N_("There is no seal of {organisation} here.")


class HoldersUnreadable(KeysError):
    """The file of key holders is missing, no TOML, or says something that is not understood."""

    code = "keys.holders_unreadable"
    message = N_("The file of key holders cannot be used: {reason}.")


class ProviderError(KeysError):
    """Root of everything about trust service providers (CSC API)."""

    code = "keys.provider"
    message = N_("The trust service provider could not be used.")


class ProviderUnknown(ProviderError):
    """No provider of that name is set up here. Addresses come from the operator only, never from a person."""

    code = "keys.provider_unknown"
    message = N_("There is no trust service provider of that name.")


class ProviderAddressInvalid(ProviderError):
    """The address the operator set up is no HTTPS address (plain HTTP is for the loopback of a test)."""

    code = "keys.provider_address_invalid"
    message = N_("The address of the trust service provider {provider} cannot be used.")


class ProviderUnavailable(ProviderError):
    """The provider cannot be reached, took too long, or says that it is out of order."""

    code = "keys.provider_unavailable"
    message = N_("The trust service provider {provider} does not answer ({reason}). Nothing was signed; try again.")


class ProviderNotUsable(ProviderError):
    """The provider answered with something that must not be used: no JSON, too long, a redirect, missing parts."""

    code = "keys.provider_not_usable"
    message = N_("The answer of the trust service provider {provider} cannot be used: {reason}.")


class ProviderWrongSignature(ProviderError):
    """The provider's value is not by the bound certificate's key over this document. It was not stored."""

    code = "keys.provider_wrong_signature"
    message = N_("The trust service provider {provider} sent a signature of another key or another document.")


class ProviderRefused(ProviderError):
    """The provider refused: wrong PIN or code, expired or used authorisation, a locked credential. Its own error code
    is shown, its text never."""

    code = "keys.provider_refused"
    message = N_("The trust service provider {provider} refused: {reason}.")


class CredentialUnknown(ProviderError):
    """No credential of that name at the provider, for this person."""

    code = "keys.credential_unknown"
    message = N_("The trust service provider {provider} has no such credential for you.")


class CredentialUnusable(ProviderError):
    """Disabled, a key or certificate that is not accepted here, or an authorisation that is not offered here."""

    code = "keys.credential_unusable"
    message = N_("This credential cannot be used here: {reason}.")
