"""The live page in the system's Chromium: step, play, change the seed, reset; no error in the console."""

import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import pytest

from tests.browser.test_explorer import CHROMIUM
from tests.browser.test_explorer import browser as browser  # the fixture

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium is installed"),
    pytest.mark.skipif(not find_spec("solara"), reason="the extra live is not installed"),
    pytest.mark.skipif(not find_spec("solara_assets"), reason="without solara-assets the page loads scripts elsewhere"),
]
PICTURES = "all => Promise.all(all.map(one => fetch(one.src).then(got => got.text())))"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The page of a server on a port that was free."""
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "sim.live", "--no-open", f"--port={port}", "group=donor_funded"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8") as server:
        try:
            for _ in range(240):
                try:
                    urllib.request.urlopen(f"http://localhost:{port}/readyz", timeout=5).close()
                    break
                except OSError:
                    assert server.poll() is None
                    time.sleep(0.5)
            yield f"http://localhost:{port}/"
        finally:
            server.terminate()
            said = server.communicate(timeout=30)[0]
    assert "Traceback" not in said and "ERROR" not in said, said


class Live:
    """An opened page, with errors of the console and requests to other hosts."""

    def __init__(self, browser: Any, address: str) -> None:
        self.page = browser.new_context(viewport={"width": 1500, "height": 1000}).new_page()
        self.wrong: list[str] = []
        self.page.on("console", lambda one: self.wrong.append(one.text) if one.type == "error" else None)
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("request", lambda one: None if _own(one.url, address) else self.wrong.append(one.url))
        self.page.goto(address)
        self.until("four pictures", lambda: self.page.locator("img").count() == 4 and len(self.lines()) == 2)

    def until(self, what: str, done: Any) -> None:
        """Wait until a condition holds."""
        end = time.monotonic() + 120
        while time.monotonic() < end:
            if done():
                return
            self.page.wait_for_timeout(200)
        pytest.fail(f"waited for: {what}; console: {self.wrong}; page: {self.page.inner_text('body')[:800]}")

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    @property
    def week(self) -> float:
        found = re.search(r"Time: ([\d.]+)", self.page.inner_text("body"))
        return float(found.group(1)) if found else -1.0

    def lines(self) -> list[str]:
        """The long lines of the first picture, which are capacity with and without the switch."""
        first = self.page.eval_on_selector_all("img", PICTURES)[0]
        return [path for path in re.findall(r'<path d="([^"]*)"', first) if path.count("L") > 50][:2]


def _own(url: str, address: str) -> bool:
    return url.startswith((address, address.replace("http", "ws", 1), "blob:", "data:"))


def test_a_run_is_watched_stepped_and_reset_with_another_seed(browser: Any, address: str) -> None:
    live = Live(browser, address)
    assert "Group donor_funded; policies: none; traceability of Monero 0.02; seed 1." in live.page.inner_text("body")
    assert live.week == 173
    first = live.lines()
    live.press("Step")
    live.until("the next week", lambda: live.week == 174 and live.lines() != first)
    moved = live.lines()
    assert len(moved) == 2 and all(old != new for old, new in zip(first, moved, strict=True))
    live.press("▶")
    live.until("weeks after the switch", lambda: live.week >= 186)
    live.press("❚❚")
    live.until("lines apart", lambda: len(set(live.lines())) == 2)

    live.page.get_by_role("slider").nth(3).press("ArrowRight")
    live.press("Reset")
    live.until("the start again, with seed 2", lambda: live.week == 173 and "seed 2." in live.page.inner_text("body"))
    live.until("other lines", lambda: live.lines() not in (first, moved) and len(live.lines()) == 2)
    assert live.wrong == []


def test_each_browser_has_a_pair_of_its_own(browser: Any, address: str) -> None:
    one, other = Live(browser, address), Live(browser, address)
    one.press("Step")
    one.until("the next week", lambda: one.week == 174)
    assert other.week == 173
    assert one.wrong == other.wrong == []
