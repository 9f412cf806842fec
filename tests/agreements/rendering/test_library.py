"""Every sample of every shipped template becomes a sound PDF; what a template author breaks is seen here."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from agreements import templates
from agreements.fields import validate
from agreements.versions import compose
from tests.agreements.rendering.pdf_a import broken_rules
from tests.agreements.rendering.tools import page_texts, rendered, run, squeezed

pytestmark = pytest.mark.slow

LIBRARY = Path(templates.__file__).parent / "library"
SAMPLES = sorted(LIBRARY.glob("*/samples/*.yaml"))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: f"{path.parents[1].name}-{path.stem}")
def test_sample_of_the_library_becomes_a_sound_pdf(sample: Path, tmp_path: Path) -> None:
    template = templates.load(sample.parents[1])
    version = compose(template, validate(template, yaml.safe_load(sample.read_text("utf-8")), date(2026, 11, 22)))
    result = rendered(version)
    file = tmp_path / "sample.pdf"
    file.write_bytes(result.pdf)
    assert "No syntax or stream encoding errors found" in run("qpdf", "--check", str(file))
    assert broken_rules(result.pdf) == []
    assert len(result.fields) == len(version.signature_blocks) + 1
    whole = squeezed("".join(page_texts(file)))
    for clause in version.clauses:
        for title in clause.title.values():
            assert squeezed(title) in whole
    for block in version.signature_blocks:
        assert squeezed(block.person_name) in whole


def test_there_are_samples() -> None:
    assert SAMPLES
