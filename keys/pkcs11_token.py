"""One token of a PKCS#11 module: its login, its one session, and how both come back after they were lost.

A session is used by one thread at a time (PKCS#11 v2.40 §2.6.7), so calls wait for each other; a signature takes
milliseconds. Nothing is opened before it is needed, and after a fork everything is opened anew (§2.5.2). A wrong PIN is
sent once and never again before it changed, because tokens lock themselves. It knows nothing of certificates.
"""

import os
import threading
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

import pkcs11
from pkcs11 import exceptions as raised

from keys.holder_errors import (
    HardwareError,
    HardwareKeyAbsent,
    HardwareKeyAmbiguous,
    MechanismUnsupported,
    ModuleMissing,
    TokenAbsent,
    TokenPinLocked,
    TokenPinMissing,
    TokenPinWrong,
    TokenUnavailable,
)
from keys.passphrases import Secret

T = TypeVar("T")

PinSource = Callable[[], Secret]
"""Gives the PIN each time it is needed, so that a file may be changed while the service runs."""

_ABSENT = (raised.NoSuchToken, raised.TokenNotPresent, raised.TokenNotRecognised, raised.SlotIDInvalid)
_WRONG = (raised.PinIncorrect, raised.PinInvalid, raised.PinLenRange, raised.UserPinNotInitialized)


class Token:
    """The token `label` of the module at `module`. Safe to share between threads and to inherit by a fork."""

    def __init__(self, module: Path, label: str, pin: PinSource) -> None:
        self.label = label
        self._module = module
        self._pin = pin
        self._lock = threading.RLock()
        self._session: Any = None
        self._keys: dict[str, Any] = {}
        self._process = 0
        self._refused_pin: bytes | None = None

    def use(self, work: Callable[[Any], T]) -> T:
        """What `work` makes of an opened session. When the session was lost, it is opened anew and `work` is done
        again; the third time the whole module is started anew. Raises from the `HardwareError` tree."""
        with self._lock:
            last: pkcs11.PKCS11Error = pkcs11.NoSuchToken()
            for renew in (self._as_it_is, self._session_again, self._module_again):
                try:
                    renew()
                    return work(self._opened())
                except HardwareError:
                    self._forget()
                    raise
                except pkcs11.PKCS11Error as error:
                    self._raise_for_good(error)
                    last = error
            self._forget()
            if isinstance(last, _ABSENT):
                raise TokenAbsent(token=self.label) from last
            raise TokenUnavailable(token=self.label, reason=type(last).__name__) from last

    def sign(self, key_label: str, data: bytes, mechanism: pkcs11.Mechanism) -> bytes:
        """The bare value of the private key over `data`, which the mechanism takes as it is."""

        def work(session: Any) -> bytes:
            key = self._keys.get(key_label)
            if key is None:
                key = self._keys[key_label] = self.find(session, key_label, pkcs11.ObjectClass.PRIVATE_KEY)
            return bytes(key.sign(data, mechanism=mechanism))

        return self.use(work)

    def find(self, session: Any, key_label: str, kind: pkcs11.ObjectClass) -> Any:
        """The one object of that kind and label; raises `HardwareKeyAbsent` or `HardwareKeyAmbiguous`."""
        wanted = {pkcs11.Attribute.LABEL: key_label, pkcs11.Attribute.CLASS: kind}
        found = list(session.get_objects(wanted))
        if not found:
            raise HardwareKeyAbsent(token=self.label, key=key_label)
        if len(found) > 1:
            raise HardwareKeyAmbiguous(token=self.label, key=key_label)
        return found[0]

    def require(self, session: Any, mechanism: pkcs11.Mechanism) -> None:
        """Raise `MechanismUnsupported` unless the token offers it (C_GetMechanismList)."""
        if mechanism not in session.token.slot.get_mechanisms():
            raise MechanismUnsupported(token=self.label, mechanism=f"CKM_{mechanism.name}")

    def close(self) -> None:
        """Close the session; the next use opens it again."""
        with self._lock:
            self._forget()

    # -- opening ---------------------------------------------------------------------------------------------------

    def _as_it_is(self) -> None:
        if self._process != os.getpid():
            if self._process:  # a fork: the parent's session and login are not ours
                self._session = None
                self._keys.clear()
                self._library().reinitialize()
            self._process = os.getpid()

    def _session_again(self) -> None:
        self._forget()

    def _module_again(self) -> None:
        """Everything of the module in this process ends; other tokens of it open their sessions anew, as this one."""
        self._forget()
        self._library().reinitialize()

    def _opened(self) -> Any:
        if self._session is None:
            self._session = self._log_in()
        return self._session

    def _log_in(self) -> Any:
        try:
            token = self._library().get_token(token_label=self.label)
        except pkcs11.MultipleTokensReturned as error:
            raise TokenAbsent(token=self.label) from error
        pin = self._pin()
        if not len(pin):
            raise TokenPinMissing(token=self.label)
        mark = sha256(pin.reveal()).digest()
        if mark == self._refused_pin:
            raise TokenPinWrong(token=self.label)
        try:
            return token.open(rw=True, user_pin=pin.reveal().decode())
        except raised.UserAlreadyLoggedIn:
            return token.open(rw=True)  # a login holds for the whole process
        except _WRONG as error:
            self._refused_pin = mark
            raise TokenPinWrong(token=self.label) from error

    def _library(self) -> Any:
        try:
            return pkcs11.lib(str(self._module))
        except pkcs11.PKCS11Error as error:
            raise ModuleMissing(module=self._module.name) from error

    def _forget(self) -> None:
        session, self._session = self._session, None
        self._keys.clear()
        if session is not None:
            with suppress(pkcs11.PKCS11Error):
                session.close()

    def _raise_for_good(self, error: pkcs11.PKCS11Error) -> None:
        """Errors that no new session mends. The token may be absent for a moment only: that is tried again."""
        if isinstance(error, raised.PinLocked):
            raise TokenPinLocked(token=self.label) from error
        if isinstance(error, raised.MechanismInvalid | raised.FunctionNotSupported):
            raise MechanismUnsupported(token=self.label, mechanism=type(error).__name__) from error

    def __repr__(self) -> str:
        return f"<Token {self.label}>"
