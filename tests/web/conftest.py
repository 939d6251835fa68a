"""What the tests of the site share: in a browser, one real server and visits signed in by role."""

import os
from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The real server, one for all workers."""
    from tests.web.support import shared_site

    base = tmp_path_factory.getbasetemp()
    with shared_site(base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser for the tests of a module; while it is there, this process must not use the database."""
    from playwright.sync_api import sync_playwright

    from tests.web.support import find_chromium, on_root

    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=find_chromium(), args=on_root())
        yield made
        made.close()


@pytest.fixture
def visit(browser: Any, site: Any) -> Iterator[Any]:
    """Opens a page as a role: ``visit("specialist", "/people", width=390)``."""
    from tests.web.support import Visits

    visits = Visits(browser, site)
    yield visits
    visits.close()
