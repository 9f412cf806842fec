"""The settings: what production refuses to start with, what development makes by itself, nothing is guessed."""

from __future__ import annotations

import base64
import stat
import threading
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from config import ROOT, Settings, UnsafeSettings, from_environment

SECRET = "s" * 40
MASTER = base64.b64encode(b"m" * 32).decode()


def production(tmp_path: Path, **changes: str | None) -> dict[str, str]:
    wanted: dict[str, str | None] = {
        "SIGNING_ENVIRONMENT": "production",
        "SIGNING_DATA": str(tmp_path),
        "SIGNING_BASE_URL": "https://sign.example",
        "SIGNING_SECRET_KEY": SECRET,
        "SIGNING_MASTER_KEY": MASTER,
        **changes,
    }
    return {name: value for name, value in wanted.items() if value is not None}


def test_production_with_everything_set(tmp_path: Path) -> None:
    settings = from_environment(production(tmp_path))
    assert settings.is_production
    assert settings.master_key == b"m" * 32
    assert settings.log_origin == "sign.example/log/1"
    assert settings.database_url == f"sqlite:///{tmp_path}/service.sqlite3"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"SIGNING_SECRET_KEY": None}, "SIGNING_SECRET_KEY is missing or shorter than 32 bytes"),
        ({"SIGNING_SECRET_KEY": "short"}, "SIGNING_SECRET_KEY is missing or shorter than 32 bytes"),
        ({"SIGNING_MASTER_KEY": None}, "SIGNING_MASTER_KEY is missing or shorter than 32 bytes"),
        ({"SIGNING_MASTER_KEY": base64.b64encode(b"m" * 31).decode()}, "shorter than 32 bytes"),
        ({"SIGNING_MASTER_KEY": "not base64!"}, "SIGNING_MASTER_KEY is not base64"),
        ({"SIGNING_BASE_URL": "http://sign.example"}, "SIGNING_BASE_URL must begin with https://"),
        ({"SIGNING_BASE_URL": None}, "SIGNING_BASE_URL must begin with https://"),
        ({"SIGNING_ENVIRONMENT": "prod"}, "it must be development or production"),
        ({"SIGNING_ENVIRONMENT": ""}, "it must be development or production"),
        ({"SIGNING_LEASE_SECONDS": "soon"}, "SIGNING_LEASE_SECONDS"),
        ({"SIGNING_LEASE_SECONDS": "0"}, "SIGNING_LEASE_SECONDS"),
        ({"SIGNING_LEASE_SECONDS": "nan"}, "SIGNING_LEASE_SECONDS"),
        ({"SIGNING_SECRET_KEY": MASTER, "SIGNING_MASTER_KEY": MASTER}, "must not be the same"),
    ],
)
def test_what_production_refuses_names_the_variable(tmp_path: Path, changes: dict[str, str | None], said: str) -> None:
    with pytest.raises(UnsafeSettings) as refused:
        from_environment(production(tmp_path, **changes))
    assert said in str(refused.value)
    assert list(tmp_path.iterdir()) == [], "nothing is made in production"


def test_a_refusal_never_repeats_a_secret(tmp_path: Path) -> None:
    with pytest.raises(UnsafeSettings) as refused:
        from_environment(production(tmp_path, SIGNING_SECRET_KEY="tooshort-hunter2"))
    assert "hunter2" not in str(refused.value)


def test_development_makes_its_secrets_once_and_keeps_them_to_itself(tmp_path: Path) -> None:
    first = from_environment({"SIGNING_DATA": str(tmp_path)})
    again = from_environment({"SIGNING_DATA": str(tmp_path)})
    assert (first.secret_key, first.master_key) == (again.secret_key, again.master_key)
    assert len(first.master_key) == 32
    file = tmp_path / "development-secrets.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


def test_two_processes_starting_at_once_agree_on_their_secrets(tmp_path: Path) -> None:
    found: list[Settings] = []
    threads = [
        threading.Thread(target=lambda: found.append(from_environment({"SIGNING_DATA": str(tmp_path)})))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len({settings.master_key for settings in found}) == 1


def test_two_installations_have_different_secrets(tmp_path: Path) -> None:
    one = from_environment({"SIGNING_DATA": str(tmp_path / "1")})
    two = from_environment({"SIGNING_DATA": str(tmp_path / "2")})
    assert one.master_key != two.master_key
    assert one.secret_key != two.secret_key


def test_settings_do_not_change(tmp_path: Path) -> None:
    settings = from_environment({"SIGNING_DATA": str(tmp_path)})
    with pytest.raises(FrozenInstanceError):
        settings.environment = "production"  # type: ignore[misc]


def test_settings_shown_in_a_log_hold_no_secret(tmp_path: Path) -> None:
    settings = from_environment(production(tmp_path, SIGNING_SMTP_URL="smtp://u:hunter2@mail.example"))
    shown = repr(settings)
    for secret in (SECRET, "mmmm", "hunter2"):
        assert secret not in shown


def test_places_below_the_data_folder(tmp_path: Path) -> None:
    settings = from_environment({"SIGNING_DATA": str(tmp_path)})
    for place in (settings.keys_dir, settings.mail_dir, settings.high_water_dir, settings.demo_links_file):
        assert place.parent == tmp_path
    assert settings.fonts_dir == ROOT / "fonts"


@pytest.mark.parametrize(
    ("url", "origin"),
    [("http://127.0.0.1:8000", "127.0.0.1:8000/log/1"), ("https://sign.example/", "sign.example/log/1")],
)
def test_the_origin_of_the_log_is_an_address_without_scheme(tmp_path: Path, url: str, origin: str) -> None:
    settings = from_environment({"SIGNING_DATA": str(tmp_path), "SIGNING_BASE_URL": url})
    assert settings.log_origin == origin
    assert not settings.base_url.endswith("/")


@pytest.mark.parametrize("url", ["", "sign.example", "ftp://sign.example", "javascript:x"])
def test_an_address_that_is_none(tmp_path: Path, url: str) -> None:
    with pytest.raises(UnsafeSettings, match="SIGNING_BASE_URL"):
        from_environment({"SIGNING_DATA": str(tmp_path), "SIGNING_BASE_URL": url})
