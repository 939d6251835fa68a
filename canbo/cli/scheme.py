"""``canbo schemes`` and ``canbo scheme check|explain``."""

from pathlib import Path
from typing import Annotated

import typer

from canbo.cli.printing import print_json
from canbo.common.findings import Finding, has_errors
from canbo.common.language import pick
from canbo.common.numbers import print_day
from canbo.measure.checking import check_scheme, measurable_scheme
from canbo.measure.library import find_scheme, library_paths
from canbo.measure.reading import read_scheme
from canbo.measure.scheme import Indicator, Scheme
from canbo.measure.words import explain_scheme

app = typer.Typer(no_args_is_help=True, help="Kiểm tra và diễn giải tệp đề án.")


def list_schemes(as_json: Annotated[bool, typer.Option("--json", help="In JSON.")] = False) -> None:
    """Liệt kê các đề án có sẵn trong thư viện."""
    rows = []
    for name, path in library_paths().items():
        scheme, _ = read_scheme(path)
        if scheme is not None:
            rows.append(_row(name, scheme))
    if as_json:
        print_json({"schemes": rows})
        return
    for row in rows:
        typer.echo(f"{row['id']}")
        typer.echo(f"  {row['province']}: {row['title']}")
        typer.echo("  " + _kinds_words(row["kinds"]))


def _row(name: str, scheme: Scheme) -> dict[str, object]:
    start, end = scheme.period
    return {
        "id": name,
        "province": scheme.province,
        "title": scheme.title,
        "period": {"start": start.isoformat(), "end": end.isoformat()},
        "indicators": len(scheme.ids),
        "kinds": kinds(scheme),
    }


def kind_of(indicator: Indicator) -> str:
    """How an indicator is held: ``undefined``, ``computed`` (with a target) or ``reported`` (a figure without one)."""
    if indicator.undefined is not None:
        return "undefined"
    return "computed" if any(target.goal for target in indicator.targets) else "reported"


def kinds(scheme: Scheme) -> dict[str, int]:
    """How many indicators are computed, reported and undefined; a composite's parts are of its own kind."""
    counts = dict.fromkeys(("computed", "reported", "undefined"), 0)
    for indicator in scheme.indicators:
        counts[kind_of(indicator)] += 1 + len(indicator.parts)
    return counts


def _kinds_words(counts: object) -> str:
    assert isinstance(counts, dict)  # made by kinds()
    total = sum(counts.values())
    return pick(
        f"{total} chỉ tiêu: {counts['computed']} có mức để so, {counts['reported']} báo cáo số liệu, "
        f"{counts['undefined']} chưa có tiêu chí đo",
        f"{total} indicators: {counts['computed']} with a target, {counts['reported']} reported, "
        f"{counts['undefined']} undefined",
    )


@app.command("check")
def check(
    file: Annotated[str, typer.Argument(help="Tệp đề án, hoặc mã trong thư viện.")],
    as_json: Annotated[bool, typer.Option("--json", help="In JSON.")] = False,
) -> None:
    """Kiểm tra một tệp đề án: mọi lỗi kèm tệp và dòng; mã thoát 1 nếu có lỗi."""
    path = find_scheme(file)
    scheme, findings = check_scheme(path)
    failed = has_errors(findings) or scheme is None
    if as_json:
        shown = [finding.as_json() for finding in findings]
        print_json({"scheme": scheme.id if scheme else None, "ok": not failed, "findings": shown})
    else:
        for finding in findings:
            typer.echo(_line(path, finding))
        typer.echo(_summary(path, scheme, findings))
    if failed:
        raise typer.Exit(1)


def _line(path: Path, finding: Finding) -> str:
    severity = pick("lỗi", "error") if finding.severity == "error" else pick("lưu ý", "note")
    where = f"{path.name}:{finding.row}" if finding.row else path.name
    hint = f" {finding.suggestion}" if finding.suggestion else ""
    return f"{where}: {severity}: {finding.message}{hint}"


def _summary(path: Path, scheme: Scheme | None, findings: list[Finding]) -> str:
    errors = sum(finding.severity == "error" for finding in findings)
    notes = len(findings) - errors
    if errors or scheme is None:
        return pick(f"{path.name}: {errors} lỗi, {notes} lưu ý.", f"{path.name}: {errors} errors, {notes} notes.")
    return pick(
        f"{path.name}: không có lỗi ({notes} lưu ý). {_kinds_words(kinds(scheme))}.",
        f"{path.name}: no errors ({notes} notes). {_kinds_words(kinds(scheme))}.",
    )


@app.command("explain")
def explain(
    scheme: Annotated[str, typer.Argument(help="Mã đề án trong thư viện, hoặc đường dẫn.")],
    as_json: Annotated[bool, typer.Option("--json", help="In JSON.")] = False,
) -> None:
    """Diễn giải từng chỉ tiêu của đề án thành câu thường."""
    loaded = measurable_scheme(find_scheme(scheme))
    sentences = explain_scheme(loaded)
    if as_json:
        rows = [
            {
                "id": name,
                "label": label,
                "sentence": text,
                "quote": one.quote,
                "note": one.note,
                "kind": kind_of(one),
            }
            for (name, label, text), one in zip(sentences, loaded.indicators, strict=True)
        ]
        print_json({"scheme": loaded.id, "indicators": rows})
        return
    start, end = loaded.period
    typer.echo(f"{loaded.title} ({loaded.province}, {print_day(start)}–{print_day(end)})\n")
    for (name, label, text), indicator in zip(sentences, loaded.indicators, strict=True):
        typer.echo(f"{name}  {label}")
        typer.echo(f"  {text}")
        typer.echo(f"  “{indicator.quote}”")
        for part in indicator.parts:
            typer.echo(f"  – {part.id}: {part.label}")
        if indicator.note:
            typer.echo(f"  {pick('Cách hiểu', 'Reading')}: {indicator.note}")
        typer.echo("")
    for finding in loaded.consistency:
        typer.echo(f"{finding.id}: {finding.text}")
