"""What an import would do: counts by dataset, the rows behind them, findings. Nothing here touches the database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal

from canbo.common.findings import Finding
from canbo.datasets.bundle import Datasets
from canbo.register.importing.limits import Within

Effect = Literal["created", "changed", "ended", "left", "conflict", "waiting"]
SHOWN = 200
"""Rows that are listed of a part and effect; the counts are of all."""


@dataclass(frozen=True)
class RowChange:
    """One row behind the counts: the dataset, by what the row is known, and what differs (column: was, becomes)."""

    dataset: str
    part: str
    effect: Effect
    key: str
    differs: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """As the commands and the API print it."""
        changes = {name: {"was": was, "becomes": becomes} for name, (was, becomes) in self.differs.items()}
        return {"dataset": self.dataset, "part": self.part, "effect": self.effect, "key": self.key, "differs": changes}


@dataclass
class Counts:
    """How many rows an import creates, changes, ends and leaves; ``same`` are as the register has them already.

    ``conflict``: entered by hand and different, not overwritten. ``waiting``: not used until an officer decides.
    """

    created: int = 0
    changed: int = 0
    ended: int = 0
    left: int = 0
    same: int = 0
    conflict: int = 0
    waiting: int = 0

    def add(self, other: "Counts") -> None:
        """Add another part's counts."""
        for name in vars(self):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def writes(self) -> int:
        """Rows that would be written."""
        return self.created + self.changed + self.ended


@dataclass(frozen=True)
class Part:
    """One table of the register that a dataset goes into, with what happens there."""

    dataset: str
    name: str
    counts: Counts
    rows: tuple[RowChange, ...] = ()


@dataclass(frozen=True)
class Preview:
    """A file read and compared with the register; ``canbo.register.importing.run.apply`` writes it."""

    path: Path
    data: Datasets
    as_of: date
    parts: tuple[Part, ...]
    findings: tuple[Finding, ...]
    within: Within | None = None
    outside: int = 0
    """Rows that lie outside the mandates of whose import it is; while there are any, nothing is applied."""

    @property
    def totals(self) -> Counts:
        """Over all datasets."""
        return total(self.parts)

    @property
    def by_dataset(self) -> dict[str, Counts]:
        """Counts by dataset; ``people`` covers identity, party, employment, standing and post."""
        found: dict[str, Counts] = {}
        for part in self.parts:
            found.setdefault(part.dataset, Counts()).add(part.counts)
        return found

    def rows(self, effect: Effect | None = None) -> list[RowChange]:
        """The listed rows, all or of one effect."""
        return [row for part in self.parts for row in part.rows if effect in (None, row.effect)]

    def as_json(self) -> dict[str, Any]:
        """As the command and the API print it."""
        return {
            "data": self.path.name,
            "as_of": self.as_of.isoformat(),
            "data_version": self.data.version,
            "counts": {name: vars(counts) for name, counts in self.by_dataset.items()},
            "parts": [{"dataset": p.dataset, "part": p.name, **vars(p.counts)} for p in self.parts],
            "rows": [row.as_json() for row in self.rows()],
            "outside": self.outside,
            "findings": [finding.as_json() for finding in self.findings],
        }


def total(parts: Iterable[Part]) -> Counts:
    """The counts of several parts together."""
    counts = Counts()
    for part in parts:
        counts.add(part.counts)
    return counts
