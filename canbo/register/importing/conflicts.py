"""What an import does not decide: rows entered by hand that differ, unknown codes, people it does not tell of."""

from datetime import date

from django.db.backends.utils import CursorWrapper

from canbo.common.findings import Finding
from canbo.common.language import pick
from canbo.common.numbers import print_count, print_day
from canbo.datasets.dictionary import dictionary
from canbo.register.importing import states
from canbo.register.importing.columns import references
from canbo.register.importing.preview import SHOWN, RowChange
from canbo.register.importing.rows import differing
from canbo.register.importing.specs import PERSON, SPECS

_STATES = (states.UNITS, states.EMPLOYMENT, states.STANDING, states.POST)
_LISTED = 100


def findings(cursor: CursorWrapper) -> list[Finding]:
    """One finding for every row entered by hand that differs: what the register says, by which document, and the file.

    At most ``_LISTED`` of a table are listed.
    """
    found: list[Finding] = []
    for spec in SPECS:
        has_document = spec.model is not PERSON.model
        found += _of(cursor, spec.name, spec.dataset, spec.table, list(spec.values), "d.differs AND d.by_hand",
                     f"JOIN w_{spec.name} w ON w._row = d._row", "w", documented=has_document)  # fmt: skip
    for state in _STATES:
        found += _of(cursor, state.name, state.dataset, state.table, list(state.values), "d.act = 'conflict'",
                     "", "d", documented=True)  # fmt: skip
    return found


def _of(
    cursor: CursorWrapper,
    name: str,
    dataset: str,
    table: str,
    columns: list[str],
    condition: str,
    join: str,
    side: str,
    *,
    documented: bool,
) -> list[Finding]:
    cursor.execute(f"SELECT EXISTS (SELECT 1 FROM d_{name} d WHERE {condition})")
    if not cursor.fetchone()[0]:
        return []
    pairs = ", ".join(f'\'{column}\', jsonb_build_array(t."{column}", {side}."{column}")' for column in columns)
    document = "LEFT JOIN register_document doc ON doc.id = t.document_id" if documented else ""
    cited = "doc.number, doc.issued_on" if documented else "NULL, NULL::date"
    key = {"units": "f.unit_id", "people": "f.person_id"}.get(dataset) or _code_of(dataset)
    cursor.execute(
        f"SELECT {key}, jsonb_build_object({pairs})::text, {cited} FROM d_{name} d {join} "
        f"JOIN f_{dataset} f ON f._row = d._row JOIN {table} t ON t.id = d.rid {document} "
        f"WHERE {condition} ORDER BY d._row LIMIT {_LISTED}"
    )
    return [_conflict(dataset, key, differing(pairs), number, day) for key, pairs, number, day in cursor.fetchall()]


def _code_of(dataset: str) -> str:
    columns = dictionary()[dataset].columns
    return "f." + next(name for name in ("person_id", "class_id", "list_id", "unit_id", "plan_id", "indicator")
                       if name in columns)  # fmt: skip


def _conflict(
    dataset: str, key: str, differs: dict[str, tuple[object, object]], number: str | None, day: object
) -> Finding:
    said = "; ".join(f"{name}: {_shown(was)} ≠ {_shown(becomes)}" for name, (was, becomes) in differs.items())
    by = ""
    if number:
        on = f", {print_day(day)}" if isinstance(day, date) else ""
        by = pick(f", theo {number}{on}", f", by {number}{on}")
    message = pick(
        f"“{key}”: đã nhập tay{by} và khác với tệp ({said}). Không ghi đè.",
        f"“{key}”: entered by hand{by}, and the file differs ({said}). Not overwritten.",
    )
    advice = pick("Nếu tệp đúng, sửa trong hồ sơ; nếu không, sửa tệp.", "Correct the record, or the file.")
    return Finding("warning", "conflict", message, advice, sheet=dictionary()[dataset].title, value=key)


def _shown(value: object) -> str:
    return "∅" if value is None else str(value)


def dangling(cursor: CursorWrapper) -> list[Finding]:
    """Codes of units, classes and lists that neither the file nor the register has: the rows wait."""
    found = []
    for spec in SPECS:
        for one in references(spec):
            if not one.needed or one.entity == "person":
                continue
            cursor.execute(
                f"SELECT count(*), min(f.{one.source}) FROM f_{spec.dataset} f {one.join} "
                f"WHERE {spec.where} AND {one.unknown}"
            )
            count, example = cursor.fetchone()
            if count:
                found.append(_unknown(spec.dataset, one.source, count, example))
    cursor.execute(
        "SELECT count(*), min(f.unit_id) FROM f_people f LEFT JOIN i_unit u ON u.code = f.unit_id "
        "WHERE f.unit_id IS NOT NULL AND u.id IS NULL"
    )
    count, example = cursor.fetchone()
    if count:
        found.append(_unknown("people", "unit_id", count, example))
    return found


def _unknown(dataset: str, source: str, count: int, example: str) -> Finding:
    number = print_count(count)
    message = pick(
        f"{number} dòng có mã không có trong tệp và trong cơ sở dữ liệu (ví dụ “{example}”). Chưa nhập phần này.",
        f"{number} rows have codes that neither the file nor the register knows (“{example}”). Not imported.",
    )
    column = dictionary()[dataset].columns[source]
    advice = pick("Nhập các mã này trước, hoặc sửa mã.", "Import those codes first, or correct them.")
    return Finding(
        "error", "bad_reference", message, advice, sheet=dictionary()[dataset].title, column=column.head, value=example
    )


def left_people(cursor: CursorWrapper, *, confined: bool = False) -> list[RowChange]:
    """The people of the register whom the file does not have, of a confined import those inside: left as they are."""
    inside = "AND p.id IN (SELECT id FROM i_reach_person) " if confined else ""
    cursor.execute(
        "SELECT p.code || ' · ' || p.full_name FROM register_person p WHERE p.merged_into_id IS NULL "
        "AND EXISTS (SELECT 1 FROM f_people) AND p.id NOT IN (SELECT i.id FROM i_person i "
        f"JOIN f_people f ON f.person_id = i.code) {inside}ORDER BY p.code LIMIT {SHOWN}"
    )
    return [RowChange("people", "person", "left", key) for (key,) in cursor.fetchall()]


def count_revisions(cursor: CursorWrapper) -> None:
    """Count the change in every person whom the register has and of whom something is written."""
    parts = [
        f"SELECT w.person_id FROM d_{spec.name} d JOIN w_{spec.name} w ON w._row = d._row "
        "WHERE d.rid IS NULL OR (d.differs AND NOT d.by_hand)"
        for spec in SPECS
        if "person_id" in spec.columns
    ]
    parts.append("SELECT d.rid FROM d_person d WHERE d.differs AND NOT d.by_hand")
    parts += [
        f"SELECT subject FROM d_{state.name} WHERE act NOT IN ('same', 'conflict')"
        for state in _STATES
        if state.subject == "person_id"
    ]
    cursor.execute(
        "UPDATE register_person SET revision = revision + 1 "
        f"WHERE id IN ({' UNION '.join(parts)}) AND EXISTS (SELECT 1 FROM register_person)"
    )
