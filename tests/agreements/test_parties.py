"""Who binds a party."""

from __future__ import annotations

from agreements.parties import fulfilled, is_bound, joint_groups, joint_partners
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


def test_a_joint_group_is_one_however_it_is_typed() -> None:
    assert joint_partners(["A", None, "a", "Ａ", "B"], 0) == (2, 3)
    assert joint_partners([None, None], 0) == ()


def test_both_of_a_joint_group_have_a_box_and_the_agreement_needs_both() -> None:
    joint = version(THREE)
    assert [one.person_name for one in joint.signature_blocks if one.party_index == 1] == [
        "Jutta Sommerfeld",
        "Henrik Vogt",
    ]
    everybody = {party.index: range(len(party.representatives)) for party in joint.parties}
    assert fulfilled(joint.parties, everybody)
    for alone in ((0,), (1,)):
        assert not fulfilled(joint.parties, {**everybody, 1: alone})
    assert not fulfilled(joint.parties, {0: (0,), 1: (0, 1)})
