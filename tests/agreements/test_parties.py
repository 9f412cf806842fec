"""Who binds a party."""

from __future__ import annotations

from agreements.parties import is_bound, joint_groups
from tests.agreements.cases import THREE, version


def test_a_joint_group_binds_only_whole() -> None:
    chinese, german, finnish = version(THREE).parties
    assert joint_groups(german) == ((0, 1),)
    assert [is_bound(german, signed) for signed in ((), (0,), (1,), (0, 1))] == [False, False, False, True]
    assert is_bound(chinese, (0,))
    assert not is_bound(finnish, ())


def test_people_who_sign_alone_are_groups_of_their_own() -> None:
    party = version().parties[0]
    assert joint_groups(party) == ((0,),)


def test_names_and_roles() -> None:
    chinese, german, finnish = version(THREE).parties
    assert [one.role["zh-Hans"] for one in (chinese, german, finnish)] == ["甲方", "乙方", "丙方"]
    assert finnish.short_name == {"zh-Hans": "样例物流", "en": "Esimerkki", "de": "Esimerkki", "fi": "Esimerkki"}
    assert german.short_name == german.legal_name
    assert german.identifiers[0] == {"scheme": "de_register", "value": "Hamburg HRB 999917"}
    assert finnish.representatives[0].authority_document == "Power of attorney of 2 November 2026"
