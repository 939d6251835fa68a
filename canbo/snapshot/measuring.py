"""The register measured: its datasets of a day stay in memory, and follow each committed change by what it touched."""

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from canbo.audit.models import Entry
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.common.numbers import print_day
from canbo.datasets.patching import Unlike, replace_rows
from canbo.datasets.store import Store
from canbo.measure.own_goals import OwnGoals, with_own_goals
from canbo.measure.scheme import Scheme
from canbo.measure.sets import Measurer
from canbo.register.parameters import own_goals
from canbo.snapshot.take import later_findings, not_yet_known, reading, take, take_dataset
from canbo.snapshot.touched import codes_of, rows_of, touched_by

MOST_DAYS = 4
"""Days kept at once; the datasets of a province take some hundred megabytes each."""

_Key = tuple[date, datetime | None]
_Mark = tuple[int, UUID]
"""A change by its number and id in the log: numbers come again where a database is put back, ids do not."""


@dataclass
class _Kept:
    """The datasets of one day. The lock is held by who loads or asks: a store serves one thread at a time.

    ``mark``: the last change that is in them; ``later``: the people, by key, of whom part is known only since later;
    ``goals``: the targets that units have of their own.
    """

    lock: threading.RLock = field(default_factory=threading.RLock)
    store: Store | None = None
    measurers: dict[str, Measurer] = field(default_factory=dict)
    mark: _Mark | None = None
    later: set[int] = field(default_factory=set)
    goals: OwnGoals = field(default_factory=dict)


class Days:
    """The days last asked about, kept current by committed changes. For one process with threads."""

    def __init__(self, most: int = MOST_DAYS) -> None:
        self.most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[_Key, _Kept] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    @contextmanager
    def measurer(self, scheme: Scheme, day: date, *, known: datetime | None = None) -> Iterator[Measurer]:
        """A measurer of the register on a day, for this thread alone until the block ends. Not inside a change.

        What was committed before the call is in it: a change that touched a few people has only their rows read.
        ``known`` (aware): the register as it was known at that moment.

        :raises Refused: nobody is in the register on the day.
        """
        kept = self._of((day, known))
        with kept.lock:
            changes = _changes_since(kept.mark)
            if kept.store is None or changes is None or (changes and known is not None):
                _load(kept, day, known)
            elif changes:
                _follow(kept, day, changes)
            assert kept.store is not None  # loaded, or refused
            if scheme.version not in kept.measurers:
                kept.measurers[scheme.version] = Measurer(with_own_goals(scheme, kept.goals).scheme, kept.store)
            yield kept.measurers[scheme.version]

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._kept.clear()

    def _of(self, key: _Key) -> _Kept:
        with self._lock:
            kept = self._kept.setdefault(key, _Kept())
            self._kept.move_to_end(key)
            if len(self._kept) > self.most:
                self._kept.popitem(last=False)
            return kept


DAYS = Days()
"""Shared by all threads of the server."""


def _changes_since(mark: _Mark | None) -> list[_Mark] | None:
    """The changes after a mark that wrote something, in their order; None: the log is another one than it was.

    Reads, which are logged too, change no figure.
    """
    after = 0 if mark is None else mark[0]
    found = list(Entry.objects.filter(rows__gt=0, id__gte=after).order_by("id").values_list("id", "change"))
    if mark is None:
        return found
    return found[1:] if found and found[0] == mark else None


def _last_change() -> _Mark | None:
    return Entry.objects.filter(rows__gt=0).order_by("-id").values_list("id", "change").first()


def _load(kept: _Kept, day: date, known: datetime | None) -> None:
    kept.store = None
    kept.measurers.clear()
    with reading():
        kept.mark = _last_change()
        taken = take(day, known=known)
        kept.later = not_yet_known(day, known) if known is None else set()
        kept.goals = own_goals(day, known=known)
    if "people" not in taken.tables:
        raise Refused(
            pick(
                f"Cơ sở dữ liệu không có người nào tại ngày {print_day(day)}. Hãy nhập dữ liệu trước.",
                f"The register has nobody on {print_day(day)}. Enter data first.",
            )
        )
    kept.store = Store(taken)


def _follow(kept: _Kept, day: date, changes: Sequence[_Mark]) -> None:
    """Take in changes: only what they touched is read; all is read anew where that cannot be told, or went wrong."""
    store, kept.store = kept.store, None  # until it is whole again
    assert store is not None  # the caller asked
    with reading():
        touched = touched_by([change for _, change in changes])
        if touched is not None:
            codes = codes_of(touched.people)
            rows = rows_of(touched.people, touched.datasets, day) if touched.people else {}
            whole = {name: take_dataset(name, day) for name in touched.whole}
            later = kept.later - touched.people | not_yet_known(day, people=touched.people)
            goals = own_goals(day)
    if touched is None:
        return _load(kept, day, None)
    try:
        patch = replace_rows(store, codes, rows, whole)
    except Unlike:
        return _load(kept, day, None)
    store.data = replace(store.data, findings=later_findings(day, len(later)))
    if goals != kept.goals:
        kept.measurers.clear()
    for measurer in kept.measurers.values():
        measurer.take_in(patch)
    kept.store, kept.later, kept.goals, kept.mark = store, later, goals, changes[-1]
