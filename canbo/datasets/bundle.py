"""The datasets as read: canonical tables with their day and what is wrong in them. Reading and deriving live beside."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import pyarrow as pa

from canbo.common.findings import Finding
from canbo.datasets.version import content_version

BIRTH_LATEST = "_birth_latest"
"""Column of ``people`` where some birth dates are known by month or year only: the last day they can be."""


@dataclass(frozen=True)
class Datasets:
    """Canonical tables by dataset name, a snapshot of ``data_date`` (None: of whatever day is asked for).

    ``absent``: columns that the file does not have and that hold, in every row, what an empty cell means.
    """

    tables: Mapping[str, pa.Table]
    data_date: date | None = None
    findings: tuple[Finding, ...] = field(default=())
    title: str | None = None
    absent: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @cached_property
    def version(self) -> str:
        """``sha256:…`` of the content, whatever the file and the order of its rows and columns."""
        return content_version(self.tables)
