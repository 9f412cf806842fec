"""Versions made by hand for the rendering tests: any number of articles, parties and signatories; no template."""

from __future__ import annotations

from agreements.clauses import ResolvedClause
from agreements.numerals import party_role
from agreements.parties import PartyFacts, Representative
from agreements.signature_blocks import signature_blocks
from agreements.value_texts import ShownValue
from agreements.versions import Version

PARAGRAPHS = (
    {
        "zh-Hans": "甲乙双方本着平等互利、优势互补、共同发展的原则，经友好协商，就在循环经济与新经济领域"
        "建立长期战略合作关系达成如下协议。",
        "en": "On the basis of equality and mutual benefit, complementary strengths and common development, the "
        "Parties, after friendly consultation, agree as follows on a long-term strategic cooperation in the circular "
        "and the new economy.",
        "de": "Auf der Grundlage von Gleichberechtigung und gegenseitigem Nutzen vereinbaren die Parteien nach "
        "freundschaftlicher Beratung eine langfristige strategische Zusammenarbeit in der Kreislaufwirtschaft.",
    },
    {
        "zh-Hans": "本协议自双方授权代表签署之日（2026年11月22日）起生效，有效期为三十六个月；期满前九十日内，"
        "任何一方未书面提出异议的，自动续展十二个月。",
        "en": "This Agreement takes effect on the date of signature by the authorised representatives of both Parties "
        "(22 November 2026) and remains in force for thirty-six months; unless either Party objects in writing within "
        "ninety days before expiry, it is renewed for a further twelve months.",
        "de": "Dieser Vertrag tritt mit der Unterzeichnung durch die bevollmächtigten Vertreter beider Parteien "
        "(22. November 2026) in Kraft und gilt sechsunddreißig Monate.",
    },
    {
        "zh-Hans": "双方可在“循环经济技术示范”“园区规划与建设”（包括SME合作区）、《人才与标准交流计划》"
        "等方面开展合作。",
        "en": "The Parties may cooperate in “circular economy technology demonstration”, “planning and construction "
        "of parks” (including the SME Cooperation Zone) and the Sino-European exchange programme for talents and "
        "standards.",
        "de": "Die Parteien können unter anderem bei der „Demonstration von Technologien der Kreislaufwirtschaft“ "
        "sowie bei Planung und Bau von Parks zusammenarbeiten.",
    },
)
TITLES = (
    {"zh-Hans": "合作宗旨", "en": "Purpose and principles", "de": "Zweck und Grundsätze"},
    {"zh-Hans": "合作领域", "en": "Areas of cooperation", "de": "Bereiche der Zusammenarbeit"},
    {"zh-Hans": "工作机制", "en": "Working mechanism", "de": "Arbeitsweise"},
    {"zh-Hans": "知识产权", "en": "Intellectual property", "de": "Geistiges Eigentum"},
)
NAMES = (
    {
        "zh-Hans": "四川省循环经济协会",
        "en": "Sichuan Association of Circular Economy",
        "de": "Verband für Kreislaufwirtschaft der Provinz Sichuan",
    },
    {
        "zh-Hans": "中欧新经济产业创新中心",
        "en": "Sino-European New Economy Industry Innovation Center",
        "de": "Chinesisch-Europäisches Innovationszentrum für neue Wirtschaft",
    },
    {"zh-Hans": "芬兰比姆赫技术有限公司", "en": "BMH Technology Oy", "de": "BMH Technology Oy"},
)
TITLE = {
    "zh-Hans": "战略合作协议",
    "en": "Strategic Cooperation Agreement",
    "de": "Vertrag über strategische Zusammenarbeit",
}


def article(number: int, paragraphs: int, languages: tuple[str, ...]) -> ResolvedClause:
    """An article with numbered paragraphs; every fourth one is a list."""
    texts = [_only(PARAGRAPHS[(number + place) % 3], languages) for place in range(paragraphs)]
    labels = [
        dict.fromkeys(languages, f"{number}.{place + 1}" if paragraphs > 1 else "") for place in range(paragraphs)
    ]
    if number % 4 == 2:
        texts += [_only(TITLES[place], languages) for place in range(3)]
        labels += [{lang: f"（{n}）" if lang == "zh-Hans" else f"({n})" for lang in languages} for n in range(1, 4)]
    return ResolvedClause(
        f"clause_{number}", number, True, _only(TITLES[number % 4], languages), tuple(texts), tuple(labels)
    )


def party(index: int, people: int, languages: tuple[str, ...]) -> PartyFacts:
    """A party with some representatives."""
    name = _only(NAMES[index % 3], languages)
    return PartyFacts(
        index,
        _only(party_role(index), languages),
        name,
        name,
        "CN",
        {lang: "成都" if lang == "zh-Hans" else "Chengdu" for lang in languages},
        (),
        tuple(
            Representative(
                name="林知远" if index % 2 == 0 else "Aino Virtanen",
                name_latin="Lin Zhiyuan" if index % 2 == 0 else None,
                title={lang: "会长" if lang == "zh-Hans" else "President" for lang in languages},
                authority="statutory",
                authority_document=None,
                joint_group=None,
                email=f"signatory{index}{person}@example.org",
            )
            for person in range(people)
        ),
    )


def version(
    articles: int = 20,
    people: tuple[int, ...] = (1, 1),
    languages: tuple[str, ...] = ("zh-Hans", "en"),
    clauses: tuple[ResolvedClause, ...] = (),
) -> Version:
    """A whole version; `people` says how many representatives sign for each party."""
    parties = tuple(party(index, count, languages) for index, count in enumerate(people))
    place = {lang: "成都" if lang == "zh-Hans" else "Chengdu" for lang in languages}
    return Version(
        template_id="by_hand",
        template_version="1.0.0",
        template_sha256="00" * 32,
        languages=languages,
        title=_only(TITLE, languages),
        agreement_no="SCA-2026-017",
        values={},
        shown=(ShownValue("place", dict.fromkeys(languages, "-"), place),),
        clauses=clauses or tuple(article(number, 1 + number % 3, languages) for number in range(1, articles + 1)),
        parties=parties,
        signature_blocks=signature_blocks(parties, ("name", "title", "date", "place", "seal")),
    )


def _only(texts: dict[str, str], languages: tuple[str, ...]) -> dict[str, str]:
    return {lang: texts[lang] for lang in languages}
