"""Standards by versions: documented, never edited, previewed on who holds and who is planned."""

from datetime import date
from typing import Any

import pytest
from django.db import transaction

from canbo.common.findings import Refused
from canbo.register import requirements, standards, titles
from canbo.register.models import (
    Assessment,
    Document,
    Employment,
    PoolEntry,
    PostHeld,
    Qualification,
    RankHeld,
    ReportedFigure,
    Standing,
    Title,
    TitleStandard,
)
from tests.register.organisations.conftest import AT, MakePerson, MakeUnit

pytestmark = pytest.mark.django_db
D = date
LAN: dict[str, Any] = {"by": "lan", "at": AT}  # 06/05/2024
DAY = D(2024, 5, 1)


@pytest.fixture
def director() -> Title:
    return titles.enter(code="GD", name="Giám đốc sở", post_kind="agency_head", level="province", **LAN)


def test_a_new_version_follows_the_old_which_stays_as_it_was(director: Title, decision: Document) -> None:
    old = standards.adopt(director, {"education": "bachelor"}, valid_from=D(2020, 3, 1), document=decision, **LAN)
    new = standards.adopt(
        director, {"education": "master", "it_standard": True}, valid_from=D(2024, 6, 1), document=decision, **LAN
    )
    assert (old.findings, new.findings) == ((), ())
    assert standards.standard_on(director, D(2020, 2, 29)) is None
    assert standards.standard_on(director, D(2024, 5, 31)) == old.standard
    assert standards.standard_on(director, D(2024, 6, 1)) == new.standard
    assert TitleStandard.objects.get(id=old.standard.id).requirements == {"education": "bachelor"}


def test_no_document_an_unknown_requirement_or_an_older_day_is_refused(director: Title, decision: Document) -> None:
    standards.adopt(director, {"education": "bachelor"}, valid_from=D(2022, 3, 1), document=decision, **LAN)
    with pytest.raises(Refused, match="phải có văn bản"):
        standards.adopt(director, {}, valid_from=D(2024, 6, 1), document=None, **LAN)
    with pytest.raises(Refused, match="Bản cũ không được sửa"):
        standards.adopt(director, {}, valid_from=D(2022, 3, 1), document=decision, **LAN)
    wrongs: list[dict[str, Any]] = [
        {"education": "phd"},
        {"beauty": True},
        {"it_standard": False},
        {"age_at_most": "55"},
        {"held_before": []},
        {"held_before": ["king"]},
    ]
    for wrong in wrongs:
        with pytest.raises(Refused, match="không dùng được"):
            standards.adopt(director, wrong, valid_from=D(2024, 6, 1), document=decision, **LAN)
    assert TitleStandard.objects.count() == 1


def test_the_database_refuses_to_edit_a_version(director: Title, decision: Document) -> None:
    adopted = standards.adopt(director, {"education": "bachelor"}, valid_from=D(2022, 3, 1), document=decision, **LAN)
    with pytest.raises(Exception, match="pgtrigger"), transaction.atomic():
        TitleStandard.objects.filter(id=adopted.standard.id).update(requirements={"education": "college"})
    TitleStandard.objects.filter(id=adopted.standard.id).update(valid_to=D(2023, 1, 1))


def test_a_back_dated_version_names_the_printed_and_sealed_days_that_it_touches(
    director: Title, decision: Document
) -> None:
    for day in (D(2021, 12, 31), D(2022, 12, 31)):
        ReportedFigure.objects.create(indicator="TN", as_of=day, text="52,28%")
    adopted = standards.adopt(
        director, {}, valid_from=D(2022, 1, 1), document=decision, sealed_days=[D(2021, 6, 30), D(2023, 6, 30)], **LAN
    )
    (finding,) = adopted.findings
    assert finding.code == "standard_backdated"
    assert "31/12/2022, 30/06/2023" in finding.message
    assert "31/12/2021" not in finding.message


def test_a_version_before_its_document_is_flagged(director: Title, decision: Document) -> None:
    adopted = standards.adopt(director, {}, valid_from=D(2020, 2, 1), document=decision, **LAN)
    assert [finding.code for finding in adopted.findings] == ["standard_before_document"]


