"""Values of single units: by period and document, read on a day as known then, and held against figures (ORG-05)."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction

from canbo.common.findings import Refused
from canbo.datasets.store import Store
from canbo.measure.evaluation import measure_indicator
from canbo.measure.sets import Measurer
from canbo.register import parameters, units
from canbo.register.models import Document, Parameter, Unit, UnitParameter
from canbo.register.parameters import Value
from canbo.snapshot.take import take
from tests.register.makers import employ, make_person, post
from tests.register.organisations.conftest import AT, MakeUnit
from tests.support import scheme

if TYPE_CHECKING:
    from canbo.measure.results import UnitResult

pytestmark = pytest.mark.django_db
D = date
LAN: dict[str, Any] = {"by": "lan", "at": AT}  # 06/05/2024
ID = "TN-2025-3-06"


@pytest.fixture
def city(unit: MakeUnit) -> Unit:
    return unit("TP", name="Thành phố Thái Nguyên", is_city=True)


@pytest.fixture
def target() -> Parameter:
    return parameters.define(code=ID, label="Xã có cán bộ huyện luân chuyển về", **LAN)


def test_a_value_holds_for_its_period_and_is_followed_by_the_next(
    city: Unit, target: Parameter, decision: Document
) -> None:
    first = parameters.set_value(city, ID, " > 40% ", valid_from=D(2021, 1, 1), document=decision, **LAN)
    second = parameters.set_value(
        city, ID, "> 45%", valid_from=D(2023, 1, 1), last_day=D(2024, 12, 31), document=decision, **LAN
    )
    assert [parameters.values_on(ID, day) for day in (D(2020, 12, 31), D(2021, 1, 1), D(2022, 12, 31))] == [
        {}, {"TP": "> 40%"}, {"TP": "> 40%"},
    ]  # fmt: skip
    assert [parameters.values_on(ID, day) for day in (D(2023, 1, 1), D(2024, 12, 31), D(2025, 1, 1))] == [
        {"TP": "> 45%"}, {"TP": "> 45%"}, {},
    ]  # fmt: skip
    assert parameters.history(city, ID) == [
        Value("TP", ID, "> 40%", D(2021, 1, 1), D(2023, 1, 1), decision.pk),
        Value("TP", ID, "> 45%", D(2023, 1, 1), D(2025, 1, 1), decision.pk),
    ]
    between = parameters.set_value(city, ID, "> 42%", valid_from=D(2022, 7, 1), document=decision, **LAN)
    assert [one.valid_to for one in parameters.history(city, ID)] == [D(2022, 7, 1), D(2023, 1, 1), D(2025, 1, 1)]
    assert {first.pk, between.pk, second.pk} == set(UnitParameter.objects.values_list("id", flat=True))


def test_a_value_of_the_same_day_is_replaced_and_what_was_believed_is_kept(
    city: Unit, target: Parameter, decision: Document
) -> None:
    parameters.set_value(city, ID, "> 4%", valid_from=D(2021, 1, 1), document=decision, **LAN)
    later = LAN | {"at": datetime(2024, 6, 1, 2, tzinfo=UTC)}
    parameters.set_value(city, ID, "> 40%", valid_from=D(2021, 1, 1), document=decision, **later)
    assert UnitParameter.objects.count() == 1
    assert parameters.values_on(ID, D(2024, 1, 1)) == {"TP": "> 40%"}
    assert parameters.values_on(ID, D(2024, 1, 1), known=datetime(2024, 5, 20, tzinfo=UTC)) == {"TP": "> 4%"}
    assert parameters.history(city, ID, known=datetime(2024, 5, 1, tzinfo=UTC)) == []


def test_an_ended_value_gives_way_to_the_ordinary_one(city: Unit, target: Parameter, decision: Document) -> None:
    parameters.set_value(city, ID, "> 40%", valid_from=D(2021, 1, 1), document=decision, **LAN)
    parameters.end(city, ID, last_day=D(2023, 12, 31), **LAN)
    assert parameters.own_goals(D(2023, 12, 31)) == {ID: {"TP": "> 40%"}}
    assert parameters.own_goals(D(2024, 1, 1)) == {}
    with pytest.raises(Refused, match=r"TP \(Xã có cán bộ huyện luân chuyển về\): không có giá trị riêng"):
        parameters.end(city, ID, last_day=D(2024, 6, 30), **LAN)


def test_what_is_no_value_is_refused_and_writes_nothing(city: Unit, target: Parameter, decision: Document) -> None:
    given: dict[str, Any] = {"valid_from": D(2021, 1, 1), "document": decision} | LAN
    with pytest.raises(Refused, match="phải có văn bản"):
        parameters.set_value(city, ID, "> 40%", **(given | {"document": None}))
    with pytest.raises(Refused, match="cần một mức so sánh.*“trên 40%” không dùng được"):
        parameters.set_value(city, ID, "trên 40%", **given)
    with pytest.raises(Refused, match="Có phải “TN-2025-3-06” không"):
        parameters.set_value(city, "TN-2025-3-6", "> 40%", **given)
    with pytest.raises(Refused, match="không tồn tại vào ngày 31/12/2019"):
        parameters.set_value(city, ID, "> 40%", **(given | {"valid_from": D(2019, 12, 31)}))
    with pytest.raises(Refused, match="ngày kết thúc không sau ngày bắt đầu"):
        parameters.set_value(city, ID, "> 40%", last_day=D(2020, 12, 31), **given)
    parameters.set_value(city, ID, "> 40%", **(given | {"valid_from": D(2022, 1, 1)}))
    with pytest.raises(Refused, match="trùng thời gian"):
        parameters.set_value(city, ID, "> 30%", last_day=D(2022, 1, 1), **given)
    assert [one.value for one in parameters.history(city, ID)] == ["> 40%"]


def test_the_database_refuses_two_values_on_one_day_and_one_without_document(
    city: Unit, target: Parameter, decision: Document
) -> None:
    row: dict[str, Any] = {"unit": city, "parameter": target, "value": "> 40%", "valid_from": D(2021, 1, 1)}
    with pytest.raises(Exception, match="unit_parameter_documented"), transaction.atomic():
        UnitParameter.objects.create(**row)
    UnitParameter.objects.create(**row, document=decision)
    with pytest.raises(Exception, match="unit_parameter_no_overlap"), transaction.atomic():
        UnitParameter.objects.create(**(row | {"valid_from": D(2024, 1, 1)}), document=decision)


def test_numbers_texts_and_codes(city: Unit, decision: Document) -> None:
    parameters.define(code="phu-cap", form="number", **LAN)
    parameters.define(code="loai", form="text", **LAN)
    given: dict[str, Any] = {"valid_from": D(2021, 1, 1), "document": decision} | LAN
    parameters.set_value(city, "phu-cap", "0,5", **given)
    parameters.set_value(city, "loai", "Loại I", **given)
    with pytest.raises(Refused, match="cần một con số"):
        parameters.set_value(city, "phu-cap", "nhiều", **given)
    with pytest.raises(Refused, match="cần nội dung"):
        parameters.set_value(city, "loai", " ", **given)
    assert parameters.values_on("phu-cap", D(2024, 1, 1)) == {"TP": "0,5"}
    assert parameters.own_goals(D(2024, 1, 1)) == {}  # neither is a target
    with pytest.raises(Refused, match="“loai” đã có"):
        parameters.define(code="loai", **LAN)
    with pytest.raises(Refused, match="phải có mã"):
        parameters.define(code=" ", **LAN)


def test_a_dissolved_unit_has_no_value_any_more(city: Unit, target: Parameter, decision: Document) -> None:
    parameters.set_value(city, ID, "> 40%", valid_from=D(2021, 1, 1), document=decision, **LAN)
    units.end(city, on=D(2025, 7, 1), **LAN)
    assert parameters.values_on(ID, D(2025, 6, 30)) == {"TP": "> 40%"}
    assert parameters.values_on(ID, D(2025, 7, 1)) == {}


def test_a_city_is_held_against_its_own_target_in_the_figures(
    city: Unit, unit: MakeUnit, decision: Document, tmp_path: Path
) -> None:
    text = """
    - id: A
      label: Thạc sĩ
      quote: mỗi huyện trên 30%
      of: people
      where: post_kind = 'professional'
      satisfies: sex = 'female'
      each: {of: units, where: "level = 'district'"}
      targets: [{by: 2025-12-31, is: "> 30%"}]
    - id: B
      label: Nữ
      quote: trên 30%
      of: people
      where: post_kind = 'professional'
      satisfies: sex = 'female'
      targets: [{by: 2025-12-31, is: "> 30%"}]
    """
    for at in (city, unit("PL")):  # 2 of 5 in both: above 30 %, not above 40 %
        for n in range(5):
            person = make_person(f"{at.code}{n}", sex="female" if n < 2 else "male")
            employ(person)
            post(person, at)
    for code in ("A", "B", "OTHER"):
        parameters.define(code=code, **LAN)
        parameters.set_value(city, code, "> 40%", valid_from=D(2024, 1, 1), document=decision, **LAN)
    read = scheme(tmp_path, text)

    def measured(day: date) -> "dict[str | None, UnitResult]":
        placed = parameters.placed(read, day)
        measurer = Measurer(placed.scheme, Store(take(day)))
        return {one.unit_id: one for one in measure_indicator(measurer, placed.scheme.indicators[0], as_of=day).units}

    before, now = measured(D(2023, 12, 31)), measured(D(2024, 1, 1))
    assert [(one["TP"].target, one["TP"].status) for one in (before, now)] == [("> 30%", "met"), ("> 40%", "short")]
    assert [(one["PL"].target, one["PL"].status) for one in (before, now)] == [("> 30%", "met")] * 2
    assert now["TP"].shortfall == 1
    placed = parameters.placed(read, D(2024, 1, 1))
    assert placed.unplaced == ("B",)  # it is not measured unit by unit
    assert placed.scheme.version != read.version
    assert parameters.placed(read, D(2023, 12, 31)).scheme == read
