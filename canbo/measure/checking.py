"""Checking a scheme file whole: every condition compiled, every printed figure audited. Needs no data."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from canbo.common.findings import Finding, Refused, Severity
from canbo.common.language import pick
from canbo.datasets.dictionary import dictionary
from canbo.measure.compiler import compile_condition
from canbo.measure.conditions import setting_for
from canbo.measure.figure import fits, parse_base, parse_printed, prints_as
from canbo.measure.reading import read_scheme
from canbo.measure.scheme import Consistency, Expression, Figure, Indicator, Scheme
from canbo.measure.syntax import BadExpression, ExpressionFault


def check_scheme(path: Path) -> tuple[Scheme | None, list[Finding]]:
    """Every fault of a scheme file, each with its line; the scheme where it could be read.

    :raises Refused: when the file cannot be read or is not YAML.
    """
    scheme, findings = read_scheme(path)
    if scheme is not None:
        findings += condition_findings(scheme)
        findings += list(_baseline_findings(scheme))
        findings += list(_document_findings(scheme))
        findings += [finding for one in scheme.consistency for finding in _consistency_findings(scheme, one)]
    return scheme, sorted(findings, key=lambda finding: finding.row or 0)


def measurable_scheme(path: Path) -> Scheme:
    """A scheme free of errors, ready to measure.

    :raises Refused: with the first error as its sentence and all as its findings.
    """
    scheme, findings = check_scheme(path)
    errors = [finding for finding in findings if finding.severity == "error"]
    if scheme is None or errors:
        first = errors[0]
        more = len(errors) - 1
        rest_vi = f" (và {more} lỗi khác)" if more else ""
        rest_en = f" (and {more} more)" if more else ""
        hint = f" {first.suggestion}" if first.suggestion else ""
        raise Refused(
            pick(
                f"{path}:{first.row}: {first.message}{hint}{rest_vi} Chạy “canbo scheme check {path}” để xem đủ.",
                f"{path}:{first.row}: {first.message}{hint}{rest_en} Run “canbo scheme check {path}” to see all.",
            ),
            findings,
        )
    return scheme


def condition_findings(scheme: Scheme) -> list[Finding]:
    """The faults of all conditions of a scheme, each reported once where it stands."""
    found: dict[tuple[int, str, str], Finding] = {}
    for indicator in scheme.indicators:
        for expression, dataset in _expressions(indicator):
            for fault in _faults(scheme, indicator, expression, dataset):
                finding = _finding(scheme, expression, fault)
                found.setdefault((expression.line, fault.code, fault.words), finding)
    return list(found.values())


def _expressions(indicator: Indicator) -> Iterator[tuple[Expression, str]]:
    if indicator.of is not None:
        yield from ((one, indicator.of) for one in indicator.where)
        yield from ((part.satisfies, indicator.of) for part in indicator.parts)
        if indicator.satisfies is not None:
            yield indicator.satisfies, indicator.of
    if indicator.each is not None and indicator.each.where is not None:
        yield indicator.each.where, indicator.each.of
    for side in (indicator.numerator, indicator.denominator):
        if side is not None and side.where is not None:
            yield side.where, side.of


def _faults(scheme: Scheme, indicator: Indicator, expression: Expression, dataset: str) -> list[ExpressionFault]:
    if dataset not in dictionary():
        return []
    setting = setting_for(scheme, indicator, date(scheme.period[1].year, 12, 31), None)
    try:
        return list(compile_condition(expression.text, dataset, setting).warnings)
    except BadExpression as error:
        return error.faults


def _finding(scheme: Scheme, expression: Expression, fault: ExpressionFault) -> Finding:
    line = expression.line
    first = fault.words.split("\n", maxsplit=1)[0]
    if first and first in expression.text:
        line += expression.text[: expression.text.index(first)].count("\n")
    shown = f" “{fault.words}”" if fault.words else ""
    severity: Severity = "warning" if fault.warning else "error"
    message = f"{expression.owner}: {fault.message}{pick(' Chỗ sai:', ' At:') + shown if shown else ''}"
    return Finding(
        severity,
        fault.code,
        message,
        fault.suggestion,
        sheet=scheme.path.name,
        row=line,
        column=expression.owner,
        value=fault.words or None,
    )


def _baseline_findings(scheme: Scheme) -> Iterator[Finding]:
    """A printed baseline that its own numbers do not give."""
    for indicator in scheme.indicators:
        base = indicator.baseline
        if base is None or base.printed is None or not base.printed.strip().endswith("%"):
            continue
        try:
            printed = parse_printed(base.printed)
        except Refused as error:
            yield Finding(
                "warning",
                "bad_value",
                f"{indicator.id}: {error.message}",
                pick("Ghi lời văn vào “reported”.", "Put words into “reported”."),
                sheet=scheme.path.name,
                row=indicator.line,
                value=base.printed,
            )
            continue
        if base.numerator is not None and base.denominator and indicator.plan is None:
            if not prints_as(base.numerator, base.denominator, printed, scheme.rounding):
                yield _mismatch(scheme, indicator, base.printed, f"{base.numerator}/{base.denominator}")
        elif base.stated_denominator and not fits(printed, range(base.stated_denominator, base.stated_denominator + 1)):
            yield _mismatch(scheme, indicator, base.printed, f"?/{base.stated_denominator}")


def _document_findings(scheme: Scheme) -> Iterator[Finding]:
    """A scheme without a document, or in force before it was issued."""
    if not scheme.documents:
        message = pick("đề án không ghi văn bản nào (“documents”).", "the scheme names no document (“documents”).")
        yield Finding("warning", "missing_document", message, sheet=scheme.path.name, row=1)
    for document in scheme.documents:
        issued, effective = document.get("issued_on"), document.get("effective_on")
        if isinstance(issued, date) and isinstance(effective, date) and effective < issued and not document.get("note"):
            message = pick(
                f"văn bản có hiệu lực ({effective:%d/%m/%Y}) trước ngày ban hành ({issued:%d/%m/%Y}).",
                f"a document is in force ({effective}) before it was issued ({issued}).",
            )
            hint = pick("Sửa ngày, hoặc ghi “note” giải thích.", "Mend the day, or add a “note” that explains it.")
            yield Finding("warning", "date_order", message, hint, sheet=scheme.path.name, row=1)


def _mismatch(scheme: Scheme, indicator: Indicator, printed: str, counts: str) -> Finding:
    """The source contradicts itself: said, and not an error of the file."""
    message = pick(
        f"{indicator.id}: “{printed}” không thể là {counts}. Giữ số in, không suy ra số người.",
        f"{indicator.id}: “{printed}” cannot be {counts}. The printed figure is kept; no people are derived from it.",
    )
    return Finding(
        "warning",
        "inconsistent",
        message,
        sheet=scheme.path.name,
        row=indicator.line,
        column=indicator.id,
        value=printed,
    )


def _consistency_findings(scheme: Scheme, one: Consistency) -> Iterator[Finding]:
    known = {name.casefold() for name in scheme.ids}
    for name in one.indicators:
        if name.casefold() not in known:
            message = pick(f"{one.id}: không có chỉ tiêu “{name}”.", f"{one.id}: there is no indicator “{name}”.")
            yield Finding("error", "unknown_indicator", message, sheet=scheme.path.name, row=one.line, value=name)
    for figure in one.figures:
        yield from _figure_findings(scheme, one, figure)


def _figure_findings(scheme: Scheme, one: Consistency, figure: Figure) -> Iterator[Finding]:
    """An audited figure whose fits are not those that the file states."""
    try:
        found = fits(parse_printed(figure.printed), parse_base(figure.of), count=figure.count, mode=figure.mode)
    except Refused as error:
        message = f"{one.id}: {error.message}"
        yield Finding("error", "bad_value", message, sheet=scheme.path.name, row=figure.line, value=figure.printed)
        return
    pairs = tuple(f"{fit.count}/{fit.of}" for fit in found)
    if figure.fits is not None and set(pairs) != set(figure.fits):
        shown = ", ".join(pairs[:8]) or pick("không cặp nào", "no pair")
        message = pick(
            f"{one.id}: “{figure.printed}” trên {figure.of} chỉ khớp với {shown}, khác với “fits” đã ghi.",
            f"{one.id}: “{figure.printed}” of {figure.of} fits {shown}, not what “fits” states.",
        )
        yield Finding(
            "error", "figure_mismatch", message, sheet=scheme.path.name, row=figure.line, value=figure.printed
        )
