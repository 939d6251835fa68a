"""An import confined to what an account's mandates reach: of what lies outside, nothing is compared, told or written.

Rows outside are taken out before the file is compared with the register, with one sentence that is the same whether the
register knows the code or not. Only facts about people whom the mandates reach today are imported: units, quotas,
classes, lists and plans, new people and national ids are not, for each would tell whether somebody else has that code.
"""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.backends.utils import CursorWrapper
from django.db.models import QuerySet

from canbo.accounts.permissions import Permission
from canbo.accounts.scopes import Scope
from canbo.common.findings import Finding
from canbo.common.language import pick
from canbo.common.numbers import print_count
from canbo.datasets.dictionary import dictionary
from canbo.register import scoping
from canbo.register.importing import states
from canbo.register.importing.limits import Within
from canbo.register.importing.specs import POSTS, SPECS
from canbo.register.tier_sql import deciding, holds

OUTSIDE = "outside_scope"
_LISTED = 100


def _tier(day: str, *, post: str = "NULL::text", body: str = "NULL::text", role: str = "NULL::text") -> str:
    """The tier by the rules of a day, of a post or a seat of the row ``f`` in its unit."""
    rule = deciding(day, post_kind=post, body=body, role=role)
    return (
        f"(SELECT rule.tier FROM (SELECT 1) AS one LEFT JOIN (register_unit o JOIN register_unitversion v "
        f"ON v.unit_id = o.id AND {holds('v', day)}) ON o.code = f.unit_id LEFT JOIN LATERAL ({rule}) AS rule ON true)"
    )


def _beyond_tier(unit: str, tier: str, *, none_counts: bool) -> str:
    """True where no mandate over the unit reaches the tier; ``none_counts``: what has no tier is reached too."""
    free = " OR tiers.tier IS NULL" if none_counts else ""
    return (
        f"NOT EXISTS (SELECT 1 FROM (SELECT {tier} AS tier) AS tiers JOIN i_reach r ON r.code = {unit} "
        f"AND (r.tier IS NULL OR r.tier = tiers.tier{free}))"
    )


_AS_OF = "(SELECT as_of FROM i_as_of)"
_LAST = f"least({_AS_OF}, coalesce(f.end_date, {_AS_OF}))"
_REMOVED = f"least({_AS_OF}, coalesce(f.removed_on, {_AS_OF}))"
_BY_POST = f"coalesce(f.managed_by, {_tier(_AS_OF, post='f.post_kind')})"
_TIERS: Mapping[str, str] = {
    "people": f"f.post_kind IS NOT NULL AND {_beyond_tier('f.unit_id', _BY_POST, none_counts=False)}",
    "posts_held": _beyond_tier(
        "f.unit_id", f"coalesce(f.managed_by, {_tier(_LAST, post='f.post_kind')})", none_counts=False
    ),
    "memberships": _beyond_tier(
        "f.unit_id", f"coalesce(f.managed_by, {_tier(_LAST, body='f.body', role='f.role')})", none_counts=True
    ),
    "rotations": _beyond_tier("f.to_unit_id", "f.managed_by", none_counts=True),
    "appointments": _beyond_tier("f.unit_id", _tier("f.decided_on", post="f.post_kind"), none_counts=False),
    "succession": _beyond_tier(
        "f.unit_id", f"coalesce(f.managed_by, {_tier(_REMOVED, post='f.post_kind', body='f.body')})", none_counts=True
    ),
}
"""By dataset: true where the row is of a tier that the mandates do not reach. What has a unit must be inside anyway."""


_CLOSING = (
    ("employment", states.EMPLOYMENT.table, ["unit_id"]),
    *((spec.name, spec.table, [column for column in spec.columns if column.endswith("unit_id")])
      for spec in SPECS if spec.name in ("posts_held", "memberships", "rotations", "succession")),
)  # fmt: skip
"""What ends with the service of who leaves: the part, its table, the columns of its units."""


def confine(cursor: CursorWrapper, within: Within, permission: Permission) -> tuple[list[Finding], int]:
    """Take what lies outside out of the loaded file: findings on it, and how many rows it was."""
    _reach(cursor, within, permission)
    findings: list[Finding] = []
    outside = 0
    for name, dataset in dictionary().items():
        names = {column.name for column in dataset.written}
        condition = _outside(name, names) if "person_id" in names else _unit_outside(name)
        key = f"f.{next(one for one in ('person_id', 'class_id', 'list_id', 'plan_id', 'unit_id') if one in names)}"
        cursor.execute(f"SELECT {key} FROM f_{name} f WHERE {condition} ORDER BY f._row")
        found = [row[0] for row in cursor.fetchall()]
        findings += [_row_outside(name, code) for code in found[:_LISTED]]
        if len(found) > _LISTED:
            findings.append(_more(name, len(found) - _LISTED))
        outside += len(found)
        cursor.execute(f"DELETE FROM f_{name} f WHERE {'true' if 'person_id' not in names else condition}")
        cursor.execute(f"ANALYZE f_{name}")
    return findings + _drop_ids(cursor), outside


