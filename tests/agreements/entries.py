"""A synthetic organisation of the directory, as values and as the fields of its form."""

from __future__ import annotations

from typing import Any

from agreements.drafts import flat

ESIMERKKI: dict[str, Any] = {
    "legal_name": {"en": "Esimerkki Logistics", "fi": "Esimerkki Logistiikka Oyj", "zh-Hans": "样例物流"},
    "legal_form": {"fi": "julkinen osakeyhtiö"},
    "identifiers": [{"scheme": "fi_business_id", "value": "9990174-8"}, {"scheme": "vat", "value": "FI99901748"}],
    "address": {"street": {"fi": "Esimerkkikatu 9"}, "city": {"en": "Helsinki", "fi": "Helsinki"}, "country": "FI"},
    "representatives": [
        {
            "name": "Helmi Rantala",
            "title": {"en": "Managing Director"},
            "authority": "statutory",
            "joint_group": "A",
            "email": "helmi.rantala@esimerkki.example",
        },
        {
            "name": "Eero Salo",
            "title": {"en": "Authorised Signatory"},
            "authority": "power_of_attorney",
            "authority_document": "Power of attorney of 2 November 2020",
            "joint_group": "a",
            "email": "eero.salo@esimerkki.example",
        },
    ],
}


def fields(**changes: str) -> dict[str, str]:
    """The example as its form sends it; `a__b` in a name stands for `a.b`."""
    return flat(ESIMERKKI) | {name.replace("__", "."): value for name, value in changes.items()}
