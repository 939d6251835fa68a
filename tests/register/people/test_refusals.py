"""Every rule of the database has a sentence; the sentence says what, whose, which days and what to do."""

from datetime import UTC, date, datetime

import pytest
from django.apps import apps
from django.db import connection, models

from canbo.audit.changes import change
from canbo.common.findings import Refused
from canbo.common.language import speaking
from canbo.register import refusals
from canbo.register.models import Discipline, Person, PostHeld, RankHeld, Relative
from tests.register.makers import make_person, make_unit, post

pytestmark = pytest.mark.django_db
AT = datetime(2024, 5, 1, 8, tzinfo=UTC)


def _constraints() -> set[str]:
    """Of the tables in the database, and of the models (a partial unique rule is an index, not a constraint)."""
    tables = {m._meta.db_table for m in apps.get_app_config("register").get_models() if not hasattr(m, "pgh_id")}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.conname FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid "
            "WHERE c.contype IN ('c', 'x', 'u', 'f') AND t.relname = ANY(%s)",
            [sorted(tables)],
        )
        names = {row[0] for row in cursor.fetchall()}
    for model in apps.get_app_config("register").get_models():
        if not hasattr(model, "pgh_id"):
            names |= {one.name for one in model._meta.constraints}
    return names


def test_every_constraint_has_words_in_both_languages() -> None:
    names = _constraints()
    assert {"post_held_main_no_overlap", "person_national_id_once", "body_seat_role_known"} <= names
    silent = sorted(name for name in names if refusals.words_of(name) is None)
    assert silent == []
    for name in names:
        words = refusals.words_of(name)
        assert words is not None
        assert words["vi"] and words["en"]


def test_every_table_has_a_name() -> None:
    tables = [m for m in apps.get_app_config("register").get_models() if not hasattr(m, "pgh_id")]
    assert [m.__name__ for m in tables if refusals.what_is(m) == m._meta.model_name and m.__name__ != "Person"] == []


def test_every_field_that_a_sentence_can_name_has_a_label() -> None:
    silent = set()
    for model in apps.get_app_config("register").get_models():
        if hasattr(model, "pgh_id"):
            continue
        known = " ".join(one.name for one in model._meta.constraints if one.name.endswith("_known"))
        for field in model._meta.concrete_fields:
            required = not field.null and not field.has_default() and not field.primary_key
            if (required or f"_{field.name}_known" in known) and refusals.field_label(field.name) == field.name:
                silent.add(f"{model.__name__}.{field.name}")
    assert sorted(silent) == []


def _refused(row: models.Model) -> str:
    with (
        pytest.raises(Refused) as caught,
        refusals.explained(who="Nguyễn Văn An (P1)", row=row),
        change(by="an", at=AT, action="test"),
    ):
        row.save()
    return caught.value.message


def test_a_second_main_post_names_both_periods() -> None:
    person, unit = make_person("P1"), make_unit("U1")
    post(person, unit)
    message = _refused(
        PostHeld(person=person, unit=unit, post_kind="support", is_main=True, valid_from=date(2023, 1, 1))
    )
    assert "Nguyễn Văn An (P1): chức vụ chính từ 01/01/2023 đến nay" in message
    assert "đã ghi từ 01/01/2020 đến nay" in message
    assert "kiêm nhiệm" in message


def test_the_end_is_printed_as_the_last_day() -> None:
    person = make_person("P1")
    RankHeld.objects.create(person=person, rank="specialist", valid_from=date(2020, 1, 1), valid_to=date(2022, 1, 1))
    message = _refused(RankHeld(person=person, rank="principal", valid_from=date(2021, 12, 31)))
    assert "từ 01/01/2020 đến 31/12/2021" in message


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"valid_to": date(2019, 1, 1)}, "không sau ngày bắt đầu"),
        ({"post_kind": "king"}, "nhóm chức danh “king” không nằm trong danh mục"),
        ({"post_kind": None}, "thiếu nhóm chức danh"),
    ],
)
def test_what_is_wrong_is_said(fields: dict[str, object], said: str) -> None:
    filled = {"post_kind": "support", "valid_from": date(2020, 1, 1)} | fields
    assert said in _refused(PostHeld(person=make_person("P1"), unit=make_unit("U1"), **filled))


def test_discipline_and_relatives() -> None:
    person = make_person("P1")
    assert "chưa gắn văn bản" in _refused(
        Discipline(person=person, family="party", form="Khiển trách", valid_from=date(2024, 1, 1))
    )
    assert "họ tên" in _refused(Relative(person=person, relation="Vợ", valid_from=date(2024, 1, 1)))


def test_a_code_twice_and_a_national_id_twice_do_not_print_the_id() -> None:
    make_person("P1", national_id="001080000001")
    names = {"full_name": "B", "name_key": "b", "name_order": "b", "birth_date": date(1980, 1, 1), "sex": "male"}
    assert "mã “P1” đã có" in _refused(Person(code="P1", **names))
    message = _refused(Person(code="P2", national_id="001080000001", **names))
    assert "đã có ở hồ sơ khác" in message
    assert "001080000001" not in message


def test_a_dangling_unit_is_told() -> None:
    row = PostHeld(person=make_person("P1"), unit_id=999_999, post_kind="support", valid_from=date(2020, 1, 1))
    with pytest.raises(Refused, match="không có trong hệ thống"), refusals.explained(row=row):
        row.save()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # as the commit does


def test_what_is_used_is_not_deleted() -> None:
    person, unit = make_person("P1"), make_unit("U1")
    post(person, unit)
    with pytest.raises(Refused, match="chức vụ"), refusals.explained(who="U1"):
        unit.delete()


def test_in_english() -> None:
    with speaking("en"):
        message = _refused(Relative(person=make_person("P1"), relation="Vợ", valid_from=date(2024, 1, 1)))
    assert message.endswith("Enter the name or choose the record.")
