"""What a reorganisation leaves open or must not leave: two heads, double seats, people in a dissolved unit."""

from datetime import date

from django.db import models

from canbo.common.findings import Finding, Refused
from canbo.common.language import pick
from canbo.common.numbers import print_day
from canbo.register.models import UnitVersion
from canbo.register.refusals import what_is
from canbo.register.reorganisations.cutting import fetch
from canbo.register.reorganisations.facts import PERIODS


def conflicts(day: date) -> list[Finding]:
    """What is to be decided in the heirs as they stand on the day; both are kept until then."""
    return [*_heads(day), *_body_heads(day), *_double_seats(day)]


def require_nobody_left(day: date) -> None:
    """Nothing may hold in a unit on a day of its own, from ``day`` on, on which the unit is not.

    Looks at the units that ended or took over: those in ``reorg_fate`` and the heirs.

    :raises Refused: somebody or something would stay behind; names the kinds and some of the units.
    """
    found = [finding for model in PERIODS for finding in _left(model, day)]
    if found:
        raise Refused(" ".join(finding.message for finding in found), found)


def _left(model: type[models.Model], day: date) -> list[Finding]:
    table = model._meta.db_table
    rows = fetch(
        f"SELECT u.code, count(*) FROM {table} t JOIN register_unit u ON u.id = t.unit_id "
        "WHERE t.unit_id IN (SELECT unit_id FROM reorg_fate UNION SELECT heir_id FROM reorg_fate "
        "UNION SELECT heir_id FROM reorg_goes) AND (t.valid_to IS NULL OR t.valid_to > %s) "
        "AND NOT EXISTS (SELECT 1 FROM (SELECT range_agg(daterange(valid_from, valid_to)) AS life "
        "FROM register_unitversion v WHERE v.unit_id = t.unit_id) AS l "
        "WHERE l.life @> daterange(greatest(t.valid_from, %s), t.valid_to)) GROUP BY u.code ORDER BY u.code",
        [day, day],
    )
    if not rows:
        return []
    count, units = sum(row[1] for row in rows), ", ".join(row[0] for row in rows[:5]) + ("…" if len(rows) > 5 else "")
    kind = what_is(model)
    message = pick(
        f"Từ {print_day(day)} còn {count} {kind} ở đơn vị đã kết thúc ({units}). Hãy ghi về đâu (people, rest).",
        f"From {print_day(day)} on {count} {kind} would stay in a unit that has ended ({units}). "
        "Say where they go (people, rest).",
    )
    return [Finding("error", "left_in_dissolved_unit", message)]


_HEIRS = "(SELECT heir_id FROM reorg_fate UNION SELECT heir_id FROM reorg_goes)"
_ON_DAY = "t.valid_from <= %s AND (t.valid_to IS NULL OR t.valid_to > %s)"


def _heads(day: date) -> list[Finding]:
    rows = fetch(
        "SELECT u.code, array_agg(DISTINCT p.full_name || ' (' || p.code || ')') FROM register_postheld t "
        "JOIN register_unit u ON u.id = t.unit_id JOIN register_person p ON p.id = t.person_id "
        f"WHERE t.is_head AND NOT t.is_acting AND t.unit_id IN {_HEIRS} AND {_ON_DAY} "
        "GROUP BY u.code HAVING count(DISTINCT t.person_id) > 1 ORDER BY u.code",
        [day, day],
    )
    return [_finding("two_heads", unit, day, people) for unit, people in rows]


def _body_heads(day: date) -> list[Finding]:
    rows = fetch(
        "SELECT u.code, array_agg(DISTINCT p.full_name || ' (' || p.code || ')') FROM register_bodyseat t "
        "JOIN register_unit u ON u.id = t.unit_id JOIN register_person p ON p.id = t.person_id "
        f"WHERE t.role = 'head' AND t.unit_id IN {_HEIRS} AND {_ON_DAY} "
        "GROUP BY u.code, t.body HAVING count(DISTINCT t.person_id) > 1 ORDER BY u.code, t.body",
        [day, day],
    )
    return [_finding("two_body_heads", unit, day, people) for unit, people in rows]


def _double_seats(day: date) -> list[Finding]:
    rows = fetch(
        "SELECT u.code, array_agg(DISTINCT p.full_name || ' (' || p.code || ')') FROM "
        f"(SELECT t.unit_id, t.person_id FROM register_bodyseat t WHERE t.unit_id IN {_HEIRS} AND {_ON_DAY} "
        "GROUP BY t.unit_id, t.person_id, t.body HAVING count(*) > 1) AS d "
        "JOIN register_unit u ON u.id = d.unit_id JOIN register_person p ON p.id = d.person_id "
        "GROUP BY u.code ORDER BY u.code",
        [day, day],
    )
    return [_finding("double_seat", unit, day, people) for unit, people in rows]


_WORDS = {
    "two_heads": (
        "có nhiều người đứng đầu",
        "has several heads",
        "Cả hai được giữ nguyên; hãy quyết định ai tiếp tục và ghi quyết định cho người còn lại.",
        "All are kept; decide who goes on and enter the decision for the others.",
    ),
    "two_body_heads": (
        "có tập thể với nhiều người đứng đầu",
        "has a body with several heads",
        "Tất cả được giữ nguyên; hãy quyết định ai tiếp tục.",
        "All are kept; decide who goes on.",
    ),
    "double_seat": (
        "có người giữ hai ghế trong cùng một tập thể",
        "has people with two seats in one body",
        "Cả hai ghế được giữ nguyên; hãy kết thúc một ghế.",
        "Both seats are kept; end one of them.",
    ),
}


def _finding(code: str, unit: str, day: date, people: list[str]) -> Finding:
    vi, en, advice_vi, advice_en = _WORDS[code]
    version = UnitVersion.objects.as_of(day).filter(unit__code=unit).first()
    name = f"{version.name} ({unit})" if version else unit
    who = ", ".join(people[:5]) + (" …" if len(people) > 5 else "")
    message = pick(f"Từ {print_day(day)} {name} {vi}: {who}.", f"From {print_day(day)} {name} {en}: {who}.")
    return Finding("warning", code, message, pick(advice_vi, advice_en), value=unit)
