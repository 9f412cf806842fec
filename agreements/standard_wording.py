"""What the template's own wording gives for the values of a version: the other side of a comparison with the template.

Which clauses an author chose or wrote otherwise plays no part here; that is what the comparison then shows.
"""

from __future__ import annotations

from agreements.errors import AgreementError, StandardUnavailable
from agreements.templates import Template
from agreements.versions import Version, compose


def standard_wording(template: Template, version: Version) -> Version:
    """The version as `template` words it. Raises StandardUnavailable when its values do not fit it."""
    if template.sha256 == version.template_sha256:
        return compose(template, version.values)
    try:
        return compose(template, version.values)
    except (AgreementError, LookupError, TypeError, ValueError) as error:
        # the values were checked against another template: what is missing or of another kind fails anywhere
        raise StandardUnavailable() from error
