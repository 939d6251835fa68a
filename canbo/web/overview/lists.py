"""The lists behind a figure as far as a visitor may see them: by name in the own mandates, else as a number."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast, get_args

from canbo.measure.lists import listing
from canbo.measure.results import ListedRow, Listing, ListName
from canbo.measure.scheme import Indicator
from canbo.web.overview.figures import Figures
from canbo.web.overview.sight import Sight

_TABS = {"counted": "counted", "lacking": "lacking", "unknown": "unknown", "outside": "outside_unknown"}


@dataclass(frozen=True)
class Seen:
    """A list: its rows that the visitor may see, how many others there are, and the commonest reasons of all."""

    listing: Listing
    rows: tuple[ListedRow, ...]
    others: int
    reasons: tuple[tuple[str, int], ...]

    @property
    def of_people(self) -> bool:
        """Whether its rows are people."""
        return self.listing.dataset == "people"


def list_of_tab(tab: str) -> ListName | None:
    """The list that a tab shows, if it shows one."""
    name = _TABS.get(tab)
    return cast(ListName, name) if name in get_args(ListName) else None


def seen(figures: Figures, indicator: Indicator, name: ListName, unit: str) -> Seen:
    """The list of an indicator; over some tiers only, nothing is said of others, for no figure counts them.

    :raises Refused: it cannot be measured, or there is no such unit.
    """
    sight = figures.sight
    asked = figures.own if sight.has_figures else figures.whole
    whose = None if sight.is_whole or not sight.has_figures else sight.units

    def make() -> Listing:
        return listing(asked, indicator, as_of=figures.day, list_name=name, unit=unit or None)

    found = figures.keep(("list", whose, indicator.id, name, unit), make)
    rows = tuple(row for row in found.rows if may_see(sight, row, found.dataset))
    told = found.rows if sight.shows_small else rows
    reasons = Counter(row.why.text for row in told if row.why.text)
    common = tuple(reasons.most_common(4)) if 1 < len(reasons) < len(told) else ()
    return Seen(found, rows, len(found.rows) - len(rows) if sight.has_figures else 0, common)


def may_see(sight: Sight, row: ListedRow, dataset: str) -> bool:
    """Whether a row may be listed: a person in the mandates, or a row without a person in their units."""
    if "person_id" in row.key:
        return sight.people is None or (row.key["person_id"] or "") in sight.people
    if sight.units_named is None:
        return row.name is None or dataset == "units" or sight.people is None
    return row.unit_id in sight.units_named and (row.name is None or dataset == "units")


def key_of(row: ListedRow) -> str:
    """A row by its key, for the address of the next page."""
    return "·".join(value or "" for value in row.key.values())


def codes_of(rows: Sequence[ListedRow]) -> list[str]:
    """The people in rows, for the log."""
    return sorted({str(row.key["person_id"]) for row in rows if row.key.get("person_id")})
