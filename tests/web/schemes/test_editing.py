"""Copying and editing: faults at their place, a condition built without SQL, versions, comparing, putting to use."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from canbo.register import schemes
from canbo.register.models import Document, EditedScheme, SchemeVersion
from tests.web.schemes.conftest import BY, CODE, DAY, TEXT

Account = Callable[..., Client]
FORM = {
    "id": "T-1", "label": "Thạc sĩ trở lên", "quote": "trên 50% có trình độ thạc sĩ", "objective": "1", "group": "all",
    "measure": "share", "aims": "1", "aim-0-is": "> 50%", "aim-0-by": "31/12/2026", "why": "thử", "seen": "1",
    "day": DAY, "s-mode": "built", "w-mode": "built", "w-count": "0",
}  # fmt: skip
WOMEN_MASTERS = {
    "s-count": "2", "s-join": "and", "s-0-column": "sex", "s-0-sign": "=", "s-0-value": "female",
    "s-1-column": "education", "s-1-sign": ">=", "s-1-value": "master",
}  # fmt: skip
ONE = f"/drafts/{CODE}/indicators/T-1"


def sent(client: Client, path: str, *parts: dict[str, str], status: int = 200, **more: str) -> str:
    data = {key: value for part in (*parts, more) for key, value in part.items()}
    got = client.post(path, data)
    assert got.status_code == status, (got.status_code, got.content.decode()[-3000:])
    return got.content.decode()


def test_a_copy_has_its_own_id_and_the_original_stays(world: Any, account: Account) -> None:
    client = account("specialist")
    refused = sent(client, "/drafts/hau-giang-2022-2025/copy", code="hau-giang-2022-2025", why="sửa", status=422)
    assert "Mã đã dùng." in refused and not EditedScheme.objects.exists()
    sent(client, "/drafts/hau-giang-2022-2025/copy", code="hau-giang-moi", why="sửa", status=303)
    made = schemes.find("hau-giang-moi", date(2026, 1, 1))
    assert made.id == "hau-giang-moi"
    original = schemes.find("hau-giang-2022-2025", date(2026, 1, 1))
    assert [one.id for one in made.indicators] == [one.id for one in original.indicators]


def test_a_condition_built_of_fields_counts_as_its_sql_does(draft: Any, account: Account) -> None:
    client = account("specialist")
    built = sent(client, ONE, FORM, WOMEN_MASTERS)
    typed = sent(client, ONE, FORM, {"s-mode": "sql", "s-sql": "sex = 'female' and education >= 'master'"})
    assert "có bằng thạc sĩ" in client.get(ONE).content.decode()
    for seen in (built, typed):
        assert "có bằng thạc sĩ" not in seen  # the scheme's own words for the condition that was
        assert "2/8" in seen and "25,00%" in seen  # An and Bình
        assert "sex = &#39;female&#39; and education &gt;= &#39;master&#39;" in seen
    either = sent(client, ONE, FORM, {**WOMEN_MASTERS, "s-join": "or"})
    assert "4/8" in either  # An, Bình, Chi and Hà
    assert SchemeVersion.objects.count() == 1  # looking writes nothing


def test_a_narrowed_group_is_counted_and_said_in_words(draft: Any, account: Account) -> None:
    seen = sent(
        account("specialist"), ONE, FORM, WOMEN_MASTERS,
        {"w-count": "1", "w-0-column": "sex", "w-0-sign": "=", "w-0-value": "female"},
    )  # fmt: skip
    assert "2/3" in seen and "Toàn bộ cán bộ (Giới tính là Nữ)" in seen


def test_a_fault_stands_at_its_field_and_nothing_is_saved(draft: Any, account: Account) -> None:
    client = account("specialist")
    typo = {"s-mode": "sql", "s-sql": "educaton >= 'master'", "aim-0-is": "60"}
    seen = sent(client, ONE, FORM, typo, action="save", status=422)
    assert 'id="f-s-sql-fault"' in seen and "“educaton”" in seen and "education" in seen
    seen = sent(client, ONE, FORM, WOMEN_MASTERS, {"aim-0-is": "60"}, action="save", status=422)
    assert 'id="f-aim-0-is-fault"' in seen and "“60” không phải là một mức so sánh" in seen
    seen = sent(client, ONE, FORM, WOMEN_MASTERS, {"s-1-value": ""}, action="save", status=422)
    assert 'id="f-s-1-fault"' in seen and "Nhập giá trị để so sánh." in seen
    seen = sent(client, ONE, FORM, WOMEN_MASTERS, {"why": ""}, action="save", status=422)
    assert "Thiếu lý do." in seen
    assert [one.text for one in SchemeVersion.objects.all()] == [TEXT]


def test_a_saved_indicator_is_a_version_and_only_its_lines_change(draft: Any, account: Account) -> None:
    sent(account("specialist"), ONE, FORM, WOMEN_MASTERS, action="save", why="chỉ tính nữ", status=303)
    saved = schemes.last_version(draft)
    assert (saved.number, saved.why, saved.saved_by) == (2, "chỉ tính nữ", "specialist")
    one = schemes.scheme_of(saved).indicator("T-1")
    assert one is not None and one.satisfies is not None
    assert one.satisfies.text == "sex = 'female' and education >= 'master'"
    assert saved.text.startswith(TEXT[: TEXT.index("  - id: T-1")])
    assert saved.text.endswith(TEXT[TEXT.index("  # the last one") :])


def test_who_began_from_an_older_version_overwrites_nothing(draft: Any, account: Account) -> None:
    client = account("specialist")
    sent(client, ONE, FORM, WOMEN_MASTERS, action="save", status=303)
    seen = sent(client, ONE, FORM, WOMEN_MASTERS, label="Khác", action="save", status=422)
    assert "Đề án đã có bản 2 do specialist ghi sau khi bạn mở bản 1." in seen
    assert SchemeVersion.objects.count() == 2


def test_the_forms_own_buttons_change_it_without_saving(draft: Any, account: Account) -> None:
    client = account("specialist")
    assert 'name="s-2-column"' in sent(client, ONE, FORM, WOMEN_MASTERS, action="add-s")
    assert 'name="s-1-column"' not in sent(client, ONE, FORM, WOMEN_MASTERS, action="drop-s-0")
    as_sql = sent(client, ONE, FORM, WOMEN_MASTERS, action="sql-s")
    assert 'name="s-mode" value="sql"' in as_sql and "sex = &#39;female&#39; and education" in as_sql
    back = {"s-mode": "sql", "s-sql": "age < 40 and not is_key_leader and education in ('master', 'doctor')"}
    assert 'name="s-2-column"' in sent(client, ONE, FORM, back, action="build-s")
    more = sent(client, ONE, FORM, {"s-mode": "sql", "s-sql": "years(birth_date, :as_of) < 40"}, action="build-s")
    assert "nên giữ dạng SQL" in more
    assert SchemeVersion.objects.count() == 1


def test_a_new_indicator_may_have_no_number_yet(draft: Any, account: Account) -> None:
    client = account("specialist")
    new = {
        **FORM,
        "id": "T-3",
        "label": "Trẻ",
        "quote": "từng bước trẻ hóa",
        "objective": "",
        "aim-0-is": "",
        "aim-0-by": "",
    }
    sent(client, f"/drafts/{CODE}/indicators", new, WOMEN_MASTERS, action="save", status=303)
    read = schemes.scheme_of(schemes.last_version(draft))
    assert [one.id for one in read.indicators] == ["T-1", "T-2", "T-3"]
    assert read.indicators[2].targets == ()
    assert "chưa ghi mức" in client.get(f"/drafts/{CODE}").content.decode()
    sent(client, f"/drafts/{CODE}/indicators/T-3", new, WOMEN_MASTERS, action="remove", seen="2", status=303)
    assert schemes.last_version(draft).text == TEXT


def test_two_versions_are_compared_field_by_field_with_their_counts(draft: Any, account: Account) -> None:
    client = account("specialist")
    sent(client, ONE, FORM, WOMEN_MASTERS, {"aim-0-is": "> 20%"}, action="save", status=303)
    got = client.get(f"/drafts/{CODE}/compare", {"a": "1", "b": "2", "day": DAY}).content.decode()
    assert "1 chỉ tiêu khác nhau." in got
    assert "3/8" in got and "2/8" in got  # masters; women among them
    assert "education &gt;= &#39;master&#39;" in got and "&gt; 20%" in got
    assert "T-2" not in got


def test_the_whole_text_is_checked_by_line_and_saved_without_errors_only(draft: Any, account: Account) -> None:
    client, path = account("specialist"), f"/drafts/{CODE}/text"
    bad = TEXT.replace("education >= 'master'", "education >= 'mastr'")
    line = 1 + TEXT[: TEXT.index("satisfies")].count("\n")
    seen = sent(client, path, text=bad, why="thử", seen="1", action="save", status=422)
    assert f"dòng {line}" in seen and "mastr" in seen
    assert "dòng 3" in sent(client, path, text="id: x\ntitle: 'a\n: [", why="", seen="1", action="check")
    assert SchemeVersion.objects.count() == 1
    sent(
        client, path, text=TEXT.replace("Đề án thử", "Đề án đã sửa"), why="đổi tên", seen="1", action="save", status=303
    )
    assert schemes.find(CODE, date(2026, 1, 1)).title == "Đề án đã sửa"


def test_a_file_is_taken_in_as_a_scheme_and_then_as_its_next_version(world: Any, account: Account) -> None:
    client = account("specialist")

    def take_in(text: str, status: int) -> str:
        file = SimpleUploadedFile("de-an.yaml", text.encode())
        got = client.post("/drafts", {"file": file, "why": "nhập", "code": ""})
        assert got.status_code == status, got.content.decode()[-2000:]
        return got.content.decode()

    assert "không đúng cú pháp YAML" in take_in("a: [\n", 422)
    assert "educaton" in take_in(TEXT.replace("education", "educaton"), 422)
    assert not EditedScheme.objects.exists()
    take_in(TEXT, 303)
    take_in(TEXT.replace("Đề án thử", "Đề án sửa"), 303)
    assert [one.number for one in SchemeVersion.objects.order_by("number")] == [1, 2]


def test_a_version_is_put_to_use_from_a_day_by_its_document(draft: Any, account: Account) -> None:
    client = account("specialist")
    path = f"/drafts/{CODE}/activate"
    assert "phải có văn bản" in sent(client, path, version="1", valid_from="01/02/2025", status=422)
    document = str(Document.objects.get().pk)
    sent(client, path, version="1", valid_from="01/02/2025", document=document, status=303)
    sent(client, ONE, FORM, WOMEN_MASTERS, action="save", status=303)
    new = {"number": "09-QĐ/TU", "kind": "QĐ", "issuer": "Tỉnh ủy", "issued_on": "01/06/2025"}
    sent(client, path, new, version="2", valid_from="01/07/2025", status=303)
    used = {day: schemes.find_kept(CODE, day).version for day in (date(2025, 6, 30), date(2025, 7, 1))}
    assert used == {date(2025, 6, 30): 1, date(2025, 7, 1): 2}
    assert "Hãy chọn ngày sau đó" in sent(
        client, path, version="1", valid_from="01/03/2025", document=document, status=422
    )
    sent(client, path, action="end", last_day="31/12/2025", status=303)
    assert CODE in [one.name for one in schemes.active_schemes(date(2025, 12, 31))]
    assert CODE not in [one.name for one in schemes.active_schemes(date(2026, 1, 1))]


def test_a_version_once_saved_can_not_be_changed(draft: Any) -> None:
    from django.db import transaction
    from django.db.utils import ProgrammingError

    for write in (lambda row: row.save(), lambda row: row.delete()):
        row = schemes.last_version(draft)
        row.text = "x"
        try:
            with transaction.atomic():
                write(row)
        except ProgrammingError:
            continue
        raise AssertionError("a saved version was changed")
    assert schemes.last_version(draft).text == TEXT
    assert schemes.copy(CODE, code="ban-sao", why="thử", day=date(2026, 1, 1), **BY).scheme.copied_from == CODE
