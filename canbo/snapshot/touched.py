"""What committed changes touched: whose rows, and which datasets whole, as far as datasets in memory can follow."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import pyarrow as pa
from django.db import connection

from canbo.register.facts import NOT_YET_KNOWN, STATEMENTS, is_of_people, tables_in
from canbo.snapshot.take import take_dataset

MOST_PEOPLE = 200
"""Where more people are touched at once, as by an import, all is read anew: it takes no longer."""

_WHOLE: Mapping[str, str] = {
    "register_plan": "plans",
    "register_quota": "quotas",
    "register_reportedfigure": "reported",
    "register_trainingclass": "classes",
    "register_poollist": "succession_lists",
}
"""Tables without people that one dataset is read from, and small enough to read whole."""
_NAMED_ELSEWHERE = {"register_trainingclass", "register_poollist"}
"""Tables whose codes stand in other datasets, too: where one was changed or removed, those are other than before."""


@dataclass(frozen=True)
class Touched:
    """The people touched, by key; the datasets in which rows of theirs may differ; the datasets to read whole."""

    people: frozenset[int]
    datasets: frozenset[str]
    whole: frozenset[str]


def touched_by(changes: Sequence[UUID]) -> Touched | None:
    """What changes of the log wrote, in terms of datasets; None: more than can be followed row by row."""
    people: set[int] = set()
    tables: set[str] = set()
    whole: set[str] = set()
    for table, person, label in _rows(changes):
        tables.add(table)
        if is_of_people(table) and person is not None:
            people.add(person)
        elif table in _WHOLE and (label == "insert" or table not in _NAMED_ELSEWHERE):
            whole.add(_WHOLE[table])
        else:
            return None
    if len(people) > MOST_PEOPLE:
        return None
    datasets = {name for name, sql in STATEMENTS.items() if tables & set(tables_in(sql))} - whole if people else set()
    return Touched(frozenset(people), frozenset(datasets), frozenset(whole))


def _rows(changes: Sequence[UUID]) -> list[tuple[str, int | None, str]]:
    """Table, person and kind of each row that the changes wrote, in tables that datasets are read from."""
    names = sorted({table for sql in [*STATEMENTS.values(), NOT_YET_KNOWN] for table in tables_in(sql)})
    parts = [
        f"SELECT DISTINCT '{name}', {_person(name)}, pgh_label FROM {name}event WHERE pgh_context_id = ANY(%(changes)s)"
        for name in names
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), {"changes": list(changes)})
        return [(table, person, label) for table, person, label in cursor.fetchall()]


def _person(table: str) -> str:
    if table == "register_person":
        return "pgh_obj_id"
    return "person_id" if is_of_people(table) else "NULL::bigint"


def rows_of(people: Collection[int], datasets: Collection[str], day: date) -> dict[str, pa.Table]:
    """The rows of some people on a day, in the datasets given that have people."""
    names = set(datasets) - {"units", *_WHOLE.values()}
    return {name: take_dataset(name, day, people=people) for name in STATEMENTS if name in names}


def codes_of(people: Collection[int]) -> set[str]:
    """The codes that some people, by key, have and had."""
    sql = """SELECT code FROM register_person WHERE id = ANY(%(ids)s)
UNION SELECT code FROM register_personevent WHERE pgh_obj_id = ANY(%(ids)s)"""
    with connection.cursor() as cursor:
        cursor.execute(sql, {"ids": list(people)})
        return {row[0] for row in cursor.fetchall()}
