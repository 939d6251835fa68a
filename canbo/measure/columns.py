"""The columns a condition may name: those of the dictionary, and those that follow from a row's unit."""

from collections.abc import Mapping
from functools import lru_cache

from canbo.datasets.dictionary import UNIT_COLUMNS, Column, dictionary

_UNIT_SPECS = {
    "level": Column("level", "codes", "Cấp", codes="level"),
    "unit_kind": Column("unit_kind", "codes", "Loại đơn vị", codes="unit_kind"),
    "sector": Column("sector", "codes", "Ngành", codes="sector"),
    "locality_id": Column("locality_id", "text", "Địa phương", references="units"),
}


@lru_cache(maxsize=64)
def columns_of(dataset: str) -> Mapping[str, Column]:
    """Columns by name; the unit's columns where the dataset has ``unit_id``."""
    own = dictionary()[dataset].columns
    if "unit_id" not in own:
        return own
    return dict(own) | {name: _UNIT_SPECS[name] for name in UNIT_COLUMNS if name not in own}
