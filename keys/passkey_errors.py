"""Every way in which a passkey, or what it confirmed, can be refused; a branch of the tree of `keys.errors`."""

from keys.errors import N_, KeysError


class PasskeyRefused(KeysError):
    """Root of everything about passkeys."""

    code = "keys.passkey_refused"
    message = N_("The passkey was not accepted.")


class PasskeyUnreadable(PasskeyRefused):
    """What came from the authenticator is not what WebAuthn describes."""

    code = "keys.passkey_unreadable"
    message = N_("The answer of the passkey cannot be read: {reason}.")


class PasskeyRegistrationRefused(PasskeyRefused):
    """The new passkey does not answer the challenge, or its attestation does not hold."""

    code = "keys.passkey_registration_refused"
    message = N_("The new passkey was not accepted: {reason}.")


class PasskeyOtherContent(PasskeyRefused):
    """The challenge inside is not the SHA-256 of these signed attributes: it was made for something else."""

    code = "keys.passkey_other_content"
    message = N_("The passkey confirmed something else than this signature.")


class PasskeyOtherOrigin(PasskeyRefused):
    """The browser says that another page asked for it."""

    code = "keys.passkey_other_origin"
    message = N_("The passkey was asked by another page ({found}) and not by {expected}.")


class PasskeyOtherSite(PasskeyRefused):
    """The authenticator says that it is a passkey of another site (rpIdHash)."""

    code = "keys.passkey_other_site"
    message = N_("The passkey belongs to another site and not to {expected}.")


class PasskeyUserAbsent(PasskeyRefused):
    """Nobody touched the authenticator (flag UP)."""

    code = "keys.passkey_user_absent"
    message = N_("Nobody was present when the passkey answered.")


class PasskeyUserUnverified(PasskeyRefused):
    """The authenticator did not check who is there (flag UV)."""

    code = "keys.passkey_user_unverified"
    message = N_("The passkey did not check who is using it; a PIN, a finger or a face is needed.")


class PasskeyOfAnother(PasskeyRefused):
    """The answer names a credential that is not the registered one."""

    code = "keys.passkey_of_another"
    message = N_("This is not the passkey that was set up at this seat.")


class PasskeyCounterBack(PasskeyRefused):
    """The authenticator's counter did not go up: an answer used twice, or a copied authenticator."""

    code = "keys.passkey_counter_back"
    message = N_("The counter of the passkey went from {before} to {after}; it may only go up.")


class PasskeyWrongValue(PasskeyRefused):
    """The signature does not verify under the registered public key."""

    code = "keys.passkey_wrong_value"
    message = N_("The value of the passkey does not fit its public key.")


class PasskeyNotOffered(PasskeyRefused):
    """Browsers give passkeys to named sites over https only (and to localhost)."""

    code = "keys.passkey_not_offered"
    message = N_("This service is reached under an address for which browsers offer no passkeys.")


class PasskeyNotSetUp(PasskeyRefused):
    """A passkey is to confirm this signature, and none was set up at this seat."""

    code = "keys.passkey_not_set_up"
    message = N_("Your signature needs a passkey. Set it up first.")


class PasskeyConfirmationMissing(PasskeyRefused):
    """The value of a signature came without the passkey's answer."""

    code = "keys.passkey_confirmation_missing"
    message = N_("The passkey has not confirmed this signature.")
