"""Signers that are measured beside ours: programs of other languages, asked line by line, and pyHanko."""
