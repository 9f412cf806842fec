"""What is recorded about the versions of templates that people uploaded.

Ids, versions, codes and hashes only. What a person typed (`words`) is personal data and goes into a disclosure.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from signing_service.audit.details.form import DISCLOSED


@dataclass(frozen=True, slots=True)
class TemplateUploaded:
    """A version of a template was uploaded by the actor; nobody can begin with it yet."""

    template: str
    template_version: str
    template_sha256: str


@dataclass(frozen=True, slots=True)
class TemplatePublished:
    """A template became available; the actor published it, `author` wrote it."""

    template: str
    template_version: str
    template_sha256: str
    author: str | None = None


@dataclass(frozen=True, slots=True)
class TemplateRejected:
    """A version was not published and never will be; `words` say why."""

    template: str
    template_version: str
    template_sha256: str
    words: str = field(default="", metadata=DISCLOSED)


@dataclass(frozen=True, slots=True)
class TemplateRetired:
    """No agreement begins with the version any more: `reason` is by_hand or superseded (by the version `by`)."""

    template: str
    template_version: str
    template_sha256: str
    reason: str
    by: str | None = None
    words: str = field(default="", metadata=DISCLOSED)
