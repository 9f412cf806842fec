"""Template packages as stored files: keeping one, and reading back the very one that a row names.

A package is kept as its files and its manifest, each under its own SHA-256; that of the manifest is the package's. So
the hash that a version of an agreement carries is the address of the package it was composed from.
"""

from __future__ import annotations

from agreements.errors import NotAPackage
from agreements.package_files import Mistakes, Package, files_named, package_of
from agreements.templates import Template, in_languages, library, read
from signing_service.db import files
from signing_service.db.models.agreements import Agreement
from signing_service.errors import N_, NotFound
from signing_service.operations.operation import Act
from signing_service.packages.kept import Kept

TEMPLATE = N_("template")
TEXT, JSON = "text/plain", "application/json"

_templates: Kept[Template] = Kept(64)


def keep(act: Act, package: Package) -> None:
    """Keep the files of a package and its manifest, unless they are here."""
    if not files.has(act.session, package.sha256):
        files.put_all(act.session, package.files.values(), TEXT)
        files.put(act.session, package.manifest, JSON)


def template(act: Act, sha256: str) -> Template:
    """The template of exactly that package: of the service itself when it came with it, else out of the stored files.

    The files are hashed again when they are read. Raises `NotAPackage` when they are not what the hash names.
    """
    return shipped(sha256) or _templates.get(sha256, lambda: _stored(act, sha256))


def template_of(act: Act, agreement: Agreement) -> Template:
    """The template that the agreement was begun with, of exactly that package, in the languages it is written in.

    Agreements from before the package was kept take the one of that id that came with the service; raises `NotFound`.
    """
    if agreement.template_sha256 is not None:
        found = template(act, agreement.template_sha256)
    elif agreement.template_id in library():
        found = library()[agreement.template_id]
    else:
        raise NotFound(what=TEMPLATE)
    return found if agreement.languages is None else in_languages(found, tuple(agreement.languages))


def shipped(sha256: str) -> Template | None:
    """The template with that package that came with the service, if there is one."""
    return next((one for one in library().values() if one.sha256 == sha256), None)


def _stored(act: Act, sha256: str) -> Template:
    named = files_named(files.get(act.session, sha256))
    data = files.get_all(act.session, named.values())
    mistakes = Mistakes()
    package = package_of(sha256, {path: data[digest] for path, digest in named.items()}, mistakes)
    if package.sha256 != sha256:
        raise NotAPackage(reason=N_("its files are not the ones that its hash names"))
    return read(package, mistakes)
