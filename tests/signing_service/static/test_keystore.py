"""A key made in the browser stays there: it cannot be copied out, and a reload finds it again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

MAKE = """async (store, invitation) => {
  const record = await store.findOrMake(invitation);
  return [...await store.publicBytes(record)];
}"""


def test_the_private_key_cannot_be_exported(run: Callable[..., Any]) -> None:
    told = run(
        "keystore",
        """async (store) => {
          const { privateKey } = await store.findOrMake("inv_1");
          try { await crypto.subtle.exportKey("pkcs8", privateKey); return "exported"; } catch (e) { return e.name; }
        }""",
    )
    assert told == "InvalidAccessError"


def test_a_reload_finds_the_same_key_and_another_invitation_gets_another(run: Callable[..., Any], page: Page) -> None:
    first = run("keystore", MAKE, "inv_1")
    page.reload()
    assert run("keystore", MAKE, "inv_1") == first
    assert run("keystore", MAKE, "inv_2") != first


def test_the_command_of_the_press_is_remembered_and_forgotten(run: Callable[..., Any], page: Page) -> None:
    run("keystore", MAKE, "inv_1")
    run("keystore", "(store) => store.remember('inv_1', { command: 'the-press' })")
    page.reload()
    assert run("keystore", "async (store) => (await store.find('inv_1')).command") == "the-press"
    run("keystore", "(store) => store.remember('inv_1', { command: null })")
    assert run("keystore", "async (store) => (await store.find('inv_1')).command") is None


def test_nothing_is_known_of_an_invitation_that_made_no_key(run: Callable[..., Any]) -> None:
    assert run("keystore", "(store) => store.find('inv_9')") is None


def test_a_browser_that_stores_nothing_keeps_the_key_as_long_as_the_page(run: Callable[..., Any]) -> None:
    told = run(
        "keystore",
        """async (store) => {
          indexedDB.open = () => { throw new Error("storage is blocked"); };
          const made = await store.findOrMake("inv_1");
          const again = await store.find("inv_1");
          return [made.lasting, again.privateKey === made.privateKey];
        }""",
    )
    assert told == [False, True]
