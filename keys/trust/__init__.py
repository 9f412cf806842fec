"""Which certificates are trusted, and for what."""
