"""`demo`: the whole way of an agreement over HTTP, from template to report (written below once the pieces stand)."""

from __future__ import annotations

import click


@click.command()
def demo() -> None:
    """placeholder"""
