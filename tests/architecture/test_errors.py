"""Every error of ours can be told: a message whose places are plain names, and a status that is no accident."""

from __future__ import annotations

import importlib
import pkgutil
from string import Formatter

import agreements
import agreements.rendering.errors as rendering
import keys
import keys.errors as key_errors
import signing_service
import signing_service.audit.errors as audit
from agreements.errors import AgreementError
from keys.errors import KeysError
from signing_service.audit.errors import AuditError
from signing_service.errors import ServiceError
from signing_service.http_errors import STATUS, status_of
from signing_service.pades.errors import PadesError

Tree = type[AgreementError] | type[KeysError] | type[PadesError] | type[ServiceError]

TREES: tuple[Tree, ...] = (AgreementError, KeysError, PadesError, ServiceError, AuditError)

#: Errors whose status people and programs rely on, besides the table's own rows.
RELIED_ON = {
    audit.TileNotFound: 404,  # C2SP tlog-tiles: a tile that is not there is a 404, never "try later"
    audit.EntryNotFound: 404,
    audit.DisclosureNotFound: 404,
    audit.WitnessUnknownLog: 404,  # C2SP tlog-witness
    audit.WitnessConflict: 409,
    rendering.NoSuchPage: 404,
    rendering.FontsMissing: 503,  # the installation is not whole; nobody's input is wrong
    rendering.UnknownGlyph: 422,
    key_errors.TimestampUnavailable: 503,
}


def every(tree: Tree) -> list[Tree]:
    for package in (agreements, keys, signing_service):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.endswith("__main__") and "gunicorn" not in found.name and "migrations" not in found.name:
                importlib.import_module(found.name)
    todo: list[Tree] = [tree]
    seen: list[Tree] = [tree]
    while todo:
        for kind in todo.pop().__subclasses__():
            if kind not in seen:
                seen.append(kind)
                todo.append(kind)
    return seen


ALL = sorted({kind for tree in TREES for kind in every(tree)}, key=lambda kind: f"{kind.__module__}.{kind.__name__}")


def test_the_places_of_a_message_are_plain_names() -> None:
    """A place like `{error.args}` or `{0!r}` would show what was not written for people."""
    for kind in ALL:
        for _text, name, spec, conversion in Formatter().parse(kind.message):
            assert name is None or name.isidentifier(), f"{kind.__name__}: {name!r}"
            assert not spec, f"{kind.__name__}: {spec!r}"
            assert conversion is None, f"{kind.__name__}: {conversion!r}"


def test_a_code_has_a_subject_and_a_name() -> None:
    for kind in ALL:
        assert [part.isidentifier() for part in kind.code.split(".")] == [True, True], kind


def test_every_class_has_a_code_and_a_message_of_its_own() -> None:
    for kind in ALL:
        assert "code" in vars(kind), f"{kind.__name__} has the code of its base"
        assert "message" in vars(kind), f"{kind.__name__} has the message of its base"


def test_every_error_has_a_status_by_the_table() -> None:
    for kind in ALL:
        assert status_of(kind.__new__(kind)) in range(400, 600), kind
        assert status_of(kind.__new__(kind)) != 500, f"{kind.__name__} would look like a defect of ours"


def test_the_table_names_errors_only() -> None:
    assert set(STATUS) <= set(ALL)


def test_a_status_that_others_rely_on() -> None:
    wrong = {
        k.__name__: status_of(k.__new__(k)) for k, wanted in RELIED_ON.items() if status_of(k.__new__(k)) != wanted
    }
    assert wrong == {}
