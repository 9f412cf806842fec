"""The published schema of the JSON report: equal to the code, and every report holds to it."""

import copy
import json

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from signing_service.verification.report_schema import FILE, text
from tests.signing_service.verification.documents import base_pdf
from tests.signing_service.verification.mutations import flip_byte, replace_page
from tests.signing_service.verification.worlds import agreement, archived, judge, stamped, stranger

VALIDATOR = Draft202012Validator(
    json.loads(FILE.read_text(encoding="utf-8")), format_checker=Draft202012Validator.FORMAT_CHECKER
)


def test_the_published_file_is_that_of_the_code():
    """Write it anew with `python -m signing_service.verification.report_schema`."""
    assert FILE.read_text(encoding="utf-8") == text()
    Draft202012Validator.check_schema(VALIDATOR.schema)


@pytest.mark.parametrize(
    "report",
    [
        lambda: judge(agreement()),
        lambda: judge(archived()),
        lambda: judge(replace_page(agreement())),
        lambda: judge(flip_byte(stamped())),
        lambda: judge(stamped(), world=stranger()),
        lambda: judge(base_pdf()),
        lambda: judge(b"noise"),
    ],
)
def test_every_report_holds_to_it(report):
    VALIDATOR.validate(json.loads(json.dumps(report().to_json())))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data.pop("file"),
        lambda data: data["document"].update(indication="VALID"),
        lambda data: data["signatures"][0].update(revision="three"),
        lambda data: data.update(schema="signing-service/report/2"),
    ],
)
def test_what_does_not_hold_to_it_is_noticed(spoil):
    data = copy.deepcopy(judge(stamped()).to_json())
    spoil(data)
    with pytest.raises(ValidationError):
        VALIDATOR.validate(data)
