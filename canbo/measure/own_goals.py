"""Targets that single units have of their own, put into a scheme beside those that its file prints."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from canbo.common.shares import Goal, parse_goal
from canbo.common.text import nfc
from canbo.measure.scheme import Indicator, Scheme

OwnGoals = Mapping[str, Mapping[str, str]]
"""Comparisons (“> 40%”) by indicator id and unit id."""


@dataclass(frozen=True)
class Placed:
    """The scheme with the targets of units; ``unplaced``: ids of its indicators that are not measured unit by unit."""

    scheme: Scheme
    unplaced: tuple[str, ...]


def with_own_goals(scheme: Scheme, goals: OwnGoals) -> Placed:
    """Hold units against targets of their own, in indicators measured unit by unit; these go before the file's.

    Ids of other schemes are passed over. The version of the scheme tells that it is not the file alone.

    :raises ValueError: a text is no comparison.
    """
    wanted = {nfc(indicator).casefold(): dict(units) for indicator, units in goals.items() if units}
    mine = {one.id: wanted[one.id.casefold()] for one in scheme.indicators if one.id.casefold() in wanted}
    placed = {one.id: mine[one.id] for one in scheme.indicators if one.id in mine and _is_by_unit(one)}
    unplaced = tuple(indicator for indicator in mine if indicator not in placed)
    if not placed:
        return Placed(scheme, unplaced)
    indicators = tuple(_with(one, placed[one.id]) if one.id in placed else one for one in scheme.indicators)
    return Placed(replace(scheme, indicators=indicators, version=_version(scheme.version, placed)), unplaced)


def _is_by_unit(indicator: Indicator) -> bool:
    return indicator.each is not None and indicator.each.of == "units"


def _with(indicator: Indicator, goals: Mapping[str, str]) -> Indicator:
    assert indicator.each is not None  # the caller chose these
    own: dict[str, tuple[str, Goal | None]] = {unit: (text, _goal(text)) for unit, text in goals.items()}
    return replace(indicator, each=replace(indicator.each, exceptions={**indicator.each.exceptions, **own}))


def _goal(text: str) -> Goal:
    goal = parse_goal(text)
    if goal is None:
        raise ValueError(text)
    return goal


def _version(version: str, placed: OwnGoals) -> str:
    """That of the file and a digest of the targets: the same register gives the same version."""
    text = json.dumps(placed, sort_keys=True, ensure_ascii=False)
    return f"{version}+{hashlib.sha256(text.encode()).hexdigest()[:12]}"
