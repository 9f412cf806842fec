"""Mutated PDFs through the verification: seeds, mutations, the child that judges, what must hold, the HTTP part."""
