"""What follows from the data on a day: age, retirement, posts, degrees and ranks then held, and the unit's columns.

Written as SQL over the raw tables of ``store``. Where a person has no row in a dated dataset, the columns of the file
stand; where all rows are later than the day, the column is unknown on it. Two rows of one day: the main post, then the
later start, then the higher group of posts; the higher rank.
"""

from collections.abc import Collection, Mapping
from datetime import date

import duckdb
import pyarrow as pa

from canbo.codes import code_list
from canbo.datasets.bundle import BIRTH_LATEST
from canbo.datasets.dictionary import UNIT_COLUMNS, Dataset, dictionary
from canbo.norms.retirement import FIRST_MONTH, retirement_days

PEOPLE_DERIVED_FROM: Mapping[str, tuple[str, ...]] = {
    "posts_held": ("unit_id", "post", "post_kind", "managed_by"),
    "qualifications": ("education", "political_theory", "state_management", "medical_specialist"),
    "ranks": ("rank", "rank_by_equivalence"),
}
PEOPLE_LOOKED_UP = frozenset({*PEOPLE_DERIVED_FROM, "memberships"})
"""All datasets that a row of people is worked out from, beside its own: seats may give a tier, too."""
_QUALIFIED = {  # column of people: (kind of qualification, code list of its level)
    "education": ("professional", "education"),
    "political_theory": ("political", "political_theory"),
    "state_management": ("state", "state_management"),
    "medical_specialist": ("medical", "medical_specialist"),
}


def age_sql(birth: str, day: date) -> str:
    """Full years on the day, in integers: who was born on 29/02 is a year older on 01/03 of a common year."""
    number = day.year * 10000 + day.month * 100 + day.day
    return f"CAST(({number} - (year({birth}) * 10000 + month({birth}) * 100 + day({birth}))) // 10000 AS SMALLINT)"


def people_sql(
    connection: duckdb.DuckDBPyConnection,
    day: date,
    present: frozenset[str],
    imprecise: bool,
    retires_after: date | None = None,
) -> str:
    """Select the people on a day, in the order of the unit tree; ``_in_service`` marks those in service.

    ``retires_after``: who retires after that day and before ``day`` is taken to have left. Needs
    ``register_retirement``.
    """
    columns = people_columns_sql(connection, day, present, imprecise, retires_after)
    return f"""SELECT row_number() OVER () - 1 AS _n, sorted.* FROM (
          SELECT placed.*, {_unit_columns("people")} coalesce(i.pos, 2147483647) AS _pos FROM (
            {columns}
          ) AS placed LEFT JOIN unit_info AS i ON i.unit_id = placed.unit_id
          ORDER BY _pos, placed._row) AS sorted"""


def people_columns_sql(
    connection: duckdb.DuckDBPyConnection,
    day: date,
    present: frozenset[str],
    imprecise: bool,
    retires_after: date | None = None,
    *,
    raw: str = "raw",
    only: Collection[str] | None = None,
) -> str:
    """Select the columns of people on a day that need no unit, in no order; ``only``: these and ``person_id``.

    ``raw``: how the names of the tables begin that hold the rows; those in ``present`` are looked into.
    """
    literal = f"DATE '{day.isoformat()}'"
    columns, ctes, joins = _derived_columns(literal, present, raw)
    for column in dictionary()["people"].columns.values():
        if not column.derived:
            columns.setdefault(column.name, f"p.{column.name}")
    columns |= _following_columns(columns, _columns_of(connection, f"{raw}_people"), day, present, imprecise)
    columns["_in_service"] = _in_service(columns["retires_on"], literal, present, retires_after)
    with_clause = "WITH " + ",\n".join(ctes) if ctes else ""
    wanted = columns if only is None else {name: sql for name, sql in columns.items() if name in {"person_id", *only}}
    selected = ",\n  ".join(f"{sql} AS {column}" for column, sql in wanted.items())
    months = f"(year(p.birth_date) - {FIRST_MONTH[0]}) * 12 + month(p.birth_date) - 1"
    retirement = (
        f"LEFT JOIN retirement AS r ON r.sex = p.sex AND r.month = {months}" if "r.retires_on" in selected else ""
    )
    return f"""{with_clause} SELECT {selected}, p._row
            FROM {raw}_people AS p
            {retirement}
            {" ".join(joins)}"""


