"""A time stamp source in the form pyHanko asks for. The only place in this package that knows pyHanko."""

from asn1crypto import cms
from pyhanko.sign.timestamps import TimeStamper

from keys.errors import AlgorithmNotAllowed
from keys.timestamping.sources import TimestampSource


class _SourceTimeStamper(TimeStamper):
    def __init__(self, source: TimestampSource) -> None:
        super().__init__(include_nonce=False)  # type: ignore[no-untyped-call]  # pyHanko has no annotation here
        self._source = source

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """A token over the digest. It blocks: pyHanko runs in an event loop of its own, with nothing beside it."""
        if md_algorithm != "sha256":
            raise AlgorithmNotAllowed(algorithm=md_algorithm, reason="tokens are made over SHA-256")
        token = self._source.token(message_digest)
        # Later questions about this stamper's certificates are answered from the token just made. pyHanko gets
        # an object of its own: asn1crypto encodes anew, and slowly, what has been looked into.
        self._register_dummy(md_algorithm, cms.ContentInfo.load(token))  # type: ignore[no-untyped-call]  # nor here
        return cms.ContentInfo.load(token)


def pyhanko_timestamper(source: TimestampSource) -> TimeStamper:
    """A pyHanko `TimeStamper` whose tokens come from `source`, SHA-256 only."""
    return _SourceTimeStamper(source)
