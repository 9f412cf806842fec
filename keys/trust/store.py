"""What the operator of a running service trusts, out of the trust folder: read again when the folder has changed."""

import threading
from dataclasses import dataclass, field
from pathlib import Path

from keys.trust.anchors import TrustAnchors
from keys.trust.folder import TrustFolder
from keys.trust.list_store import ListStore
from keys.trust.trusted_lists import TrustedLists


@dataclass(frozen=True, slots=True)
class Trusted:
    """Roots per purpose, and trusted lists (whose anchors are not among the roots)."""

    anchors: TrustAnchors = field(default_factory=TrustAnchors)
    lists: TrustedLists = field(default_factory=TrustedLists)


class TrustStore:
    """One folder, or none: then nothing is trusted by it."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._seen: tuple[tuple[str, int, int], ...] | None = None
        self._trusted = Trusted()

    def current(self) -> Trusted:
        """As the folder is now. Lists are large: whoever asks first after a change waits for them to be read.

        Raises `AnchorUnreadable` for a file that is not as the folder writes it.
        """
        if self._path is None:
            return self._trusted
        with self._lock:
            seen = self._state(self._path)
            if seen != self._seen:
                folder = TrustFolder(self._path)
                self._trusted = Trusted(folder.anchors(), ListStore(folder).load())
                self._seen = seen
            return self._trusted

    @staticmethod
    def _state(path: Path) -> tuple[tuple[str, int, int], ...]:
        files = [file for file in sorted(path.glob("*/*")) if file.suffix in (".pem", ".xml", ".json")]
        return tuple((str(file), (found := file.stat()).st_mtime_ns, found.st_size) for file in files)
