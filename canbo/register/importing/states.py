"""States that go on until the next: versions of units, employment, standing, and the post that the people's row tells.

Of every subject the file says what holds on one day. Equal to what the register has: nothing happens. Different: the
old row ends there and a new one begins; a correction as of the same day changes the row in place. Before all that is
known: the time before is filled. What was entered by hand is never overwritten.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field

from django.db import models
from django.db.backends.utils import CursorWrapper

from canbo.codes import code_list
from canbo.register.importing.columns import defaults, expression, insertion, meanings
from canbo.register.importing.preview import SHOWN, Counts, Effect, Part, RowChange
from canbo.register.importing.rows import differing
from canbo.register.importing.specs import NOT_MERGED
from canbo.register.models import STATED, Employment, PostHeld, Standing, UnitVersion


@dataclass(frozen=True)
class State:
    """A table of states: of whom (``subject``), what (``values``), and over which days, as SQL over the row ``f``.

    ``at``: the day of which the file speaks; ``start``: since when; ``known``: whether that is where it began;
    ``until``: the first day without it. ``keeps``: what the file leaves empty stays as it was.
    """

    name: str
    model: type[models.Model]
    dataset: str
    subject: str
    values: Mapping[str, str]
    at: str
    start: str = "w.at"
    known: str = "false"
    until: str = "NULL::date"
    joins: str = ""
    where: str = "true"
    fixed: Mapping[str, str] = field(default_factory=dict)
    keeps: bool = False
    order: str = "t.valid_from DESC"
    following: str = "true"

    @property
    def table(self) -> str:
        """The table's name in the database."""
        return self.model._meta.db_table


_POST_ORDER = "t.is_main DESC, t.valid_from DESC, array_position(ARRAY[{}], t.post_kind), t.unit_id DESC".format(
    ", ".join(f"'{key}'" for key in code_list("post_kind").keys)
)
_UNIT_DAY = "greatest(least((SELECT as_of FROM i_as_of), f.valid_to), f.valid_from)"
_PERSON_JOINS = "JOIN i_person s ON s.code = f.person_id JOIN i_day y ON y._row = f._row"
_UNIT_JOIN = "LEFT JOIN i_unit u ON u.code = f.unit_id"

UNITS = State(
    "unit_version",
    UnitVersion,
    "units",
    "unit_id",
    {
        "name": "name",
        "parent_id": "=up.id",
        "party_parent_id": "=party.id",
        "level": "level",
        "kind": "kind",
        "sector": "sector",
        "is_city": "is_city",
        "is_base_party": "is_base_party",
        "minority_share": "=f.minority_share::text::numeric(20,17)",
    },
    at=_UNIT_DAY,
    start=f"coalesce(f.valid_from, {_UNIT_DAY})",
    known="f.valid_from IS NOT NULL",
    until="f.valid_to + 1",
    joins="JOIN i_unit s ON s.code = f.unit_id LEFT JOIN i_unit up ON up.code = f.parent_id "
    "LEFT JOIN i_unit party ON party.code = f.party_parent_id",
    where="(f.parent_id IS NULL OR up.id IS NOT NULL) AND (f.party_parent_id IS NULL OR party.id IS NOT NULL)",
)
EMPLOYMENT = State(
    "employment",
    Employment,
    "people",
    "person_id",
    {
        "unit_id": "=u.id",
        "staff_kind": "staff_kind",
        "recruited_on": "recruited_on",
        "high_quality_recruit": "high_quality_recruit",
        "retires_on": "retires_on",
    },
    at="y.day",
    start="y.day",
    until="f.left_on + 1",
    joins=f"{_PERSON_JOINS} {_UNIT_JOIN}",
    where=f"{NOT_MERGED} AND (f.unit_id IS NULL OR u.id IS NOT NULL)",
    keeps=True,
)
STANDING = State(
    "standing",
    Standing,
    "people",
    "person_id",
    {column: column for column in STATED},
    at="y.day",
    start="y.day",
    joins=_PERSON_JOINS,
    where=NOT_MERGED,
)
POST = State(
    "post",
    PostHeld,
    "people",
    "person_id",
    {
        "unit_id": "=u.id",
        "post": "post",
        "post_kind": "post_kind",
        "is_key_leader": "is_key_leader",
        "is_head": "is_head",
        "stated_tier": "managed_by",
        "appointed_on": "appointed_on",
        "term_ends_on": "term_ends_on",
    },
    at="y.day",
    start="y.day",
    until="least(f.left_on + 1, later.start_date)",
    joins=f"{_PERSON_JOINS} JOIN i_unit u ON u.code = f.unit_id LEFT JOIN i_main_post m ON m.person_id = f.person_id "
    "LEFT JOIN (SELECT h.person_id, min(h.start_date) AS start_date FROM f_posts_held h JOIN i_day USING (person_id) "
    "WHERE h.is_main AND h.start_date > day GROUP BY h.person_id) AS later ON later.person_id = f.person_id",
    where=f"{NOT_MERGED} AND m.person_id IS NULL AND f.post_kind IS NOT NULL",
    fixed={"is_main": "true"},
    order=_POST_ORDER,
    following="t.is_main",
)


