"""Makes a synthetic province as canonical tables. Writing it to files is in writing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from canbo.common.findings import Refused
from canbo.common.language import pick as say
from canbo.common.numbers import print_count, print_day
from canbo.sample import (
    evaluation,
    flows,
    history,
    learning,
    people,
    seats,
    standing,
    succession,
    titles,
)
from canbo.sample.blueprint import ProvincePlan, plan_provinces, plan_thai_nguyen
from canbo.sample.careers import draw_careers
from canbo.sample.definitions import load
from canbo.sample.draws import day_number, stream
from canbo.sample.filling import expect_staff, fill_units
from canbo.sample.lives import draw_lives, find_groups
from canbo.sample.offices import list_posts
from canbo.sample.schooling import draw_schooling
from canbo.sample.sketch import Sketch
from canbo.sample.terms import terms_on
from canbo.sample.units import Role, build_units

SCENARIOS = ("thai-nguyen-2021",)
SCENARIO_DAY = date(2021, 12, 31)
FIRST_DAY, LAST_DAY = date(2021, 7, 1), date(2025, 6, 30)
"""Days on which the terms and the three levels that the sample is built on exist."""
LEAVERS = 0.03
LEAST, LEAST_SCENARIO, MOST, MOST_SCENARIO = 1_000, 6_000, 3_000_000, 120_000
"""Bounds of the number of people; beyond the upper one the made-up citizens' numbers of a birth year would run out."""


@dataclass(frozen=True)
class Province:
    """A synthetic province (several, where there are more than 100,000 people): canonical tables by dataset name."""

    tables: Mapping[str, pa.Table]
    data_date: date
    title: str


def make_province(
    *, people: int = 8_000, seed: int = 1, scenario: str | None = None, data_date: date = SCENARIO_DAY
) -> Province:
    """A synthetic province of ``people`` people, three in a hundred of whom left in the last three years.

    The same arguments give the same tables. The scenario thai-nguyen-2021 gives exactly the baselines printed in
    Thái Nguyên's scheme: 160 of 306, 213 of 663, 278 of 521, 6 of 145.

    :raises Refused: for an unknown scenario, too few or too many people, a negative seed, or a day outside the terms.
    """
    _check(people, seed, scenario, data_date)
    sketch = draw_sketch(people, seed, scenario, data_date)
    return Province(_tables(sketch), data_date, _title(sketch, scenario))


def _check(people: int, seed: int, scenario: str | None, data_date: date) -> None:
    if scenario is not None and scenario not in SCENARIOS:
        raise Refused(
            say(
                f"Không có kịch bản “{scenario}”. Các kịch bản hiện có: {', '.join(SCENARIOS)}. "
                "Hãy chọn một trong số đó hoặc bỏ kịch bản.",
                f"There is no scenario “{scenario}”. Known scenarios: {', '.join(SCENARIOS)}. "
                "Choose one of them or none.",
            )
        )
    least, most = (LEAST_SCENARIO, MOST_SCENARIO) if scenario else (LEAST, MOST)
    if not least <= people <= most:
        what = f"kịch bản {scenario}" if scenario else "dữ liệu mẫu"
        raise Refused(
            say(
                f"Số người {print_count(people)} không dùng được: {what} cần từ {print_count(least)} "
                f"đến {print_count(most)} người. Hãy chọn số trong khoảng này.",
                f"{people} people cannot be used: {scenario or 'a sample'} takes from {least} to {most}. "
                "Choose a number in this range.",
            )
        )
    if seed < 0:
        raise Refused(
            say(
                f"Hạt giống {seed} không dùng được. Hãy chọn số nguyên từ 0 trở lên.",
                f"The seed {seed} cannot be used. Choose a whole number from 0.",
            )
        )
    _check_day(scenario, data_date)


