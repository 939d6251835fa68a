"""Sheets and heads that officials name their own way: what the user says they mean, and what they probably mean."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.common.text import nearest, search_key, tidy
from canbo.datasets.dictionary import Column, Dataset, dictionary, find_dataset
from canbo.datasets.encode import sheet_key

# Heads of the lists that offices keep (mẫu 2C, trích ngang), to the column of people that each usually means.
USUAL_HEADS: Mapping[str, str] = {
    "ho ten": "full_name",
    "ho va ten khai sinh": "full_name",
    "ho va ten can bo": "full_name",
    "nam sinh": "birth_date",
    "ngay thang nam sinh": "birth_date",
    "ngay, thang, nam sinh": "birth_date",
    "gioi": "sex",
    "nam/nu": "sex",
    "cccd": "national_id",
    "so cccd": "national_id",
    "can cuoc cong dan": "national_id",
    "so dinh danh": "national_id",
    "ngay vao dang": "party_official_date",
    "ngay chinh thuc": "party_official_date",
    "ma don vi cong tac": "unit_id",
    "don vi": "unit_id",
    "don vi cong tac": "unit_id",
    "co quan, don vi": "unit_id",
    "chuc danh": "post",
    "chuc vu hien nay": "post",
    "trinh do": "education",
    "hoc van": "education",
    "trinh do hoc van": "education",
    "chuyen mon": "education",
    "trinh do chuyen mon nghiep vu": "education",
    "llct": "political_theory",
    "ly luan": "political_theory",
    "trinh do llct": "political_theory",
    "trinh do ly luan chinh tri": "political_theory",
    "qlnn": "state_management",
    "ngach cong chuc": "rank",
    "ma ngach": "rank",
    "tin hoc": "it_standard",
    "ngoai ngu": "language_standard",
    "loai": "staff_kind",
    "doi tuong": "staff_kind",
    "ngay vao nganh": "recruited_on",
}


@dataclass(frozen=True)
class Matches:
    """What the user says: sheet name to dataset, head to column, as ``NAME=MEANING`` reads."""

    sheets: Mapping[str, Dataset] = field(default_factory=dict)
    heads: Mapping[str, str] = field(default_factory=dict)

    def dataset_of(self, sheet: str) -> Dataset | None:
        """The dataset that a sheet holds: by what the user says, else by its name."""
        return self.sheets.get(sheet_key(sheet)) or find_dataset(sheet)

    def matched(self, dataset: Dataset) -> Dataset:
        """The dataset with the heads that the user gave it."""
        own: dict[str, str] = {}
        for head, meaning in self.heads.items():
            column = dataset.find(meaning)
            if column is not None:
                own[search_key(head)] = column.name
        return replace(dataset, also=own) if own else dataset


def read_matches(sheets: Iterable[str], heads: Iterable[str]) -> Matches:
    """What the user says with ``NAME=DATASET`` and ``HEAD=COLUMN``; English names or Vietnamese heads.

    :raises Refused: one is not of that form, or names no dataset or column.
    """
    named: dict[str, Dataset] = {}
    for text in sheets:
        sheet, meaning = _pair(text)
        dataset = find_dataset(meaning)
        if dataset is None:
            near = nearest(meaning, [one.title for one in dictionary().values()])
            raise _unknown(meaning, near)
        named[sheet_key(sheet)] = dataset
    known: dict[str, str] = {}
    for text in heads:
        head, meaning = _pair(text)
        if not any(dataset.find(meaning) for dataset in dictionary().values()):
            every = [column.head for dataset in dictionary().values() for column in dataset.written]
            raise _unknown(meaning, suggest(meaning, every) or nearest(meaning, every))
        known[tidy(head).rstrip(" *:.")] = meaning
    return Matches(named, known)


def suggest_column(head: str, columns: Collection[Column]) -> str | None:
    """The head that another probably means, of the columns not yet used: as offices call them, else the nearest."""
    usual = USUAL_HEADS.get(search_key(head.rstrip(" *:.")))
    for column in columns:
        if column.name == usual:
            return column.head
    return suggest(head, [column.head for column in columns])


def suggest(name: str, known: Collection[str]) -> str | None:
    """The known name that is near enough to be offered."""
    return nearest(name, known, cutoff=0.75)


def _pair(text: str) -> tuple[str, str]:
    name, mark, meaning = text.rpartition("=")
    if not mark or not name.strip() or not meaning.strip():
        raise Refused(
            pick(
                f"“{text}” phải có dạng TÊN=NGHĨA, ví dụ “Họ tên=full_name”.",
                f"“{text}” must read NAME=MEANING, such as “Họ tên=full_name”.",
            )
        )
    return name.strip(), meaning.strip()


def _unknown(meaning: str, near: str | None) -> Refused:
    advice = pick(f" Có phải “{near}”?", f" Is it “{near}”?") if near else ""
    return Refused(pick(f"Không có trang hay cột “{meaning}”.", f"There is no sheet or column “{meaning}”.") + advice)
