"""Small files to import, made by hand: a folder of CSV with English heads."""

import csv
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from canbo.register.importing import run
from canbo.register.importing.preview import Preview
from canbo.register.models import ImportBatch

D0, D1, D2 = date(2020, 12, 31), date(2021, 12, 31), date(2022, 12, 31)
AT = datetime(2024, 5, 1, 8, tzinfo=UTC)
LATER = datetime(2024, 5, 2, 8, tzinfo=UTC)

UNITS = [
    {"unit_id": "T", "name": "Tỉnh", "level": "province", "kind": "locality"},
    {"unit_id": "U1", "name": "Sở Nội vụ", "level": "province", "kind": "state", "parent_id": "T"},
    {"unit_id": "U2", "name": "Sở Tài chính", "level": "province", "kind": "state", "parent_id": "T"},
]


def person(code: str, **more: Any) -> dict[str, Any]:
    """A row of people: an official of U1 with a bachelor's degree."""
    return {
        "person_id": code,
        "full_name": f"Nguyễn Văn {code}",
        "birth_date": "1980-06-15",
        "sex": "male",
        "unit_id": "U1",
        "post": "Chuyên viên",
        "post_kind": "professional",
        "staff_kind": "civil_servant",
        "education": "bachelor",
    } | more


def folder(path: Path, **datasets: Sequence[Mapping[str, Any]]) -> Path:
    """A folder with the units above and the datasets given."""
    path.mkdir()
    for name, rows in {"units": UNITS, **datasets}.items():
        heads = list(dict.fromkeys(head for row in rows for head in row))
        with (path / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, heads)
            writer.writeheader()
            writer.writerows(rows)
    return path


def bring(path: Path, day: date = D1, *, at: datetime = AT) -> tuple[Preview, ImportBatch | None]:
    """Preview and apply."""
    preview = run.prepare(path, as_of=day)
    return preview, run.apply(preview, by="an", at=at)
