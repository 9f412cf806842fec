"""Every error of this package, one tree, each with a stable `code` and a safe message.

Messages are English msgids with named placeholders; the reader's language is chosen by the service. Nothing here
knows HTTP.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from agreements.problems import FieldProblem, TemplateProblem


def N_(message: str) -> str:
    """Mark a text for translation; returns it unchanged."""
    return message


class AgreementError(Exception):
    """Root of the tree. `params` fill the placeholders of `message` and are safe to show."""

    code: ClassVar[str] = "agreement.error"
    message: ClassVar[str] = N_("The agreement cannot be handled as asked.")

    def __init__(self, **params: object) -> None:
        self.params = params
        super().__init__(self.message.format(**params))


# --- canonical form -------------------------------------------------------------------------------------------------


class NotCanonical(AgreementError):
    """The data has no canonical JSON form (RFC 8785): NaN, an integer beyond 2^53, a lone surrogate, a foreign type."""

    code = "canonical.unsupported"
    message = N_("The data has no canonical form: {reason}.")


# --- templates ------------------------------------------------------------------------------------------------------


class TemplateInvalid(AgreementError):
    """A template package was refused. `problems` name every mistake found, with file, line and place."""

    code = "template.invalid"
    message = N_("The template package “{package}” has {count} mistakes. The first: {first}")

    def __init__(self, package: str, problems: tuple[TemplateProblem, ...]) -> None:
        self.problems = problems
        first = problems[0].text if problems else ""
        super().__init__(package=package, count=len(problems), first=first)


class NotAPackage(AgreementError):
    """Bytes were read back as a template package and are not the files of one."""

    code = "template.unreadable"
    message = N_("These bytes are not a template package: {reason}.")


class TemplateVersionTaken(AgreementError):
    """A package of an id has to have a higher version than all before it, so that a version names one text."""

    code = "template.version_taken"
    message = N_("Version {version} of “{id}” is not higher than {highest}, which is here already. Raise the version.")


class OwnUpload(AgreementError):
    """Four eyes: who uploaded a template may not publish it."""

    code = "template.own_upload"
    message = N_("Four eyes are needed: whoever uploaded a template cannot publish it. Ask somebody else to read it.")


class TemplateState(AgreementError):
    """The template is not in a state that allows this."""

    code = "template.wrong_state"
    message = N_("“{command}” is not possible while the template is “{state}”.")


class ExpressionInvalid(AgreementError):
    """A `when` or `require` expression is not in the closed language; `at` is the position, from 1."""

    code = "template.expression_invalid"
    message = N_("“{expression}” cannot be understood at character {at}: {reason}.")


class ClauseTextInvalid(AgreementError):
    """A clause text is not in the restricted Markdown. `line` counts from 1; `reason` is a msgid."""

    code = "template.text_invalid"
    message = N_("Line {line}: {reason}")

    def __init__(self, line: int, reason: str, **reason_params: object) -> None:
        self.line = line
        self.reason = reason
        self.reason_params = reason_params
        super().__init__(line=line, reason=reason.format(**reason_params))


class FormatUnavailable(AgreementError):
    """A value was to be written in a form that its type or the language does not have."""

    code = "template.format_unavailable"
    message = N_("“{format}” is not a way to write {type} in {language}.")


class ValueMissing(AgreementError):
    """A clause text speaks of a value that was not given. Nothing is ever left blank in a text."""

    code = "version.value_missing"
    message = N_("Clause “{clause}” needs “{path}”, which has no value.")


class AgreementTooLong(AgreementError):
    """Values and texts together would become a text that nobody could read, and no machine set in time."""

    code = "version.too_long"
    message = N_("A text of the agreement becomes longer than {most} characters; shorten texts or lists.")


# --- values ---------------------------------------------------------------------------------------------------------


class InvalidFields(AgreementError):
    """The values were refused. `problems` holds every problem, in the order of the form."""

    code = "fields.invalid"
    message = N_("{count} fields need correction. The first: {first}")

    def __init__(self, problems: tuple[FieldProblem, ...]) -> None:
        self.problems = problems
        super().__init__(count=len(problems), first=problems[0].text if problems else "")


class FormUnreadable(AgreementError):
    """The names of the submitted form fields contradict each other or are beyond the limits."""

    code = "fields.form_unreadable"
    message = N_("The form cannot be read at “{path}”: {reason}.")


class InvalidIdentifier(AgreementError):
    """An identifier breaks the rule of its scheme (length, alphabet, check digit).

    `reason` is an English msgid to be formatted with `reason_params`; it follows a colon.
    """

    code = "identifier.invalid"
    message = N_("“{value}” is not a valid {scheme}: {reason}.")

    def __init__(self, scheme: str, value: str, reason: str, reason_params: Mapping[str, object] | None = None) -> None:
        self.reason = reason
        self.reason_params = dict(reason_params or {})
        super().__init__(scheme=scheme, value=value, reason=reason.format(**self.reason_params))


class TableUnreadable(AgreementError):
    """A file of organisations is no such table: its size, its encoding or its first row. Nothing of it was taken."""

    code = "table.unreadable"
    message = N_("This table cannot be read: {reason}.")

    def __init__(self, reason: str, **reason_params: object) -> None:
        self.reason = reason
        self.reason_params = reason_params
        super().__init__(reason=reason.format(**reason_params))


# --- versions -------------------------------------------------------------------------------------------------------


class NotAVersion(AgreementError):
    """Bytes were read as a version and are not the canonical form of one."""

    code = "version.unreadable"
    message = N_("These bytes are not a version of an agreement: {reason}.")


class StandardUnavailable(AgreementError):
    """The template as it is now cannot be composed from the values of an older version."""

    code = "version.standard_unavailable"
    message = N_(
        "The template has changed since this version was saved, and its standard wording cannot be made for the "
        "same values any more. Compare two versions instead."
    )


class NothingToCompare(AgreementError):
    """Two versions without a common language cannot be compared."""

    code = "version.not_comparable"
    message = N_("The two versions have no language in common.")
