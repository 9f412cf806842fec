"""The certificate authority: profiles as data, issuing after proof of possession, and revocation lists."""
