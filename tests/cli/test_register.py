"""The commands on the database: ``register`` in the place of a file."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from canbo.audit.models import Entry
from canbo.cli.house import now
from canbo.register.models import PostHeld, Qualification, UnitSuccession, UnitVersion
from tests.cli.conftest import Call
from tests.snapshot.support import ENTERED, SINCE, entering, make_person, make_unit, state
from tests.support import write_scheme

pytestmark = pytest.mark.django_db

MASTERS = """\
- id: M
  label: Thạc sĩ trở lên
  quote: thạc sĩ trở lên
  of: people
  satisfies: education >= 'master'
  measure: share
"""


def master_entered_late() -> None:
    """Two people; a master's degree awarded on 2024-03-15, entered on 2024-05-01."""
    with entering():
        unit = make_unit()
        for code in ("A", "B"):
            state(make_person(code, unit), education="bachelor")
            Qualification.objects.create(
                person_id=PostHeld.objects.latest("id").person_id, kind="professional", level="bachelor",
                awarded_on=date(2003, 7, 1),
            )  # fmt: skip
    with entering(datetime(2024, 5, 1, 2, tzinfo=UTC)):
        Qualification.objects.create(
            person_id=PostHeld.objects.earliest("id").person_id, kind="professional", level="master",
            awarded_on=date(2024, 3, 15),
        )  # fmt: skip


def test_a_degree_entered_late_counts_as_known_today_and_not_as_known_before(canbo: Call, tmp_path: Path) -> None:
    master_entered_late()
    scheme = str(write_scheme(tmp_path, MASTERS))

    def counted(*options: str) -> tuple[int, int]:
        answer = canbo("measure", scheme, "register", "--json", *options)
        assert answer.status == 0, answer.err
        (found,) = answer.json["indicators"]
        return found["numerator"], found["denominator"]

    assert counted("--as-of", "2024-03-31") == (1, 2)
    assert counted("--as-of", "2024-03-31", "--known", "2024-04-15") == (0, 2)
    assert counted("--as-of", "2024-03-31", "--known", "2024-05-01") == (1, 2)
    assert counted("--as-of", "2024-03-14") == (0, 2)


def test_a_correction_leaves_what_was_printed(canbo: Call, tmp_path: Path) -> None:
    master_entered_late()
    scheme = str(write_scheme(tmp_path, MASTERS))
    printed = canbo("measure", scheme, "register", "--as-of", "2024-06-30", "--json", "--known", "2024-06-30").json
    with entering(now()):
        Qualification.objects.filter(level="master").delete()
    again = canbo("measure", scheme, "register", "--as-of", "2024-06-30", "--json", "--known", "2024-06-30").json
    assert again == printed
    current = canbo("measure", scheme, "register", "--as-of", "2024-06-30", "--json").json
    assert (printed["indicators"][0]["numerator"], current["indicators"][0]["numerator"]) == (1, 0)


def test_who_and_bridge_ask_the_register_on_their_days(canbo: Call, tmp_path: Path) -> None:
    master_entered_late()
    scheme = str(write_scheme(tmp_path, MASTERS))
    lacking = canbo("who", scheme, "M", "register", "--as-of", "2024-03-31", "--json").json
    assert [one["person_id"] for one in lacking["people"]] == ["B"]
    moved = canbo("bridge", scheme, "M", "register", "--from", "2024-01-31", "--to", "2024-03-31", "--json")
    assert moved.status == 0, moved.err
    assert "Nguyễn Văn A" in moved.out
    assert "Nguyễn Văn B" not in moved.out


def test_every_reading_of_the_register_is_logged(canbo: Call, tmp_path: Path) -> None:
    master_entered_late()
    before = Entry.objects.count()
    canbo("measure", str(write_scheme(tmp_path, MASTERS)), "register", "--as-of", "2024-03-31", "--json")
    entry = Entry.objects.latest("id")
    assert (Entry.objects.count(), entry.action, entry.actor[:4]) == (before + 1, "register.read", "cli:")
    assert entry.detail == {"as_of": "2024-03-31", "known": None, "purpose": "measure"}


def test_check_data_shows_what_the_register_has(canbo: Call) -> None:
    master_entered_late()
    answer = canbo("check-data", "register", "--json")
    assert answer.json["rows"] == {"units": 1, "people": 2, "posts_held": 2, "qualifications": 3}


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--known", "hôm qua"), "không phải là một thời điểm"),
        (("--known", "2023-12-31"), "theo những gì đã biết lúc đó"),
        (("--as-of", "2019-12-31"), "không có người nào tại ngày 31/12/2019"),
    ],
)
def test_what_cannot_be_told_is_refused_in_a_sentence(
    canbo: Call, tmp_path: Path, options: tuple[str, str], says: str
) -> None:
    with entering(ENTERED):
        make_person("A", make_unit(), since=SINCE)
    answer = canbo("measure", str(write_scheme(tmp_path, MASTERS)), "register", *options)
    assert (answer.status, answer.out) == (2, "")
    assert says in answer.err


def test_a_file_has_no_earlier_state_of_knowledge(canbo: Call, tmp_path: Path) -> None:
    scheme = str(write_scheme(tmp_path, MASTERS))
    for call in (
        ("measure", scheme, "a.xlsx", "--known", "2024-01-01"),
        ("bridge", scheme, "M", "a.xlsx", "--from", "2024-01-01", "--to", "2024-01-31", "--known", "2024-01-01"),
    ):
        answer = canbo(*call)
        assert answer.status == 2
        assert "--known" in answer.err


def test_figures_on_their_own_structure_and_beside_them_restated(canbo: Call, tmp_path: Path) -> None:
    with entering():
        province = make_unit()
        old = [make_unit(code, parent=province, level="commune", kind="locality") for code in ("X1", "X2")]
        for code, unit in (("A", old[0]), ("B", old[1]), ("C", old[1])):
            state(make_person(code, unit), education="master" if code == "A" else "bachelor")
    with entering(datetime(2025, 7, 1, 2, tzinfo=UTC)):
        new = make_unit("X", parent=province, level="commune", kind="locality", valid_from=date(2025, 7, 1))
        for unit in old:
            UnitVersion.objects.filter(unit=unit).update(valid_to=date(2025, 7, 1))
            UnitSuccession.objects.create(predecessor=unit, successor=new, on_day=date(2025, 7, 1))
    scheme = str(write_scheme(tmp_path, MASTERS))

    def by_commune(*options: str) -> dict[str, tuple[int, int]]:
        answer = canbo("measure", scheme, "register", "--as-of", "2025-06-30", "--by", "commune", "--json", *options)
        assert answer.status == 0, answer.err
        return {u["unit_id"]: (u["numerator"], u["denominator"]) for u in answer.json["indicators"][0]["units"]}

    assert by_commune() == {"X1": (1, 1), "X2": (0, 2)}
    assert by_commune("--structure", "2025-07-01") == {"X": (1, 3)}


def test_a_file_has_no_structure_but_its_own(canbo: Call, tmp_path: Path) -> None:
    answer = canbo("measure", str(write_scheme(tmp_path, MASTERS)), "data.xlsx", "--structure", "2025-07-01")
    assert answer.status == 2
