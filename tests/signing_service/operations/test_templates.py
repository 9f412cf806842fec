"""Templates from upload to retirement, with a second person between; and agreements that stay with their package."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from agreements.canonical import sha256_of
from agreements.errors import NotAPackage, OwnUpload, TemplateInvalid, TemplateState, TemplateVersionTaken
from agreements.templates import library
from signing_service.cli.demo_case import flat, sample
from signing_service.db.models.agreements import Agreement, Draft
from signing_service.errors import ChangedMeanwhile, NotFound, NotPermitted
from signing_service.operations import drafts, template_views, templates, versions
from signing_service.operations import packages as stored_packages
from signing_service.operations.operation import Act, query
from signing_service.permissions import Action
from tests.attacks.unchanged import log_types, nothing_changes
from tests.factories import packages
from tests.factories.case import Case

REFUSED = ("access.refused",)


class Desk:
    """The two people of the legal department at their templates."""

    def __init__(self, case: Case) -> None:
        self.services = case.services
        self.katja, self.shen = case.staff["legal_review"], case.staff["legal"]
        self.staff = case.staff

    def upload(self, files: packages.Files) -> str:
        """What is left of an upload when the package was examined and found right, which takes most of its time."""
        return templates.add(self.services, self.katja, packages.read(files), 1)

    def publish(self, sha256: str) -> None:
        before = template_views.read(self.services, self.shen, sha256).before
        templates.publish(self.services, self.shen, sha256, sha256, before.sha256 if before else "")

    def published(self, files: packages.Files) -> str:
        sha256 = self.upload(files)
        self.publish(sha256)
        return sha256

    def state(self, sha256: str) -> str:
        return template_views.read(self.services, self.shen, sha256).entry.state

    def offered(self, template_id: str = packages.SMALL) -> str | None:
        found = {one.id: one.sha256 for one in drafts.templates(self.services, self.shen)}
        return found.get(template_id)

    def begun(self) -> str:
        """An agreement of the small template with every value in its draft."""
        agreement_id = drafts.start(self.services, self.shen, packages.SMALL)
        drafts.save(self.services, self.shen, agreement_id, flat(packages.VALUES), 1)
        return agreement_id

    def version(self, agreement_id: str) -> Any:
        row_version = drafts.read(self.services, self.shen, agreement_id, "en").row_version
        return versions.save(self.services, self.shen, agreement_id, row_version)


@pytest.fixture
def desk(staffed: Case) -> Desk:
    return Desk(staffed)


def test_katja_uploads_shen_yue_publishes_and_an_agreement_stays_with_it(desk: Desk) -> None:
    """The story: what was begun with 1.0.0 is composed of the same bytes after 1.1.0 was published."""
    services = desk.services
    first = templates.upload(services, desk.katja, packages.zipped(packages.small()), "small.zip")
    assert desk.offered() is None, "an upload alone is offered to nobody"
    desk.publish(first)
    assert desk.offered() == first
    agreement_id = desk.begun()
    version = desk.version(agreement_id)
    before = versions.read(services, desk.shen, agreement_id, 1).version
    second = desk.published(packages.small_reworded("1.1.0"))
    assert desk.offered() == second
    assert desk.state(first) == "retired"
    assert desk.version(agreement_id) == version, "the same bytes are the same version"
    after = versions.read(services, desk.shen, agreement_id, 1).version
    assert after.canonical == before.canonical
    assert (after.template_version, after.template_sha256) == ("1.0.0", first)
    other = desk.begun()
    drafts.save(services, desk.shen, other, {**flat(packages.VALUES), "agreement_no": "X-2"}, 2)
    desk.version(other)
    begun_later = versions.read(services, desk.shen, other, 1).version
    assert begun_later.clauses[0].paragraphs[0]["en"].startswith("The whole fee is")
    counted = {one.version: one.agreements for one in template_views.list_all(services, desk.shen) if one.id == "small"}
    assert counted == {"1.0.0": 1, "1.1.0": 1}
    said = [one.removeprefix("template.") for one in log_types(services) if one.startswith("template.")]
    assert said == ["uploaded", "published", "uploaded", "published", "retired"]


def test_the_same_content_again_is_the_same_version(desk: Desk) -> None:
    sha256 = desk.upload(packages.small())
    with nothing_changes(desk.services):
        again = packages.read(dict(reversed(packages.small().items())))
        assert templates.add(desk.services, desk.shen, again, 1) == sha256
    files = library()[packages.SHIPPED].package.files
    with nothing_changes(desk.services):
        assert desk.upload(files) == library()[packages.SHIPPED].sha256


def test_a_version_names_one_text_for_ever(desk: Desk) -> None:
    """Neither the same number nor a lower one, whatever became of the version before."""
    rejected = desk.upload(packages.small("1.2.0"))
    templates.reject(desk.services, desk.shen, rejected, "The fee is not said.")
    for version in ("1.2.0", "1.1.9", "1.0.0"):
        with nothing_changes(desk.services, REFUSED), pytest.raises(TemplateVersionTaken, match=r"1\.2\.0"):
            desk.upload(packages.small_reworded(version))
    with nothing_changes(desk.services, REFUSED), pytest.raises(TemplateVersionTaken):
        desk.upload(packages.shipped_continued(library()[packages.SHIPPED].version))
    desk.published(packages.small_reworded("1.10.0"))


def test_a_shipped_template_is_continued_by_a_higher_version(desk: Desk) -> None:
    with_service = library()[packages.SHIPPED]
    assert desk.offered(packages.SHIPPED) == with_service.sha256
    own = desk.upload(packages.shipped_continued("1.1.0"))
    assert desk.offered(packages.SHIPPED) == with_service.sha256
    changes = template_views.changes(desk.services, desk.shen, own)
    assert changes is not None
    assert [one.clause_id for one in changes.clauses if one.kind == "changed"] == [with_service.clauses[1].id]
    desk.publish(own)
    assert desk.offered(packages.SHIPPED) == own
    templates.retire(desk.services, desk.katja, own, "")
    assert desk.offered(packages.SHIPPED) is None, "what the house took into its own hands does not come back"


def test_nobody_publishes_their_own_upload(desk: Desk) -> None:
    sha256 = desk.upload(packages.small())
    with nothing_changes(desk.services, REFUSED), pytest.raises(OwnUpload):
        templates.publish(desk.services, desk.katja, sha256, sha256, "")
    templates.reject(desk.services, desk.katja, sha256, "I take it back.")
    assert desk.state(sha256) == "rejected"


@pytest.mark.parametrize("who", ["management", "host", "auditor"])
def test_who_may_not(desk: Desk, who: str) -> None:
    sha256, person = desk.upload(packages.small()), desk.staff[who]
    attempts: list[Callable[[], object]] = [
        lambda: templates.publish(desk.services, person, sha256, sha256, ""),
        lambda: templates.reject(desk.services, person, sha256, "no"),
        lambda: templates.retire(desk.services, person, sha256, "no"),
    ]
    for attempt in attempts:
        with nothing_changes(desk.services, REFUSED), pytest.raises(NotPermitted):
            attempt()
    with nothing_changes(desk.services), pytest.raises(NotPermitted):
        templates.upload(desk.services, person, packages.zipped(packages.small("2.0.0")), "small.zip")
    with nothing_changes(desk.services, REFUSED), pytest.raises(NotPermitted):
        templates.add(desk.services, person, packages.read(packages.small("2.0.0")), 1)


def test_publishing_is_bound_to_what_was_on_the_screen(desk: Desk) -> None:
    """Another package, or another one beside it: what was read is not what would be published."""
    first, second = desk.upload(packages.small()), desk.upload(packages.small_reworded("1.1.0"))
    for shown, compared_with in ((second, ""), ("0" * 64, ""), ("", ""), (first, second), (first, "x")):
        with nothing_changes(desk.services, REFUSED), pytest.raises(ChangedMeanwhile):
            templates.publish(desk.services, desk.shen, first, shown, compared_with)
    desk.publish(first)
    with nothing_changes(desk.services, REFUSED), pytest.raises(ChangedMeanwhile):
        templates.publish(desk.services, desk.shen, second, second, "")  # read when there was nothing beside it
    desk.publish(second)


def test_an_older_upload_is_not_published_after_a_newer_one(desk: Desk) -> None:
    first, second = desk.upload(packages.small()), desk.upload(packages.small_reworded("1.1.0"))
    desk.publish(second)
    with nothing_changes(desk.services, REFUSED), pytest.raises(TemplateVersionTaken):
        templates.publish(desk.services, desk.shen, first, first, "")


def test_what_was_decided_stays_decided(desk: Desk) -> None:
    rejected = desk.upload(packages.small())
    templates.reject(desk.services, desk.shen, rejected, "no")
    retired = desk.published(packages.small_reworded("1.1.0"))
    templates.retire(desk.services, desk.shen, retired, "Another law applies.")
    for sha256 in (rejected, retired):
        attempts: list[Callable[[], object]] = [
            lambda sha256=sha256: templates.publish(desk.services, desk.shen, sha256, sha256, ""),  # type: ignore[misc]
            lambda sha256=sha256: templates.reject(desk.services, desk.shen, sha256, "no"),  # type: ignore[misc]
            lambda sha256=sha256: templates.retire(desk.services, desk.shen, sha256, ""),  # type: ignore[misc]
        ]
        for attempt in attempts:
            with nothing_changes(desk.services, REFUSED), pytest.raises(TemplateState):
                attempt()
    with nothing_changes(desk.services, REFUSED), pytest.raises(NotFound):
        drafts.start(desk.services, desk.shen, packages.SMALL)


def test_publishing_and_rejecting_at_one_moment(desk: Desk) -> None:
    """One of the two wins; the other is told, and nothing of theirs is done."""
    sha256 = desk.upload(packages.small())
    gate, refused = threading.Barrier(2), list[Exception]()

    def race(act: Callable[[], None]) -> None:
        gate.wait()
        try:
            act()
        except (TemplateState, ChangedMeanwhile) as error:
            refused.append(error)

    rivals = [
        threading.Thread(target=race, args=(lambda: desk.publish(sha256),)),
        threading.Thread(target=race, args=(lambda: templates.reject(desk.services, desk.katja, sha256, "no"),)),
    ]
    for rival in rivals:
        rival.start()
    for rival in rivals:
        rival.join()
    assert len(refused) == 1
    done = [one for one in log_types(desk.services) if one in ("template.published", "template.rejected")]
    assert [f"template.{desk.state(sha256)}"] == done


def test_two_first_uploads_of_one_version_at_one_moment(desk: Desk) -> None:
    gate, kept, refused = threading.Barrier(2), list[str](), list[Exception]()

    def race(files: packages.Files) -> None:
        template = packages.read(files)
        gate.wait()
        try:
            kept.append(templates.add(desk.services, desk.katja, template, 1))
        except (TemplateVersionTaken, ChangedMeanwhile) as error:
            refused.append(error)

    rivals = [
        threading.Thread(target=race, args=(one,)) for one in (packages.small(), packages.small_reworded("1.0.0"))
    ]
    for rival in rivals:
        rival.start()
    for rival in rivals:
        rival.join()
    assert (len(kept), len(refused)) == (1, 1)
    assert desk.state(kept[0]) == "uploaded"


def test_a_template_that_changed_between_looking_and_beginning(desk: Desk) -> None:
    first = desk.published(packages.small())
    second = desk.published(packages.small_reworded("1.1.0"))
    with nothing_changes(desk.services, REFUSED), pytest.raises(ChangedMeanwhile):
        drafts.start(desk.services, desk.shen, packages.SMALL, template_sha256=first)
    drafts.start(desk.services, desk.shen, packages.SMALL, template_sha256=second)


def test_an_agreement_from_before_packages_were_kept(desk: Desk) -> None:
    """It takes the template that came with the service, and stays with that one from its next save on."""
    services, shen = desk.services, desk.shen
    agreement_id = drafts.start(services, shen, "strategic_cooperation")
    with services.db.write() as session:
        session.execute(text("UPDATE agreement SET template_sha256 = NULL"))
    assert drafts.read(services, shen, agreement_id, "en").now.groups
    counted = {one.id: one.agreements for one in template_views.list_all(services, shen)}
    assert counted["strategic_cooperation"] == 1
    drafts.save(services, shen, agreement_id, flat(sample()), 1)
    with services.db.read() as session:
        kept = session.get_one(Agreement, agreement_id).template_sha256
    assert kept == library()["strategic_cooperation"].sha256


def test_a_package_of_an_earlier_service_is_read_from_its_files(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """After an update of the software the agreement still has the texts it was begun with."""
    services, shen = desk.services, desk.shen
    agreement_id = drafts.start(services, shen, packages.SHIPPED)
    old = library()[packages.SHIPPED]
    later = {one: template for one, template in library().items() if one != packages.SHIPPED}
    for module in ("packages", "templates", "template_views"):
        monkeypatch.setattr(f"signing_service.operations.{module}.library", lambda: later)
    assert _texts_of(services, shen, agreement_id) == old.package.texts
    assert desk.state(old.sha256) == "earlier"


@query(Action.AGREEMENT_READ)
def _texts_of(act: Act, agreement_id: str) -> Any:
    return stored_packages.template_of(act, act.session.get_one(Agreement, agreement_id)).package.texts


def test_a_wrong_package_is_told_whole_and_nothing_is_kept(desk: Desk) -> None:
    files = packages.small(en="# Fee\n\nThe fee is {{price}}.\n")
    with nothing_changes(desk.services), pytest.raises(TemplateInvalid) as told:
        templates.upload(desk.services, desk.katja, packages.zipped(files), "small.zip")
    assert [one.text for one in told.value.problems] == [
        "clauses/fee.en.md, line 3: Here stands a paragraph with price; zh-Hans has a paragraph with fee.",
        "clauses/fee.en.md, line 3: “price” is not a value that is known here.",
    ]


def test_a_damaged_file_of_a_package_is_noticed(desk: Desk) -> None:
    """What comes out of the database is hashed again; nobody composes with another text."""
    words = packages.SMALL_EN.replace("The fee", "This fee")
    sha256 = desk.upload(packages.small("3.1.4", en=words))
    altered = {"sha256": sha256_of(words.encode()), "data": words.replace("fee is", "tax is").encode()}
    with desk.services.db.write() as session:
        session.execute(text("UPDATE stored_file SET data = :data WHERE sha256 = :sha256"), altered)
    with pytest.raises(NotAPackage):
        template_views.archive(desk.services, desk.shen, sha256)


@pytest.mark.parametrize("sha256", ["0" * 64, "x", "", "../../etc/passwd"])
def test_what_is_no_template_is_not_found(desk: Desk, sha256: str) -> None:
    for look in (template_views.read, template_views.changes, template_views.archive):
        with pytest.raises(NotFound):
            look(desk.services, desk.shen, sha256)
    for act in (templates.retire, templates.reject):
        with pytest.raises(NotFound):
            act(desk.services, desk.shen, sha256, "no")


def test_an_agreement_begun_like_another_takes_the_version_on_offer(desk: Desk) -> None:
    """Its values come along, but not those that the newer version does not ask for."""
    services, shen = desk.services, desk.shen
    desk.published(packages.small())
    model = desk.begun()
    desk.version(model)
    without = packages.SMALL_TEMPLATE.replace("name: fee,", "name: price,")
    texts = {"en": packages.SMALL_EN, "zh": packages.SMALL_ZH}
    files = packages.small(
        "2.0.0", template=without, **{key: one.replace("{{fee|", "{{price|") for key, one in texts.items()}
    )
    second = desk.published(files)
    assert [one.id for one in drafts.beginnings(services, shen)] == [model]
    begun = drafts.start_like(services, shen, model)
    with services.db.read() as session:
        assert session.get_one(Agreement, begun).template_sha256 == second
        assert set(session.get_one(Draft, begun).raw) == {"parties"}
    templates.retire(services, shen, second, "")
    assert drafts.beginnings(services, shen) == []
    with nothing_changes(services, REFUSED), pytest.raises(NotFound):
        drafts.start_like(services, shen, model)
