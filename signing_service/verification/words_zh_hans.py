"""Sentences of the verification report."""

from collections.abc import Mapping

TEXTS: Mapping[str, str] = {}