def stage(cursor: CursorWrapper, state: State, present: Set[str]) -> None:
    """Make ``w_NAME`` (what the file says) and ``d_NAME`` (what is to be done, with the final values)."""
    needed = {**defaults(state.model), **meanings(state.dataset, state.values)}
    columns = ", ".join(_wanted(name, expression(name, source), needed) for name, source in state.values.items())
    cursor.execute(
        f"CREATE TEMP TABLE w_{state.name} ON COMMIT DROP AS SELECT f._row, s.id AS subject, {state.at} AS at, "
        f"{state.start.replace('w.at', state.at)} AS start, {state.until} AS until, {state.known} AS known, {columns} "
        f"FROM f_{state.dataset} f {state.joins} WHERE {state.where} ORDER BY f._row"
    )
    cursor.execute(f"ANALYZE w_{state.name}")
    values = {name: _final(state, name, source, present) for name, source in state.values.items()}
    differs = " OR ".join(f'{sql} IS DISTINCT FROM r."{name}"' for name, sql in values.items())
    meant = meanings(state.dataset, state.values)
    compared = [name for name in values if name not in meant or state.values[name] in present]
    like_next = " AND ".join(f'w."{name}" IS NOT DISTINCT FROM n."{name}"' for name in compared)
    final = ", ".join(f'{sql} AS "{name}"' for name, sql in values.items())
    own = f't."{state.subject}" = w.subject'
    cursor.execute(
        f"""CREATE TEMP TABLE c_{state.name} ON COMMIT DROP AS
        SELECT w._row, w.subject, w.at, w.start, w.known, {final}, r.id AS rid, n.id AS nid, r.valid_from AS r_from,
          r.valid_to AS r_to, r.since_known AS r_known, r.origin_id IS NULL AS by_hand, b.as_of AS r_as_of,
          r.id IS NOT NULL AND ({differs}) AS differs, p.last AS before,
          CASE WHEN w.until IS NOT NULL OR r.id IS NULL THEN least(w.until, n.valid_from) END AS until,
          n.id IS NOT NULL AND NOT n.since_known AND n.origin_id IS NOT NULL AND {like_next} AS like_next,
          n.valid_from AS next_from
        FROM w_{state.name} w
        LEFT JOIN LATERAL (SELECT * FROM {state.table} t WHERE {own} AND t.valid_from <= w.at
          AND (t.valid_to IS NULL OR t.valid_to > w.at) ORDER BY {state.order} LIMIT 1) AS r ON true
        LEFT JOIN register_importbatch b ON b.id = r.origin_id
        LEFT JOIN LATERAL (SELECT max(t.valid_to) AS last FROM {state.table} t WHERE {own} AND t.valid_to <= w.at
          AND {state.following}) AS p ON true
        LEFT JOIN LATERAL (SELECT * FROM {state.table} t WHERE {own} AND t.valid_from > w.at AND {state.following}
          ORDER BY t.valid_from LIMIT 1) AS n ON true"""
    )
    cursor.execute(
        f"""CREATE TEMP TABLE d_{state.name} ON COMMIT DROP AS SELECT *, CASE
          WHEN rid IS NULL THEN CASE WHEN like_next THEN 'back' ELSE 'new' END
          WHEN differs THEN CASE WHEN by_hand THEN 'conflict'
            WHEN r_from = at OR r_as_of = (SELECT as_of FROM i_as_of) THEN 'correct' ELSE 'turn' END
          WHEN until IS NOT NULL AND until IS DISTINCT FROM r_to THEN
            CASE WHEN r_to IS NULL THEN 'end' WHEN by_hand THEN 'conflict' ELSE 'correct' END
          WHEN known AND NOT r_known AND start < r_from AND NOT by_hand THEN 'extend'
          ELSE 'same' END AS act FROM c_{state.name}"""
    )
    cursor.execute(f"ANALYZE d_{state.name}")


def _wanted(name: str, sql: str, needed: Mapping[str, str]) -> str:
    return f'coalesce({sql}, {needed[name]}) AS "{name}"' if name in needed else f'{sql} AS "{name}"'


