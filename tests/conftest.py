"""A fixed clock, the town, and a browser where there is one."""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those with a browser come last: Playwright's loop runs on in this thread, and no other may beside it."""
    items.sort(key=lambda item: "chromium" in getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session", autouse=True)
def no_permissions_after_each_flush():
    """Emptying the tables says that there was a migration, and Django writes permissions anew; we use none."""
    from django.contrib.contenttypes.management import create_contenttypes
    from django.db.models.signals import post_migrate

    assert post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
    assert post_migrate.disconnect(create_contenttypes)


@pytest.fixture
def now() -> datetime:
    """A Tuesday morning in Chicago."""
    return datetime(2026, 10, 6, 10, 0, tzinfo=ZoneInfo("America/Chicago"))


@pytest.fixture(autouse=True)
def read_wordings_again():
    """A rolled back row must not be said in the next test."""
    from network.messaging import wording

    wording.forget()


@pytest.fixture
def world(transactional_db, now, monkeypatch):
    from tests.world import World

    monkeypatch.setattr("network.console.even_time.sleep", lambda seconds: None)  # the tests needn't wait
    with World.begin(now, monkeypatch) as made:
        yield made


@pytest.fixture
def hire(world):
    """An account: its role, its organisation, and a phone of its own unless told otherwise."""

    from network.audit.rules import COMMAND_LINE
    from network.people.actions import add_staff
    from network.people.models import Staff

    def made(role="verifier", organization=None, *, phone="own"):
        number = f"+1{next(world.numbers)}" if phone == "own" else phone
        return add_staff(
            f"s{next(world.messages)}@example.org", role=Staff.Role(role), organization=organization,
            phone=number, by=COMMAND_LINE, now=world.now,
        )  # fmt: skip

    return made


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    """Debian's Chromium under Playwright. Skipped where there is none, but never in CI."""
    path = Path("/usr/bin/chromium")
    if not path.exists():
        if os.environ.get("CI"):
            pytest.fail("CI has no Chromium")
        pytest.skip("there is no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop runs in this thread
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(path),
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                  "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        )  # fmt: skip
        yield browser
        browser.close()
