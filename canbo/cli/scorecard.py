"""``canbo scorecard``: the heads of a unit in a period, and where its targets stood at the end of each one's time."""

from dataclasses import asdict
from typing import Annotated

import typer

from canbo.cli.printing import KNOWN_HELP, day_option, print_json, read_data, with_unit_targets
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.datasets.store import Store
from canbo.measure.checking import measurable_scheme
from canbo.measure.library import find_scheme
from canbo.measure.scorecards import HeadCard, scorecard
from canbo.measure.sets import Measurer


def print_scorecard(
    scheme: Annotated[str, typer.Argument(help="Mã đề án trong thư viện, hoặc đường dẫn.")],
    data: Annotated[str, typer.Argument(help="Sổ Excel, thư mục CSV/Parquet, hoặc register: cơ sở dữ liệu.")],
    unit: Annotated[str, typer.Option("--unit", help="Mã đơn vị.")],
    first: Annotated[str, typer.Option("--from", help="Ngày đầu.")],
    last: Annotated[str, typer.Option("--to", help="Ngày cuối.")],
    as_json: Annotated[bool, typer.Option("--json", help="In JSON.")] = False,
    known: Annotated[str | None, typer.Option("--known", help=KNOWN_HELP)] = None,
) -> None:
    """Ai đứng đầu đơn vị lúc nào, và các chỉ tiêu của đơn vị ở đâu vào ngày cuối của từng người."""
    start, end = day_option(first), day_option(last)
    assert start is not None and end is not None  # both options are required
    if end < start:
        raise Refused(pick("Ngày cuối đứng trước ngày đầu.", "The last day is before the first."))
    loaded = with_unit_targets(measurable_scheme(find_scheme(scheme)), data, end, known)
    measurer = Measurer(loaded, Store(read_data(data, None, as_of=end, known=known, purpose="scorecard")))
    cards = scorecard(measurer, unit=unit, first=start, last=end)
    if as_json:
        print_json({"scheme": measurer.scheme.id, "unit_id": unit, "heads": [_as_json(card) for card in cards]})
        return
    from rich.console import Console

    from canbo.output.terminal_lists import print_scorecard as show

    place = measurer.store.tree.position[unit]
    show(measurer.store.tree.names[place], cards, Console())


def _as_json(card: HeadCard) -> dict[str, object]:
    shown = asdict(card)
    shown["first"], shown["last"] = card.first.isoformat(), card.last.isoformat()
    return shown