def test_the_preview_shows_who_would_fall_out_who_is_unknown_and_changes_nothing(
    director: Title, decision: Document, unit: MakeUnit, person: MakePerson
) -> None:
    agency, district = unit("S", level="province", kind="state"), unit("H")
    standards.adopt(director, {"education": "bachelor"}, valid_from=D(2020, 3, 1), document=decision, **LAN)
    levels = {"A": "master", "B": "bachelor", "C": None, "E": "college", "P": "bachelor"}
    people = {code: person(code) for code in (*levels, "X")}
    for code, level in levels.items():
        Standing.objects.create(person=people[code], education=level, valid_from=D(2021, 1, 1))
    for code in ("A", "B", "C", "E"):
        PostHeld.objects.create(person=people[code], unit=agency, post_kind="agency_head", valid_from=D(2021, 1, 1))
    PostHeld.objects.create(person=people["X"], unit=district, post_kind="agency_head", valid_from=D(2021, 1, 1))
    for code in ("A", "P"):
        PoolEntry.objects.create(person=people[code], unit=agency, term="2025-2030", post_kind="agency_head",
                                 level="province", valid_from=D(2023, 1, 1))  # fmt: skip
    impact = standards.impact(director, {"education": "master"}, day=DAY)
    assert [(v.person_code, v.role, v.failing, v.unknown, v.newly) for v in impact.verdicts] == [
        ("A", "incumbent", (), (), False),
        ("B", "incumbent", ("education",), (), True),
        ("C", "incumbent", (), ("education",), False),
        ("E", "incumbent", ("education",), (), False),
        ("P", "planned", ("education",), (), True),
    ]
    assert [v.person_code for v in impact.falling_out] == ["B", "P"]
    assert [v.person_code for v in impact.unknown] == ["C"]
    assert TitleStandard.objects.count() == 1


def test_what_is_known_of_a_person_on_a_day(unit: MakeUnit, person: MakePerson) -> None:
    who = person("A", birth_date=D(1970, 5, 2))
    Standing.objects.create(person=who, education="bachelor", rank="specialist", it_standard=False,
                            valid_from=D(2020, 1, 1))  # fmt: skip
    Qualification.objects.create(person=who, kind="professional", level="master", awarded_on=D(2022, 1, 1))
    Qualification.objects.create(person=who, kind="professional", level="doctor", awarded_on=D(2023, 1, 1),
                                 revoked_on=D(2024, 1, 1))  # fmt: skip
    RankHeld.objects.create(person=who, rank="principal", valid_from=D(2021, 1, 1))
    Assessment.objects.create(person=who, subject="it_standard", met=True, basis="Chứng chỉ", valid_from=D(2023, 1, 1))
    Employment.objects.create(person=who, staff_kind="civil_servant", recruited_on=D(1995, 5, 1),
                              valid_from=D(2020, 1, 1), since_known=False)  # fmt: skip
    PostHeld.objects.create(person=who, unit=unit("S"), post_kind="agency_deputy", valid_from=D(2020, 1, 1))
    wanted = {"education": "doctor", "rank": "principal", "it_standard": True, "age_at_most": 53, "service_years": 29,
              "held_before": ["agency_deputy"], "political_theory": "advanced"}  # fmt: skip

    def unmet(day: date) -> tuple[tuple[str, ...], tuple[str, ...]]:
        return requirements.unmet(wanted, requirements.values_on([who.id], day)[who.id])

    assert unmet(D(2020, 6, 1)) == (
        ("education", "rank", "it_standard", "service_years"), ("political_theory",)
    )  # fmt: skip
    assert unmet(D(2023, 12, 31)) == (("service_years",), ("political_theory",))
    assert unmet(D(2024, 5, 1)) == (("education",), ("political_theory",))
    assert unmet(D(2024, 5, 2)) == (("education", "age_at_most"), ("political_theory",))


def test_a_title_needs_a_code_of_its_own(director: Title) -> None:
    with pytest.raises(Refused, match="GD"):
        titles.enter(code="GD", name="Khác", post_kind="agency_head", **LAN)
    with pytest.raises(Refused, match="mã và tên"):
        titles.enter(code=" ", name="Khác", post_kind="agency_head", **LAN)
