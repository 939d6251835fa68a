"""An import confined to a mandate: what lies outside is told alike, whether it exists or not, and nothing more."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from canbo.accounts.permissions import Permission
from canbo.accounts.roles import ROLES
from canbo.accounts.scopes import Grant, Scope
from canbo.common.findings import Refused
from canbo.common.language import speaking
from canbo.register.importing import run
from canbo.register.importing.limits import Within
from canbo.register.importing.preview import Preview
from canbo.register.models import (
    DelegationRule,
    Employment,
    ImportBatch,
    Person,
    PostHeld,
    Qualification,
    Quota,
    Unit,
    UnitVersion,
)
from tests.register.importing.files import D1, D2, LATER, UNITS, bring, folder, person

pytestmark = pytest.mark.django_db
TODAY = date(2024, 5, 2)
SECRET = "019080001234"
PEOPLE = [
    person("P1", managed_by="unit_head"),
    person("P2", managed_by="provincial_committee"),
    person("P9", unit_id="U2", managed_by="unit_head", full_name="Lục Thị Bímật", national_id=SECRET),
]


@pytest.fixture(autouse=True)
def register(tmp_path: Path) -> None:
    """P1 (unit head's tier) and P2 (the provincial committee's) in U1, P9 in U2; units T over U1 and U2."""
    bring(folder(tmp_path / "before", people=PEOPLE), D1)


def _within(unit: str | None = "U1", *tiers: str, role: str = "unit_officer", **more: Any) -> Within:
    permissions = ROLES[role].permissions - set(more.get("without", ()))
    return Within(Scope("an", "", (Grant(permissions, frozenset(tiers) or None, unit, "sensitive"),)), TODAY)


def _preview(path: Path, within: Within | None = None, **datasets: Any) -> Preview:
    datasets.setdefault("units", [])
    given = {name: rows for name, rows in datasets.items() if rows}
    made = folder(path / "file", **({"units": UNITS[1:2]} | given))
    return run.prepare(made, as_of=D2, within=within or _within())


def _said(preview: Preview) -> set[str]:
    return {one.value or "" for one in preview.findings if one.code == "outside_scope" and one.severity == "error"}


def _everything(preview: Preview) -> str:
    return str(preview.as_json())


def test_facts_of_people_inside_are_imported(tmp_path: Path) -> None:
    preview = _preview(
        tmp_path,
        people=[person("P1", managed_by="unit_head", education="master")],
        qualifications=[{"person_id": "P1", "kind": "professional", "level": "master", "awarded_on": "2022-06-01"}],
    )
    assert (preview.outside, _said(preview)) == (0, set())
    batch = run.apply(preview, by="an", at=LATER)
    assert batch is not None
    assert Qualification.objects.get(level="master").person.code == "P1"
    assert list(Unit.objects.order_by("code").values_list("code", flat=True)) == ["T", "U1", "U2"]


@pytest.mark.parametrize("code", ["P9", "NOBODY"])
@pytest.mark.parametrize("place", ["U1", "U2", "NOWHERE"])
def test_a_person_outside_is_told_as_one_who_does_not_exist(tmp_path: Path, code: str, place: str) -> None:
    rows = [person(code, unit_id=place, managed_by="unit_head", full_name="Lục Thị Bímật")]
    preview = _preview(tmp_path, people=rows)
    (told,) = [one for one in preview.findings if one.code == "outside_scope"]
    assert told.message.replace(code, "X") == (
        "“X”: ngoài phạm vi nhiệm vụ được giao (người, đơn vị, diện quản lý hoặc loại dữ liệu). Không nhập dòng này."
    )
    assert preview.outside == 1
    assert preview.totals.writes == 0
    assert [one for one in preview.findings if one.code == "possible_duplicate"] == []
    with pytest.raises(Refused, match="1 dòng của tệp ngoài phạm vi"):
        run.apply(preview, by="an", at=LATER)
    assert ImportBatch.objects.count() == 1


def test_one_row_outside_keeps_the_whole_file_from_being_applied(tmp_path: Path) -> None:
    preview = _preview(
        tmp_path,
        people=[
            person("P1", managed_by="unit_head", education="master"),
            person("P9", unit_id="U2", managed_by="unit_head"),
        ],
    )
    assert _said(preview) == {"P9"}
    assert preview.totals.writes > 0  # what is inside is previewed all the same
    with pytest.raises(Refused, match="ngoài phạm vi"):
        run.apply(preview, by="an", at=LATER)
    assert ImportBatch.objects.count() == 1


@pytest.mark.parametrize("number", [SECRET, "019080009999"])
def test_a_national_id_tells_nothing_of_whose_it_is(tmp_path: Path, number: str) -> None:
    preview = _preview(tmp_path, people=[person("P1", managed_by="unit_head", national_id=number)])
    (told,) = preview.findings[-1:]
    assert told.message == "Số định danh cá nhân của “P1” khác với hồ sơ; số này không được nhập."
    assert preview.outside == 0
    assert "P9" not in _everything(preview)
    run.apply(preview, by="an", at=LATER)
    assert Person.objects.get(code="P1").national_id is None


def test_only_people_inside_are_counted_and_listed_as_left(tmp_path: Path) -> None:
    preview = _preview(tmp_path, people=[person("P1", managed_by="unit_head")])
    left = {part.name: part.counts.left for part in preview.parts if part.counts.left}
    assert left == {"person": 1}  # P2; P9 is not known of
    assert [row.key for row in preview.rows("left")] == ["P2 · Nguyễn Văn P2"]
    assert "P9" not in _everything(preview) and "Bímật" not in _everything(preview)


@pytest.mark.parametrize(
    ("within", "row", "outside"),
    [
        (_within("U1"), person("P2", managed_by="provincial_committee", education="master"), False),
        (_within("U1", "unit_head"), person("P2", managed_by="provincial_committee", education="master"), True),
        (_within("U1", "unit_head"), person("P1", managed_by="unit_head", education="master"), False),
        (_within("U1", "unit_head"), person("P1", managed_by="provincial_committee"), True),  # raised out of reach
        (_within("U1", "unit_head"), person("P1", managed_by=None), True),  # no rule gives it a tier
        (_within("U1"), person("P1", unit_id="U2", managed_by="unit_head"), True),  # moved away
        (_within("U2"), person("P9", unit_id="U1", managed_by="unit_head"), True),
        (_within("T"), person("P9", unit_id="U1", managed_by="unit_head"), False),  # within the province's subtree
        (_within(None, "unit_head"), person("P9", unit_id="U1", managed_by="unit_head"), False),
        (_within(None), person("P2", managed_by="unit_head"), False),
        (_within(None), person("NEW"), True),  # an officer over everything still enters nobody
    ],
)
def test_every_row_is_inside_subtree_and_tiers(
    tmp_path: Path, within: Within, row: dict[str, Any], outside: bool
) -> None:
    preview = _preview(tmp_path, within, people=[row], units=UNITS)
    people = {one.value for one in preview.findings if one.code == "outside_scope"} - {"T", "U1", "U2"}
    assert people == ({row["person_id"]} if outside else set())


@pytest.mark.parametrize(("rule", "outside"), [("unit_head", False), ("provincial_committee", True)])
def test_the_tier_of_a_post_without_one_follows_the_rules(tmp_path: Path, rule: str, outside: bool) -> None:
    DelegationRule.objects.create(tier=rule, post_kind="professional", valid_from=date(2000, 1, 1))
    preview = _preview(tmp_path, _within("U1", "unit_head"), people=[person("P1", managed_by=None)])
    assert (_said(preview) == {"P1"}) == outside


SEAT = {"person_id": "P1", "unit_id": "U1", "body": "committee", "role": "member", "start_date": "2021-05-01"}
PLACE = {
    "person_id": "P1",
    "term": "2025-2030",
    "unit_id": "U1",
    "post_kind": "agency_head",
    "added_on": "2022-01-01",
    "level": "province",
}
MOVE = {
    "person_id": "P1",
    "from_unit_id": "U1",
    "to_unit_id": "U1",
    "kind": "lateral",
    "start_date": "2022-01-01",
    "from_level": "province",
    "to_level": "province",
}


@pytest.mark.parametrize(
    ("dataset", "row", "outside"),
    [
        ("memberships", SEAT, False),
        ("memberships", SEAT | {"unit_id": "U2"}, True),
        ("memberships", SEAT | {"managed_by": "provincial_committee"}, True),
        ("memberships", SEAT | {"body": "standing_committee"}, True),  # by the rule below
        ("rotations", MOVE, False),
        ("rotations", MOVE | {"from_unit_id": "U2"}, True),
        ("rotations", MOVE | {"to_unit_id": "NOWHERE"}, True),
        ("rotations", MOVE | {"managed_by": "provincial_committee"}, True),
        ("succession", PLACE | {"managed_by": "unit_head"}, False),
        ("succession", PLACE | {"managed_by": "provincial_committee"}, True),
        ("succession", PLACE, True),  # by the rule below
        ("succession", PLACE | {"managed_by": "unit_head", "list_id": "L1"}, True),
        (
            "trainings",
            {"person_id": "P1", "program": "state_specialist", "result": "completed", "start_date": "2022-01-01"},
            False,
        ),
        (
            "trainings",
            {
                "person_id": "P1",
                "program": "state_specialist",
                "result": "completed",
                "start_date": "2022-01-01",
                "class_id": "C1",
            },
            True,
        ),
        ("exits", {"person_id": "P9", "unit_id": "U2", "left_on": "2022-01-01", "kind": "retirement"}, True),
    ],
)
def test_facts_name_nothing_outside(tmp_path: Path, dataset: str, row: dict[str, Any], outside: bool) -> None:
    for rule in ({"post_kind": "agency_head"}, {"body": "standing_committee"}):
        DelegationRule.objects.create(tier="provincial_committee", valid_from=date(2000, 1, 1), **rule)
    made = folder(tmp_path / "file", **{dataset: [row]})
    (made / "units.csv").unlink()  # with a sheet of units, reading would refuse the codes that it lacks
    preview = run.prepare(made, as_of=D2, within=_within("U1", "unit_head"))
    assert [one.message for one in preview.data.findings] == []
    assert preview.outside == outside
    assert _said(preview) == ({row["person_id"]} if outside else set())
    used = next(part.counts.created for part in preview.parts if part.name == dataset)
    assert used == (0 if outside else 1)


def test_what_is_not_about_people_is_not_imported(tmp_path: Path) -> None:
    preview = _preview(
        tmp_path,
        units=[{**UNITS[1], "name": "Tên khác"}, UNITS[2], {**UNITS[1], "unit_id": "U7"}],
        quotas=[{"unit_id": "U1", "year": 2022, "staff_kind": "civil_servant", "posts": 5}],
        people=[person("P1", managed_by="unit_head")],
    )
    assert _said(preview) == {"U1", "U2", "U7"}
    assert preview.outside == 3  # the quota, U2 and U7: a row of a unit inside may stand there, but is not used
    assert UnitVersion.objects.filter(name="Tên khác").count() == 0
    assert Quota.objects.count() == 0
    (tmp_path / "again").mkdir()
    only = _preview(tmp_path / "again", units=[{**UNITS[1], "name": "Tên khác"}])
    assert (only.outside, only.totals.writes) == (0, 0)


def test_a_post_held_outside_is_not_ended_by_one_inside(tmp_path: Path) -> None:
    """P9's main post is in U2; a second one in U1 puts P9 within reach of its officer."""
    PostHeld.objects.create(
        person=Person.objects.get(code="P9"), unit=Unit.objects.get(code="U1"), post_kind="professional",
        stated_tier="unit_head", valid_from=date(2021, 1, 1), is_main=False,
    )  # fmt: skip
    row = {"person_id": "P9", "unit_id": "U1", "post": "Phó phòng", "post_kind": "division_deputy",
           "managed_by": "unit_head", "is_main": "true", "start_date": "2022-03-01"}  # fmt: skip
    preview = _preview(tmp_path, posts_held=[row])
    assert _said(preview) == {"P9"}
    assert "kết thúc một quá trình" in _everything(preview)
    with pytest.raises(Refused, match="ngoài phạm vi"):
        run.apply(preview, by="an", at=LATER)
    assert PostHeld.objects.get(person__code="P9", is_main=True).valid_to is None