def _check_day(scenario: str | None, data_date: date) -> None:
    first, last = (SCENARIO_DAY, SCENARIO_DAY) if scenario else (FIRST_DAY, LAST_DAY)
    if not first <= data_date <= last:
        days = f"từ {print_day(first)} đến {print_day(last)}" if first < last else f"là {print_day(first)}"
        days_en = f"from {first} to {last}" if first < last else f"is {first}"
        raise Refused(
            say(
                f"Ngày dữ liệu {print_day(data_date)} không dùng được: ngày của "
                f"{'kịch bản ' + scenario if scenario else 'dữ liệu mẫu'} {days}. Hãy đổi ngày dữ liệu.",
                f"The data date {data_date} cannot be used: that of {scenario or 'a sample'} {days_en}. "
                "Change the data date.",
            )
        )


def draw_sketch(people: int, seed: int, scenario: str | None, data_date: date) -> Sketch:
    """Everything about the province before it is written as tables. The arguments have been checked."""
    day = day_number(data_date)
    leavers = round(people * LEAVERS)
    in_service = people - leavers
    figures: Mapping[str, Any] | None = load("thai_nguyen")["figures"] if scenario else None
    rng = stream(seed, "units")
    plans = [plan_thai_nguyen(in_service)] if scenario else plan_provinces(in_service, rng)
    units = build_units(plans, [_services(plan, figures, seed) for plan in plans], rng)
    slots = fill_units(units, list_posts(units, figures), in_service, stream(seed, "posts"))
    lives = draw_lives(units, slots, leavers, day, figures, seed)
    groups = find_groups(units, slots)
    school = draw_schooling(units.sector, slots, lives, groups, figures, seed)
    terms = terms_on(day, data_date.year)
    rotated = figures["provincial"]["rotated_in_term"] if figures else None
    careers = draw_careers(units, slots, lives, school.recruited, terms, rotated, seed)
    return Sketch(seed, day, units, slots, lives, school, careers, terms, figures)


def _services(plan: ProvincePlan, figures: Mapping[str, Any] | None, seed: int) -> int:
    """How many public service units, each about the planned size, take the people whom the rest does not."""
    bare = build_units([plan], [0], stream(seed, "units"))
    needed = len(list_posts(bare, figures)) + expect_staff(bare, plan.administration)
    least = 4 * len(plan.districts)
    return max(least, round((plan.people - needed) / (plan.unit_size + 2)))


def _tables(sketch: Sketch) -> dict[str, pa.Table]:
    """All tables, in the order of the dictionary."""
    holds = standing.draw_standing(sketch)
    words, word = titles.present_titles(sketch)
    posts = history.draw_history(sketch, words, word)
    ranks = standing.draw_ranks(sketch, holds)
    trainings, classes = learning.learning_tables(sketch, holds)
    lists, planned = succession.succession_tables(sketch)
    return {
        "units": people.units_table(sketch.units),
        "people": people.people_table(sketch, holds, words, word),
        "posts_held": history.posts_held_table(sketch, posts),
        "qualifications": standing.qualifications_table(sketch, holds),
        "ranks": standing.ranks_table(sketch, holds, ranks),
        "memberships": seats.memberships_table(sketch),
        "quotas": flows.quotas_table(sketch),
        "classes": classes,
        "trainings": trainings,
        "rotations": history.rotations_table(sketch),
        "appointments": history.appointments_table(sketch, posts, ranks),
        "succession_lists": lists,
        "succession": planned,
        "evaluations": evaluation.evaluations_table(sketch),
        "recruitments": flows.recruitments_table(sketch),
        "exits": flows.exits_table(sketch),
        "plans": flows.plans_table(sketch),
        "reported": flows.reported_table(sketch),
    }


def _title(sketch: Sketch, scenario: str | None) -> str:
    provinces = sketch.units.of_role(Role.PROVINCE)
    name = sketch.units.rows[int(provinces[0])].name
    if scenario:
        return f"Dữ liệu mẫu {name} (tổng hợp, không có người thật)"
    return f"Dữ liệu mẫu {name if len(provinces) == 1 else f'{len(provinces)} tỉnh'} (tổng hợp, không có người thật)"
