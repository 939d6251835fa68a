"""Who and what the file's codes mean: ids known or given, persons without codes found again, two codes of one person.

Tables ``i_unit``, ``i_person``, ``i_class``, ``i_list`` (code, id, is_new). A person who is not in ``i_person`` waits:
nothing of that person is written until an officer decides.
"""

from django.db.backends.utils import CursorWrapper

from canbo.common.findings import Finding, Severity
from canbo.common.language import pick
from canbo.common.numbers import print_count
from canbo.datasets.dictionary import dictionary

LISTED = 100
"""Findings of one kind that are listed one by one."""
MADE_CODE = "^CB-[0-9A-F]{12}(-[0-9]+)?$"
"""Codes that ``canbo.datasets.persons`` makes for persons without one."""


_RESOLVE = f"""
CREATE TEMP TABLE i_gone ON COMMIT DROP AS
  SELECT code FROM register_person WHERE merged_into_id IS NOT NULL;
CREATE TEMP TABLE i_unknown ON COMMIT DROP AS
  SELECT f._row, f.person_id AS code, f.full_name, lower(f.full_name) AS name, f._name_key, f.birth_date,
    f._birth_precision, f.unit_id, f.national_id, f.person_id ~ '{MADE_CODE}' AS made,
    f.national_id IS NOT NULL AND row_number() OVER (PARTITION BY f.national_id ORDER BY f._row) > 1 AS again
  FROM f_people f LEFT JOIN register_person p ON p.code = f.person_id WHERE p.id IS NULL;
CREATE TEMP TABLE i_by_id ON COMMIT DROP AS
  SELECT n._row, n.code, n.made, p.id, p.code AS other FROM i_unknown n
  JOIN register_person p ON p.national_id = n.national_id AND p.merged_into_id IS NULL;
CREATE TEMP TABLE i_by_name ON COMMIT DROP AS
  SELECT n._row, n.code, n.made, p.id, p.code AS other, (EXISTS (
      SELECT 1 FROM register_employment e JOIN register_unit u ON u.id = e.unit_id
      WHERE e.person_id = p.id AND u.code = n.unit_id) OR EXISTS (
      SELECT 1 FROM register_postheld h JOIN register_unit u ON u.id = h.unit_id
      WHERE h.person_id = p.id AND u.code = n.unit_id)) AS placed
  FROM i_unknown n JOIN register_person p ON p.name_key = n._name_key AND lower(p.full_name) = n.name
    AND p.birth_date = n.birth_date AND p.birth_precision = n._birth_precision AND p.merged_into_id IS NULL
  WHERE n.code NOT IN (SELECT code FROM i_by_id)
    AND (n.national_id IS NULL OR p.national_id IS NULL);
CREATE TEMP TABLE i_found ON COMMIT DROP AS
  SELECT code, id FROM (
    SELECT code, id, other, count(*) OVER (PARTITION BY id) AS claims FROM (
      SELECT code, id, other FROM i_by_id WHERE made
      UNION ALL
      SELECT code, min(id) FILTER (WHERE placed), min(other) FILTER (WHERE placed) FROM i_by_name WHERE made
      GROUP BY code HAVING count(*) FILTER (WHERE placed) = 1) AS sure
  ) AS once WHERE claims = 1 AND other NOT IN (SELECT person_id FROM f_people);
CREATE TEMP TABLE i_waiting ON COMMIT DROP AS
  SELECT DISTINCT ON (_row) _row, code, other, why FROM (
    SELECT _row, code, other, 'national_id' AS why FROM i_by_id WHERE code NOT IN (SELECT code FROM i_found)
    UNION ALL
    SELECT _row, code, other, 'name' FROM i_by_name WHERE made AND code NOT IN (SELECT code FROM i_found)
    UNION ALL
    SELECT n._row, n.code, f.person_id, 'same_file' FROM i_unknown n
    JOIN f_people f ON f.national_id = n.national_id AND f._row < n._row WHERE n.again) AS reasons
  ORDER BY _row, why, other;
CREATE TEMP TABLE i_person ON COMMIT DROP AS
  SELECT code, coalesce(merged_into_id, id) AS id, false AS is_new FROM register_person
  UNION ALL SELECT code, id, false FROM i_found
  UNION ALL SELECT code, nextval(pg_get_serial_sequence('register_person', 'id')), true FROM (
    SELECT code FROM i_unknown WHERE code NOT IN (SELECT code FROM i_found)
      AND code NOT IN (SELECT code FROM i_waiting) ORDER BY _row) AS new;
ANALYZE i_person;
CREATE TEMP TABLE i_other_id ON COMMIT DROP AS
  SELECT f._row, f.person_id AS code, p.code AS other FROM f_people f JOIN i_person i ON i.code = f.person_id
  JOIN register_person p ON p.national_id = f.national_id AND p.merged_into_id IS NULL AND p.id <> i.id
  UNION SELECT f._row, f.person_id, g.person_id FROM f_people f
  JOIN f_people g ON g.national_id = f.national_id AND g._row < f._row
  WHERE f.person_id NOT IN (SELECT code FROM i_waiting)
  UNION SELECT f._row, f.person_id, NULL FROM f_people f WHERE f.national_id !~ '^[0-9]{{12}}$'
"""


