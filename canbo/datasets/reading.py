"""Reading DATA: a workbook, or a folder of CSV or Parquet files, into checked canonical tables with every finding."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa

from canbo.common.findings import Finding, Refused
from canbo.common.language import pick
from canbo.common.text import nearest
from canbo.datasets.bundle import BIRTH_LATEST, Datasets
from canbo.datasets.checks import check
from canbo.datasets.collect import Collector
from canbo.datasets.dictionary import dictionary
from canbo.datasets.folder import read_folder
from canbo.datasets.frames import Frame
from canbo.datasets.info import Info, is_info_sheet, is_passed_over, read_info_file, read_info_sheet
from canbo.datasets.matching import Matches
from canbo.datasets.raw import RawSheet
from canbo.datasets.sheets import read_dataset
from canbo.datasets.workbook import read_workbook

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods", ".xltx", ".xltm")


@dataclass(frozen=True)
class RowCount:
    """Rows of a dataset: given in its sheets that have heads, and of these used. The others each have an error."""

    given: int
    used: int


@dataclass(frozen=True)
class Reading:
    """The datasets with how many rows were given and used."""

    datasets: Datasets
    rows: Mapping[str, RowCount]


def read(path: Path, *, data_date: date | None = None, matches: Matches | None = None) -> Datasets:
    """The datasets of a workbook or folder; the day given here goes before the one that the file states.

    ``matches``: what the user says that sheets and heads mean.

    :raises Refused: nothing of it can be used.
    """
    return read_counted(path, data_date=data_date, matches=matches).datasets


def read_counted(path: Path, *, data_date: date | None = None, matches: Matches | None = None) -> Reading:
    """As ``read``, with the number of rows given and used.

    :raises Refused: nothing of it can be used.
    """
    found = Collector()
    matches = matches or Matches()
    sheets, others, info = _open(path, found, matches)
    for finding in info.findings:
        found.add(finding)
    _report_others(others, found)
    grouped = _group(sheets, found, matches)
    if not grouped:
        raise _nothing_known(path, others)
    day = data_date or info.data_date
    frames: dict[str, Frame] = {}
    for name in dictionary():
        if name in grouped:
            frame = read_dataset(
                matches.matched(dictionary()[name]), grouped[name], found, posts_given="posts_held" in grouped
            )
            if frame is not None:
                frames[name] = frame
    if not frames:
        raise _unusable(path, found)
    if path.is_file():
        frames = _without_blank(frames, found)
    check(frames, day, found)
    counts = {name: RowCount(frame.rows, int(frame.keep.sum())) for name, frame in frames.items()}
    tables = {name: _table(frame) for name, frame in frames.items()}
    absent = {name: _absent(frame) for name, frame in frames.items()}
    return Reading(Datasets(tables, day, found.all(), info.title, absent), counts)


def _absent(frame: Frame) -> frozenset[str]:
    """The columns without a head in the file whose empty cells mean something: reading has filled them with it."""
    written = frame.dataset.written
    return frozenset(one.name for one in written if one.empty is not None and one.name not in frame.heads)


def _without_blank(frames: dict[str, Frame], found: Collector) -> dict[str, Frame]:
    """A sheet that nobody filled in tells nothing: taken for zero, a target would be short that is only not measured.

    A file of a folder without rows does say that there are none, since nobody starts from blank files. A workbook in
    which nothing at all is filled in keeps its sheets.
    """
    blank = [frame.dataset for frame in frames.values() if frame.rows == 0]
    if not blank or len(blank) == len(frames):
        return frames
    names = ", ".join(f"“{dataset.title}”" for dataset in blank)
    message = pick(
        f"Không có dòng nào ở trang {names}: coi như chưa có dữ liệu, chỉ tiêu cần đến sẽ là “chưa đo được”.",
        f"No rows in {names}: taken as no data, so what needs them is not measurable.",
    )
    advice = pick(
        "Nếu đúng là không có, lưu bảng đó thành tệp CSV chỉ có dòng tiêu đề trong một thư mục dữ liệu.",
        "If there truly are none, give the dataset as a CSV file with heads only, in a folder of data.",
    )
    found.add(Finding("warning", "missing_value", message, advice))
    return {name: frame for name, frame in frames.items() if frame.rows}


def _open(path: Path, found: Collector, matches: Matches) -> tuple[list[RawSheet], list[str], Info]:
    """Our sheets, the names of the others, and what the file states about itself."""
    is_folder = _is_folder(path)
    try:
        if is_folder:
            sheets, others, findings = read_folder(path, matches)
            stated = path / "info.yaml"
            info = read_info_file(stated) if stated.is_file() else Info()
        elif path.suffix.lower() in WORKBOOKS:
            sheets, others, findings = read_workbook(path, also=tuple(matches.sheets))
            info = next((read_info_sheet(sheet) for sheet in sheets if is_info_sheet(sheet.name)), Info())
        else:
            raise Refused(
                pick(
                    f"Không đọc được “{path.name}”: hãy đưa vào sổ tính (.xlsx, .xls, .ods) "
                    "hoặc thư mục CSV hay Parquet.",
                    f"“{path.name}” cannot be read: give a workbook (.xlsx, .xls, .ods) or a folder of CSV or Parquet.",
                )
            )
    except OSError as error:
        reason = error.strerror or str(error)
        raise Refused(
            pick(
                f"Không đọc được “{path}” ({reason}). Hãy kiểm tra quyền đọc.",
                f"“{path}” cannot be read ({reason}). Check the right to read it.",
            )
        ) from error
    for finding in findings:
        found.add(finding)
    return sheets, others, info


def _is_folder(path: Path) -> bool:
    """Whether it is a folder, and not a file.

    :raises Refused: it is neither; a device or a pipe, which might never end, counts as not there.
    """
    try:
        if path.is_dir():
            return True
        if path.is_file():
            return False
    except (OSError, ValueError):  # no name for a file on this system
        pass
    name = str(path)[:200]
    raise Refused(
        pick(
            f"Không tìm thấy “{name}”. Hãy kiểm tra tên tệp hoặc thư mục.",
            f"There is no “{name}”. Check the name of the file or folder.",
        )
    )


def _group(sheets: Sequence[RawSheet], found: Collector, matches: Matches) -> dict[str, list[RawSheet]]:
    """The sheets by dataset; two that are not numbered are read one after the other, with a finding."""
    grouped: dict[str, list[RawSheet]] = {}
    for sheet in sheets:
        dataset = matches.dataset_of(sheet.name)
        if dataset is None:
            continue
        others = grouped.setdefault(dataset.name, [])
        if others and "(" not in sheet.name:
            message = pick(
                f"Trang “{sheet.name}” và trang “{others[0].name}” cùng là dữ liệu {dataset.title}; được đọc nối tiếp.",
                f"Sheets “{sheet.name}” and “{others[0].name}” are both {dataset.title}; read one after the other.",
            )
            advice = pick("Gộp thành một trang.", "Join them in one sheet.")
            found.add(Finding("warning", "unknown_sheet", message, advice, sheet=sheet.name))
        others.append(sheet)
    return grouped


def _report_others(names: Sequence[str], found: Collector) -> None:
    known = [dataset.title for dataset in dictionary().values()]
    for name in names:
        if is_passed_over(name):
            continue
        near = nearest(name, known, cutoff=0.7)
        message = pick(
            f"Trang “{name}” không phải là dữ liệu nào đã biết; trang này không được đọc.",
            f"Sheet “{name}” is no known dataset; it is not read.",
        )
        advice = pick(f"Có phải “{near}”?", f"Is it “{near}”?") if near else None
        found.add(Finding("warning", "unknown_sheet", message, advice, sheet=name))


def _nothing_known(path: Path, others: Sequence[str]) -> Refused:
    people = dictionary()["people"]
    names = ", ".join(f"“{name[:40]}”" for name in others[:5])
    has = pick(f" (chỉ có {names})", f" (it has {names})") if names else ""
    return Refused(
        pick(
            f"“{path.name}” không có trang dữ liệu nào đã biết{has}. Hãy đặt tên trang như “{people.vi}”, “Đơn vị” "
            "hoặc lấy mẫu bằng lệnh canbo template.",
            f"“{path.name}” has no known sheet of data{has}. Name sheets as “{people.name}”, “units”, "
            "or take the template of canbo template.",
        )
    )


def _unusable(path: Path, found: Collector) -> Refused:
    findings = found.all()
    first = next((finding for finding in findings if finding.severity == "error"), None)
    why = f" {first.sheet}: {first.message} {first.suggestion or ''}".rstrip() if first else ""
    return Refused(
        pick(f"Không trang nào của “{path.name}” dùng được.{why}", f"No sheet of “{path.name}” can be used.{why}"),
        findings,
    )


def _table(frame: Frame) -> pa.Table:
    """The rows still used, columns in the order of the dictionary."""
    columns = {name: frame.columns[name] for name in frame.dataset.columns if name in frame.columns}
    if frame.latest is not None:
        columns[BIRTH_LATEST] = frame.latest
    table = pa.table(columns)
    return table if frame.keep.all() else table.filter(pa.array(frame.keep)).combine_chunks()
