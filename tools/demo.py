"""The demonstration: a synthetic province measured and reported, step by step. ``python -m tools.demo FOLDER``.

It calls what the commands call, with the data read once for all steps. It measures and lays out nothing itself. At the
end it serves the site on the same people, until Ctrl-C; see ``tools.demo_site``.
"""

import getpass
import shlex
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from rich.console import Console

from canbo.common.findings import Finding, Refused
from canbo.common.numbers import print_count, print_day
from canbo.datasets.bundle import Datasets
from canbo.datasets.reading import read
from canbo.datasets.store import Store
from canbo.datasets.writing import write_workbook
from canbo.measure.checking import measurable_scheme
from canbo.measure.dossiers import make_dossier
from canbo.measure.evaluation import measure_all
from canbo.measure.library import find_scheme
from canbo.measure.results import Dossier
from canbo.measure.sets import Measurer
from canbo.output.html import write_html
from canbo.output.terminal import print_report
from canbo.output.word import write_word_report
from canbo.output.workbook import write_workbook_report
from canbo.sample import make_province
from tools import demo_site
from tools.telling import Teller

SCHEME, INDICATOR, DAY = "thai-nguyen-2021-2030", "TN-2025-1-01", date(2021, 12, 31)
PEOPLE, SEED, SCENARIO = 8_000, 1, "thai-nguyen-2021"
WORKBOOK = "thai-nguyen-2021.xlsx"
REPORTS: dict[str, Callable[[Dossier, Path], None]] = {
    "bao-cao.html": write_html,
    "bao-cao.docx": write_word_report,
    "bao-cao.xlsx": write_workbook_report,
}
HOME = "ban-cai-dat"
STEPS = 5


@dataclass(frozen=True)
class Next:
    """A command to try, and what it answers."""

    command: str
    vi: str
    en: str


def run(folder: Path, teller: Teller) -> None:
    """Make the demonstration's workbook and reports in a fresh folder.

    :raises Refused: when the folder holds anything else or cannot be written.
    """
    make_fresh(folder)
    console = teller.console
    book = folder / WORKBOOK
    with teller.step(
        "Tạo một tỉnh giả định, không có người thật nào", "Making a synthetic province; nobody in it is real"
    ) as tell:
        tell(_make_sample(book))
    with teller.step("Đọc và soát dữ liệu", "Reading and checking the data") as tell:
        data = read(book)
        tell(_findings_words(data))
    with teller.step(
        f"Đo đề án {SCHEME} tại ngày {print_day(DAY)}", "Measuring every target of the scheme on that day"
    ):
        measurer = Measurer(measurable_scheme(find_scheme(SCHEME)), Store(data))
        report = measure_all(measurer, as_of=DAY)
        console.print()
        print_report(report, console, data_name=str(book))
        console.print()
    with teller.step("Ghi báo cáo HTML, Word, Excel", "Writing the reports in HTML, Word and Excel") as tell:
        dossier = _make_dossier(measurer)
        for name, write in REPORTS.items():
            write(dossier, folder / name)
            tell(str(folder / name))
    _tell_next(teller, folder)


def make_fresh(folder: Path) -> None:
    """A folder without the files of an earlier demonstration; nothing else in it is removed, nor its installation.

    Only its owner can list it. As root the database runs as a user of its own, who passes through it to its data.

    :raises Refused: when the folder holds anything else or cannot be made.
    """
    try:
        folder.mkdir(mode=0o711, parents=True, exist_ok=True)
        others = sorted(entry.name for entry in folder.iterdir() if entry.name not in (HOME, WORKBOOK, *REPORTS))
        if others:
            raise Refused(
                f"“{folder}” đang có tệp khác ({others[0]}), bản trình diễn không xóa. Hãy chọn thư mục khác.\n"
                f"“{folder}” holds something else ({others[0]}), which the demo does not remove. Choose another folder."
            )
        folder.chmod(0o711)
        for name in (WORKBOOK, *REPORTS):
            (folder / name).unlink(missing_ok=True)
    except OSError as error:
        why = error.strerror or str(error)
        raise Refused(
            f"Không ghi được thư mục “{folder}” ({why}). Hãy chọn thư mục khác.\n"
            f"The folder “{folder}” cannot be written ({why}). Choose another one."
        ) from error


