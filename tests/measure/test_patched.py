"""A store whose rows were replaced says what a store made anew from the same rows says, and asks for no more."""

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from canbo.codes import code_list
from canbo.common.findings import Refused
from canbo.datasets.bundle import Datasets
from canbo.datasets.dictionary import dictionary
from canbo.datasets.patching import Unlike, replace_rows
from canbo.datasets.store import Store
from canbo.measure.checking import measurable_scheme
from canbo.measure.compiler import compile_condition
from canbo.measure.evaluation import measure_all, measure_indicator
from canbo.measure.library import library_paths
from canbo.measure.lists import listing
from canbo.measure.members import Members
from canbo.measure.sets import Measurer
from canbo.measure.values import Setting
from tests.measure.crosscheck.messy import draw_province
from tests.support import DAY, data, measurer, person, table

MASTERS = """
- id: A
  label: Thạc sĩ
  quote: trên 60%
  of: people
  where: managed_by = 'provincial_committee'
  satisfies: education >= 'master'
  targets: [{by: 2025-12-31, is: "> 60%"}]
- id: B
  label: Đã luân chuyển
  quote: trên 60%
  of: people
  where: managed_by = 'provincial_committee'
  satisfies: "exists (select 1 from rotations as r where r.person_id = people.person_id and r.start_date <= :as_of)"
  targets: [{by: 2025-12-31, is: "> 60%"}]
"""
MANAGED = {"managed_by": "provincial_committee"}
ROTATION = {"from_unit_id": "S", "to_unit_id": "X1", "kind": "down", "start_date": date(2021, 3, 1)}
OF_PEOPLE = [name for name, one in dictionary().items() if "person_id" in one.columns and name != "people"]


def figures(asked: Measurer) -> list[tuple[int | None, int | None]]:
    results = [measure_indicator(asked, one, as_of=DAY) for one in asked.scheme.indicators]
    return [(one.numerator, one.denominator) for one in results]


@pytest.fixture
def asked(tmp_path: Path) -> Measurer:
    """Three of four are managed by the province, one of them with a master's degree; one was rotated."""
    people = [
        person("a", "S", **MANAGED, education="master"),
        person("b", "S1", **MANAGED, education="bachelor"),
        person("c", "X1", **MANAGED, education="bachelor"),
        person("d", "X2", managed_by="unit_head", education="doctor"),
    ]
    made = measurer(tmp_path, MASTERS, data(people=people, rotations=[{"person_id": "a", **ROTATION}]))
    assert figures(made) == [(1, 3), (1, 3)]
    return made


def put(asked: Measurer, people: list[dict[str, Any]], rotations: list[dict[str, Any]], codes: set[str]) -> None:
    new = {"people": table("people", people)} if people else {"people": asked.store.data.tables["people"].slice(0, 0)}
    if rotations:
        new["rotations"] = table("rotations", rotations)
    asked.take_in(replace_rows(asked.store, codes, new, {}))


def test_a_degree_a_rotation_a_move_and_a_newcomer_are_counted(asked: Measurer) -> None:
    put(asked, [person("b", "S1", **MANAGED, education="master")], [], {"b"})
    assert figures(asked) == [(2, 3), (1, 3)]
    put(asked, [person("b", "S1", **MANAGED, education="master")], [{"person_id": "b", **ROTATION}], {"b"})
    assert figures(asked) == [(2, 3), (2, 3)]
    put(asked, [person("d", "T", **MANAGED, education="doctor")], [], {"d"})
    assert figures(asked) == [(3, 4), (2, 4)]
    put(asked, [person("e", "H2", **MANAGED, education="bachelor")], [], {"e"})
    assert figures(asked) == [(3, 5), (2, 5)]
    lacking = listing(asked, asked.scheme.indicators[0], as_of=DAY, list_name="lacking")
    assert sorted(str(row.key["person_id"]) for row in lacking.rows) == ["c", "e"]


def test_who_has_no_rows_any_more_is_gone(asked: Measurer) -> None:
    put(asked, [], [], {"c"})
    assert figures(asked) == [(1, 2), (1, 2)]
    assert "c" not in asked.store.names


