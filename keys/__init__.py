"""With what an agreement is signed: keys, the certificates that name their holders, time stamps and trust anchors.

This package knows neither Flask, nor a database, nor what an agreement is. It never fetches revocation data and never
judges a PDF; it makes signatures possible and says who held the key.

Words used here: a *custodian* is whoever holds a private key and signs with it; *signed attributes* are the DER bytes
(a SET, first byte 0x31) that a CMS signature value covers; a *value* is the bare ECDSA signature; a *token* is an
RFC 3161 time stamp token; an *anchor* is a certificate trusted without further proof.
"""
