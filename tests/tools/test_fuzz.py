"""The fuzzing itself: a slice of it at every run, and that it would notice what it looks for."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import httpx
import pytest

from tests.signing_service.verification.mutations import flip_byte
from tools.fuzz.children import work
from tools.fuzz.judging import Judging, Wrong, check_against
from tools.fuzz.mutations import BOMB_EACH, MUTATIONS, mutated
from tools.fuzz.seeds import folder
from tools.fuzz.served import linked, refused

SLICE = 300

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of seeds: many keys and signatures, made once."""
    place = tmp_path_factory.mktemp("seeds")
    folder(place)
    return place


@pytest.fixture(scope="module")
def judging(seeds: Path) -> Judging:
    return Judging(folder(seeds))


def test_every_seed_is_judged_without_a_complaint_and_most_pass(judging: Judging) -> None:
    told = {seed.name: judging.verdict(seed, seed.pdf) for seed in judging.seeds.all}
    assert not {name: words for name, words in told.items() if words.startswith("bad")}
    assert sum(words.startswith("TOTAL_PASSED") for words in told.values()) > len(told) // 2


def test_a_slice_of_mutated_files_is_judged_as_it_must_be(judging: Judging, tmp_path: Path) -> None:
    for number in range(1, SLICE):  # bombs are for `make fuzz`, which limits what they use
        assert number % BOMB_EACH
        words = judging.numbered(number)
        if words.startswith("bad"):
            (kept := tmp_path / "bad.pdf").write_bytes(judging.file(number)[1])
            pytest.fail(f"{number}, kept as {kept}: {words}")


def test_a_number_gives_the_same_file_as_long_as_the_seeds_are_kept(seeds: Path) -> None:
    first, again = ([seed.pdf for seed in folder(seeds).all] for _ in range(2))
    files = [mutated(first, number) for number in range(1, 40)]
    assert files == [mutated(again, number) for number in range(1, 40)]
    assert len(set(files)) > 30
    assert len(set(MUTATIONS)) > 10


def test_a_report_that_calls_changed_bytes_intact_is_noticed(judging: Judging) -> None:
    seed = next(seed for seed in judging.seeds.all if seed.name.endswith("-classic"))
    report = judging.report(seed.pdf)
    check_against(seed, seed.pdf, report)
    with pytest.raises(Wrong, match="intact"):
        check_against(seed, flip_byte(seed.pdf), report)


def test_a_child_that_ends_costs_one_number() -> None:
    def job(number: int) -> str:
        if number == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        if number == 5:
            raise ValueError("out of the job")
        return f"fine\n{number}"

    answers = {answer.number: answer.words for answer in work(job, range(9), 2)}
    assert sorted(answers) == list(range(9))
    assert answers[3] == "bad: child ended, SIGKILL"
    assert answers[5] == "bad: child ended, exit 1"
    assert answers[8] == "fine 8"


def test_a_refusal_needs_a_code_and_words() -> None:
    kind = {"Content-Type": "application/problem+json"}
    assert refused(httpx.Response(422, json={"code": "verification.not_a_pdf", "detail": "It is none."}, headers=kind))
    for answer in (
        httpx.Response(500, json={"code": "http.500", "detail": "Sorry."}, headers=kind),
        httpx.Response(422, json={"code": "", "detail": "It is none."}, headers=kind),
        httpx.Response(413, text="too large", headers={"Content-Type": "text/html"}),
    ):
        with pytest.raises(Wrong):
            refused(answer)


def test_what_a_page_links_to_is_followed_once() -> None:
    page = '<a href="/verification/abc/report.pdf"><a href="/verify"><img src="/verification/abc/pages/1/1.png">'
    found = ["/verification/abc/report.pdf", "/verification/abc/pages/1/1.png"]
    assert list(linked(page * 2, "http://127.0.0.1:1/verification/abc")) == found
