"""What ends with the service of those whom a file says have left: posts, seats, rotations, places in pools.

As ``canbo.register.employment`` does when an exit is entered. Only what the register has and the file does not tell of
itself is ended: where the file has the row, it stands as the file says. What was entered by hand is left and told.
"""

from django.db.backends.utils import CursorWrapper

from canbo.codes import code_list
from canbo.common.language import pick
from canbo.register.employment import ENDED_WITH_SERVICE
from canbo.register.importing.columns import literal
from canbo.register.importing.preview import SHOWN, Counts, Effect, Part, RowChange
from canbo.register.importing.specs import NOT_MERGED
from canbo.register.models import BodySeat, Employment, PartyMembership, PoolEntry, PostHeld, Rotation
from canbo.register.models.people import PersonFact

# Who has left by the people's row, else by the exit alone where the file has no row of the person. Nobody of whom the
# register tells that he or she serves, or begins something, later.
_LEAVERS = f"""
CREATE TEMP TABLE i_leaver ON COMMIT DROP AS
  SELECT l.*, EXISTS (SELECT 1 FROM register_employment e WHERE e.person_id = l.person_id AND e.origin_id IS NULL
    AND (e.valid_to IS NULL OR e.valid_to > l.first)) AS blocked
  FROM (
    SELECT i.id AS person_id, f.left_on + 1 AS first, x.kind, 'people' AS source
    FROM f_people f JOIN i_person i ON i.code = f.person_id
    LEFT JOIN (SELECT DISTINCT ON (person_id, left_on) person_id, left_on, kind FROM f_exits
      ORDER BY person_id, left_on, _row) AS x ON x.person_id = f.person_id AND x.left_on = f.left_on
    WHERE f.left_on IS NOT NULL AND {NOT_MERGED}
    UNION ALL
    (SELECT DISTINCT ON (i.id) i.id, f.left_on + 1, f.kind, 'exits' FROM f_exits f
    JOIN i_person i ON i.code = f.person_id
    WHERE f.left_on IS NOT NULL AND f.person_id NOT IN (SELECT person_id FROM f_people)
    ORDER BY i.id, f.left_on DESC)
  ) AS l
  WHERE NOT EXISTS (SELECT 1 FROM register_employment e WHERE e.person_id = l.person_id AND e.valid_from >= l.first)
    AND NOT EXISTS (SELECT 1 FROM register_postheld h WHERE h.person_id = l.person_id AND h.valid_from >= l.first);
CREATE TEMP TABLE d_closing (part text, id bigint, person_id bigint, first date, was date, by_hand boolean,
  source text, why text) ON COMMIT DROP
"""
_TOLD = "t.id NOT IN (SELECT rid FROM d_{0} WHERE rid IS NOT NULL)"
_PARTS: dict[str, tuple[type[PersonFact], str]] = {
    "employment": (Employment, "l.source = 'exits'"),
    "posts_held": (
        PostHeld,
        f"NOT l.blocked AND {_TOLD.format('posts_held')} AND {_TOLD.format('post')} "
        "AND t.id NOT IN (SELECT id FROM i_post_ends)",
    ),
    "memberships": (BodySeat, f"NOT l.blocked AND {_TOLD.format('memberships')}"),
    "rotations": (Rotation, f"NOT l.blocked AND {_TOLD.format('rotations')}"),
    "succession": (PoolEntry, f"NOT l.blocked AND {_TOLD.format('succession')}"),
    "party": (PartyMembership, "NOT l.blocked AND l.kind = 'death'"),
}
"""For each part of a preview, the table and which rows of a leaver (``t``, ``l``) end beside being open."""


def stage(cursor: CursorWrapper) -> None:
    """Make ``d_closing``, after all that the file tells of was compared."""
    cursor.execute(_LEAVERS)
    exits = code_list("exit_kind")
    kinds = " ".join(f"WHEN {literal(key)} THEN {literal(exits[key].label)}" for key in exits.keys)
    other = literal(pick("Ra khỏi ngành", "Left the service"))
    for part, (model, which) in _PARTS.items():
        cursor.execute(
            f"INSERT INTO d_closing SELECT '{part}', t.id, t.person_id, l.first, t.valid_to, t.origin_id IS NULL, "
            f"l.source, CASE l.kind {kinds} ELSE {other} END FROM i_leaver l "
            f"JOIN {model._meta.db_table} t ON t.person_id = l.person_id AND t.valid_from < l.first "
            f"AND (t.valid_to IS NULL OR t.valid_to > l.first) WHERE {which}"
        )


def tell(cursor: CursorWrapper) -> list[Part]:
    """What would end, and what was entered by hand and is left, for each table where there is any."""
    cursor.execute(
        "SELECT source, part, count(*) FILTER (WHERE NOT by_hand), count(*) FILTER (WHERE by_hand) FROM d_closing "
        "GROUP BY source, part ORDER BY source, part"
    )
    return [
        Part(source, part, Counts(ended=ended, conflict=by_hand), tuple(_listed(cursor, source, part)))
        for source, part, ended, by_hand in cursor.fetchall()
    ]


def _listed(cursor: CursorWrapper, source: str, part: str) -> list[RowChange]:
    cases: list[tuple[Effect, bool]] = [("ended", False), ("conflict", True)]
    found = []
    for effect, by_hand in cases:
        cursor.execute(
            "SELECT p.code || ' · ' || p.full_name, d.was::text, d.first::text FROM d_closing d "
            "JOIN register_person p ON p.id = d.person_id WHERE d.source = %s AND d.part = %s AND d.by_hand = %s "
            "ORDER BY p.code, d.id LIMIT %s",
            [source, part, by_hand, SHOWN],
        )
        found += [RowChange(source, part, effect, key, {"valid_to": (was, to)}) for key, was, to in cursor.fetchall()]
    return found


def write(cursor: CursorWrapper) -> None:
    """End the rows with their reason, and count the change in their persons."""
    for part, (model, _) in _PARTS.items():
        field = ENDED_WITH_SERVICE.get(model)
        why = f", {field} = coalesce(nullif(t.{field}, ''), d.why)" if field else ""
        cursor.execute(
            f"UPDATE {model._meta.db_table} t SET valid_to = d.first{why} FROM d_closing d "
            "WHERE d.part = %s AND d.id = t.id AND NOT d.by_hand",
            [part],
        )
    cursor.execute(
        "UPDATE register_person SET revision = revision + 1 "
        "WHERE id IN (SELECT person_id FROM d_closing WHERE NOT by_hand)"
    )