def test_of_what_a_change_cannot_touch_nothing_is_asked_again(asked: Measurer, monkeypatch: pytest.MonkeyPatch) -> None:
    evaluated: list[str] = []

    def evaluate(members: Members, sqls: list[str], *, keep_order: bool = False) -> None:
        evaluated.extend(sqls)

    monkeypatch.setattr(Members, "_evaluate", evaluate)
    put(asked, [person("b", "S1", **MANAGED, education="master")], [], {"b"})
    assert figures(asked) == [(2, 3), (1, 3)]
    assert evaluated == []


def test_a_dataset_replaced_whole(tmp_path: Path) -> None:
    text = """
- id: P
  label: Lượt cử đi học theo kế hoạch
  quote: theo kế hoạch
  of: trainings
  measure: count
  plan: {category: "lớp", date: start_date}
  targets: [{by: 2025-12-31, is: ">= 100%"}]
"""
    training = {"person_id": "a", "program": "law", "start_date": date(2021, 5, 1)}
    plan = {"plan_id": "1", "category": "lớp", "period_start": date(2021, 1, 1), "period_end": DAY}
    rows = {"people": [person("a", "S")], "trainings": [training]}
    asked = measurer(tmp_path, text, data(**rows, plans=[{**plan, "quantity": 4}]))
    assert figures(asked) == [(1, 4)]
    asked.take_in(replace_rows(asked.store, set(), {}, {"plans": table("plans", [{**plan, "quantity": 5}])}))
    assert figures(asked) == [(1, 5)]


@pytest.mark.parametrize("given", [{"party_official_date": date(2010, 1, 1)}, {"unit_id": None}])
def test_a_column_that_appears_asks_for_a_store_made_anew(asked: Measurer, given: dict[str, Any]) -> None:
    if "unit_id" in given:
        gone = {one["person_id"] for one in asked.store.data.tables["people"].to_pylist()}
        with pytest.raises(Unlike):
            put(asked, [], [], gone)
    else:
        with pytest.raises(Unlike):
            put(asked, [person("b", "S1", **MANAGED, **given)], [], {"b"})
    assert figures(asked) == [(1, 3), (1, 3)]


@pytest.mark.parametrize(
    ("text", "dataset", "local"),
    [
        ("exists (select 1 from rotations as r where r.person_id = people.person_id)", "people", True),
        ("exists (select 1 from rotations as r where people.person_id = r.person_id and kind = 'up')", "people", True),
        ("exists (select 1 from rotations as r where r.person_id = people.person_id or kind = 'up')", "people", False),
        ("exists (select 1 from rotations as r where r.to_unit_id = people.unit_id)", "people", False),
        ("exists (select 1 from units as u where u.unit_id = people.unit_id)", "people", True),
        ("exists (select 1 from memberships as m join units as u on u.unit_id = m.unit_id "
         "where m.person_id = people.person_id)", "people", True),
        ("exists (select 1 from memberships as m join rotations as r on r.person_id = m.person_id "
         "where m.person_id = people.person_id)", "people", True),
        ("exists (select 1 from memberships as m join rotations as r on r.to_unit_id = m.unit_id "
         "where m.person_id = people.person_id)", "people", False),
        ("exists (select 1 from people as p where p.unit_id = units.unit_id)", "units", False),
        ("exists (select 1 from rotations as r where r.person_id = people.person_id and not exists "
         "(select 1 from trainings as t where t.person_id = r.person_id))", "people", True),
        ("exists (select 1 from rotations as r where r.person_id = people.person_id and not exists "
         "(select 1 from people where people.unit_id = r.to_unit_id))", "people", False),
        ("education >= 'master'", "people", True),
    ],
)  # fmt: skip
def test_which_conditions_look_only_at_the_person(text: str, dataset: str, local: bool) -> None:
    days = {name: DAY for name in ("as_of", "period_start", "period_end", "window_start", "window_end")}
    assert compile_condition(text, dataset, Setting(days)).per_person is local


