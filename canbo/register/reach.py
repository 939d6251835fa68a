"""Whom grants reach on a day, as a condition on persons: worked out by the database, or known from the last question.

Reached is who holds a post, or a seat that a rule names a manager for, in the subtree of a grant's unit and of one of
its tiers. Who is reached by the same mandates changes only with the register, so the persons are kept, by their
numbers, until something is written. Within a transaction nothing kept is used: it sees what it has itself written.
"""

import re
import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import BooleanField, F, Func, Q, Value
from django.db.models.expressions import RawSQL

from canbo.accounts.scopes import Grant
from canbo.codes import code_list
from canbo.register.tier_sql import deciding, holds, managed_seats

MOST = 64
"""Answers kept at once. One takes some bytes a person, for half of the register at most."""

_DAY = "%(day)s"

# UNION, not UNION ALL: a circle in the tree would else never end.
_SUBTREE = f"""
WITH RECURSIVE subtree(id) AS (
  SELECT id FROM register_unit WHERE code = %(unit)s
  UNION
  SELECT v.unit_id FROM register_unitversion v JOIN subtree s ON v.parent_id = s.id WHERE {holds("v", _DAY)}
)
SELECT id FROM subtree"""

_UNITS = f"""
SELECT u.id, coalesce(v.kind, '') AS kind, coalesce(v.level, '') AS level FROM register_unit u
LEFT JOIN register_unitversion v ON v.unit_id = u.id AND {holds("v", _DAY)}"""

# The rule of a post is the same for all posts of a kind in units of a kind and level: worked out once for each. Of a
# unit without a version on the day both are empty, so that only a rule which asks nothing of the unit fits.
_MANAGED = f"""
SELECT managed.post_kind, u.id FROM (
  SELECT k.post_kind, c.kind, c.level FROM (SELECT DISTINCT kind, level FROM ({_UNITS}) AS u) AS c
  CROSS JOIN unnest(%(post_kinds)s::text[]) AS k(post_kind)
  JOIN LATERAL ({deciding(_DAY, post_kind="k.post_kind", unit_kind="c.kind", level="c.level")}) AS rule
    ON rule.tier = ANY(%(tiers)s::text[])
) AS managed JOIN ({_UNITS}) AS u USING (kind, level)"""

# Only in bodies that a rule is about can a seat be managed.
_SEATS = f"""(SELECT * FROM register_bodyseat WHERE body IN (
  SELECT r.body FROM register_delegationrule r WHERE r.body IS NOT NULL AND {holds("r", _DAY)}))"""

_OWN = "SELECT id FROM register_person WHERE code = %(own)s"

# The last change, in the order in which changes were committed; beside it the last version of whatever decides about
# reach, so that rows written past the program are noticed too, unless two such transactions overlap.
_STATE = "SELECT (SELECT change FROM audit_entry WHERE rows > 0 ORDER BY id DESC LIMIT 1), " + ", ".join(
    f"(SELECT max(pgh_id) FROM register_{name}event)"
    for name in ("postheld", "bodyseat", "unit", "unitversion", "delegationrule")
)


@dataclass(frozen=True)
class Reached:
    """A set of persons by number: those listed, or all from the first to the last but those listed."""

    listed: str
    bounds: tuple[int, int] | None = None

    def condition(self) -> Q:
        """The set as a condition on persons; a number that is not in the set never fits, whenever it was given."""
        listed = Func(
            F("pk"),
            Value(self.listed),
            arg_joiner=" = ANY(",
            template="%(expressions)s::bigint[])",
            output_field=BooleanField(),
        )
        return Q(listed) if self.bounds is None else Q(pk__range=self.bounds) & ~Q(listed)


class Answers:
    """The sets last asked for, of the present state of the register only. For one process with threads."""

    def __init__(self, most: int = MOST) -> None:
        self.most = most
        self._lock = threading.Lock()
        self._state: object = None
        self._kept: OrderedDict[object, Reached] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._kept.clear()

    def reached(self, grants: Sequence[Grant], day: date, state: object) -> Reached:
        """The persons whom any of the grants reaches on a day.

        ``state``: the register's, as read before. What is then worked out is of this state or a later one, never of an
        earlier, whatever other threads do meanwhile.
        """
        key = (day, frozenset((grant.tiers, grant.unit_code) for grant in grants))
        with self._lock:
            if state != self._state:
                self._kept.clear()
                self._state = state
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
        found = _packed(_numbers(grants, day))
        with self._lock:
            if state == self._state:
                self._kept[key] = found
                while len(self._kept) > self.most:
                    self._kept.popitem(last=False)
        return found


