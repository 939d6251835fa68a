"""The library, a scheme's page, its file, and who sees a draft."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from canbo.measure.library import library_paths
from canbo.register import schemes
from tests.web.schemes.conftest import BY, CODE, DAY, TEXT

Account = Callable[..., Client]
TN = "thai-nguyen-2021-2030"


def page(client: Client, path: str, **more: Any) -> str:
    got = client.get(path, more)
    assert got.status_code == 200, (path, got.status_code)
    return got.content.decode()


def test_the_library_names_every_scheme_and_shows_drafts_to_those_who_edit(draft: Any, account: Account) -> None:
    seen = page(account("leader"), "/schemes")
    assert all(f'href="/schemes/{name}"' in seen for name in library_paths())
    assert CODE not in seen
    assert f'href="/schemes/{CODE}"' in page(account("specialist"), "/schemes")


def test_a_scheme_shows_all_objectives_with_figures_or_the_reason(draft: Any, account: Account) -> None:
    seen = page(account("specialist"), f"/schemes/{CODE}", day=DAY)
    assert "Đến 31/12/2025: 1/2 chỉ tiêu đạt, 1 chưa đạt (thiếu 2 lượt người)." in seen  # 5/8 > 50%; 3/8 is 2 short
    assert "3/8" in seen and "37,50%" in seen
    assert "Từng bước trẻ hóa" in seen and "Nguồn không in con số." in seen
    source = page(account("analyst"), f"/schemes/{TN}", tab="source")
    assert "08-ĐA/TU" in source and "CF-01" in source


def test_a_draft_is_there_for_others_once_it_is_in_use(world: Any, draft: Any, account: Account) -> None:
    leader = account("leader")
    assert leader.get(f"/schemes/{CODE}").status_code == 404
    assert leader.get(f"/schemes/{CODE}.yaml").status_code == 404
    version = schemes.last_version(draft)
    schemes.activate(version, valid_from=date(2025, 2, 1), document=world, **BY)
    assert "Áp dụng từ 01/02/2025, bản 1" in page(leader, f"/schemes/{CODE}", day=DAY)
    assert [one.name for one in schemes.active_schemes(date(2025, 1, 31))] == list(library_paths())
    assert [one.name for one in schemes.active_schemes(date(2025, 2, 1))] == [CODE, *library_paths()]


def test_the_file_is_the_text_byte_for_byte(draft: Any, account: Account) -> None:
    client = account("specialist")
    got = client.get(f"/schemes/{CODE}.yaml")
    assert got.content.decode() == TEXT
    assert got["Content-Disposition"] == f'attachment; filename="{CODE}.yaml"'
    assert client.get(f"/schemes/{TN}.yaml").content == library_paths()[TN].read_bytes()


@pytest.mark.parametrize("role", ["leader", "analyst", "unit_officer", "inspector"])
def test_who_may_not_edit_finds_no_page_to_edit(draft: Any, account: Account, role: str) -> None:
    client = account(role, "S" if role == "unit_officer" else "")
    for path in ("", "/text", "/indicators", "/indicators/T-1", "/compare", "/versions/1.yaml", "/copy"):
        assert client.get(f"/drafts/{CODE}{path}").status_code == 404, path
    assert client.post(f"/drafts/{CODE}/activate", {"valid_from": DAY, "version": "1"}).status_code == 404
    assert client.get(f"/not-met/{TN}/TN-2025-1-01").status_code == 404
    assert client.get("/drafts").status_code == 404


def test_a_specialist_of_one_unit_does_not_edit_the_province(draft: Any, account: Account) -> None:
    assert account("specialist", "S").get(f"/drafts/{CODE}").status_code == 404


def test_a_day_that_is_none_is_said_at_its_field(draft: Any, account: Account) -> None:
    assert "không phải là một ngày đủ ngày, tháng, năm" in page(
        account("specialist"), f"/schemes/{CODE}", day="31/02/x"
    )


@pytest.mark.parametrize(
    ("path", "number"), [("/schemes", 5), (f"/schemes/{CODE}?day={DAY}", 9), (f"/not-met/{CODE}?day={DAY}", 9)]
)
def test_the_number_of_queries_is_known(
    world: Any, draft: Any, account: Account, django_assert_num_queries: Any, path: str, number: int
) -> None:
    schemes.activate(schemes.last_version(draft), valid_from=date(2025, 2, 1), document=world, **BY)
    client = account("leader")
    page(client, path)  # the data of the day is in memory from here on
    with django_assert_num_queries(number):
        page(client, path)
