"""``canbo who``: the people behind a count, each with the reason."""

from typing import Annotated, Any

import typer

from canbo.cli.printing import KNOWN_HELP, day_option, print_json, read_data, today, with_unit_targets
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.common.text import nearest
from canbo.datasets.store import Store
from canbo.measure.checking import measurable_scheme
from canbo.measure.evaluation import measure_indicator
from canbo.measure.library import find_scheme
from canbo.measure.lists import listing
from canbo.measure.results import ListedRow, Listing, ListName
from canbo.measure.scheme import Indicator, Scheme
from canbo.measure.sets import Measurer


def who(
    scheme: Annotated[str, typer.Argument(help="Mã đề án trong thư viện, hoặc đường dẫn.")],
    indicator: Annotated[str, typer.Argument(help="Mã chỉ tiêu, ví dụ TN-2025-1-01.")],
    data: Annotated[str, typer.Argument(help="Sổ Excel, thư mục CSV/Parquet, hoặc register: cơ sở dữ liệu.")],
    as_of: Annotated[str | None, typer.Option("--as-of", help="Ngày đo; bỏ trống là hôm nay.")] = None,
    list_name: Annotated[
        ListName,
        typer.Option("--list", help="Được tính, còn thiếu, chưa rõ, hoặc ngoài nhóm vì thiếu dữ liệu."),
    ] = "lacking",
    unit: Annotated[str | None, typer.Option("--unit", help="Chỉ trong đơn vị này và cấp dưới của nó.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="In JSON.")] = False,
    retiring: Annotated[
        bool, typer.Option("--retiring", help="Sau ngày dữ liệu, ai đến tháng nghỉ hưu coi như đã nghỉ.")
    ] = False,
    data_date: Annotated[str | None, typer.Option("--data-date", help="Ngày của dữ liệu, nếu tệp không ghi.")] = None,
    known: Annotated[str | None, typer.Option("--known", help=KNOWN_HELP)] = None,
) -> None:
    """Liệt kê tên người đứng sau một con số, mỗi người kèm lý do."""
    day = day_option(as_of) or today()
    loaded = with_unit_targets(measurable_scheme(find_scheme(scheme)), data, day, known)
    wanted = find_indicator(loaded, indicator)
    measurer = Measurer(
        loaded, Store(read_data(data, data_date, as_of=day, known=known, purpose="who"), retiring=retiring)
    )
    found = listing(measurer, wanted, as_of=day, list_name=list_name, unit=unit)
    if as_json:
        print_json(_as_json(loaded, found, day.isoformat()))
        return
    from rich.console import Console

    from canbo.output.terminal import print_listing

    print_listing(found, measure_indicator(measurer, wanted, as_of=day), day, Console())


def find_indicator(scheme: Scheme, name: str) -> Indicator:
    """The indicator of a scheme.

    :raises Refused: when there is none; with the nearest id.
    """
    found = scheme.indicator(name)
    if found is None:
        near = nearest(name, [one.id for one in scheme.indicators])
        hint = pick(f" Có phải “{near}” không?", f" Do you mean “{near}”?") if near else ""
        raise Refused(
            pick(
                f"Đề án {scheme.id} không có chỉ tiêu “{name}”.{hint}",
                f"The scheme {scheme.id} has no indicator “{name}”.{hint}",
            )
        )
    return found


def _as_json(scheme: Scheme, found: Listing, day: str) -> dict[str, Any]:
    head = {"scheme": scheme.id, "indicator": found.indicator_id, "as_of": day, "list": found.list_name}
    if found.dataset == "people":
        return head | {"people": [_person(row) for row in found.rows]}
    rows = [{**row.key, "full_name": row.name, "unit_id": row.unit_id, "why": row.why.as_json()} for row in found.rows]
    return head | {"dataset": found.dataset, "rows": rows}


def _person(row: ListedRow) -> dict[str, Any]:
    return {**row.key, "full_name": row.name, "unit_id": row.unit_id, "why": row.why.as_json()}
