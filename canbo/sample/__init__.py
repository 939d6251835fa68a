"""A synthetic province, the same for the same seed. Workbooks are written with the datasets, not here."""

from canbo.sample.province import SCENARIOS, Province, make_province
from canbo.sample.writing import write_parquet

__all__ = ["SCENARIOS", "Province", "make_province", "write_parquet"]
