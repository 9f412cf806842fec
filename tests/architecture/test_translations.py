"""Every text people may see exists in every language, with the same facts in it."""

from __future__ import annotations

from tools.words import catalogues, problems, template


def test_nothing_is_untranslated() -> None:
    wanted = template()
    found = catalogues()
    assert {file.parent.parent.name for file in found} == {"zh_Hans_CN", "de", "fi"}
    missing = [f"{file.parent.parent.name}: {line}" for file, one in found.items() for line in problems(one, wanted)]
    assert missing == []
