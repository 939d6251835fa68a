"""The dictionary of the published datasets: their columns, types, heads and code lists. Reads no data files."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Any, Literal

import pyarrow as pa
import yaml

from canbo.codes import CodeList, code_list
from canbo.common.language import current
from canbo.common.text import search_key
from canbo.datasets.encode import sheet_key

Kind = Literal["text", "codes", "date", "boolean", "integer", "decimal"]

_ARROW: Mapping[str, pa.DataType] = {
    "text": pa.string(),
    "codes": pa.dictionary(pa.int8(), pa.string()),
    "date": pa.date32(),
    "boolean": pa.bool_(),
    "integer": pa.int32(),
    "decimal": pa.float64(),
}

UNIT_COLUMNS = ("level", "unit_kind", "sector", "locality_id")
"""Columns that every dataset with ``unit_id`` has besides its own, derived from its unit."""


@dataclass(frozen=True)
class Column:
    """One column of a dataset."""

    name: str
    kind: Kind
    vi: str | None = None
    required: bool = False
    codes: str | None = None
    codes_by_kind: Mapping[str, str] | None = None
    references: str | None = None
    empty: bool | str | None = None
    range: tuple[float, float] | None = None
    derived: bool = False
    sensitive: bool = False

    @property
    def arrow_type(self) -> pa.DataType:
        """The canonical Arrow type: codes are dictionaries of English keys."""
        return _ARROW[self.kind]

    @property
    def code_list(self) -> CodeList | None:
        """The code list, for a column of codes."""
        return code_list(self.codes) if self.codes else None

    @property
    def head(self) -> str:
        """The head in the language in force; a derived column without a Vietnamese head keeps its name."""
        return (self.vi or self.name) if current() == "vi" else self.name

    @property
    def nullable(self) -> bool:
        """Whether a cell may be unknown."""
        return not self.required and self.empty is None


@dataclass(frozen=True)
class Dataset:
    """One published table. ``also``: further heads (as search keys) that a user says mean a column."""

    name: str
    vi: str
    en: str
    key: str | None
    columns: Mapping[str, Column]
    also: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The sheet name in the language in force."""
        return self.vi if current() == "vi" else self.name

    @cached_property
    def written(self) -> tuple[Column, ...]:
        """The columns that a file carries: those with a head."""
        return tuple(column for column in self.columns.values() if column.vi)

    @cached_property
    def schema(self) -> pa.Schema:
        """The canonical Arrow schema of the columns that a file carries."""
        return pa.schema([(column.name, column.arrow_type) for column in self.written])

    @cached_property
    def _by_head(self) -> Mapping[str, str]:
        heads = {search_key(column.name): column.name for column in self.columns.values()}
        heads |= {search_key(column.vi): column.name for column in self.columns.values() if column.vi}
        return {**heads, **self.also}

    def find(self, head: str) -> Column | None:
        """The column that a head means: the English name or the Vietnamese head, case and marks ignored."""
        name = self._by_head.get(search_key(head))
        return self.columns[name] if name else None


@lru_cache(maxsize=1)
def dictionary() -> Mapping[str, Dataset]:
    """All published datasets by name, in the order of the dictionary."""
    source = files("canbo") / "definitions" / "datasets.yaml"
    raw = yaml.safe_load(source.read_text("utf-8"))
    return {name: _read(name, entry) for name, entry in raw.items()}


def find_dataset(sheet: str) -> Dataset | None:
    """The dataset that a sheet name means, without a continuation number such as “(2)”."""
    key = sheet_key(sheet)
    for dataset in dictionary().values():
        if key in (search_key(dataset.vi), search_key(dataset.name)):
            return dataset
    return None


def _read(name: str, raw: Mapping[str, Any]) -> Dataset:
    columns = {column: _read_column(column, entry) for column, entry in raw["columns"].items()}
    return Dataset(name, raw["vi"], raw["en"], raw.get("key"), columns)


def _read_column(name: str, raw: Mapping[str, Any]) -> Column:
    limits = raw.get("range")
    return Column(
        name=name,
        kind=raw["type"],
        vi=raw.get("vi"),
        required=raw.get("required", False),
        codes=raw.get("codes"),
        codes_by_kind=raw.get("codes_by_kind"),
        references=raw.get("references"),
        empty=raw.get("empty"),
        range=(float(limits[0]), float(limits[1])) if limits else None,
        derived=raw.get("derived", False),
        sensitive=raw.get("sensitive", False),
    )
