"""Whether several numbers of one party can belong to the same organisation, as far as one can be read out of another.

An EUID repeats the number of the own register, so a difference is an error. A Finnish VAT number repeats the Business
ID, but the members of a VAT group have the group's, so a difference there is a warning.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from agreements.errors import N_
from agreements.identifier_rules import euid_register_number, read_german_register


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Number `index` of a party contradicts another of its numbers. `message` is an English msgid for `params`."""

    index: int
    level: str
    message: str
    params: Mapping[str, str]


def mismatches(identifiers: Sequence[Mapping[str, str]]) -> tuple[Mismatch, ...]:
    """Every contradiction between the (checked, normalised) identifiers of one party, in their order."""
    return tuple(found for index, one in enumerate(identifiers) for found in _of_one(index, one, identifiers))


def _of_one(index: int, one: Mapping[str, str], others: Sequence[Mapping[str, str]]) -> Iterator[Mismatch]:
    code = one["value"]
    if one["scheme"] == "euid":
        own = euid_register_number(code)
        scheme = {"DE": "de_register", "FI": "fi_business_id"}.get(code[:2], "")
        known = [other["value"] for other in others if other["scheme"] == scheme]
        if own is not None and known and own not in [_in_euid(scheme, value) for value in known]:
            message = N_("This EUID is for {own} in its register, but the number given for that register is {other}.")
            yield Mismatch(index, "error", message, {"own": own, "other": known[0]})
    if one["scheme"] == "vat" and code.startswith("FI"):
        known = [other["value"] for other in others if other["scheme"] == "fi_business_id"]
        right = [f"FI{value.replace('-', '')}" for value in known]
        if known and code not in right:
            message = N_(
                "A Finnish VAT number repeats the Business ID: for {business_id} it is {right}. "
                "Only the members of a VAT group have another."
            )
            yield Mismatch(index, "warning", message, {"business_id": known[0], "right": right[0]})


def _in_euid(scheme: str, value: str) -> str:
    """A register number as an EUID writes it: HRB 395 KI → HRB395KI."""
    if scheme != "de_register":
        return value
    found = read_german_register(value)
    return f"{found.register}{found.number}{found.suffix}".upper()
