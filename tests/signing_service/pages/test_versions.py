"""Reading a version on the screen: what its PDF says stands there too, for people who cannot see either."""

from __future__ import annotations

from itertools import pairwise

from tests.signing_service.pages import drafting
from tests.signing_service.pages.conftest import House


def test_a_frozen_version_names_parties_hash_and_signatories_and_leads_to_its_pdf(frozen_house: House) -> None:
    legal = frozen_house.signed_in("legal")
    page = legal.open(f"/agreements/{frozen_house.case.agreement_id}/versions/1")
    assert page.all("//dl//dt")[:2] == ["Party A", "Party B"]
    assert any(len(words) == 64 for words in page.all("//dl//dd"))
    assert "林知远 Lin Zhiyuan · Director" in page.text
    link = page.tree.xpath("//a[normalize-space()='PDF']/@href")[0]
    assert legal.client.get(link).mimetype == "application/pdf"


def test_headings_go_down_one_step_at_a_time_and_every_column_names_its_language(staffed_house: House) -> None:
    legal = staffed_house.signed_in("legal")
    page = drafting.version(legal, drafting.started(legal).address)
    levels = [int(found.tag[1]) for found in page.tree.xpath("//h1|//h2|//h3|//h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    for pair in page.tree.xpath("//article//div[@class='pair']"):
        assert [column.get("lang") for column in pair] == ["zh-Hans", "en"]
    assert not page.tree.xpath("//a[normalize-space()='PDF']"), "only the frozen version has a PDF"