@pytest.mark.parametrize("place", ["U1", "U2"])
def test_who_leaves_ends_nothing_outside(tmp_path: Path, place: str) -> None:
    """P1 leaves; a second post of P1 ends with it, inside or outside."""
    PostHeld.objects.create(
        person=Person.objects.get(code="P1"), unit=Unit.objects.get(code=place), post_kind="support",
        stated_tier="unit_head", valid_from=date(2021, 6, 1), is_main=False, origin=ImportBatch.objects.get(),
    )  # fmt: skip
    preview = _preview(tmp_path, people=[person("P1", managed_by="unit_head", left_on="2022-06-30")])
    assert _said(preview) == (set() if place == "U1" else {"P1"})
    if place == "U1":
        run.apply(preview, by="an", at=LATER)
        assert set(PostHeld.objects.filter(person__code="P1").values_list("valid_to", flat=True)) == {date(2022, 7, 1)}


def test_who_is_moved_away_between_preview_and_import_is_refused(tmp_path: Path) -> None:
    preview = _preview(tmp_path, people=[person("P1", managed_by="unit_head", education="master")])
    PostHeld.objects.filter(person__code="P1").update(unit=Unit.objects.get(code="U2"))
    with pytest.raises(Refused, match="1 dòng của tệp ngoài phạm vi"):
        run.apply(preview, by="an", at=LATER)
    assert Employment.objects.get(person__code="P1").unit == Unit.objects.get(code="U1")


