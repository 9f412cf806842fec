"""Which network addresses are public: an address inside another one is judged too, because a gateway unpacks it."""

import ipaddress

_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052
_NAT64_LOCAL = ipaddress.ip_network("64:ff9b:1::/48")  # RFC 8215
_COMPATIBLE = ipaddress.ip_network("::/96")  # RFC 4291, 2.5.5.1, deprecated


def is_public(text: str) -> bool:
    """Whether an address (IPv4 or IPv6, as the resolver gives it) is one of the public internet."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if not address.is_global or address.is_multicast or address.is_reserved:
        return isinstance(address, ipaddress.IPv6Address) and _inside_is_public(address)
    return not isinstance(address, ipaddress.IPv6Address) or _nothing_private_inside(address)


def _inside_is_public(address: ipaddress.IPv6Address) -> bool:
    """An IPv4 address that is only written as an IPv6 one."""
    return address.ipv4_mapped is not None and is_public(str(address.ipv4_mapped))


def _nothing_private_inside(address: ipaddress.IPv6Address) -> bool:
    """6to4, Teredo and NAT64 carry IPv4 addresses that somebody else connects to."""
    inside = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _NAT64 or address in _COMPATIBLE:
        inside.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return address not in _NAT64_LOCAL and all(is_public(str(one)) for one in inside if one is not None)