def _mixed(seed: int) -> tuple[Datasets, set[str], dict[str, pa.Table], Datasets]:
    """A messy province; some people, with rows in place of theirs that were drawn for others; and the outcome."""
    rng = np.random.default_rng(seed)
    before = draw_province(seed, DAY)
    ids = before.tables["people"]["person_id"].to_pylist()
    codes = [str(one) for one in rng.choice(ids, int(rng.integers(1, 5)), replace=False)]
    others = [str(one) for one in rng.choice(ids, len(codes), replace=False)]
    if rng.random() < 0.3:
        codes[0] = "newcomer"
    if "memberships" in before.tables:
        seats = before.tables["memberships"]
        tiers = code_list("managed_by").keys
        drawn_tiers = pa.array([tiers[int(n)] for n in rng.integers(0, len(tiers), seats.num_rows)], pa.string())
        seats = seats.drop(["managed_by"]) if "managed_by" in seats.column_names else seats
        seats = seats.append_column("managed_by", drawn_tiers.dictionary_encode())
        before = Datasets({**before.tables, "memberships": seats}, before.data_date)
    names = ["people", *(name for name in OF_PEOPLE if name in before.tables)]
    new, after = {}, dict(before.tables)
    for name in names:
        rows = before.tables[name]
        drawn = [
            _as_of(rows.filter(pc.equal(rows["person_id"], other)), code)
            for code, other in zip(codes, others, strict=True)
            if name != "people" or rng.random() < 0.9
        ]
        new[name] = pa.concat_tables([rows.slice(0, 0), *drawn])
        kept = rows.filter(pc.invert(pc.fill_null(pc.is_in(rows["person_id"], pa.array(codes)), False)))
        after[name] = pa.concat_tables([kept, new[name]])
    return before, set(codes), new, Datasets(after, before.data_date)


def _as_of(rows: pa.Table, code: str) -> pa.Table:
    column = pa.array([code] * rows.num_rows, rows.schema.field("person_id").type)
    return rows.set_column(rows.column_names.index("person_id"), "person_id", column)


def _told(asked: Measurer, day: date) -> dict[str, object]:
    """Every figure by unit, and the names behind each."""
    report = measure_all(asked, as_of=day, by="unit")
    told: dict[str, object] = {one.id: one for one in report.indicators}
    for indicator in asked.scheme.indicators:
        for name in ("counted", "lacking", "unknown"):
            try:
                rows = listing(asked, indicator, as_of=day, list_name=name).rows  # type: ignore[arg-type]
            except Refused as refused:
                told[f"{indicator.id} {name}"] = str(refused)
            else:
                told[f"{indicator.id} {name}"] = sorted(str(row) for row in rows)
    return told


def differences(seed: int) -> list[str] | None:
    """Where a store with rows replaced, asked before and after, differs from one made anew; all schemes, two days.

    None: the rows do not fit, as they need not where a column has few values.
    """
    before, codes, new, after = _mixed(seed)
    schemes = [measurable_scheme(path) for path in library_paths().values()]
    patched, fresh = Store(before), Store(after)
    asked = [Measurer(scheme, patched) for scheme in schemes]
    days = (DAY, date(2024, 6, 30))
    for one in asked:
        for day in days:
            _told(one, day)
    try:
        patch = replace_rows(patched, codes, new, {})
    except Unlike:
        return None
    wrong = []
    for one in asked:
        one.take_in(patch)
        for day in days:
            right = _told(Measurer(one.scheme, fresh), day)
            wrong += [f"{one.scheme.id} {day} {key}" for key, told in _told(one, day).items() if told != right[key]]
    if patched.data.version != after.version:
        wrong.append("version of the data")
    return wrong


def test_rows_replaced_in_messy_provinces() -> None:
    found = [differences(seed) for seed in range(3)]
    followed = [one for one in found if one is not None]
    assert len(followed) >= 2
    assert followed == [[]] * len(followed)


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(3, 153))
def test_rows_replaced_in_many_messy_provinces(seed: int) -> None:
    assert not differences(seed)
