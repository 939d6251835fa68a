"""Each part of the site in a real browser: in both widths, light and dark, by keyboard, in English, and printed."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.support import DAY, SCHEME, WIDTHS, assert_accessible

AT = f"scheme={SCHEME}&day={DAY}"
PAGES = (
    ("specialist", f"/overview?{AT}"),
    ("specialist", f"/schemes/{SCHEME}/TN-2025-1-01?day={DAY}"),
    ("specialist", "/schemes"),
    ("specialist", f"/schemes/{SCHEME}"),
    ("specialist", f"/people?day={DAY}"),
    ("specialist", f"/organisations?day={DAY}"),
    ("specialist", "/imports"),
    ("specialist", "/help"),
    ("specialist", "/help/terms"),
    ("specialist", "/help/tour/1"),
    ("specialist", "/style"),
    ("it_admin", "/accounts"),
    ("inspector", "/log"),
    ("person", "/my-file"),
    ("person", "/my-account"),
    ("leader", "/nothing-here"),
)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(("role", "path"), PAGES, ids=[path.partition("?")[0] for _, path in PAGES])
def test_a_page_can_be_used_by_everybody(visit: Any, role: str, path: str, width: int) -> None:
    page: Page = visit(role, path, width=width)
    if path != "/nothing-here":
        expect(page.get_by_role("heading", level=1)).not_to_have_text("Không có trang này")
    assert_accessible(page)


@pytest.mark.parametrize("path", [f"/overview?{AT}", f"/people?day={DAY}"], ids=["overview", "people"])
def test_in_the_dark_the_contrast_is_kept(visit: Any, path: str) -> None:
    assert_accessible(visit("specialist", path, dark=True))


def test_the_keyboard_alone_leads_past_the_navigation_and_through_it(visit: Any) -> None:
    page: Page = visit("leader", f"/overview?{AT}")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Đến nội dung")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.reload()
    page.locator("a.brand").focus()
    names = []
    for _ in range(5):
        page.keyboard.press("Tab")
        names.append(page.locator(":focus").inner_text())
    assert names == ["Tổng quan", "Đề án", "Cán bộ", "Tổ chức", "Hướng dẫn"]


def test_the_language_is_changed_where_one_stands(visit: Any) -> None:
    page: Page = visit("leader", f"/overview?{AT}")
    page.locator("details.me summary").click()
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.url.endswith(f"/overview?{AT}")
    expect(page.get_by_role("navigation", name="Parts")).to_contain_text("Organisations")


def test_it_reads_without_script(visit: Any, browser: Any, site: Any) -> None:
    kept = visit("specialist").context.storage_state()
    context = browser.new_context(base_url=site.address, java_script_enabled=False, storage_state=kept)
    page = context.new_page()
    for path in (f"/overview?{AT}", f"/people?day={DAY}", f"/organisations?day={DAY}", "/help/tour/1"):
        answer = page.goto(path)
        assert answer is not None and answer.status == 200
        assert page.locator("main").inner_text().strip()
    context.close()


def test_nothing_is_asked_of_another_machine(visit: Any, site: Any) -> None:
    page: Page = visit("specialist", "/help")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in (f"/overview?{AT}", f"/people?day={DAY}", "/style"):
        page.goto(path)
        page.wait_for_load_state("networkidle")
    assert asked
    assert [url for url in asked if not url.startswith((site.address, "data:"))] == []
