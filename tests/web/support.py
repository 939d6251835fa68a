"""The real site for tests in a browser: one server for all workers of a run, and what every page must keep to."""

import fcntl
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from canbo.accounts.demo_accounts import PASSWORD, USERNAMES
from canbo.installation.server import stop_embedded
from canbo.sample import make_province, write_parquet
from tools import demo_site

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
RUN_AXE = """axe.run(document, {resultTypes: ["violations"]}).then((found) => JSON.stringify(found.violations.map(
  (one) => [one.id, one.help, one.nodes.slice(0, 4).map((node) => node.target.join(" "))])))"""
OFFICER = "hoa.nguyen"
"""No demonstration account: a specialist who must set up a second factor."""
MAKE_OFFICER = f"""
from datetime import date, datetime
from canbo.cli.house import open_house
open_house()
from canbo.accounts import administrators, mandates
at = datetime.now().astimezone()
user = administrators.create_account(username={OFFICER!r}, password={PASSWORD!r}, by="cli:test", at=at)
mandates.grant(user=user, role="specialist", valid_from=date(2020, 1, 1), by="cli:test", at=at)
"""
STARTED: list["subprocess.Popen[bytes]"] = []
"""The server that this process started, if it did: its handle lives as long as this process."""
WIDTHS = (1440, 390)
SCHEME, DAY = "thai-nguyen-2021-2030", "31/12/2021"


@dataclass(frozen=True)
class Site:
    """The server that answers, and a folder that all workers see."""

    address: str
    folder: Path


@contextmanager
def shared_site(common: Path) -> Iterator[Site]:
    """The one server of a run: started by who comes first, stopped by who goes last. ``common`` is of all workers."""
    state = common / "site.json"
    with _locked(common):
        held = json.loads(state.read_text("utf-8")) if state.exists() else _start()
        state.write_text(json.dumps(held | {"users": held["users"] + 1}), "utf-8")
    try:
        yield Site(held["address"], Path(held["folder"]))
    finally:
        with _locked(common):
            held = json.loads(state.read_text("utf-8"))
            held["users"] -= 1
            if held["users"]:
                state.write_text(json.dumps(held), "utf-8")
            else:
                state.unlink()
                demo_site.stop(held["process"])
                stop_embedded(Path(held["folder"]))
                shutil.rmtree(held["folder"], ignore_errors=True)


def _start() -> dict[str, Any]:
    """An installation with a small province and an account a role, and its server.

    Not in pytest's temporary folder, which lets no other user pass: the database's may be one.
    """
    folder = Path(tempfile.mkdtemp(prefix="canbo-site-"))
    folder.chmod(0o711)
    sample = folder / "sample"
    write_parquet(make_province(people=1000, seed=1), sample)
    demo_site.prepare(folder, sample)
    subprocess.run([sys.executable, "-c", MAKE_OFFICER], env=demo_site.environment(folder), check=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address, server = demo_site.start(folder, port)
    STARTED.append(server)
    return {"address": address, "folder": str(folder), "process": server.pid, "users": 0}


@contextmanager
def _locked(common: Path) -> Iterator[None]:
    with (common / "site.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def find_chromium() -> str:
    """The browser's program."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    pytest.fail("Chromium is not installed; the tests in a browser need it: apt-get install chromium")


class Visits:
    """Opens pages as an account of a role, and remembers what their consoles said."""

    def __init__(self, browser: Browser, site: Site) -> None:
        self.browser = browser
        self.site = site
        self.contexts: list[BrowserContext] = []

    def __call__(self, role: str, path: str = "/", *, width: int = 1440, dark: bool = False) -> Page:
        """A page signed in as the role (empty: nobody), at the path."""
        kept = self._signed_in(role) if role else None
        context = self.browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            locale="vi-VN",
            base_url=self.site.address,
            storage_state=kept,
        )
        context.set_default_timeout(15_000)
        self.contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: _listen(page, message))
        page.on("pageerror", lambda error: _told(page).append(f"error: {error}"))
        page.goto(path)
        return page

    def _signed_in(self, role: str) -> Path:
        """The cookies of one sign-in a role, kept for all workers: signing in often is what the lock-out refuses."""
        kept = self.site.folder / f"signed-in-{role}.json"
        with (self.site.folder / "signing-in.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not kept.exists():
                context = self.browser.new_context(base_url=self.site.address)
                page = context.new_page()
                sign_in(page, USERNAMES[role])
                context.storage_state(path=kept)
                context.close()
        return kept

    def close(self) -> None:
        """End all visits."""
        for context in self.contexts:
            context.close()


def sign_in(page: Page, username: str) -> None:
    """Through the form, as a person does."""
    page.goto("/account/login/")
    page.get_by_label("Tên tài khoản").fill(username)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url(lambda url: "/account/login" not in url)


def _listen(page: Page, message: ConsoleMessage) -> None:
    """That a page itself is missing is what its visitor is told, and no fault of it."""
    if not (message.text.startswith("Failed to load resource") and message.location["url"] == page.url):
        _told(page).append(f"{message.type}: {message.text}")


def _told(page: Page) -> list[str]:
    found: list[str] = vars(page).setdefault("told", [])
    return found


def assert_accessible(page: Page) -> None:
    """No rule of accessibility is broken, the console is silent, nothing sticks out sideways, there is one h1."""
    page.wait_for_load_state("networkidle")
    where = f"{page.url} at {page.viewport_size}"
    assert _violations(page) == [], where
    assert [one for one in _told(page) if one.startswith(("error", "warning"))] == [], where
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert over <= 0, f"{where}: {over} px too wide"
    assert page.locator("h1").count() == 1, where


def _violations(page: Page) -> list[Any]:
    """By axe, in a world of its own: the page's policy forbids scripts that are not the site's."""
    session = page.context.new_cdp_session(page)
    frame = session.send("Page.getFrameTree")["frameTree"]["frame"]["id"]
    world = session.send("Page.createIsolatedWorld", {"frameId": frame})["executionContextId"]
    session.send("Runtime.evaluate", {"expression": AXE, "contextId": world})
    asked = {"expression": RUN_AXE, "awaitPromise": True, "returnByValue": True, "contextId": world}
    answer = session.send("Runtime.evaluate", asked)
    session.detach()
    found: list[Any] = json.loads(answer["result"]["value"])
    return found


def on_root() -> list[str]:
    """What the browser asks for where the tests run as root, as in a container."""
    return ["--no-sandbox"] if os.geteuid() == 0 else []
