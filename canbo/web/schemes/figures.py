"""Where the targets of a scheme stand on a day, as far as a visitor may see it. Draws nothing."""

from dataclasses import dataclass, replace
from datetime import date

from markupsafe import Markup

from canbo.accounts.callers import Caller
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.measure.evaluation import measure_all
from canbo.measure.grouping import By, without_names
from canbo.measure.results import IndicatorResult, Report
from canbo.measure.scheme import Scheme
from canbo.measure.sets import Measurer
from canbo.measure.subtree import measure_inside
from canbo.output import words
from canbo.output.bars import bar_of
from canbo.output.svg import draw
from canbo.snapshot.measuring import DAYS
from canbo.web.overview.sight import Sight


@dataclass(frozen=True)
class Standing:
    """An indicator on a day, as a row shows it."""

    result: IndicatorResult
    day: date

    @property
    def status(self) -> words.StatusWords:
        """Sign, word, detail and tone."""
        return words.status_words(self.result, self.day)

    @property
    def counts(self) -> str:
        """160/306."""
        return words.counts_text(self.result)

    @property
    def printed(self) -> str:
        """52,28%; empty where the counts are all."""
        is_number = self.result.measure == "count" and self.result.value == self.result.numerator
        return "" if is_number else self.result.printed or ""

    @property
    def unknown(self) -> str:
        """The remark on what is unknown."""
        return words.unknown_text(self.result)

    @property
    def bar(self) -> Markup:
        """The target bar; its figures stand beside it in words."""
        bar = bar_of(self.result, late=self.status.tone == "late")
        return Markup(draw(bar, width=168, height=14) if bar else "")


@dataclass(frozen=True)
class Shown:
    """The report of a day, or why there is none for this visitor."""

    report: Report | None
    reason: str = ""

    @property
    def opening(self) -> str:
        """The sentence that a leader can repeat; else why nothing is measured."""
        return words.opening(self.report) if self.report else self.reason

    def of(self, indicator: str) -> Standing | None:
        """Where an indicator stands."""
        if self.report is None:
            return None
        found = next((one for one in self.report.indicators if one.id == indicator), None)
        return Standing(found, self.report.as_of) if found else None


def shown(asked: Caller, scheme: Scheme, day: date, *, by: By | None = None) -> Shown:
    """The figures of a scheme that the visitor may see."""
    try:
        return Shown(_report(asked, scheme, day, by))
    except Refused as refused:
        return Shown(None, refused.message)


def measured(scheme: Scheme, indicator: str, day: date, *, base: Scheme) -> IndicatorResult | None:
    """One indicator of a text that is being edited, over the data in memory; ``base`` is a scheme that is kept.

    :raises Refused: nobody is in the register on the day.
    """
    one = scheme.indicator(indicator)
    if one is None:
        return None
    alone = replace(scheme, indicators=(one,))
    with DAYS.measurer(base, day) as whole:
        return measure_all(Measurer(alone, whole.store), as_of=day).indicators[0]


def _report(asked: Caller, scheme: Scheme, day: date, by: By | None) -> Report:
    sight = Sight(asked)
    if not sight.has_figures:
        raise Refused(
            pick(
                "Nhiệm vụ của tài khoản chỉ ở một số diện quản lý nên không xem được số liệu của đề án.",
                "The mandate of this account covers some management tiers only, so no figures are shown.",
            )
        )
    with DAYS.measurer(scheme, day) as measurer:
        if not sight.is_whole:
            return measure_inside(measurer, sight.units, as_of=day, by=by, show_small=sight.shows_small)
        report = measure_all(measurer, as_of=day, by=by)
    return report if sight.shows_small else without_names(report)
