"""One block in which a hostile file may raise anything at all without ending the run.

Only running out of memory goes through: a verdict must not come of a limit that was reached. What strict reading
refuses goes through `unless_strict` too, so that the file is read leniently instead of being suspected.
"""

from types import TracebackType

from pyhanko.pdf_utils.misc import PdfStrictReadError


class Forgiving:
    """`with forgiving:` ends any ordinary error inside; what follows the block is the answer for that case."""

    def __init__(self, *through: type[Exception]) -> None:
        self.through: tuple[type[BaseException], ...] = (MemoryError, *through)

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        return kind is not None and issubclass(kind, Exception) and not issubclass(kind, self.through)


forgiving = Forgiving()
unless_strict = Forgiving(PdfStrictReadError)
