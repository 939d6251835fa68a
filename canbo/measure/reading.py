"""Reading a scheme file into values, with a finding for each fault. Conditions are checked in ``checking``."""

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import cast, get_args

from canbo.common.findings import Finding, Refused
from canbo.common.language import pick
from canbo.common.numbers import Rounding
from canbo.common.text import nearest
from canbo.measure.fields import Fields
from canbo.measure.reading_indicators import read_indicator, read_population
from canbo.measure.scheme import Consistency, Figure, Indicator, Objective, Population, Scheme
from canbo.measure.source import Source, load_source

SCHEME_KEYS = [
    "id",
    "title",
    "province",
    "documents",
    "source",
    "period",
    "rounding",
    "objectives",
    "populations",
    "indicators",
    "consistency",
    "note",
]


def read_scheme(path: Path) -> tuple[Scheme | None, list[Finding]]:
    """Read a scheme file; the scheme is None when what is wrong leaves nothing to measure.

    :raises Refused: when the file cannot be read or is not YAML.
    """
    source = load_source(path)
    findings: list[Finding] = []
    fields = Fields(source, (), source.root, findings)
    for place, line in source.repeated:
        message = pick(f"khóa “{place[-1]}” viết hai lần.", f"the key “{place[-1]}” stands twice.")
        findings.append(
            Finding("error", "duplicate_key", message, sheet=path.name, row=line, column=".".join(map(str, place)))
        )
    fields.only(SCHEME_KEYS)
    scheme_id = fields.text("id", required=True)
    title = fields.text("title", required=True)
    period = _read_period(fields)
    rounding, places = _read_rounding(fields)
    populations = _read_populations(fields)
    indicators = tuple(
        one for entry in fields.items("indicators") if (one := read_indicator(entry, populations, period)) is not None
    )
    if not indicators:
        fields.fault("missing_key", pick("đề án không có chỉ tiêu nào.", "the scheme has no indicators."))
    _check_unique(fields, indicators)
    objectives = _read_objectives(fields, indicators)
    if not scheme_id or not title or period is None or not indicators:
        return None, findings
    scheme = Scheme(
        id=scheme_id,
        title=title,
        province=fields.text("province") or "",
        path=path,
        version=_version(source),
        period=period,
        rounding=rounding,
        places=places,
        populations=populations,
        indicators=indicators,
        documents=tuple(entry.raw for entry in fields.items("documents")),
        source=source.root.get("source") or {},
        objectives=objectives,
        consistency=tuple(_read_consistency(entry) for entry in fields.items("consistency")),
    )
    return scheme, findings


def _version(source: Source) -> str:
    content = json.dumps(source.root, ensure_ascii=False, sort_keys=True, default=str)
    return "sha256:" + hashlib.sha256(content.encode()).hexdigest()


def _read_period(fields: Fields) -> tuple[date, date] | None:
    period = fields.child("period")
    if period is None:
        fields.fault(
            "missing_key",
            pick("thiếu “period: {start: …, end: …}”.", "“period: {start: …, end: …}” is missing."),
        )
        return None
    period.only(("start", "end"))
    start, end = period.day("start", required=True), period.day("end", required=True)
    if start is None or end is None:
        return None
    if end < start:
        period.fault("date_order", pick("ngày kết thúc trước ngày bắt đầu.", "the end is before the start."), key="end")
        return None
    return start, end


def _read_rounding(fields: Fields) -> tuple[Rounding, int]:
    rounding = fields.child("rounding")
    if rounding is None:
        return "half_up", 2
    rounding.only(("mode", "places", "note"))
    mode = rounding.choice("mode", get_args(Rounding), "half_up")
    places = rounding.whole("places")
    return cast(Rounding, mode), 2 if places is None else min(places, 6)


