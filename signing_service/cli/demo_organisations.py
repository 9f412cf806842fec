"""The organisations of the demo, entered into the directory at once, the way a table of organisations is imported."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from agreements.organisation_tables import written
from signing_service.operations import organisation_tables
from signing_service.permissions import Actor
from signing_service.services import Services

NOTE = (
    "演示数据：单位确曾公开参会；号码为合成（符合校验规则，未颁发给任何人），人员和地址均为虚构。\n"
    "Demo: the organisation took part in public. Its numbers are synthetic (right by their rules, given to nobody); "
    "people and addresses are invented."
)


def entries() -> list[dict[str, Any]]:
    """The entries as they would be typed, each with the note that says what is invented."""
    file = Path(__file__).with_name("demo_organisations.yaml")
    return [{**one, "note": NOTE} for one in yaml.safe_load(file.read_text(encoding="utf-8"))]


def enter(services: Services, legal: Actor) -> int:
    """Enter them in one transaction; returns how many."""
    return organisation_tables.take_in(services, legal, written(entries()))
