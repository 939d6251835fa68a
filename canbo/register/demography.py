"""Inhabitants of localities by ethnic group and year; those with many minority people; leaders beside them (ORG-06).

Shares are exact fractions. A year without figures is unknown: the latest earlier year stands in and is named.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from canbo.audit.changes import change
from canbo.codes import code_list
from canbo.common.findings import Finding, Refused
from canbo.common.language import pick
from canbo.register import leadership, units
from canbo.register.models import Demography, Document, Unit, UnitVersion

MAJORITY = "Kinh"


@dataclass(frozen=True)
class Population:
    """Inhabitants of a locality by ethnic group in ``year``, asked for ``asked``."""

    unit_id: int
    asked: int
    year: int
    inhabitants: Mapping[str, int]

    @property
    def total(self) -> int:
        """All inhabitants."""
        return sum(self.inhabitants.values())

    @property
    def minority_share(self) -> Fraction | None:
        """The share of all groups but Kinh; None without inhabitants."""
        return Fraction(self.total - self.inhabitants.get(MAJORITY, 0), self.total) if self.total else None

    @property
    def is_of_the_year(self) -> bool:
        """Whether the figures are of the year asked for."""
        return self.year == self.asked


@dataclass(frozen=True)
class Comparison:
    """The minority share of the leaders of a locality beside that of its inhabitants; None where unknown."""

    unit_id: int
    leaders: int
    minority_leaders: int
    unknown: int
    inhabitants: Fraction | None
    year: int | None

    @property
    def has_minority_leader(self) -> bool:
        """At least one leader is of a minority."""
        return self.minority_leaders > 0


def enter(
    unit: Unit,
    year: int,
    inhabitants: Mapping[str, int],
    *,
    total: int,
    document: Document | None = None,
    by: str,
    at: datetime,
) -> None:
    """Enter the inhabitants of a locality by ethnic group for a year; earlier figures of the year are replaced.

    :raises Refused: the groups do not add up to ``total``, a number below 0, an unknown group.
    """
    for group, count in inhabitants.items():
        if group not in code_list("ethnicity") or count < 0:
            raise Refused(
                pick(
                    f"Số dân “{group}: {count}” không dùng được: dân tộc phải có trong danh mục, số dân không âm.",
                    f"“{group}: {count}” cannot be used: the group must be in the code list, the number not below 0.",
                )
            )
    counted = sum(inhabitants.values())
    if counted != total:
        raise Refused(
            pick(
                f"Số dân các dân tộc của “{unit.code}” năm {year} cộng lại là {counted}, khác tổng số {total} (chênh "
                f"{abs(counted - total)}). Hãy kiểm tra lại từng dòng.",
                f"The groups of “{unit.code}” in {year} add up to {counted}, not to {total} (off by "
                f"{abs(counted - total)}). Check each line.",
            )
        )
    with change(by=by, at=at, action="demography.enter", subject=f"unit:{unit.code}"):
        Demography.objects.filter(unit=unit, year=year).delete()
        for group, count in inhabitants.items():
            Demography.objects.create(unit=unit, year=year, ethnicity=group, inhabitants=count, document=document)


def enter_shares(
    unit: Unit,
    year: int,
    percent: Mapping[str, Decimal],
    *,
    total: int,
    document: Document | None = None,
    by: str,
    at: datetime,
) -> None:
    """Enter a total and percentages; they are turned into whole inhabitants that add up, by largest remainders.

    :raises Refused: the percentages do not add up to 100 exactly, or as in ``enter``.
    """
    if sum(percent.values()) != 100:
        raise Refused(
            pick(
                f"Tỷ lệ các dân tộc của “{unit.code}” năm {year} cộng lại là {sum(percent.values())}%, không phải 100%."
                " Hãy bổ sung dân tộc còn thiếu hoặc sửa tỷ lệ.",
                f"The shares of “{unit.code}” in {year} add up to {sum(percent.values())}%, not to 100%. Add the "
                "missing groups or correct the shares.",
            )
        )
    exact = {group: Fraction(share) * total / 100 for group, share in percent.items()}
    counts = {group: int(value) for group, value in exact.items()}
    by_rest = sorted(exact, key=lambda group: (counts[group] - exact[group], group))
    for group in by_rest[: total - sum(counts.values())]:
        counts[group] += 1
    enter(unit, year, counts, total=total, document=document, by=by, at=at)


def population(unit: Unit, year: int) -> Population | None:
    """The figures of a year, else of the latest year before; None where there are none."""
    return populations([unit.id], year).get(unit.id)


def populations(unit_ids: Collection[int], year: int) -> dict[int, Population]:
    """The same for several units."""
    found: dict[int, dict[int, dict[str, int]]] = {}
    for row in Demography.objects.filter(unit_id__in=unit_ids, year__lte=year).order_by("ethnicity"):
        found.setdefault(row.unit_id, {}).setdefault(row.year, {})[row.ethnicity] = row.inhabitants
    return {key: Population(key, year, max(years), years[max(years)]) for key, years in found.items()}


def missing(year: int, *, day: date) -> list[Finding]:
    """The localities that exist on a day and have no figures for the year; which year stands in, if any."""
    localities = list(UnitVersion.objects.as_of(day).filter(kind="locality").select_related("unit"))
    known = populations([version.unit_id for version in localities], year)
    found = []
    for version in sorted(localities, key=lambda one: one.unit.code):
        have = known.get(version.unit_id)
        if have is not None and have.is_of_the_year:
            continue
        stands_in = pick(f"; đang dùng năm {have.year}", f"; {have.year} stands in") if have else ""
        message = pick(
            f"“{version.name}” ({version.unit.code}) thiếu số dân theo dân tộc năm {year}{stands_in}.",
            f"“{version.name}” ({version.unit.code}) has no inhabitants by ethnic group for {year}{stands_in}.",
        )
        found.append(Finding("warning", "demography_missing_year", message, value=version.unit.code))
    return found


def minority_shares(day: date) -> dict[int, Fraction]:
    """The minority share of every locality on a day: from its figures, else as a source states it; unknown left out."""
    localities = list(UnitVersion.objects.as_of(day).filter(kind="locality"))
    known = populations([version.unit_id for version in localities], day.year)
    shares = {}
    for version in localities:
        have = known.get(version.unit_id)
        share = have.minority_share if have else None
        if share is None and version.minority_share is not None:
            share = Fraction(version.minority_share)
        if share is not None:
            shares[version.unit_id] = share
    return shares


def large_minority(day: date, threshold: Fraction) -> set[int]:
    """The localities on a day whose minority share is at least the threshold."""
    return {unit_id for unit_id, share in minority_shares(day).items() if share >= threshold}


def derive_share(unit: Unit, year: int, *, on: date, by: str, at: datetime) -> UnitVersion:
    """Write the share derived from the figures of a year into the unit from a day on, where measures read it.

    :raises Refused: there are no figures for the year, or the unit does not exist on the day.
    """
    have = population(unit, year)
    if have is None or not have.is_of_the_year or have.minority_share is None:
        raise Refused(
            pick(
                f"“{unit.code}” chưa có số dân theo dân tộc năm {year}. Hãy nhập trước.",
                f"“{unit.code}” has no inhabitants by ethnic group for {year}. Enter them first.",
            )
        )
    share = Decimal(have.minority_share.numerator) / Decimal(have.minority_share.denominator)
    return units.change(unit, on=on, minority_share=share.quantize(Decimal(10) ** -17), by=by, at=at)


def leaders_compared(unit: Unit, day: date) -> Comparison:
    """The leadership team of a locality on a day beside its inhabitants; unknown groups are counted apart."""
    leaders = {one.person_id: one.ethnicity for one in leadership.team_on(unit, day).leaders}
    have = population(unit, day.year)
    return Comparison(
        unit.id,
        len(leaders),
        sum(group is not None and group != MAJORITY for group in leaders.values()),
        sum(group is None for group in leaders.values()),
        minority_shares(day).get(unit.id),
        have.year if have else None,
    )
