"""The management tier in SQL: which delegation rule decides for a post or a seat on a day. ``tiers`` says the same.

A rule fits what agrees with all that it states; one without a body is about posts, one with a body about seats. The one
that states most decides, of equal ones the highest tier. Where the unit has no version on the day, only rules that ask
nothing of the unit fit. Days and values are SQL texts, so that they may be columns, literals or parameters.
"""

from canbo.codes import code_list

_TIERS = ", ".join(f"'{key}'" for key in code_list("managed_by").keys)
_NOTHING = "NULL::text"
_CONDITIONS = ("post_kind", "body", "body_role", "unit_kind", "level")


def tier_place(tier: str) -> str:
    """The place of a tier among all: 1 is the highest, so the highest of several is the least."""
    return f"array_position(ARRAY[{_TIERS}], {tier})"


def tier_at(place: str) -> str:
    """The tier at a place."""
    return f"(ARRAY[{_TIERS}])[{place}]"


def holds(row: str, day: str) -> str:
    """Whether a row with a half-open period holds on a day."""
    return f"{row}.valid_from <= {day} AND ({row}.valid_to IS NULL OR {row}.valid_to > {day})"


def version_on(row: str, day: str) -> str:
    """Join ``v``, the version of the row's unit on a day; all NULL where it has none."""
    return f"LEFT JOIN register_unitversion v ON v.unit_id = {row}.unit_id AND {holds('v', day)}"


def deciding(
    day: str,
    *,
    post_kind: str = _NOTHING,
    body: str = _NOTHING,
    role: str = _NOTHING,
    unit_kind: str = "v.kind",
    level: str = "v.level",
    only: str = "true",
) -> str:
    """Select ``tier`` of the rule that decides for a post or a seat on a day; no row where none fits."""
    values = dict(zip(_CONDITIONS, (post_kind, body, role, unit_kind, level), strict=True))
    fits = " AND ".join(f"(r.{name} IS NULL OR r.{name} = {value})" for name, value in values.items())
    stated = ", ".join(f"r.{name}" for name in _CONDITIONS)
    return f"""SELECT r.tier FROM register_delegationrule r
  WHERE {only} AND (r.body IS NULL) = ({body} IS NULL) AND {holds("r", day)} AND {fits}
  ORDER BY num_nonnulls({stated}) DESC, {tier_place("r.tier")} LIMIT 1"""


def tier_of_post(post: str, day: str) -> str:
    """Join ``rule`` with the ``tier`` of a post by the rules of a day; NULL where one is stated or no rule fits."""
    rule = deciding(day, post_kind=f"{post}.post_kind", only=f"{post}.stated_tier IS NULL")
    return f"{version_on(post, day)}\nLEFT JOIN LATERAL (\n  {rule}) AS rule ON true"


def tier_of_seat(seat: str, day: str) -> str:
    """Join ``rule`` with the ``tier`` of a seat by the rules of a day; NULL where no rule fits."""
    rule = deciding(day, body=f"{seat}.body", role=f"{seat}.role")
    return f"{version_on(seat, day)}\nLEFT JOIN LATERAL (\n  {rule}) AS rule ON true"


def managed_seats(day: str, source: str = "register_bodyseat") -> str:
    """Select person, unit and tier of the seats that hold on a day and that a rule gives a tier.

    ``source`` has the columns of the seats, named ``s`` in ``day``.
    """
    rule = deciding(day, body="s.body", role="s.role")
    return f"""SELECT s.person_id, s.unit_id, rule.tier FROM {source} AS s
{version_on("s", day)}
JOIN LATERAL (
  {rule}) AS rule ON true
WHERE {holds("s", day)}"""