def _final(state: State, name: str, source: str, present: Set[str]) -> str:
    """The value to hold from then on: what the file has no column for stays."""
    named = {"parent_id": "parent_id", "party_parent_id": "party_parent_id", "unit_id": "unit_id"}
    column = named.get(name, source if not source.startswith("=") else name)
    if column not in present:
        return f'CASE WHEN r.id IS NULL THEN w."{name}" ELSE r."{name}" END'
    if state.keeps:
        return f'coalesce(w."{name}", r."{name}")'
    return f'w."{name}"'


def tell(cursor: CursorWrapper, state: State) -> Part:
    """What would happen, with the rows behind it. People of whom the file says nothing are told with the identities."""
    cursor.execute(f"SELECT act, count(*) FROM d_{state.name} GROUP BY act")
    acts: dict[str, int] = dict(cursor.fetchall())
    counts = Counts(
        created=acts.get("new", 0) + acts.get("turn", 0),
        changed=acts.get("correct", 0) + acts.get("back", 0) + acts.get("extend", 0),
        ended=acts.get("end", 0) + acts.get("turn", 0),
        same=acts.get("same", 0),
        conflict=acts.get("conflict", 0),
    )
    if state is UNITS:
        cursor.execute("SELECT count(*) FROM f_units")
        given = cursor.fetchone()[0]
        counts.waiting = given - sum(acts.values())
        cursor.execute("SELECT count(*) FROM register_unit WHERE id NOT IN (SELECT subject FROM w_unit_version)")
        counts.left = cursor.fetchone()[0] if given else 0
    rows: list[RowChange] = []
    effects: tuple[tuple[Effect, str], ...] = (
        ("created", "'new'"),
        ("changed", "'correct', 'back', 'extend', 'turn'"),
        ("ended", "'end'"),
        ("conflict", "'conflict'"),
    )
    for effect, those in effects:
        rows += _listed(cursor, state, effect, those)
    return Part(state.dataset, state.name, counts, tuple(rows))


def _listed(cursor: CursorWrapper, state: State, effect: Effect, those: str) -> list[RowChange]:
    pairs = ", ".join(f'\'{name}\', jsonb_build_array(t."{name}", d."{name}")' for name in state.values)
    key = "f.unit_id || ' · ' || f.name" if state is UNITS else "f.person_id || ' · ' || f.full_name"
    cursor.execute(
        f"SELECT {key}, CASE WHEN t.id IS NOT NULL THEN jsonb_build_object({pairs}, 'valid_to', jsonb_build_array("
        f"t.valid_to, coalesce(d.until, t.valid_to))) END::text FROM d_{state.name} d "
        f"JOIN f_{state.dataset} f ON f._row = d._row LEFT JOIN {state.table} t ON t.id = d.rid "
        f"WHERE d.act IN ({those}) ORDER BY d._row LIMIT {SHOWN}"
    )
    return [
        RowChange(state.dataset, state.name, effect, name, differing(differs, empty_counts=True))
        for name, differs in cursor.fetchall()
    ]


def write(cursor: CursorWrapper, state: State, batch: int) -> None:
    """Correct, extend and end rows, then enter the new ones."""
    assigned = ", ".join(f'"{name}" = d."{name}"' for name in state.values)
    for sql in (
        f"UPDATE {state.table} t SET {assigned}, valid_to = coalesce(d.until, t.valid_to), origin_id = %(batch)s "
        f"FROM d_{state.name} d WHERE t.id = d.rid AND d.act = 'correct'",
        f"UPDATE {state.table} t SET valid_to = CASE d.act WHEN 'turn' THEN d.at ELSE d.until END "
        f"FROM d_{state.name} d WHERE t.id = d.rid AND d.act IN ('turn', 'end')",
        f"UPDATE {state.table} t SET valid_from = greatest(d.start, d.before), since_known = d.known "
        f"FROM d_{state.name} d WHERE (t.id = d.rid AND d.act = 'extend') OR (t.id = d.nid AND d.act = 'back')",
    ):
        cursor.execute(sql, {"batch": batch})
    columns = {
        state.subject: "d.subject",
        **{name: f'd."{name}"' for name in state.values},
        **state.fixed,
        "valid_from": "CASE d.act WHEN 'turn' THEN d.at ELSE greatest(d.start, d.before) END",
        "valid_to": "least(d.until, d.r_to)",
        "since_known": "CASE d.act WHEN 'turn' THEN false ELSE d.known END",
    }
    source = f"FROM d_{state.name} d WHERE d.act IN ('new', 'turn') ORDER BY d._row"
    cursor.execute(insertion(state.model, columns, source), {"batch": batch})