def _read_populations(fields: Fields) -> dict[str, Population]:
    found: dict[str, Population] = {}
    entries = fields.child("populations")
    if entries is None:
        return found
    for name in entries.raw:
        child = entries.child(name)
        population = read_population(name, child) if child is not None else None
        if population is not None:
            found[name] = population
    return found


def _check_unique(fields: Fields, indicators: tuple[Indicator, ...]) -> None:
    seen: dict[str, int] = {}
    for indicator in indicators:
        for name in (indicator.id, *(part.id for part in indicator.parts)):
            if name.casefold() in seen:
                message = pick(
                    f"mã chỉ tiêu “{name}” dùng hai lần (lần đầu ở dòng {seen[name.casefold()]}).",
                    f"the id “{name}” is used twice (first on line {seen[name.casefold()]}).",
                )
                fields.findings.append(
                    Finding("error", "duplicate_id", message, sheet=fields.source.path.name, row=indicator.line)
                )
            seen.setdefault(name.casefold(), indicator.line)


def _read_objectives(fields: Fields, indicators: tuple[Indicator, ...]) -> tuple[Objective, ...]:
    objectives = []
    for entry in fields.items("objectives"):
        entry.only(("id", "text", "no_indicator"))
        name, text = entry.text("id", required=True), entry.text("text", required=True)
        objective = Objective(name or "", text or "", entry.text("no_indicator"))
        objectives.append(objective)
        if objective.no_indicator is None and all(one.objective != objective.id for one in indicators):
            entry.fault(
                "objective_without_indicator",
                pick(
                    f"mục tiêu {objective.id} không có chỉ tiêu nào đo.",
                    f"objective {objective.id} has no indicator.",
                ),
                suggestion=pick(
                    "Thêm chỉ tiêu, hoặc ghi “no_indicator” với lý do.",
                    "Add an indicator, or “no_indicator” with the reason.",
                ),
                warn=True,
            )
    known = {objective.id for objective in objectives}
    for number, indicator in enumerate(indicators):
        if indicator.objective is not None and indicator.objective not in known:
            near = nearest(indicator.objective, known)
            message = pick(
                f"{indicator.id}: không có mục tiêu “{indicator.objective}”.",
                f"{indicator.id}: there is no objective “{indicator.objective}”.",
            )
            fields.findings.append(
                Finding(
                    "error",
                    "unknown_objective",
                    message,
                    near,
                    sheet=fields.source.path.name,
                    row=indicator.line,
                    column=f"indicators.{number}.objective",
                )
            )
    return tuple(objectives)


def _read_consistency(entry: Fields) -> Consistency:
    entry.only(("id", "indicators", "text", "figures"))
    figures = []
    for figure in entry.items("figures"):
        figure.only(("printed", "of", "count", "mode", "fits", "note"))
        fits = figure.texts("fits") if "fits" in figure.raw else None
        mode = figure.choice("mode", get_args(Rounding), None)
        printed, base = figure.text("printed", required=True), figure.text("of", required=True)
        if printed and base:
            line = figure.source.line(figure.place)
            figures.append(Figure(printed, base, figure.whole("count"), cast(Rounding | None, mode), fits, line))
    name, text = entry.text("id", required=True), entry.text("text", required=True)
    line = entry.source.line(entry.place)
    return Consistency(name or "?", text or "", entry.texts("indicators"), tuple(figures), line)


def usable_scheme(path: Path) -> tuple[Scheme, list[Finding]]:
    """Read a scheme that can be measured, with its findings.

    :raises Refused: when nothing in it can be measured; the findings say why.
    """
    scheme, findings = read_scheme(path)
    if scheme is None:
        first = next(finding for finding in findings if finding.severity == "error")
        raise Refused(
            pick(
                f"{path}:{first.row}: {first.message} Hãy chạy “canbo scheme check {path}” để xem đủ các lỗi.",
                f"{path}:{first.row}: {first.message} Run “canbo scheme check {path}” to see every fault.",
            ),
            findings,
        )
    return scheme, findings
