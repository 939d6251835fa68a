"""An indicator's figures unit by unit, as rows with their bars; those that need help first."""

from dataclasses import dataclass, replace
from fractions import Fraction

from markupsafe import Markup

from canbo.common.shares import parse_goal
from canbo.common.text import text_order
from canbo.measure.results import UnitResult
from canbo.output import words
from canbo.output.bars import Bar
from canbo.output.html_views import IndicatorView, UnitView
from canbo.output.svg import draw


@dataclass(frozen=True)
class UnitRow:
    """One unit: what is written of it, its code where it is one unit, and its target bar."""

    shown: UnitView
    code: str
    bar: Markup


def unit_rows(view: IndicatorView) -> list[UnitRow]:
    """The rows of an indicator, the largest shortfall first; what is in no unit stands last."""
    made = [_row(view, unit) for unit in view.result.units]
    return sorted(made, key=lambda row: (not row.code, -(row.shown.short or 0), text_order(row.shown.name)))


def _row(view: IndicatorView, unit: UnitResult) -> UnitRow:
    alone = IndicatorView(replace(view.result, units=(unit,)), view.dossier, view.anchor)
    return UnitRow(alone.units[0], unit.unit_id or "", _bar(view, unit))


def _bar(view: IndicatorView, unit: UnitResult) -> Markup:
    """The unit against its own target, else the common one; none for a plain number."""
    goal = parse_goal(unit.target) if unit.target else words.goal_of(view.result.target)
    is_share = (
        unit.value is not None and unit.denominator and unit.value == Fraction(unit.numerator or 0, unit.denominator)
    )
    if not is_share or (goal is not None and not goal.percent):
        return Markup("")
    unknown = Fraction(unit.unknown, unit.denominator or 1)
    return Markup(draw(Bar(unit.value, goal, unknown=unknown, late=view.status.tone == "late"), width=150))
