"""Units in a reorganisation: founded, closed, put under others, changed from a day on. Facts about them live beside."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.register.models import Document, Reorganisation, Unit, UnitSuccession, UnitVersion
from canbo.register.reorganisations.cutting import cut_rows, fetch, run
from canbo.register.reorganisations.plans import NewUnit
from canbo.register.reorganisations.resolving import Changes, ids_of

_INHERITED = ("level", "kind", "sector", "is_base_party")
_PARENTS = {"parent": "parent_id", "party_parent": "party_parent_id"}


def found(changes: Changes, document: Document) -> None:
    """Found the new units. What the plan leaves out they take from the first unit they come from."""
    Unit.objects.bulk_create([Unit(code=code) for code in changes.founded])
    before = {
        version.unit.code: version
        for version in UnitVersion.objects.as_of(changes.day)
        .filter(unit__code__in=[source for _, source in changes.founded.values()])
        .select_related("unit")
    }
    id_of = ids_of([*changes.codes, *changes.founded])
    UnitVersion.objects.bulk_create(
        _founded(new, before[source], changes.day, document, id_of) for new, source in changes.founded.values()
    )


def _founded(new: NewUnit, source: UnitVersion, day: date, document: Document, id_of: Any) -> UnitVersion:
    values: dict[str, Any] = {name: getattr(source, name) for name in _INHERITED}
    values |= {column: getattr(source, column) for column in _PARENTS.values()}
    values |= _columns(new.values, id_of)
    return UnitVersion(unit_id=id_of(new.code), valid_from=day, document=document, **values)


def close(changes: Changes) -> None:
    """End the dissolved units: nothing of them holds from the day on."""
    run(
        "DELETE FROM register_unitversion v USING reorg_fate f WHERE v.unit_id = f.unit_id AND v.valid_from >= %s",
        [changes.day],
    )
    run(
        "UPDATE register_unitversion v SET valid_to = %s FROM reorg_fate f "
        "WHERE v.unit_id = f.unit_id AND (v.valid_to IS NULL OR v.valid_to > %s)",
        [changes.day, changes.day],
    )


def alter(changes: Changes, document: Document) -> int:
    """Change units from the day on, and put those under a dissolved unit under the one that follows.

    A later version that still says what held before the change follows too. The number of versions that began.

    :raises Refused: a unit would come under itself, or under nothing although it stood under a unit.
    """
    day = changes.day
    id_of = ids_of(changes.codes)
    altered = [id_of(code) for code in changes.altered]
    begun = cut_rows(UnitVersion, _TOUCHED % ", ".join(map(str, altered or [0])), day, new={"document_id": document.id})
    for column in _PARENTS.values():
        run(
            f"UPDATE register_unitversion v SET {column} = f.above_id FROM reorg_fate f "
            f"WHERE v.{column} = f.unit_id AND v.valid_from >= %s AND f.above_id <> v.unit_id",
            [day],
        )
    for code, values in changes.altered.items():
        _alter_one(id_of(code), _columns(values, id_of), day)
    _require_parents(day)
    return begun


_TOUCHED = (
    "(SELECT v.* FROM register_unitversion v WHERE v.unit_id IN (%s) "
    "OR v.parent_id IN (SELECT unit_id FROM reorg_fate) OR v.party_parent_id IN (SELECT unit_id FROM reorg_fate))"
)


def _alter_one(unit: int, values: Mapping[str, Any], day: date) -> None:
    now = UnitVersion.objects.as_of(day).get(unit_id=unit)
    for column, value in values.items():
        before = getattr(now, column)
        later = UnitVersion.objects.filter(unit_id=unit, valid_from__gte=day)
        same = later.filter(**{f"{column}__isnull": True} if before is None else {column: before})
        same.update(**{column: value})


def _require_parents(day: date) -> None:
    left = fetch(
        "SELECT DISTINCT u.code FROM register_unitversion v JOIN register_unit u ON u.id = v.unit_id "
        "WHERE v.valid_from >= %s AND (v.parent_id IN (SELECT unit_id FROM reorg_fate) "
        "OR v.party_parent_id IN (SELECT unit_id FROM reorg_fate)) ORDER BY 1",
        [day],
    )
    if codes := ", ".join(code for (code,) in left):
        raise Refused(
            pick(
                f"Chưa nói các đơn vị {codes} về trực thuộc đơn vị nào. Hãy ghi children.",
                f"The plan does not say which unit {codes} come under. Give children.",
            )
        )
    for column in _PARENTS.values():
        if circle := ", ".join(code for (code,) in fetch(_CIRCLE.format(column=column), [day, day])):
            raise Refused(
                pick(
                    f"Các đơn vị {circle} trực thuộc vòng tròn lẫn nhau.",
                    f"The units {circle} stand under each other in a circle.",
                )
            )


_CIRCLE = """
WITH RECURSIVE live AS (
  SELECT unit_id, {column} AS above FROM register_unitversion
  WHERE valid_from <= %s AND (valid_to IS NULL OR valid_to > %s) AND {column} IS NOT NULL
), walk AS (
  SELECT unit_id, above FROM live UNION ALL
  SELECT w.unit_id, l.above FROM walk w JOIN live l ON l.unit_id = w.above WHERE w.above <> w.unit_id
) CYCLE above SET again USING path
SELECT DISTINCT u.code FROM walk w JOIN register_unit u ON u.id = w.unit_id WHERE w.above = w.unit_id ORDER BY 1"""


def link(changes: Changes, reorganisation: Reorganisation, document: Document) -> None:
    """Keep which unit follows which."""
    id_of = ids_of({code for pair in changes.links for code in pair})
    UnitSuccession.objects.bulk_create(
        [
            UnitSuccession(
                predecessor_id=id_of(before),
                successor_id=id_of(after),
                on_day=changes.day,
                reorganisation=reorganisation,
                document=document,
            )
            for before, after in changes.links
        ],
        ignore_conflicts=True,
    )


def _columns(values: Mapping[str, Any], id_of: Any) -> dict[str, Any]:
    """The plan's values by column: units' codes as ids."""
    return {_PARENTS.get(key, key): id_of(value) if key in _PARENTS else value for key, value in values.items()}
