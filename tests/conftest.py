"""A fixed clock, the town, and a browser where there is one."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest


@pytest.fixture(scope="session")
def django_db_setup(request, django_db_blocker):
    """Each worker has a database of its own, cloned from one that was migrated once."""
    from tests.databases import own_database
    from tests.running import for_all_tests

    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    with django_db_blocker.unblock(), ExitStack() as stack:
        with for_all_tests():
            stack.enter_context(own_database(worker, anew=request.config.getvalue("create_db")))
        yield


@pytest.fixture(scope="session", autouse=True)
def emptied_by_rows():
    """After a test with transactions of its own: only tables with rows, in place of Django's flush of all."""
    from django.test import TransactionTestCase

    from tests.databases import empty

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: empty())
        yield


@pytest.fixture(scope="session", autouse=True)
def blocks_within_rolled_back_tests():
    from tests.rolled_back import count_blocks_within_tests

    with pytest.MonkeyPatch.context() as patch:
        count_blocks_within_tests(patch)
        yield


@pytest.fixture(scope="session", autouse=True)
def one_chain_of_middleware():
    from tests.one_chain import CHAIN

    with CHAIN.shared():
        yield


@pytest.fixture(autouse=True)
def forget_tries_to_sign_in(one_chain_of_middleware):
    from tests.one_chain import CHAIN

    CHAIN.forget_tries()


@pytest.fixture
def now() -> datetime:
    """A Tuesday morning in Chicago."""
    return datetime(2026, 10, 6, 10, 0, tzinfo=ZoneInfo("America/Chicago"))


@pytest.fixture(autouse=True)
def in_the_first_language():
    """A page in Spanish leaves its thread speaking Spanish, as Django's middleware does."""
    from django.utils import translation

    translation.deactivate()


@pytest.fixture(autouse=True)
def read_wordings_again():
    """A rolled back row must not be said in the next test."""
    from network.messaging.outbox import wording

    wording.forget()


@pytest.fixture(autouse=True)
def quick_secrets(request, monkeypatch):
    """PINs and passwords are hashed with less work, but where it is measured how long things take."""
    if not request.node.get_closest_marker("alone"):
        for name, least in (("time_cost", 1), ("memory_cost", 8), ("parallelism", 1)):
            monkeypatch.setattr(f"django.contrib.auth.hashers.Argon2PasswordHasher.{name}", least)


@pytest.fixture
def world(transactional_db, now, monkeypatch, pytestconfig):
    """The town. It commits: the sender's threads, tasks and second connections read what it wrote."""
    from tests.world import World

    with World.begin(now, monkeypatch) as made:
        made.every_step = pytestconfig.getoption("long")
        yield made


@pytest.fixture
def hire(world):
    """An account: its role, its organization, and a phone of its own unless told otherwise."""

    from network.audit.rules import COMMAND_LINE
    from network.staff.actions.accounts import add_staff
    from network.staff.models import Staff

    def made(role="verifier", organization=None, *, phone="own"):
        number = f"+1{next(world.numbers)}" if phone == "own" else phone
        return add_staff(
            f"s{next(world.messages)}@example.org",
            role=Staff.Role(role),
            organization=organization,
            phone=number,
            by=COMMAND_LINE,
            now=world.now,
        )

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
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ],
        )
        yield browser
        browser.close()
