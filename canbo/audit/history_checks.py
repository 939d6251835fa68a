"""The history tables against the log, and the live tables against their history: a few statements for each table."""

from collections.abc import Iterator

import pghistory
from django.db.backends.utils import CursorWrapper

from canbo.audit.digests import blocks, columns_of
from canbo.common.findings import Finding
from canbo.common.language import pick
from canbo.common.numbers import print_count


def history_findings(cursor: CursorWrapper) -> list[Finding]:
    """History rows that were altered, removed or added since the log noted their digests."""
    cursor.execute("DROP TABLE IF EXISTS pg_temp.expected")
    cursor.execute(
        "CREATE TEMP TABLE expected ON COMMIT DROP AS SELECT id AS entry, change, split_part(line, ' ', 1) AS name, "
        "split_part(line, ' ', 2)::int AS columns, split_part(line, ' ', 3)::bigint AS rows, "
        "split_part(line, ' ', 4) AS digest FROM audit_entry, regexp_split_to_table(digest, E'\\n') AS line "
        "WHERE line ~ '^\\S+ \\d{1,4} \\d{1,15} \\S+$'"
    )
    cursor.execute("CREATE INDEX ON expected (name, columns, change)")
    cursor.execute("ANALYZE expected")
    found: list[Finding] = []
    tables = _tables()
    columns = columns_of(cursor, list(tables))
    for table, live in tables.items():
        found += _altered(cursor, table, live, columns[table])
        found += _unlogged(cursor, table, live)
    found += _of_unknown_tables(cursor, list(tables))
    return found


def live_findings(cursor: CursorWrapper) -> list[Finding]:
    """Live rows that are not as their history left them: written while the triggers were off."""
    tables = _tables()
    columns = columns_of(cursor, [*tables, *tables.values()])
    found: list[Finding] = []
    for history, live in tables.items():
        shared = [column for column in columns[live] if column in set(columns[history])]
        now = ", ".join(f'l."{column}"' for column in shared)
        then = ", ".join(f'h."{column}"' for column in shared)
        cursor.execute(
            f'WITH h AS (SELECT * FROM (SELECT DISTINCT ON (pgh_obj_id) * FROM "{history}" '
            f"ORDER BY pgh_obj_id, pgh_id DESC) AS last WHERE pgh_label <> 'delete') "
            f"SELECT CASE WHEN l.id IS NULL THEN 'removed' WHEN h.pgh_obj_id IS NULL THEN 'added' ELSE 'altered' END, "
            f'count(*), (array_agg(coalesce(l.id, h.pgh_obj_id)))[1:5] FROM "{live}" AS l '
            f"FULL JOIN h ON h.pgh_obj_id = l.id WHERE l.id IS NULL OR h.pgh_obj_id IS NULL "
            f"OR ROW({now}) IS DISTINCT FROM ROW({then}) GROUP BY 1 ORDER BY 1"
        )
        found += [_live_finding(live, kind, count, ids) for kind, count, ids in cursor.fetchall()]
    return found


def _tables() -> dict[str, str]:
    """History table to live table."""
    models = sorted(pghistory.core.event_models(), key=lambda model: model._meta.db_table)
    return {model._meta.db_table: getattr(model, "pgh_tracked_model")._meta.db_table for model in models}  # noqa: B009


def _altered(cursor: CursorWrapper, table: str, live: str, columns: list[str]) -> Iterator[Finding]:
    """Changes whose rows do not give the digest of the log; ``columns`` of a change may be fewer than today's."""
    cursor.execute("SELECT DISTINCT columns FROM expected WHERE name = %s", [table])
    for (width,) in cursor.fetchall():
        if width > len(columns):
            yield _finding("history-columns", live, pick("mất cột so với nhật ký", "has lost columns since the log"))
            continue
        where = f"JOIN expected x ON x.change = e.pgh_context_id AND x.name = '{table}' AND x.columns = {width}"
        cursor.execute(
            f"WITH found AS (SELECT pgh_context_id AS change, sum(rows) AS rows, "
            f"encode(sha256(string_agg(digest, ''::bytea ORDER BY block)), 'hex') AS digest "
            f"FROM ({blocks(table, columns[:width], where)}) AS b GROUP BY pgh_context_id) "
            "SELECT x.entry, x.rows, coalesce(f.rows, 0) FROM expected x LEFT JOIN found f USING (change) "
            "WHERE x.name = %s AND x.columns = %s AND (f.digest IS DISTINCT FROM x.digest OR f.rows <> x.rows) "
            "ORDER BY x.entry LIMIT 20",
            [table, width],
        )
        for entry, expected, rows in cursor.fetchall():
            yield _changed_finding(live, entry, int(expected), int(rows))


def _unlogged(cursor: CursorWrapper, table: str, live: str) -> Iterator[Finding]:
    """Rows of a change that the log does not know to have written here."""
    cursor.execute(
        f'SELECT count(*), (array_agg(e.pgh_id))[1:5] FROM "{table}" e LEFT JOIN expected x '
        "ON x.change = e.pgh_context_id AND x.name = %s WHERE x.change IS NULL",
        [table],
    )
    count, ids = cursor.fetchone() or (0, [])
    if count:
        yield _finding(
            "history-unlogged",
            live,
            pick(
                f"{print_count(count)} dòng lịch sử không có mục nhật ký (số {_listed(ids)})",
                f"{print_count(count)} history rows without an entry in the log (numbers {_listed(ids)})",
            ),
        )


def _of_unknown_tables(cursor: CursorWrapper, tables: list[str]) -> Iterator[Finding]:
    cursor.execute("SELECT DISTINCT name FROM expected WHERE name <> ALL(%s) ORDER BY name", [tables])
    for (name,) in cursor.fetchall():
        yield _finding("history-table", name, pick("không còn bảng lịch sử này", "this history table is gone"))


def _changed_finding(live: str, entry: int, expected: int, rows: int) -> Finding:
    if rows < expected:
        said = pick(
            f"thay đổi ở mục nhật ký {entry} thiếu {print_count(expected - rows)} dòng lịch sử",
            f"the change of entry {entry} lacks {print_count(expected - rows)} history rows",
        )
    elif rows > expected:
        said = pick(
            f"thay đổi ở mục nhật ký {entry} thừa {print_count(rows - expected)} dòng lịch sử",
            f"the change of entry {entry} has {print_count(rows - expected)} history rows too many",
        )
    else:
        said = pick(
            f"dòng lịch sử của thay đổi ở mục nhật ký {entry} đã bị sửa",
            f"history rows of the change of entry {entry} were altered",
        )
    return _finding("history-altered", live, said)


def _live_finding(live: str, kind: str, count: int, ids: list[int]) -> Finding:
    said = {
        "altered": pick("dòng hiện hành khác dòng lịch sử cuối cùng", "rows differ from their last history row"),
        "added": pick("dòng hiện hành không có lịch sử", "rows have no history"),
        "removed": pick("dòng bị xóa mà lịch sử không ghi", "rows were removed without a trace in the history"),
    }[kind]
    return _finding(f"live-{kind}", live, f"{print_count(count)} {said} (id {_listed(ids)})")


def _finding(code: str, table: str, said: str) -> Finding:
    return Finding(
        "error",
        code,
        pick(f"Bảng “{table}”: {said}.", f"Table “{table}”: {said}."),
        pick(
            "Dữ liệu đã bị sửa ngoài chương trình. Giữ nguyên máy và so với bản sao lưu gần nhất.",
            "The data was changed past the program. Leave the machine as it is and compare with the last backup.",
        ),
    )


def _listed(ids: list[int]) -> str:
    return ", ".join(str(one) for one in ids)
