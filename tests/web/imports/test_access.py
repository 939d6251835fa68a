"""Who may open what of an import, what a confined account is told, work broken off, and two imports at once."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test import Client

from canbo.datasets.reading import read
from canbo.datasets.writing import write_workbook
from canbo.register import qualifications
from canbo.register.importing import run
from canbo.register.models import ImportBatch, Person
from canbo.web.imports import drafts, jobs
from tests.installation.support import copied
from tests.register.importing.files import D1, folder, person
from tests.web.imports.visits import Visit, fields_of

AT = datetime(2024, 5, 1, 8, tzinfo=UTC)


def book(tmp_path: Path, name: str, *people: dict[str, Any]) -> Path:
    """A workbook of three units and these people, on 31/12/2021."""
    rows = folder(tmp_path / f"{name}-rows", people=people)
    write_workbook(read(rows, data_date=D1).tables, tmp_path / f"{name}.xlsx", data_date=D1)
    return tmp_path / f"{name}.xlsx"


@pytest.mark.django_db
@pytest.mark.usefixtures("at_once")
def test_a_draft_is_only_for_who_made_it(tmp_path: Path, drafts_folder: Path) -> None:
    mine, other = Visit("an", "specialist"), Visit("binh", "specialist")
    mine.send(book(tmp_path, "one", person("P1")))
    assert "Sẽ thêm" in mine.text()  # nothing is wrong: at once to the preview
    assert oct(drafts_folder.stat().st_mode)[-3:] == "700"
    other.draft = mine.draft
    for path in ("", "?step=columns", "/state", "/faults.xlsx", "/rows/1/2"):
        other.page(path, status=404)
    for path in ("sheets", "columns", "check", "apply", "remove", "cells", "alike", "back"):
        assert other.post(path).status_code == 404, path
    assert mine.draft not in other.client.get("/imports").content.decode()
    assert mine.draft in mine.client.get("/imports").content.decode()
    assert Client().get(mine.draft).status_code == 302  # nobody: to the sign-in
    assert not Person.objects.exists()

    mine.post("remove")
    mine.page(status=404)
    assert not list(drafts_folder.iterdir())


@pytest.mark.django_db
@pytest.mark.usefixtures("at_once")
def test_drafts_go_after_a_week(tmp_path: Path) -> None:
    visit = Visit("an", "specialist")
    visit.send(book(tmp_path, "one", person("P1")))
    made = drafts.of_account("an")[0]
    kept = made.folder / "draft.json"
    kept.write_text(json.dumps(json.loads(kept.read_text()) | {"made_at": "2020-01-01T08:00:00+07:00"}))
    visit.client.get("/imports")
    assert not made.folder.exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("at_once")
def test_a_role_without_imports_finds_no_page() -> None:
    leader = Visit("lanh", "leader")
    for path in ("/imports", "/imports/template", "/imports/1"):
        assert leader.client.get(path).status_code == 404, path


@pytest.mark.django_db
@pytest.mark.usefixtures("at_once")
def test_an_officer_of_a_unit_learns_nothing_of_rows_outside(tmp_path: Path) -> None:
    first = folder(tmp_path / "first", people=[person("P1"), person("P2", unit_id="U2")])
    run.apply(run.prepare(first, as_of=D1), by="setup", at=AT)
    officer = Visit("chi", "unit_officer", unit="U1")
    there, not_there = person("P2", unit_id="U2", education="master"), person("P9", unit_id="U2", education="master")
    said = []
    for name, row in (("there", there), ("absent", not_there)):
        officer.send(book(tmp_path, name, person("P1", education="master"), row))
        page = officer.page("?step=preview")
        assert "ngoài phạm vi nhiệm vụ" in page and "/apply" not in page
        faults = officer.text("?step=faults&kind=outside_scope").replace(row["person_id"], "—")
        said.append(faults.replace(f"{name}.xlsx", "file").partition("Về cả tệp")[2])
        officer.post("apply", confirm="x")
        officer.post("remove")
    assert said[0] == said[1] != ""
    assert ImportBatch.objects.count() == 1  # only the first, which the officer may not see
    assert officer.client.get(f"/imports/{ImportBatch.objects.get().pk}").status_code == 404
    assert "first" not in officer.client.get("/imports").content.decode()


@pytest.mark.django_db
@pytest.mark.usefixtures("at_once")
def test_only_what_was_looked_at_is_imported(tmp_path: Path) -> None:
    visit, other = Visit("an", "specialist"), Visit("binh", "specialist")
    file = book(tmp_path, "one", person("P1"))
    visit.send(file)
    other.send(file)
    looked = fields_of(visit.page("?step=preview"), "apply")
    other.post("apply", **fields_of(other.page("?step=preview"), "apply"))
    visit.post("apply", **looked)
    assert "đã thay đổi sau khi xem trước. Chưa nhập gì" in visit.text("?step=preview")
    assert ImportBatch.objects.count() == 1
    visit.post("check", step="preview")
    assert "Không có gì phải thay đổi" in visit.text("?step=preview")


@pytest.mark.django_db
@pytest.mark.usefixtures("at_once")
def test_a_server_that_was_killed_says_so_and_goes_on(tmp_path: Path) -> None:
    visit = Visit("an", "specialist")
    visit.send(book(tmp_path, "one", person("P1")))
    visit.text()
    state = drafts.of_account("an")[0].folder / "state.json"
    was_running = {"kind": "import", "phase": "running", "process": "of another run"}
    state.write_text(json.dumps(json.loads(state.read_text()) | was_running))
    page = visit.text("?step=preview")
    assert "Lần nhập bị dừng giữa chừng" in page and "Xem trước lại" in page
    visit.post("check", step="preview")
    page = visit.page("?step=preview")
    assert "bị dừng giữa chừng" not in page
    visit.post("apply", **fields_of(page, "apply"))
    assert visit.client.get(visit.draft)["Location"] == f"/imports/{ImportBatch.objects.get().pk}"


@pytest.mark.django_db
@pytest.mark.usefixtures("at_once")
def test_undoing_tells_what_was_changed_since(tmp_path: Path) -> None:
    run.apply(run.prepare(folder(tmp_path / "units"), as_of=D1), by="setup", at=AT)
    visit = Visit("an", "specialist")
    visit.send(book(tmp_path, "one", person("P1"), person("P2")))
    visit.post("apply", **fields_of(visit.page("?step=preview"), "apply"))
    visit.draft = visit.client.get(visit.draft)["Location"]
    qualifications.award(
        person=Person.objects.get(code="P1"), kind="professional", level="master", awarded_on=date(2022, 6, 1),
        by="binh", at=datetime.now().astimezone(),
    )  # fmt: skip
    blocked = visit.page("?undo=1")
    assert "Chưa hoàn tác được ngay" in blocked and "P1 · Nguyễn Văn P1" in blocked and "binh" in blocked
    assert 'action="' + visit.draft + '/undo"' not in blocked
    assert visit.post("undo").status_code == 422 and Person.objects.count() == 2
    done = visit.post("undo", **fields_of(visit.page("?undo=1&keep=1"), "undo"))
    assert done.status_code == 303, done.content.decode()
    assert [one.code for one in Person.objects.all()] == ["P1"]


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A database of the test's own, in which every thread sees what the others wrote."""
    with copied("imports") as url, django_db_blocker.unblock():
        kept = connection.settings_dict["NAME"]
        connection.close()
        connection.settings_dict["NAME"] = str(psycopg.conninfo.conninfo_to_dict(url)["dbname"])
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = kept


@pytest.mark.usefixtures("committed")
def test_two_imports_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_AT_ONCE", 30)
    visits = [Visit("an", "specialist"), Visit("binh", "specialist")]
    for visit, code in zip(visits, ("P1", "P2"), strict=True):
        visit.send(book(tmp_path, code, person(code)))
    forms = [fields_of(visit.page("?step=preview"), "apply") for visit in visits]
    monkeypatch.setattr(jobs, "_AT_ONCE", 0)
    for visit, fields in zip(visits, forms, strict=True):
        visit.post("apply", **fields)
        visit.post("apply", **fields)  # sent twice: imported once
    jobs._IMPORTS.submit(int).result(timeout=60)  # after those before it
    assert ImportBatch.objects.count() == 1  # the second was of a register that was no longer so
    assert "đã thay đổi sau khi xem trước" in visits[1].text("?step=preview")
    monkeypatch.setattr(jobs, "_AT_ONCE", 30)
    visits[1].post("check", step="preview")
    visits[1].post("apply", **fields_of(visits[1].page("?step=preview"), "apply"))
    assert sorted(one.code for one in Person.objects.all()) == ["P1", "P2"]