def _make_sample(book: Path) -> str:
    province = make_province(people=PEOPLE, seed=SEED, scenario=SCENARIO)
    write_workbook(province.tables, book, data_date=province.data_date, title=province.title)
    people = province.tables["people"].num_rows
    rows = sum(table.num_rows for table in province.tables.values())
    counts = f"{print_count(people)} người (people), {print_count(rows)} dòng (rows)"
    return f"{book}: {counts}, {len(province.tables)} bảng (datasets)"


def _findings_words(data: Datasets) -> str:
    errors, warnings = (_count(data.findings, severity) for severity in ("error", "warning"))
    return f"{errors} lỗi (errors), {warnings} cảnh báo (warnings)"


def _count(findings: Sequence[Finding], severity: str) -> str:
    return print_count(sum(finding.severity == severity for finding in findings))


def _make_dossier(measurer: Measurer) -> Dossier:
    return make_dossier(
        measurer,
        measure_all(measurer, as_of=DAY, by="district"),
        made_by=getpass.getuser(),
        made_at=datetime.now().astimezone().isoformat(timespec="minutes"),
        made_for="Trình diễn trên dữ liệu giả định",
        data_name=WORKBOOK,
    )


def next_commands(folder: Path, canbo: str) -> tuple[Next, ...]:
    """What to try next, as a user types it."""
    book, day = shlex.quote(str(folder / WORKBOOK)), DAY.isoformat()
    opener = "open" if sys.platform == "darwin" else "xdg-open"
    return (
        Next(f"{opener} {shlex.quote(str(folder / 'bao-cao.html'))}", "Mở báo cáo HTML", "Open the HTML report"),
        Next(
            f"{canbo} who {SCHEME} {INDICATOR} {book} --as-of {day} --list lacking",
            "Ai chưa đạt chỉ tiêu thạc sĩ, vì sao",
            "Who does not meet the target on master's degrees, and why",
        ),
        Next(
            f"{canbo} bridge {SCHEME} {INDICATOR} {book} --from 2020-12-31 --to {day}",
            "Vì sao con số thay đổi trong năm 2021, từng người",
            "Why the figure moved in 2021, person by person",
        ),
        Next(
            f'{canbo} figure "6,25%" --of 306',
            "Tỷ lệ in này có thể có trên 306 người không",
            "Whether this printed share can be of 306 people",
        ),
        Next(
            f"{canbo} scheme explain {SCHEME}",
            "Mỗi chỉ tiêu thành một câu thường, kèm cách hiểu",
            "Each indicator in a plain sentence, with how it is read",
        ),
    )


def _tell_next(teller: Teller, folder: Path) -> None:
    teller.say(f"Báo cáo xong sau {teller.spent()}. Thử tiếp · What to try next:", style="bold")
    for number, one in enumerate(next_commands(folder, _command()), start=1):
        teller.say(f"\n  {number}. {one.vi} · {one.en}")
        teller.say(f"     {one.command}", style="cyan")


def _command() -> str:
    """The command ``canbo`` beside this interpreter, as short as it can be typed here."""
    command = Path(sys.executable).parent / "canbo"
    here = Path.cwd()
    return shlex.quote(str(command.relative_to(here) if command.is_relative_to(here) else command))


def main(arguments: Sequence[str]) -> int:
    """Exit status 0; 2 where the folder cannot be used."""
    if len(arguments) != 1:
        sys.stderr.write("Cách dùng · Usage: python -m tools.demo FOLDER\n")
        return 2
    folder, teller = Path(arguments[0]), Teller(Console(), steps=STEPS)
    try:
        run(folder, teller)
        demo_site.offer(folder / HOME, folder / WORKBOOK, teller)
    except Refused as refusal:
        sys.stderr.write(refusal.message + "\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