def _following_columns(
    columns: Mapping[str, str], known: set[str], day: date, present: frozenset[str], imprecise: bool
) -> dict[str, str]:
    """What follows from the columns of a person: leader, minority, retirement day, age."""
    kinds, kinh = code_list("post_kind"), code_list("ethnicity")["Kinh"].position
    leader = f"{columns['post_kind']} NOT IN ({kinds['professional'].position}, {kinds['support'].position})"
    minority = f"(p.ethnicity <> {kinh})"
    given = "is_leader" in known and "posts_held" not in present
    following = {
        "is_leader": f"coalesce(p.is_leader, {leader})" if given else leader,
        "is_minority": f"coalesce(p.is_minority, {minority})" if "is_minority" in known else minority,
        "retires_on": "coalesce(p.retires_on, r.retires_on)" if "retires_on" in known else "r.retires_on",
        "age": age_sql("p.birth_date", day),
    }
    if imprecise:
        latest = f"coalesce(p.{BIRTH_LATEST}, p.birth_date)"
        following |= {BIRTH_LATEST: latest, "_age_earliest": age_sql(latest, day)}
    return following


def _in_service(retires_on: str, literal: str, present: frozenset[str], retires_after: date | None) -> str:
    sql = f"coalesce(p.left_on >= {literal}, true)"
    if "posts_held" in present:  # whose first post begins later was not there yet
        sql += f" AND coalesce(post_any.first_day <= {literal}, true)"
    if retires_after is not None:
        since = f"DATE '{retires_after.isoformat()}'"
        sql += f" AND NOT coalesce({retires_on} >= {since} AND {retires_on} < {literal}, false)"
    return sql


def _derived_columns(literal: str, present: frozenset[str], raw: str) -> tuple[dict[str, str], list[str], list[str]]:
    columns: dict[str, str] = {}
    ctes: list[str] = []
    joins: list[str] = []
    if "posts_held" in present:
        ctes += [
            f"post_any AS (SELECT person_id, min(start_date) AS first_day FROM {raw}_posts_held GROUP BY person_id)",
            f"""post_on AS (SELECT person_id, min(managed_by) AS managed_by,
              arg_max(struct_pack(u := unit_id, p := post, k := post_kind),
                struct_pack(a := is_main::INT, b := start_date, c := 255 - post_kind, d := unit_id)) AS main
              FROM {raw}_posts_held
              WHERE start_date <= {literal} AND (end_date IS NULL OR end_date >= {literal}) GROUP BY person_id)""",
        ]
        joins += ["LEFT JOIN post_any USING (person_id)", "LEFT JOIN post_on USING (person_id)"]
        had = "post_any.person_id IS NULL"
        columns["unit_id"] = "coalesce(post_on.main.u, p.unit_id)"
        columns["post"] = f"CASE WHEN {had} THEN p.post ELSE post_on.main.p END"
        columns["post_kind"] = f"CASE WHEN {had} THEN p.post_kind ELSE post_on.main.k END"
        managed_by = "post_on.managed_by"
        if "memberships" in present:  # a seat may be managed higher than the posts, or be all that is held
            ctes.append(
                f"""seat_on AS (SELECT person_id, min(managed_by) AS managed_by FROM {raw}_memberships
              WHERE start_date <= {literal} AND (end_date IS NULL OR end_date >= {literal}) GROUP BY person_id)"""
            )
            joins.append("LEFT JOIN seat_on USING (person_id)")
            managed_by = "least(post_on.managed_by, seat_on.managed_by)"
        columns["managed_by"] = f"CASE WHEN {had} THEN p.managed_by ELSE {managed_by} END"
    if "qualifications" in present:
        ctes.append(_qualified_cte(literal, raw))
        joins.append("LEFT JOIN qualified USING (person_id)")
        for column in _QUALIFIED:
            empty = dictionary()["people"].columns[column].empty
            nothing = "NULL" if empty is None else "0"
            columns[column] = (
                f"CASE WHEN coalesce(qualified.{column}_any, 0) = 0 THEN p.{column} "
                f"ELSE coalesce(qualified.{column}, {nothing}) END"
            )
    if "ranks" in present:
        ctes.append(
            f"""ranked AS (SELECT person_id,
              arg_max(struct_pack(r := rank, e := by_equivalence), struct_pack(a := start_date, b := rank))
                FILTER (WHERE start_date <= {literal}) AS held FROM {raw}_ranks GROUP BY person_id)"""
        )
        joins.append("LEFT JOIN ranked USING (person_id)")
        columns["rank"] = "CASE WHEN ranked.person_id IS NULL THEN p.rank ELSE ranked.held.r END"
        columns["rank_by_equivalence"] = (
            "CASE WHEN ranked.person_id IS NULL THEN p.rank_by_equivalence ELSE coalesce(ranked.held.e, false) END"
        )
    return columns, ctes, joins


