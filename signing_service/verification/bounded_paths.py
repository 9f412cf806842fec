"""Trust anchors that end the search for a path before it takes for ever.

Certificates that all name each other as issuer have as many paths as they have orders: eight of them keep the library
busy for a quarter of a minute, ten for hours, and they fit into a file of ten kilobytes.
"""

from collections.abc import Iterable, Iterator

from asn1crypto import x509
from pyhanko_certvalidator.authority import TrustAnchor
from pyhanko_certvalidator.errors import PathBuildingError
from pyhanko_certvalidator.registry import SimpleTrustManager

MOST_STEPS = 200
"""Certificates of which an issuer is looked for in one attempt: the signer's chain and those of its answers."""


class BoundedTrust(SimpleTrustManager):
    """These anchors, for one attempt to judge one CMS."""

    def __init__(self, anchors: Iterable[x509.Certificate]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # the library leaves its types out here
        self._steps = 0
        for anchor in anchors:
            self._register_root(anchor)

    def find_potential_issuers(self, cert: x509.Certificate) -> Iterator[TrustAnchor]:
        """Anchors that may have issued a certificate; raises PathBuildingError when too many were asked about."""
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise PathBuildingError("too many certificates name each other as issuer")
        return super().find_potential_issuers(cert)