def touched(cursor: CursorWrapper) -> tuple[list[Finding], int]:
    """Rows of the register outside that what is left would change or end, and how many; after all was compared."""
    findings: list[Finding] = []
    outside = 0
    for dataset, sql in _touching():
        cursor.execute(
            f"SELECT DISTINCT p.code FROM ({sql}) AS w JOIN register_person p ON p.id = w.person_id ORDER BY 1"
        )
        found = [row[0] for row in cursor.fetchall()]
        findings += [_would_touch(dataset, code) for code in found[:_LISTED]]
        outside += len(found)
    return findings, outside


def _reach(cursor: CursorWrapper, within: Within, permission: Permission) -> None:
    """``i_reach_person`` and ``i_reach_unit`` (code, id); ``i_reach``: a unit's code and id, and a tier (NULL: all)."""
    scope, day = within.scope, within.day
    for name, reached in (
        ("person", scoping.people(scope, permission, day=day)),
        ("unit", scoping.units(scope, permission, day=day)),
    ):
        sql, values = _codes(reached)
        cursor.execute(f"CREATE TEMP TABLE i_reach_{name} ON COMMIT DROP AS {sql}", values)
        cursor.execute(f"ANALYZE i_reach_{name}")
    cursor.execute("CREATE TEMP TABLE i_reach (code text, id bigint, tier text) ON COMMIT DROP")
    for grant in scope.granting(permission):
        sql, values = _codes(scoping.units(Scope(scope.account, "", (grant,)), permission, day=day))
        tiers = [None] if grant.tiers is None else sorted(grant.tiers)
        cursor.execute(
            f"INSERT INTO i_reach SELECT u.code, u.id, t.tier FROM ({sql}) AS u, unnest(%s::text[]) AS t(tier)",
            [*values, tiers],
        )
    cursor.execute("ANALYZE i_reach")


def _codes(reached: QuerySet[Any]) -> tuple[str, tuple[Any, ...]]:
    """The statement for code and id of rows, with its values; Django makes none where there can be no rows."""
    try:
        return reached.values_list("code", "id").query.sql_with_params()
    except EmptyResultSet:
        return "SELECT code, id FROM register_unit WHERE false", ()


def _outside(name: str, names: set[str]) -> str:
    """True where the row names a person, a unit, a class or a list outside, or a tier that is not reached.

    What is not named is not outside: nothing is ``NOT IN`` an empty set, so that is asked first.
    """
    conditions = ["f.person_id IS NULL OR f.person_id NOT IN (SELECT code FROM i_reach_person)"]
    conditions += [
        f"f.{column} IS NOT NULL AND f.{column} NOT IN (SELECT code FROM i_reach_unit)"
        for column in ("unit_id", "from_unit_id", "to_unit_id", "suggested_by")
        if column in names
    ]
    for column, table in (("class_id", "register_trainingclass"), ("list_id", "register_poollist")):
        if column in names:
            conditions.append(
                f"f.{column} IS NOT NULL AND f.{column} NOT IN (SELECT t.code FROM {table} t "
                "WHERE t.unit_id IN (SELECT id FROM i_reach_unit))"
            )
    if name in _TIERS:
        conditions.append(_TIERS[name])
    return f"coalesce({' OR '.join(f'({one})' for one in conditions)}, false)"


def _unit_outside(name: str) -> str:
    """Of units those inside may stand in the file, unused; other sheets are not about people."""
    return "f.unit_id NOT IN (SELECT code FROM i_reach_unit)" if name == "units" else "true"


def _drop_ids(cursor: CursorWrapper) -> list[Finding]:
    """A national id that is not the one on file is not used: that it is somebody else's must not be told."""
    cursor.execute(
        "UPDATE f_people f SET national_id = NULL FROM register_person p WHERE p.code = f.person_id "
        "AND f.national_id IS NOT NULL AND f.national_id IS DISTINCT FROM p.national_id RETURNING f.person_id"
    )
    return [_id_unused(code) for (code,) in sorted(cursor.fetchall())[:_LISTED]]