def _qualified_cte(literal: str, raw: str) -> str:
    """The highest level of each kind awarded by the day, and how many rows of the kind there are at all."""
    kinds = code_list("qualification_kind")
    parts = []
    for column, (kind, levels) in _QUALIFIED.items():
        keys = ", ".join(f"'{key}'" for key in code_list(levels).keys)
        is_kind = f"kind = {kinds[kind].position}"
        parts.append(
            f"max(list_position([{keys}], level) - 1) "
            f"FILTER (WHERE {is_kind} AND awarded_on <= {literal}) AS {column}, "
            f"count(*) FILTER (WHERE {is_kind}) AS {column}_any"
        )
    return f"qualified AS (SELECT person_id, {', '.join(parts)} FROM {raw}_qualifications GROUP BY person_id)"


def members_sql(dataset: Dataset, unit_column: str | None, raw: str = "raw") -> str:
    """Select the rows of another dataset, in the order of the unit tree and with the unit's columns."""
    place = unit_column or ("unit_id" if "unit_id" in dataset.columns else None)
    if dataset.name == "units":
        join, extra = "JOIN unit_info AS i ON i.unit_id = d.unit_id", _unit_columns("units")
    elif place:
        join = f"LEFT JOIN unit_info AS i ON i.unit_id = d.{place}"
        extra = _unit_columns(dataset.name) if place == "unit_id" else ""
    else:
        join, extra = "LEFT JOIN unit_info AS i ON false", ""
    return f"""SELECT row_number() OVER () - 1 AS _n, sorted.* FROM (
          SELECT d.*, {extra} coalesce(i.pos, 2147483647) AS _pos
          FROM "{raw}_{dataset.name}" AS d {join} ORDER BY _pos, d._row) AS sorted"""


def _unit_columns(dataset: str) -> str:
    own = dictionary()[dataset].columns
    return "".join(f"i.{column} AS {column}, " for column in UNIT_COLUMNS if column not in own)


def _columns_of(connection: duckdb.DuckDBPyConnection, table: str) -> set[str]:
    return {row[0] for row in connection.execute(f"DESCRIBE {table}").fetchall()}


def register_retirement(connection: duckdb.DuckDBPyConnection) -> None:
    """The table of retirement days by sex and birth month, once."""
    sexes = code_list("sex")
    days = {sexes[sex].position: retirement_days(sex) for sex in ("male", "female")}
    parts = [
        pa.table(
            {
                "sex": pa.array([position] * len(column), pa.uint8()),
                "month": pa.array(range(len(column)), pa.int32()),
                "retires_on": pa.array(column, pa.date32()),
            }
        )
        for position, column in days.items()
    ]
    connection.register("incoming", pa.concat_tables(parts))
    connection.execute("CREATE TABLE IF NOT EXISTS retirement AS SELECT * FROM incoming")
    connection.unregister("incoming")


FIXED_COLUMNS = ("birth_date", "sex", "ethnicity", "party_official_date", "recruited_on")
"""What cannot change in a person: where two files differ, one of them was corrected."""


def create_aged(connection: duckdb.DuckDBPyConnection, name: str, source: str, day: date) -> None:
    """The people of one day as they would be had only time passed until ``day``: their ages, nothing else."""
    columns = _columns_of(connection, f'"{source}"')
    replaced = [f"{age_sql('birth_date', day)} AS age"]
    if "_age_earliest" in columns:
        replaced.append(f"{age_sql(BIRTH_LATEST, day)} AS _age_earliest")
    connection.execute(f'CREATE TABLE "{name}" AS SELECT * REPLACE ({", ".join(replaced)}) FROM "{source}"')


def create_as_told(
    connection: duckdb.DuckDBPyConnection, name: str, source: str, earlier: pa.Table, kept: frozenset[str]
) -> None:
    """The people of ``source`` with the columns of an earlier file, but for the columns ``kept``.

    ``kept`` are what cannot change in a person and what carries its own dates: so the table says what the later file
    tells of the earlier file's day. Shape of ``earlier``: one row a person, stored columns, with ``person_id``.
    """
    columns = _columns_of(connection, f'"{source}"') - kept - {"person_id", "_n", "_row", "_pos"}
    taken = sorted(columns & set(earlier.column_names))
    connection.register("incoming", earlier)
    replaced = ", ".join(f"CASE WHEN e.person_id IS NULL THEN t.{c} ELSE e.{c} END AS {c}" for c in taken)
    others = ", ".join(f"t.{c}" for c in _ordered_columns(connection, source) if c not in taken)
    connection.execute(
        f'CREATE TABLE "{name}" AS SELECT {others}, {replaced} FROM "{source}" AS t '
        "LEFT JOIN incoming AS e ON e.person_id = t.person_id ORDER BY t._n"
    )
    connection.unregister("incoming")


def _ordered_columns(connection: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    return [row[0] for row in connection.execute(f'DESCRIBE "{table}"').fetchall()]
