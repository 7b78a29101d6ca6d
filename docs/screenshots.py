"""Makes the README's and the handbook's pictures: starts a demo in a scratch folder, plays a story, looks.

.venv/bin/python docs/screenshots.py
"""

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
HANDBOOK = ROOT / "docs" / "handbook" / "images"
CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--autoplay-policy=no-user-gesture-required",
]
ROSA, ANA, GRACE = "+13125550101", "+13125550111", "+13125550102"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def text(base: str, phone: str, body: str) -> None:
    said = json.dumps({"phone": phone, "body": body}).encode()
    request = urllib.request.Request(f"{base}/phones/api/texts", said, {"Content-Type": "application/json"})
    urllib.request.urlopen(request).close()
    time.sleep(0.8)


def code_of(base: str, phone: str) -> str:
    """The code of the last offer, waited for: a busy machine takes its time."""
    for _ in range(60):
        with urllib.request.urlopen(f"{base}/phones/api/state?since=0") as answer:
            texts = [t["body"] for t in json.load(answer)["texts"] if t["phone"] == phone]
        found = [m[1] for body in texts if (m := re.search(r"(\d\d) = (?:I can|puedo)", body))]
        if found:
            return found[-1]
        time.sleep(0.5)
    raise SystemExit("No offer came to the phone.")


def main() -> None:
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="porchlight-pictures-") as folder:
        demo = subprocess.Popen(
            [sys.executable, "manage.py", "up", "--demo", "--port", str(port)],
            cwd=ROOT, env={**os.environ, "DATA_DIR": folder}, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert demo.stdout
        said = ""
        while "ready" not in said:
            said += demo.stdout.readline()
        try:
            play(f"http://localhost:{port}", re.findall(r"http\S+#\S+", said)[0])
        finally:
            demo.terminate()
            demo.wait()


def play(base: str, link: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        context = browser.new_context(viewport={"width": 1280, "height": 720})
        board = context.new_page()
        board.goto(link)
        board.wait_for_url(f"{base}/")
        book = context.new_page()
        quiet(book, base)
        for body in ("tocan la puerta, ayuda", "1", "1"):
            text(base, ROSA, body)
        text(base, ANA, code_of(base, ANA))
        text(base, GRACE, "I need a lawyer")
        text(base, "+13125550199", "hola, quien es?")
        board.wait_for_selector("text=unknown phone")
        board.screenshot(path=IMAGES / "board.png")
        phones = context.new_page()
        phones.set_viewport_size({"width": 1280, "height": 620})
        phones.goto(f"{base}/phones/")
        phones.wait_for_selector("text=Ana ya va en camino")
        phones.screenshot(path=IMAGES / "phones.png")
        handbook(book, base)
        browser.close()


def quiet(page: Page, base: str) -> None:
    """The start of a shift, while nothing rings."""
    for language in speaking(page, base):
        page.goto(f"{base}/duty")
        picture(page, language, "shift", height=700)
    page.click("[data-start] button.primary")
    page.click("[name=heard][value=yes]")


def handbook(page: Page, base: str) -> None:
    """The board while it rings; then, all of it taken, one request, a hand-off, and what is missing."""
    for language in speaking(page, base):
        page.goto(f"{base}/")
        picture(page, language, "board", height=760)
        picture(page, language, "phone-board", width=390, height=844)
    page.set_viewport_size({"width": 1280, "height": 720})
    while page.locator(".alarm .got-it").count():
        page.click(".alarm .got-it")
        page.wait_for_timeout(1000)
    for language in speaking(page, base):
        for name, path, height in (
            ("request", "/requests/1", 900),
            ("hand-off", "/duty/hand-off", 860),
            ("setting-up", "/setting-up", 720),
        ):
            page.goto(f"{base}{path}")
            picture(page, language, name, height=height)


def speaking(page: Page, base: str) -> Iterator[str]:
    for language in ("en", "es"):
        page.context.add_cookies([{"name": "django_language", "value": language, "url": base}])
        yield language
    page.context.clear_cookies(name="django_language")


def picture(page: Page, language: str, name: str, *, width: int = 1280, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_timeout(1500)
    page.screenshot(path=HANDBOOK / f"{language}-{name}.png")


if __name__ == "__main__":
    main()