def test_who_may_preview_only_cannot_apply(tmp_path: Path) -> None:
    preview = _preview(
        tmp_path,
        _within(without=[Permission.IMPORT_APPLY]),
        people=[person("P1", managed_by="unit_head", education="master")],
    )
    assert preview.outside == 0
    with pytest.raises(Refused, match="ngoài phạm vi"):
        run.apply(preview, by="an", at=LATER)


def test_a_specialist_over_everything_is_not_confined(tmp_path: Path) -> None:
    within = _within(None, role="specialist")
    preview = _preview(
        tmp_path, within, people=[person("NEW", unit_id="U7")], units=[*UNITS, {**UNITS[1], "unit_id": "U7"}]
    )
    assert (preview.outside, _said(preview)) == (0, set())
    run.apply(preview, by="an", at=LATER)
    assert Person.objects.filter(code="NEW").exists()
    assert Unit.objects.filter(code="U7").exists()


def test_the_moment_of_the_reach_is_the_day_given(tmp_path: Path) -> None:
    """P1's post ends on 01/01/2024: reached the day before, not from then on."""
    PostHeld.objects.filter(person__code="P1").update(valid_to=date(2024, 1, 1))
    rows = [{"person_id": "P1", "kind": "professional", "level": "master", "awarded_on": "2022-06-01"}]
    made = folder(tmp_path / "file", units=UNITS[1:2], qualifications=rows)
    found = {}
    for day in (date(2023, 12, 31), date(2024, 1, 1)):
        found[day.year] = run.prepare(made, as_of=D2, within=Within(_within().scope, day)).outside
    assert found == {2023: 0, 2024: 1}


def test_the_findings_are_told_in_english_too(tmp_path: Path) -> None:
    with speaking("en"):
        preview = _preview(tmp_path, people=[person("P9", unit_id="U2")])
    assert "“P9”: outside the mandate" in _everything(preview)
