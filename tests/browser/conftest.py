"""A demo in a process of its own, and a browser that is signed in to it."""

import re
from contextlib import contextmanager

import pytest

from tests.browser.pseudo import write
from tests.setup.test_up import ANA, ROOT, ROSA, Network


@contextmanager
def running(folder, **variables):
    network = Network(folder / "var", **variables)
    try:
        yield network
    finally:
        if network.process.poll() is None:
            network.stop()


@contextmanager
def running_from_the_right(folder):
    """With one language more, which is read from right to left."""
    assert write(folder / "locale") > 100
    with running(
        folder,
        DJANGO_SETTINGS_MODULE="tests.browser.rtl_settings",
        PSEUDO_LOCALE=str(folder / "locale"),
        PYTHONPATH=str(ROOT),
    ) as network:
        yield network


def signed_in(chromium, link):
    """A browser that came in by this link."""
    made = chromium.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    made.set_default_timeout(15000)
    page = made.new_page()
    page.goto(link)
    page.wait_for_url(lambda url: "/sign-in" not in url)
    page.close()
    return made


def first_link(demo):
    """As the demo prints it."""
    return re.search(r"http\S+#\S+", demo.said)[0]


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    with running(tmp_path_factory.mktemp("demo")) as network:
        yield network


@pytest.fixture(scope="module")
def context(chromium, demo):
    made = signed_in(chromium, first_link(demo))
    yield made
    made.close()


@pytest.fixture(scope="session")
def shared(tmp_path_factory):
    """One demo for all files that only add to it and count nothing: Ana is on her way to Rosa, and another
    asked for a lawyer. It knows a language from right to left too."""
    with running_from_the_right(tmp_path_factory.mktemp("shared")) as network:
        for phone, answers in {ROSA: ("ayuda", "1", "1"), "+13125550103": ("abogado",)}.items():
            for body, wanted in zip(answers, ("en casa", "abogado", "Ya buscamos"), strict=False):
                network.text(phone, body)
                network.wait_for(phone, wanted, within=30)
        code = re.search(r"(\d\d) = I can go", network.wait_for(ANA, "can go"))[1]
        network.text(ANA, code)
        network.wait_for(ANA, "/visit#")
        network.text("+13125550199", "who is this")
        yield network


@pytest.fixture(scope="session")
def steward_of_shared(chromium, shared):
    """Whoever came in by its first link, which opens once."""
    made = signed_in(chromium, first_link(shared))
    yield made
    made.close()


@pytest.fixture(scope="module")
def town(demo, context):
    """Rosa has asked, and is asked whether she is at home. A file may have a town of its own."""
    demo.text(ROSA, "ayuda")
    demo.wait_for(ROSA, "en casa")
    return demo


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """A failed test says what its pages showed: on another machine nobody can look."""
    report = yield
    if report.failed and call.when == "call":
        for context in item.funcargs["chromium"].contexts if "chromium" in item.funcargs else ():
            for page in context.pages:
                report.sections.append((f"page {page.url.partition('#')[0]}", _shown(page)))
    return report


def _shown(page):
    try:
        return page.inner_text("body", timeout=2000)[:3000]
    except Exception as error:  # whatever it is, it must not hide why the test failed
        return f"can't be read: {error}"
