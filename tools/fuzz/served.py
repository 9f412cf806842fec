"""Mutated files sent to a real server of its own: the page `/verify` and `POST /api/v1/verification` in turn.

No answer may be a server error, a report is what the schema says, and a refusal has a code and words. Of some reports
everything that their page links to is fetched: pictures, evidence, the forms to keep.
"""

from __future__ import annotations

import re
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from signing_service.cli.demo_server import Server
from tools.fuzz.judging import Judging, Wrong, schema

API, PAGE = "/api/v1/verification", "/verify"
CSRF = re.compile(r'<meta name="csrf-token" content="([^"]+)"')
CODE = re.compile(r"[a-z_]+\.[a-z0-9_]+")
FOLLOWED_EACH = 5
MOST_LINKS = 40
AT_ONCE, TOLD_EACH = 2, 50
PATIENCE = 180.0  # seconds of wall time for one answer: the service's own limit is 90


def run(judging: Judging, count: int, start: int) -> tuple[Counter[str], list[str]]:
    """`count` files from number `start` on through a new server; the count of each answer, and what was wrong."""
    answers: Counter[str] = Counter()
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as folder, Server(Path(folder) / "data") as server:
        visitor = _Visitor(server.base_url)
        with ThreadPoolExecutor(AT_ONCE) as several:
            for number, (said, problem) in enumerate(
                several.map(lambda number: _sent(visitor, judging, number), range(start, start + count)), start
            ):
                answers[said] += 1
                if answers.total() % TOLD_EACH == 0:
                    print(f"http: {answers.total()} of {count} files", flush=True)
                if problem:
                    wrong.append(f"{number}: {problem}")
                    print(f"  http {number}: {problem}", flush=True)
        wrong += [f"limits: {problem}" for problem in limits(visitor)]
        if "Traceback (most recent call last)" in (log := server.log.read_text(errors="replace")):
            wrong.append("the server's log holds a traceback: " + log[log.index("Traceback") :][:2000])
    return answers, wrong


class _Visitor:
    """A browser's cookies and token; waits when it is told to."""

    def __init__(self, address: str) -> None:
        self.http = httpx.Client(base_url=address, timeout=PATIENCE, headers={"Accept-Language": "en"})
        found = CSRF.search(self.http.get(PAGE).raise_for_status().text)
        if found is None:
            raise Wrong("the page has no token")
        self.token = found.group(1)

    def ask(self, method: str, path: str, *, files: dict[str, tuple[str, bytes]] | None = None) -> httpx.Response:
        """One request; asked again after a while when there were too many."""
        data = {"csrf_token": self.token} if path == PAGE else None
        while True:
            answer = self.http.request(method, path, files=files, data=data)
            if answer.status_code != 429:
                return answer
            time.sleep(5)


def _sent(visitor: _Visitor, judging: Judging, number: int) -> tuple[str, str]:
    """The kind of answer to one file and what was wrong with it, or nothing."""
    _, pdf = judging.file(number)
    try:
        if number % 2:
            return checked(visitor.ask("POST", API, files={"file": ("fuzz.pdf", pdf)})), ""
        answer = visitor.ask("POST", PAGE, files={"file": ("fuzz.pdf", pdf)})
        if answer.status_code != 303:
            return refused(answer), ""
        page = visitor.ask("GET", answer.headers["Location"])
        if page.status_code != 200:
            raise Wrong(f"{page.status_code} for the report's page")
        if number % FOLLOWED_EACH == 0:
            for link in linked(page.text, answer.headers["Location"]):
                followed = visitor.ask("GET", link)
                if followed.status_code >= 500:
                    raise Wrong(f"{followed.status_code} for {link.rpartition('/')[2]}")
        return "report page", ""
    except (Wrong, httpx.HTTPError) as cause:
        return "bad", f"{type(cause).__name__}: {cause}"


def checked(answer: httpx.Response) -> str:
    """What the interface said; raises Wrong for a server error, or a report that is none."""
    if answer.status_code != 200:
        return refused(answer)
    told = answer.json()
    for problem in schema().iter_errors(told):
        raise Wrong(f"the report does not hold to the schema: {problem.message[:200]}")
    over = [entry["code"] for entry in told["findings"] if entry["code"].startswith("run.")]
    if over:
        raise Wrong(f"the parsing process ended: {over[0]}")
    return f"report {told['document']['indication']}"


def refused(answer: httpx.Response) -> str:
    """The code of a refusal; raises Wrong for a server error, or a refusal without a code and words."""
    if answer.status_code >= 500:
        raise Wrong(f"status {answer.status_code}")
    if answer.headers["Content-Type"].startswith("application/problem+json"):
        told = answer.json()
        if not CODE.fullmatch(told.get("code", "")) or not told.get("detail"):
            raise Wrong(f"a refusal without code and words: {answer.text[:200]}")
        return f"refused {told['code']}"
    if "<h1" not in answer.text and 'role="alert"' not in answer.text:
        raise Wrong(f"a refusal without words: {answer.status_code}")
    return f"refused {answer.status_code}"


def linked(page: str, address: str) -> Iterator[str]:
    """What a report's page links to and shows, each once."""
    path = httpx.URL(address).path
    found = re.findall(rf'(?:href|src)="(?:https?://[^/"]+)?({re.escape(path)}/[^"#]+)"', page)
    yield from list(dict.fromkeys(link.replace("&amp;", "&") for link in found))[:MOST_LINKS]


def limits(visitor: _Visitor) -> Iterator[str]:
    """What is wrong with the answers to files over a limit or with nothing in them: they are refused, and told why."""
    cases = {
        "empty": (b"", (400, 422)),
        "no PDF": (b"PK\x03\x04" + bytes(2000), (400, 415, 422)),
        "over the size": (b"%PDF-1.7\n" + bytes(70 * 1024 * 1024), (413,)),
    }
    for name, (data, expected) in cases.items():
        for path in (API, PAGE):
            try:
                answer = visitor.ask("POST", path, files={"file": ("fuzz.pdf", data)})
                if answer.status_code not in expected:
                    yield f"{name} at {path}: {answer.status_code}"
                refused(answer)
            except (Wrong, httpx.HTTPError) as cause:
                yield f"{name} at {path}: {cause}"
