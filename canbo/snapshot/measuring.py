"""The register measured: its datasets of a day stay in memory, and are taken anew only after a change."""

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from canbo.audit.models import Entry
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.common.numbers import print_day
from canbo.datasets.store import Store
from canbo.measure.scheme import Scheme
from canbo.measure.sets import Measurer
from canbo.snapshot.take import take

MOST_DAYS = 4
"""Days kept at once; the datasets of a province take some hundred megabytes each."""

_Key = tuple[date, datetime | None, UUID | None]


@dataclass
class _Kept:
    """The datasets of one day. The lock is held by who loads or asks: a store serves one thread at a time."""

    lock: threading.RLock = field(default_factory=threading.RLock)
    store: Store | None = None
    measurers: dict[str, Measurer] = field(default_factory=dict)


class Days:
    """The days last asked about, of the present state of the register only. For one process with threads."""

    def __init__(self, most: int = MOST_DAYS) -> None:
        self.most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[_Key, _Kept] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    @contextmanager
    def measurer(self, scheme: Scheme, day: date, *, known: datetime | None = None) -> Iterator[Measurer]:
        """A measurer of the register on a day, for this thread alone until the block ends. Not inside a change.

        What was committed before the call is in it. ``known`` (aware): the register as it was known at that moment.

        :raises Refused: nobody is in the register on the day.
        """
        kept = self._of((day, known, _last_change()))
        with kept.lock:
            if kept.store is None:
                kept.store = _load(day, known)
            if scheme.version not in kept.measurers:
                kept.measurers[scheme.version] = Measurer(scheme, kept.store)
            yield kept.measurers[scheme.version]

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._kept.clear()

    def _of(self, key: _Key) -> _Kept:
        """The place of a day: where the register has changed since, an empty one, and the others are let go."""
        with self._lock:
            for other in [one for one in self._kept if one[2] != key[2]]:
                del self._kept[other]
            kept = self._kept.setdefault(key, _Kept())
            self._kept.move_to_end(key)
            if len(self._kept) > self.most:
                self._kept.popitem(last=False)
            return kept


DAYS = Days()
"""Shared by all threads of the server."""


def _last_change() -> UUID | None:
    """The last change that wrote something; reads, which are logged too, change no figure.

    Told by its own id: numbers of entries come again where a database is put back.
    """
    changes: UUID | None = Entry.objects.filter(rows__gt=0).order_by("-id").values_list("change", flat=True).first()
    return changes


def _load(day: date, known: datetime | None) -> Store:
    taken = take(day, known=known)
    if "people" not in taken.tables:
        raise Refused(
            pick(
                f"Cơ sở dữ liệu không có người nào tại ngày {print_day(day)}. Hãy nhập dữ liệu trước.",
                f"The register has nobody on {print_day(day)}. Enter data first.",
            )
        )
    return Store(taken)
