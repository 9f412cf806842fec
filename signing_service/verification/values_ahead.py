"""Signature values computed before anybody asks for them, on several processors at once.

The library lets other threads run while it computes. Only what `plain_values` would compute is computed; who asks for
a value later finds the answer there, and what it means is decided then.
"""

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from asn1crypto import cms

from signing_service.verification.plain_certificates import plain_certificate
from signing_service.verification.plain_cms import PlainCms, plain_cms
from signing_service.verification.plain_der import if_plain
from signing_service.verification.plain_values import Question, answers, key_of, question_of
from signing_service.verification.stamps import tokens_of

FEWEST = 16
"""Below this many values, threads cost more than they save."""
MOST_THREADS = 8


def compute_ahead(signatures: Iterable[cms.SignedData]) -> None:
    """Verify the values of these signatures, of their time stamps, and of their signers' certificates."""
    wanted = dict(_questions(signatures))
    threads = min(len(os.sched_getaffinity(0)), MOST_THREADS)
    if len(wanted) < FEWEST or threads < 2:
        return
    waiting = deque(wanted.items())
    with suppress(RuntimeError), ThreadPoolExecutor(threads - 1) as pool:  # no thread to be had: asked one by one
        others = [pool.submit(_answered, waiting) for _ in range(threads - 1)]
        answers().update(_answered(waiting))
        for other in others:
            answers().update(other.result())


def _answered(waiting: deque[tuple[Question, object]]) -> dict[Question, bool]:
    """Those that this thread took; each takes the next one as long as there are any."""
    found: dict[Question, bool] = {}
    with suppress(IndexError):
        while True:
            question, key = waiting.popleft()
            found[question] = question.answer(key)
    return found


def _questions(signatures: Iterable[cms.SignedData]) -> Iterator[tuple[Question, object]]:
    """Each with its key; what is not plain is left to whoever asks for it."""
    for signature in signatures:
        for signed in (signature, *tokens_of(signature)):
            with if_plain:
                yield from _of_one(plain_cms(signed))


def _of_one(signed: PlainCms) -> Iterator[tuple[Question, object]]:
    """Of the value, and of the signer's certificate where the certificate of its issuer is beside it."""
    yield question_of(signed), key_of(signed.signer)
    signer = plain_certificate(signed.signer)
    for der in signed.certificates:
        if plain_certificate(der).subject == signer.issuer:
            yield Question(der, signer.mechanism, signer.value, signer.body), key_of(der)
