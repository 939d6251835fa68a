"""Dated posts and ranks follow one another: a new one takes the place of what was only stated, and ends what was open.

What would still be two main posts of a person on one day waits for the officer.
"""

from django.db.backends.utils import CursorWrapper

from canbo.common.findings import Finding
from canbo.common.language import pick
from canbo.datasets.dictionary import dictionary

_OPEN_POSTS = """
SELECT t.id, t.person_id, t.valid_from, t.valid_to, t.since_known FROM register_postheld t
WHERE t.is_main AND t.origin_id IS NOT NULL AND t.id NOT IN (SELECT rid FROM d_posts_held WHERE rid IS NOT NULL)
AND t.person_id IN (SELECT person_id FROM w_posts_held)"""


def settle_posts(cursor: CursorWrapper) -> list[Finding]:
    """Fit new main posts to those of the register, after ``d_posts_held`` was made: table ``i_post_ends`` (id, day)."""
    cursor.execute(
        f"""
        CREATE TEMP TABLE i_open_posts ON COMMIT DROP AS {_OPEN_POSTS};
        CREATE TEMP TABLE i_replaced ON COMMIT DROP AS
          SELECT DISTINCT ON (o.id) o.id, w._row, o.valid_to IS NULL AND w.valid_to IS NOT NULL AS ends
          FROM i_open_posts o JOIN w_posts_held w ON w.person_id = o.person_id AND w.is_main
          JOIN d_posts_held d ON d._row = w._row AND d.rid IS NULL
          WHERE w.valid_from = o.valid_from OR (NOT o.since_known AND w.valid_from <= o.valid_from
            AND (w.valid_to IS NULL OR w.valid_to > o.valid_from))
          ORDER BY o.id, w._row;
        DELETE FROM i_replaced a USING i_replaced b WHERE a._row = b._row AND a.id > b.id;
        UPDATE d_posts_held d SET rid = r.id, differs = true, ends = r.ends FROM i_replaced r WHERE r._row = d._row;
        CREATE TEMP TABLE i_post_ends ON COMMIT DROP AS
          SELECT o.id, min(w.valid_from) AS day FROM i_open_posts o
          JOIN w_posts_held w ON w.person_id = o.person_id AND w.is_main AND w.valid_from > o.valid_from
          JOIN d_posts_held d ON d._row = w._row AND d.rid IS NULL
          WHERE o.valid_to IS NULL AND o.id NOT IN (SELECT id FROM i_replaced) GROUP BY o.id;
        CREATE TEMP TABLE i_post_overlaps ON COMMIT DROP AS
          SELECT DISTINCT w._row, w.person_id FROM w_posts_held w JOIN d_posts_held d ON d._row = w._row
            AND d.rid IS NULL
          JOIN register_postheld t ON t.person_id = w.person_id AND t.is_main
          LEFT JOIN i_post_ends e ON e.id = t.id
          LEFT JOIN d_posts_held m ON m.rid = t.id
          LEFT JOIN w_posts_held n ON n._row = m._row AND NOT m.by_hand
          WHERE w.is_main AND daterange(w.valid_from, w.valid_to) && daterange(coalesce(n.valid_from, t.valid_from),
            coalesce(e.day, n.valid_to, t.valid_to));
        DELETE FROM d_posts_held WHERE _row IN (SELECT _row FROM i_post_overlaps);
        """
    )
    cursor.execute(
        "SELECT p.code, t.post, t.valid_from, doc.number FROM i_post_overlaps o JOIN register_person p "
        "ON p.id = o.person_id JOIN LATERAL (SELECT * FROM register_postheld h WHERE h.person_id = p.id AND h.is_main "
        "ORDER BY h.valid_from DESC LIMIT 1) AS t ON true LEFT JOIN register_document doc ON doc.id = t.document_id "
        "ORDER BY p.code LIMIT 100"
    )
    return [_overlap(code, post, number) for code, post, _, number in cursor.fetchall()]


def _overlap(code: str, post: str | None, number: str | None) -> Finding:
    by = pick(f" theo {number}", f" by {number}") if number else ""
    message = pick(
        f"Chức vụ chính trong tệp trùng thời gian với chức vụ chính “{post or ''}” đã có{by}. Chưa nhập dòng này.",
        f"The main post of the file overlaps the main post “{post or ''}” of the register{by}. Not imported.",
    )
    advice = pick("Ghi ngày thôi chức vụ cũ, hoặc sửa tệp.", "End the older post, or correct the file.")
    return Finding("error", "conflict", message, advice, sheet=dictionary()["posts_held"].title, value=code)


def end_posts(cursor: CursorWrapper) -> None:
    """End the main posts that a new one follows."""
    cursor.execute("UPDATE register_postheld t SET valid_to = e.day FROM i_post_ends e WHERE e.id = t.id")


def settle_ranks(cursor: CursorWrapper) -> None:
    """Every rank ends where the next begins: the file's in ``w_ranks``, the register's in ``i_rank_ends`` (id, day)."""
    cursor.execute(
        """
        CREATE TEMP TABLE i_rank_next ON COMMIT DROP AS
          SELECT person_id, valid_from, lead(valid_from) OVER (PARTITION BY person_id ORDER BY valid_from) AS next
          FROM (SELECT person_id, valid_from FROM w_ranks UNION
            SELECT person_id, valid_from FROM register_rankheld WHERE person_id IN (SELECT person_id FROM w_ranks)
          ) AS starts;
        UPDATE w_ranks w SET valid_to = n.next FROM i_rank_next n
          WHERE n.person_id = w.person_id AND n.valid_from = w.valid_from AND n.next IS NOT NULL;
        CREATE TEMP TABLE i_rank_ends ON COMMIT DROP AS
          SELECT t.id, n.next AS day FROM register_rankheld t
          JOIN i_rank_next n ON n.person_id = t.person_id AND n.valid_from = t.valid_from
          WHERE n.next IS NOT NULL AND (t.valid_to IS NULL OR t.valid_to > n.next);
        """
    )


def end_ranks(cursor: CursorWrapper) -> None:
    """End the ranks that a new one follows."""
    cursor.execute("UPDATE register_rankheld t SET valid_to = e.day FROM i_rank_ends e WHERE e.id = t.id")


def ended(cursor: CursorWrapper, name: str) -> int:
    """How many rows of the register a new one ends, of posts or ranks."""
    table = {"posts_held": "i_post_ends", "ranks": "i_rank_ends"}[name]
    cursor.execute(f"SELECT count(*) FROM {table}")
    return int(cursor.fetchone()[0])