ANSWERS = Answers()
"""Shared by all threads of the server."""


def reached(grants: Iterable[Grant], day: date, *, own: str = "") -> Q:
    """The condition on persons that any of the grants reaches them on a day; ``own``: or that this is their code.

    Outside a transaction it holds what was committed before the call; within one it is asked with the query itself.
    """
    asked = tuple({(grant.tiers, grant.unit_code): grant for grant in grants}.values())
    alone = Q(code=own) if own else Q(pk__in=[])
    if not asked:
        return alone
    state = None if connection.in_atomic_block or not connection.get_autocommit() else _state()
    if state is None:
        # One set: two joined by OR would be looked through person by person where they are thought to be large.
        sql, values = _statement(asked, day)
        return Q(pk__in=named(f"{sql}\nUNION ALL\n{_OWN}" if own else sql, {**values, "own": own}))
    return ANSWERS.reached(asked, day, state).condition() | alone


def subtree(unit_code: str, day: date) -> RawSQL:
    """The numbers of a unit and of all below it in the administrative tree of a day."""
    return named(_SUBTREE, {"unit": unit_code, "day": day})


def named(sql: str, values: dict[str, Any]) -> RawSQL:
    """A statement with named values; Django's takes them by place."""
    names = re.compile(r"%\((\w+)\)s")
    return RawSQL(names.sub("%s", sql), [values[name] for name in names.findall(sql)])


def _statement(grants: Sequence[Grant], day: date) -> tuple[str, dict[str, Any]]:
    """Select the numbers of the persons reached, some several times; and the values named in it."""
    values: dict[str, Any] = {"day": day, "post_kinds": list(code_list("post_kind").keys)}
    parts = []
    for place, grant in enumerate(grants):
        own = {"unit": grant.unit_code, "tiers": sorted(grant.tiers or ())}
        sql = _part(grant)
        for name, value in own.items():
            sql = sql.replace(f"%({name})s", f"%({name}{place})s")
            values[f"{name}{place}"] = value
        parts.append(sql)
    return "\nUNION ALL\n".join(parts), values


def _part(grant: Grant) -> str:
    """The statement of one grant. Of posts all count, of seats those that a rule names a manager for."""
    posts = f"SELECT f.person_id FROM register_postheld f WHERE {holds('f', _DAY)}"
    seats = f"SELECT s.person_id FROM ({managed_seats(_DAY, _SEATS)}) AS s WHERE true"
    if grant.tiers is not None:
        posts += f""" AND (f.stated_tier = ANY(%(tiers)s::text[])
  OR f.stated_tier IS NULL AND ((f.post_kind, f.unit_id) IN ({_MANAGED})) IS TRUE)"""
        seats += " AND s.tier = ANY(%(tiers)s::text[])"
    if grant.unit_code is not None:
        # IS TRUE: the set of units is made once and looked into; else it is joined, by a guess of its size.
        posts += f" AND (f.unit_id IN ({_SUBTREE})) IS TRUE"
        seats += f" AND (s.unit_id IN ({_SUBTREE})) IS TRUE"
    return f"{posts}\nUNION ALL\n{seats}"


def _state() -> object | None:
    """What changes whenever the register does; None where nothing was ever written to it by a change."""
    with connection.cursor() as cursor:
        cursor.execute(_STATE)
        row = cursor.fetchone()
    return None if row is None or row[0] is None else tuple(row)


def _numbers(grants: Sequence[Grant], day: date) -> list[int]:
    """The numbers of the persons reached, each once."""
    sql, values = _statement(grants, day)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT array_agg(DISTINCT r.person_id) FROM ({sql}) AS r", values)
        row = cursor.fetchone()
    return row[0] or [] if row else []


def _packed(numbers: Sequence[int]) -> Reached:
    """The shorter of two ways to say a set of numbers: those in it, or those missing between its first and last."""
    if numbers:
        first, last = min(numbers), max(numbers)
        if last - first + 1 < 2 * len(numbers):
            return Reached(_array(sorted(set(range(first, last)).difference(numbers))), (first, last))
    return Reached(_array(numbers))


def _array(numbers: Iterable[int]) -> str:
    return f"{{{','.join(map(str, numbers))}}}"
