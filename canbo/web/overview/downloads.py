"""Reports to take away, as Excel or Word: the same dossier as the command writes, cut to what the visitor may see."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse

from canbo.accounts.permissions import Permission
from canbo.audit.changes import note
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.common.numbers import print_day
from canbo.measure.lists import lists_of
from canbo.measure.results import Dossier, Listing
from canbo.measure.scheme import Indicator
from canbo.register.reading import NotFound
from canbo.web.overview import lists
from canbo.web.overview.choices import Chosen, chosen_of, default_split
from canbo.web.overview.figures import Figures, measuring
from canbo.web.overview.sight import READ, Sight
from canbo.web.visitors import page, visitor


@dataclass(frozen=True)
class _Form:
    """A kind of file: its ending, and what it is to a browser."""

    ending: str
    kind: str
    write: Callable[[Dossier, Path], None]


def _write_excel(dossier: Dossier, path: Path) -> None:
    from canbo.output.workbook import write_workbook_report  # brings a library

    write_workbook_report(dossier, path)


def _write_word(dossier: Dossier, path: Path) -> None:
    from canbo.output.word import write_word_report  # brings a library

    write_word_report(dossier, path)


_OFFICE = "application/vnd.openxmlformats-officedocument"
FORMS = {
    "xlsx": _Form("xlsx", f"{_OFFICE}.spreadsheetml.sheet", _write_excel),
    "docx": _Form("docx", f"{_OFFICE}.wordprocessingml.document", _write_word),
}


@page(READ, Permission.EXPORT)
def report(request: HttpRequest, scheme: str, form: str, indicator: str = "") -> HttpResponse:
    """The report of a scheme, or of one indicator, on a day. What was taken, and whose names, is logged before."""
    caller, wanted = visitor(request), FORMS.get(form)
    if wanted is None:
        raise Http404
    chosen, sight = chosen_of(request, caller.day, scheme), Sight(caller)
    one = chosen.scheme.indicator(indicator) if indicator else None
    if indicator and one is None:
        raise NotFound(pick(f"Không tìm thấy chỉ tiêu “{indicator}”.", f"No indicator “{indicator}” was found."))
    if not sight.has_figures:
        raise Refused(
            pick(
                "Nhiệm vụ của tài khoản chỉ ở một số diện quản lý nên không có số liệu để tải.",
                "The account's mandate covers some management tiers only, so there are no figures to download.",
            )
        )
    with measuring(sight, chosen.scheme, chosen.day) as figures:
        dossier = _dossier(figures, chosen, one)
        content = _written(dossier, wanted)
    codes = {code for found in dossier.lists.values() for each in found for code in lists.codes_of(each.rows)}
    note(
        by=caller.by, at=caller.at, action="report.export", subject=f"scheme:{chosen.scheme.id}",
        detail={"form": form, "indicator": indicator, "as_of": chosen.day.isoformat(), "names": dossier.with_names,
                "people": sorted(codes)},
    )  # fmt: skip
    response = HttpResponse(content, content_type=wanted.kind)
    name = f"{one.id if one else chosen.scheme.id}-{chosen.day:%Y-%m-%d}.{wanted.ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _written(dossier: Dossier, form: _Form) -> bytes:
    with tempfile.TemporaryDirectory(prefix="canbo-") as folder:
        path = Path(folder) / f"report.{form.ending}"
        form.write(dossier, path)
        return path.read_bytes()


def _dossier(figures: Figures, chosen: Chosen, one: Indicator | None) -> Dossier:
    caller, sight = figures.sight.caller, figures.sight
    measured = figures.report(chosen.by or default_split(figures.whole.store.tree.levels))
    trends = figures.trends(measured)
    wanted = [one] if one else list(figures.scheme.indicators)
    if one is not None:
        results = tuple(result for result in measured.indicators if result.id == one.id)
        measured = replace(measured, indicators=results, objectives=())
    with_names = sight.shows_small and sight.reads_names
    found = {known.id: _lists(figures, known) for known in wanted} if with_names else {}
    day = print_day(chosen.day)
    return Dossier(
        report=measured,
        lists={name: told for name, told in found.items() if told},
        trends={name: points for name, points in trends.items() if name in {known.id for known in wanted}},
        made_by=caller.by,
        made_at=caller.at.astimezone().isoformat(timespec="minutes"),
        made_for=pick(
            f"Theo dõi kết quả thực hiện đề án tại ngày {day}", f"Following the scheme's results as of {day}"
        ),
        with_names=with_names,
        data_name=pick("cơ sở dữ liệu CanBo", "register of CanBo"),
        explanations={result.id: result.sentence for result in measured.indicators},
    )


def _lists(figures: Figures, one: Indicator) -> tuple[Listing, ...]:
    """The lists of an indicator with the rows that the visitor may see."""
    told = []
    for found in lists_of(figures.own, one, as_of=figures.day):
        rows = tuple(row for row in found.rows if lists.may_see(figures.sight, row, found.dataset))
        if rows:
            told.append(replace(found, rows=rows))
    return tuple(told)