def _touching() -> list[tuple[str, str]]:
    """By dataset: the persons of whom a row of the register outside would be changed or ended, as SQL."""
    away = "t.{0} IS NOT NULL AND t.{0} NOT IN (SELECT id FROM i_reach_unit)"
    beyond = _beyond_post("t")
    found = []
    for spec in SPECS:
        columns = [column for column in ("unit_id", "from_unit_id", "to_unit_id") if column in spec.columns]
        if "person_id" not in spec.columns or not columns:
            continue
        where = " OR ".join(away.format(column) for column in columns) + (f" OR {beyond}" if spec is POSTS else "")
        found.append(
            (
                spec.dataset,
                f"SELECT t.person_id FROM d_{spec.name} d JOIN {spec.table} t ON t.id = d.rid "
                f"WHERE d.differs AND NOT d.by_hand AND ({where})",
            )
        )
    for state in (states.EMPLOYMENT, states.POST):
        where = away.format("unit_id") + (f" OR {beyond}" if state is states.POST else "")
        found.append(
            (
                state.dataset,
                f"SELECT t.person_id FROM d_{state.name} d JOIN {state.table} t "
                "ON t.id = CASE d.act WHEN 'back' THEN d.nid ELSE d.rid END "
                f"WHERE d.act NOT IN ('same', 'conflict', 'new') AND ({where})",
            )
        )
    ended = f"SELECT t.person_id FROM i_post_ends e JOIN {POSTS.table} t ON t.id = e.id"
    found.append((POSTS.dataset, f"{ended} WHERE {away.format('unit_id')} OR {beyond}"))
    for part, table, places in _CLOSING:
        where = " OR ".join(away.format(column) for column in places) + (f" OR {beyond}" if part == POSTS.name else "")
        closed = f"SELECT t.person_id FROM d_closing d JOIN {table} t ON t.id = d.id"
        found.append(("people", f"{closed} WHERE d.part = '{part}' AND NOT d.by_hand AND ({where})"))
    return found


def _beyond_post(row: str) -> str:
    """True where no mandate reaches a post of the register by its unit and tier."""
    rule = deciding(_AS_OF, post_kind=f"{row}.post_kind")
    tier = (
        f"coalesce({row}.stated_tier, (SELECT rule.tier FROM (SELECT 1) AS one LEFT JOIN register_unitversion v "
        f"ON v.unit_id = {row}.unit_id AND {holds('v', _AS_OF)} LEFT JOIN LATERAL ({rule}) AS rule ON true))"
    )
    return f"NOT EXISTS (SELECT 1 FROM i_reach r WHERE r.id = {row}.unit_id AND (r.tier IS NULL OR r.tier = {tier}))"


def _row_outside(name: str, code: str | None) -> Finding:
    message = pick(
        f"“{code or ''}”: ngoài phạm vi nhiệm vụ được giao (người, đơn vị, diện quản lý hoặc loại dữ liệu). Không nhập "
        "dòng này.",
        f"“{code or ''}”: outside the mandate (person, unit, management tier or kind of data). Not imported.",
    )
    advice = pick(
        "Bỏ dòng này khỏi tệp, hoặc đề nghị Ban Tổ chức nhập.",
        "Take the row out of the file, or ask the Organisation Commission to import it.",
    )
    return Finding("error", OUTSIDE, message, advice, sheet=dictionary()[name].title, value=code)


def _more(name: str, count: int) -> Finding:
    number = print_count(count)
    message = pick(f"Còn {number} dòng ngoài phạm vi như trên.", f"{number} more rows outside.")
    return Finding("error", OUTSIDE, message, sheet=dictionary()[name].title)


def _would_touch(name: str, code: str) -> Finding:
    message = pick(
        f"“{code}”: dòng này thay đổi hoặc kết thúc một quá trình ở đơn vị hoặc diện quản lý ngoài phạm vi nhiệm vụ.",
        f"“{code}”: this row changes or ends what is held in a unit or a tier outside the mandate.",
    )
    advice = pick("Đề nghị Ban Tổ chức nhập.", "Ask the Organisation Commission to import it.")
    return Finding("error", OUTSIDE, message, advice, sheet=dictionary()[name].title, value=code)


def _id_unused(code: str) -> Finding:
    message = pick(
        f"Số định danh cá nhân của “{code}” khác với hồ sơ; số này không được nhập.",
        f"The national id of “{code}” is not the one on file; it is not imported.",
    )
    advice = pick("Đề nghị Ban Tổ chức ghi số định danh.", "Ask the Organisation Commission to enter it.")
    return Finding("warning", OUTSIDE, message, advice, sheet=dictionary()["people"].title, value=code)
