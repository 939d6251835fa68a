"""Where a person counts in the indicators of a scheme on a day: counted, lacking, not known. No list is made."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from canbo.common.findings import Refused
from canbo.measure.amounts import sets_of_plan
from canbo.measure.bitmaps import bits_at
from canbo.measure.checking import measurable_scheme
from canbo.measure.conditions import setting_for
from canbo.measure.library import library_paths
from canbo.measure.members import Members
from canbo.measure.reasons import Reasons
from canbo.measure.scheme import Indicator, Scheme
from canbo.measure.sets import Measurer
from canbo.measure.words import label_of, says_of
from canbo.snapshot.measuring import DAYS

State = Literal["counted", "lacking", "unknown"]


@dataclass(frozen=True)
class Counted:
    """An indicator in whose population the person is, where he or she stands in it and, where lacking, why.

    ``numerator`` and ``denominator`` are how many rows count, of how many, over the whole province.
    """

    indicator: str
    label: str
    state: State
    why: str
    numerator: int
    denominator: int


@dataclass(frozen=True)
class Standing:
    """Where a person stands in the indicators of a scheme on a day."""

    scheme: str
    title: str
    day: date
    rows: tuple[Counted, ...]

    def of(self, state: State) -> tuple[Counted, ...]:
        """The indicators in which the person is in a state."""
        return tuple(one for one in self.rows if one.state == state)


def schemes() -> tuple[tuple[str, str], ...]:
    """The schemes of the library: id and title."""
    return tuple((name, load(name).title) for name in library_paths())


def scheme_for(name: str, day: date) -> str:
    """The scheme asked for; else the last begun of those whose period holds the day, else the last of all."""
    paths = library_paths()
    if name in paths:
        return name
    periods = {one: load(one).period for one in paths}
    running = [one for one, (start, end) in periods.items() if start <= day <= end]
    return max(running or periods, key=lambda one: (periods[one][1], one))


def load(name: str) -> Scheme:
    """A scheme of the library by its id."""
    return _read(library_paths()[name])


@lru_cache(maxsize=32)
def _read(path: Path) -> Scheme:
    """The library comes with the program and stays as it is while that runs."""
    return measurable_scheme(path)


def standing_of(code: str, scheme: str, day: date, *, known: datetime | None = None) -> Standing | None:
    """Where a person stands on a day; None where nobody is in the register on it.

    An indicator about other rows than people (courses, evaluations) counts the person by any of his or her rows.
    """
    loaded = load(scheme)
    try:
        with DAYS.measurer(loaded, day, known=known) as measurer:
            asked = [one for one in loaded.indicators if one.of is not None]
            measurer.prepare(asked, day)
            places: dict[str, npt.NDArray[np.int64]] = {}
            found = [_counted(measurer, one, code, day, places) for one in asked]
    except Refused:
        return None
    return Standing(scheme, loaded.title, day, tuple(one for one in found if one is not None))


def moved(before: Standing | None, after: Standing | None) -> list[tuple[Counted, State | None]]:
    """The indicators in which the person stands otherwise than before, each with the state that was."""
    if before is None or after is None:
        return []
    was: Mapping[str, State] = {one.indicator: one.state for one in before.rows}
    return [(one, was.get(one.indicator)) for one in after.rows if was.get(one.indicator) != one.state]


def _counted(
    measurer: Measurer, indicator: Indicator, code: str, day: date, places: dict[str, npt.NDArray[np.int64]]
) -> Counted | None:
    sets = measurer.sets(indicator, day)
    if sets is None:
        return None
    rows = _rows(sets.members, code, places)
    if not len(rows):
        return None
    if indicator.plan is not None:
        sets = sets_of_plan(measurer, indicator, sets, day)
    true, unknown, lacking = (bits_at(one, rows) for one in (sets.satisfying, sets.unknown, sets.lacking))
    state: State
    if true.any():
        state, of = "counted", true
    elif unknown.any():
        state, of = "unknown", unknown
    elif lacking.any():
        state, of = "lacking", lacking
    else:
        return None
    why = "" if state == "counted" else _why(measurer, indicator, sets.members, rows[of][:1], day)
    numbers = (int(np.bitwise_count(one).sum()) for one in (sets.satisfying, sets.population))
    return Counted(indicator.id, label_of(indicator), state, why, *numbers)


def _rows(members: Members, code: str, places: dict[str, npt.NDArray[np.int64]]) -> npt.NDArray[np.int64]:
    """The rows of the person in a dataset, looked up once."""
    if members.dataset not in places:
        if "person_id" in members.column_names():
            equal = pc.equal(members.column("person_id"), code).combine_chunks()
            places[members.dataset] = np.flatnonzero(equal.fill_null(False).to_numpy(zero_copy_only=False))
        else:
            places[members.dataset] = np.zeros(0, np.int64)
    return places[members.dataset]


def _why(measurer: Measurer, indicator: Indicator, members: Members, rows: npt.NDArray[np.int64], day: date) -> str:
    if indicator.satisfies is None:
        return ""
    setting = setting_for(measurer.scheme, indicator, day, measurer.store)
    return Reasons(members, indicator.satisfies.text, setting, rows, says_of(indicator)).why(0).text