def resolve(cursor: CursorWrapper) -> list[Finding]:
    """Make the tables of identities for the loaded file, with findings on what is not sure."""
    for entity, table, source, column in (
        ("unit", "register_unit", "units", "unit_id"),
        ("class", "register_trainingclass", "classes", "class_id"),
        ("list", "register_poollist", "succession_lists", "list_id"),
    ):
        cursor.execute(
            f"CREATE TEMP TABLE i_{entity} ON COMMIT DROP AS SELECT code, id, false AS is_new FROM {table} UNION ALL "
            f"SELECT code, nextval(pg_get_serial_sequence('{table}', 'id')), true FROM (SELECT f.{column} AS code "
            f"FROM f_{source} f LEFT JOIN {table} t ON t.code = f.{column} WHERE t.id IS NULL ORDER BY f._row) AS new"
        )
        cursor.execute(f"ANALYZE i_{entity}")
    findings = _persons(cursor)
    _main_posts(cursor)
    return findings + _second_rows(cursor)


def _persons(cursor: CursorWrapper) -> list[Finding]:
    cursor.execute(_RESOLVE)
    found = []
    for sql, severity, words in (
        ("SELECT code, other FROM i_waiting WHERE why <> 'name' ORDER BY _row", "error", _same_id),
        (
            "SELECT w.code, (SELECT string_agg(other, ', ' ORDER BY other) FROM i_by_name b WHERE b._row = w._row) "
            "FROM i_waiting w WHERE why = 'name' ORDER BY _row",
            "error",
            _not_sure,
        ),
        (
            "SELECT code, string_agg(other, ', ' ORDER BY other) FROM i_by_name WHERE NOT made GROUP BY _row, code "
            "ORDER BY _row",
            "warning",
            _alike,
        ),
        ("SELECT code, max(other) FROM i_other_id GROUP BY _row, code ORDER BY _row", "error", _id_unused),
    ):
        cursor.execute(sql)
        rows = cursor.fetchall()
        word: Severity = "error" if severity == "error" else "warning"
        found += [_finding(word, code, *words(code, other)) for code, other in rows[:LISTED]]
        if len(rows) > LISTED:
            found.append(_more(len(rows) - LISTED))
    return found


def _main_posts(cursor: CursorWrapper) -> None:
    """``i_day``: each person's own day; ``i_main_post``: the dated post that the people's row speaks of."""
    cursor.execute(
        """
        CREATE TEMP TABLE i_second_main ON COMMIT DROP AS
          SELECT _row, person_id FROM (SELECT *, lead(start_date) OVER (PARTITION BY person_id ORDER BY start_date,
            _row) AS next FROM f_posts_held WHERE is_main) AS mains WHERE next <= coalesce(end_date, 'infinity');
        CREATE TEMP TABLE i_second_rank ON COMMIT DROP AS
          SELECT _row, person_id FROM (SELECT f._row, f.person_id, row_number() OVER (PARTITION BY f.person_id,
            f.start_date ORDER BY f.place DESC, f._row) AS n FROM (
              SELECT *, array_position(%s::text[], rank) AS place FROM f_ranks) AS f) AS ordered WHERE n > 1;
        """,
        [list(_keys("ranks", "rank"))],
    )
    cursor.execute(
        """
        CREATE TEMP TABLE i_day ON COMMIT DROP AS
          SELECT _row, person_id, least(i.as_of, left_on) AS day FROM f_people, i_as_of i;
        CREATE TEMP TABLE i_main_post ON COMMIT DROP AS
          SELECT DISTINCT ON (d.person_id) h._row, d.person_id, p.is_key_leader, p.is_head, p.appointed_on,
            p.term_ends_on
          FROM i_day d JOIN f_people p ON p._row = d._row JOIN f_posts_held h ON h.person_id = d.person_id
            AND h.start_date <= d.day AND (h.end_date IS NULL OR h.end_date >= d.day)
          ORDER BY d.person_id, h.is_main DESC, h.start_date DESC, array_position(%s::text[], h.post_kind),
            h.unit_id DESC, h._row;
        ANALYZE i_day; ANALYZE i_main_post;
        """,
        [list(_keys("posts_held", "post_kind"))],
    )


