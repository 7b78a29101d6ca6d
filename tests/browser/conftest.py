"""A demo in a process of its own, and a browser that is signed in to it."""

import re

import pytest

from tests.setup.test_up import Network


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    one = Network(tmp_path_factory.mktemp("demo") / "var")
    yield one
    if one.process.poll() is None:
        one.stop()


@pytest.fixture(scope="module")
def context(chromium, demo):
    made = chromium.new_context(viewport={"width": 1280, "height": 800})
    made.set_default_timeout(15000)
    page = made.new_page()
    page.goto(re.search(r"http\S+#\S+", demo.said)[0])
    page.wait_for_url(f"http://localhost:{demo.port}/")
    page.close()
    yield made
    made.close()
