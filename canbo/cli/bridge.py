"""``canbo bridge``: who moved a figure between two days or two files, and why."""

from datetime import date
from typing import Annotated

import typer

from canbo.cli.printing import KNOWN_HELP, REGISTER, day_option, print_json, read_data, with_unit_targets
from canbo.cli.who import find_indicator
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.datasets.store import Store
from canbo.measure.bridge import make_bridge
from canbo.measure.checking import measurable_scheme
from canbo.measure.library import find_scheme
from canbo.measure.sets import Measurer


def bridge(
    scheme: Annotated[str, typer.Argument(help="Mã đề án trong thư viện, hoặc đường dẫn.")],
    indicator: Annotated[str, typer.Argument(help="Mã chỉ tiêu.")],
    data: Annotated[str, typer.Argument(help="Dữ liệu ở ngày đầu (và ngày cuối nếu chỉ có một); hoặc register.")],
    data_to: Annotated[str | None, typer.Argument(help="Dữ liệu ở ngày cuối, nếu là tệp khác.")] = None,
    first: Annotated[str | None, typer.Option("--from", help="Ngày đầu.")] = None,
    last: Annotated[str | None, typer.Option("--to", help="Ngày cuối.")] = None,
    unit: Annotated[str | None, typer.Option("--unit", help="Chỉ trong đơn vị này và cấp dưới của nó.")] = None,
    retiring: Annotated[
        bool, typer.Option("--retiring", help="Sau ngày dữ liệu, ai đến tháng nghỉ hưu coi như đã nghỉ.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="In JSON.")] = False,
    known: Annotated[str | None, typer.Option("--known", help=KNOWN_HELP)] = None,
) -> None:
    """Giải thích vì sao một con số thay đổi giữa hai ngày: từng người, từng nguyên nhân, cộng lại đúng chênh lệch."""
    start_day, end_day = day_option(first), day_option(last)
    if start_day is None or end_day is None:
        raise Refused(
            pick(
                "Cần cả hai ngày: --from NGÀY --to NGÀY.",
                "Both days are needed: --from DATE --to DATE.",
            )
        )
    loaded = with_unit_targets(measurable_scheme(find_scheme(scheme)), data_to or data, end_day, known)
    wanted = find_indicator(loaded, indicator)

    from_files = REGISTER not in (data, data_to)

    def opened(name: str, day: date) -> Measurer:
        taken = read_data(
            name, None, as_of=day, known=known if name == REGISTER or from_files else None, purpose="bridge"
        )
        return Measurer(loaded, Store(taken, retiring=retiring))

    start = opened(data, start_day)
    # The register is asked anew for the last day: what it states of a person is of one day.
    end = opened(data_to or data, end_day) if data_to or data == REGISTER else start
    made = make_bridge(wanted, start, end, first=start_day, last=end_day, unit=unit)
    if as_json:
        print_json(made.as_json())
        return
    from rich.console import Console

    from canbo.output.terminal import print_bridge

    print_bridge(made, Console())