def _keys(dataset: str, column: str) -> tuple[str, ...]:
    codes = dictionary()[dataset].columns[column].code_list
    return tuple(codes.keys) if codes else ()


def _second_rows(cursor: CursorWrapper) -> list[Finding]:
    found = []
    for table, dataset, words in (
        ("i_second_main", "posts_held", _two_mains),
        ("i_second_rank", "ranks", _two_ranks),
    ):
        cursor.execute(f"SELECT person_id FROM {table} ORDER BY _row")
        rows = cursor.fetchall()
        found += [
            _finding("warning", code, *words(), dataset=dataset, kind="inconsistent") for (code,) in rows[:LISTED]
        ]
        if len(rows) > LISTED:
            found.append(_more(len(rows) - LISTED))
    return found


def _finding(
    severity: Severity,
    code: str,
    message: str,
    advice: str,
    *,
    dataset: str = "people",
    kind: str = "possible_duplicate",
) -> Finding:
    return Finding(severity, kind, message, advice, sheet=dictionary()[dataset].title, value=code)


def _more(count: int) -> Finding:
    number = print_count(count)
    message = pick(f"Còn {number} trường hợp như trên.", f"{number} more like these.")
    return Finding("warning", "possible_duplicate", message)


def _same_id(code: str, other: str) -> tuple[str, str]:
    return (
        pick(
            f"“{code}” có cùng số định danh cá nhân với “{other}”: một người, hai mã. Chưa nhập gì của “{code}”.",
            f"“{code}” has the national id of “{other}”: one person, two codes. Nothing of “{code}” is imported.",
        ),
        pick(
            f"Nếu là một người, ghi mã “{other}” trong tệp (hoặc hợp nhất hồ sơ); nếu không, sửa số định danh.",
            f"If it is one person, write the code “{other}” (or merge the records); if not, correct the national id.",
        ),
    )


def _not_sure(code: str, other: str) -> tuple[str, str]:
    return (
        pick(
            f"Không có mã; họ tên và ngày sinh trùng với {other} nhưng không chắc là một người. Chưa nhập gì của "
            f"“{code}”.",
            f"No code; name and birth date are those of {other}, but it is not sure to be one person. Nothing of "
            f"“{code}” is imported.",
        ),
        pick("Điền mã cán bộ hoặc số định danh cá nhân.", "Fill in the code or the national id."),
    )


def _alike(code: str, other: str) -> tuple[str, str]:
    return (
        pick(
            f"“{code}” có cùng họ tên và ngày sinh với {other} trong cơ sở dữ liệu. Vẫn được nhập là người khác.",
            f"“{code}” has the name and birth date of {other} in the register. Imported as another person.",
        ),
        pick("Nếu là một người, hợp nhất hai hồ sơ.", "If it is one person, merge the two records."),
    )


def _id_unused(code: str, other: str | None) -> tuple[str, str]:
    if other is None:
        return (
            pick(
                f"Số định danh cá nhân của “{code}” không đủ 12 chữ số; số này không được nhập.",
                f"The national id of “{code}” is not of 12 digits; it is not imported.",
            ),
            pick("Điền đủ 12 chữ số.", "Give all 12 digits."),
        )
    return (
        pick(
            f"Số định danh cá nhân của “{code}” đang thuộc về “{other}”; số này không được nhập cho “{code}”.",
            f"The national id of “{code}” is that of “{other}”; it is not imported for “{code}”.",
        ),
        pick("Nếu là một người, hợp nhất hai hồ sơ; nếu không, sửa số.", "Merge the records, or correct the number."),
    )


def _two_mains() -> tuple[str, str]:
    return (
        pick(
            "Hai chức vụ chính trùng thời gian; chức vụ bắt đầu trước được nhập là không phải chức vụ chính.",
            "Two main posts at one time; the one that began earlier is imported as not main.",
        ),
        pick("Bỏ đánh dấu chức vụ chính ở một dòng, hoặc ghi ngày thôi.", "Unmark one, or give the day it ended."),
    )


def _two_ranks() -> tuple[str, str]:
    return (
        pick("Hai ngạch từ cùng một ngày; ngạch cao hơn được nhập.", "Two ranks from one day; the higher is imported."),
        pick("Xóa dòng thừa.", "Delete the surplus row."),
    )
