"""Thái Nguyên, counted by hand: each query is written from the quote, the label and the note, in words of its own."""

from dataclasses import replace
from datetime import date

from .asking import DISTRICTS_END, EachQuery, Query, share, younger_than

# Groups of people. Where membership rests on a cell, `..._UNSURE` are those whose empty cell leaves it open.
PROVINCIAL = "managed_by = 'provincial_committee'"
PROVINCIAL_UNSURE = "managed_by is null"


def seated(body: str, on: str, join: str = "") -> str:
    """Holds a seat of the body on the day, in a unit `u` of which `on` is true; several seats are one person."""
    return f"""person_id in (select m.person_id from memberships as m join units as u on u.unit_id = m.unit_id {join}
      where m.body = '{body}' and held(m.start_date, m.end_date) and {on})"""


PROVINCE_ITSELF = "u.level = 'province' and u.kind = 'locality'"
EXECUTIVE = seated("executive_committee", PROVINCE_ITSELF)
STANDING = seated("standing_committee", PROVINCE_ITSELF)
# Party committees directly under the province: one step below it in the party tree, which is the administrative one
# where no party parent is given.
DIRECT = seated(
    "standing_committee",
    "top.level = 'province' and top.kind = 'locality'",
    "join units as top on top.unit_id = coalesce(u.party_parent_id, u.parent_id)",
)
DISTRICT_SEAT = seated("standing_committee", "u.level = 'district'")
DISTRICT_LEADERS = f"(is_key_leader and level = 'district') or {DISTRICT_SEAT}"
DISTRICT_LEADERS_UNSURE = f"is_key_leader and level is null and not {DISTRICT_SEAT}"

# District-managed, “trừ cán bộ cấp xã, cán bộ thuộc các chi, đảng bộ cơ sở”.
DISTRICT = "managed_by = 'district_committee' and level in ('central', 'province', 'district') and not in_base_party"
DISTRICT_MAYBE = """(managed_by is null or managed_by = 'district_committee') and (level is null or level <> 'commune')
  and not in_base_party"""
DISTRICT_UNSURE = f"({DISTRICT_MAYBE}) and (managed_by is null or level is null)"
DIVISION = "post_kind in ('division_head', 'division_deputy') and level = 'province'"
DIVISION_MAYBE = """(post_kind is null or post_kind in ('division_head', 'division_deputy'))
  and (level is null or level = 'province')"""
DIVISION_UNSURE = f"({DIVISION_MAYBE}) and (post_kind is null or level is null)"
GROUP_2 = f"({DISTRICT}) or ({DIVISION})"
GROUP_2_UNSURE = f"""(({DISTRICT_MAYBE}) or ({DIVISION_MAYBE}))
  and not coalesce({DISTRICT}, false) and not coalesce({DIVISION}, false)"""

FOUR_POSTS = "('party_secretary', 'party_deputy_secretary', 'council_chair', 'committee_chair')"
COMMUNE_KEY = f"post_kind in {FOUR_POSTS} and level = 'commune'"
COMMUNE_KEY_UNSURE = f"""(post_kind is null or post_kind in {FOUR_POSTS}) and (level is null or level = 'commune')
  and (post_kind is null or level is null)"""
COMMUNE_OFFICIALS = "staff_kind = 'official' and level = 'commune'"
COMMUNE_OFFICIALS_UNSURE = "staff_kind = 'official' and level is null"
LOCAL_LEADERS = "is_leader and level in ('district', 'commune')"
LOCAL_LEADERS_UNSURE = """(is_leader is null or is_leader) and (level is null or level in ('district', 'commune'))
  and (is_leader is null or level is null)"""

MASTER = {"ok": "education in ('master', 'doctor')", "unsure": "education is null"}
DEGREE = {"ok": "education in ('bachelor', 'master', 'doctor')", "unsure": "education is null"}
PRINCIPAL = {"ok": "rank in ('principal', 'senior', 'chief_expert')", "unsure": "rank is null"}
SENIOR = {"ok": "rank in ('senior', 'chief_expert')", "unsure": "rank is null"}
WOMAN = {"ok": "sex = 'female'", "unsure": "sex is null"}
MINORITY = {"ok": "ethnicity <> 'Kinh'", "unsure": "ethnicity is null"}


def aged(years: int) -> dict[str, str]:
    """“Dưới N tuổi”: has not had the Nth birthday on the day."""
    ok, unsure = younger_than(years)
    return {"ok": ok, "unsure": unsure}


def rotated(first: str, last: str, more: str) -> dict[str, str]:
    """At least one rotation (not a transfer, not a secondment) that began in the window and by the day."""
    return {
        "ok": f"""person_id in (select r.person_id from rotations as r where r.movement = 'rotation' and {more}
          and r.start_date >= date '{first}' and r.start_date <= least(date '{last}', asked_day()))"""
    }


# The four sides on which a commune official is standardised; political theory from intermediate up.
SIDES = {
    "a": ("political_theory in ('intermediate', 'advanced', 'bachelor')", "political_theory is null"),
    "b": ("major_fits_post", "major_fits_post is null"),
    "c": ("operations_standard", "operations_standard is null"),
    "d": ("skills_standard", "skills_standard is null"),
}
ALL_SIDES = " and ".join(f"coalesce({ok}, false)" for ok, _ in SIDES.values())
# Whoever fails one side for certain lacks; of the others, whoever has an empty side is unknown.
NO_SIDE_FAILED = " and ".join(f"coalesce({ok}, true)" for ok, _ in SIDES.values())
STANDARDISED = {"ok": ALL_SIDES, "unsure": f"{NO_SIDE_FAILED} and not ({ALL_SIDES})"}

# Organisations in being on the day.
IN_BEING = "(valid_from is null or valid_from <= asked_day()) and (valid_to is null or valid_to >= asked_day())"
COMMUNE = f"{IN_BEING} and level = 'commune' and kind = 'locality'"
DISTRICTS = f"{IN_BEING} and level = 'district' and kind = 'locality'"
AGENCIES = f"{IN_BEING} and level in ('province', 'district') and kind in ('party', 'state', 'front', 'justice')"


def organisations(where: str, ok: str, goal: str | None, until: date | None = None) -> Query:
    """Organisations of which `ok` holds; each stands in itself."""
    every = f"select unit_id as key, unit_id as unit from units where {where}"
    return Query(population=every, counted=f"{every} and {ok}", goal=goal, until=until)


# The heads of an agency and their deputies; in a district agency the heads of the division are its leaders.
WOMAN_LEADS = """unit_id in (select u.unit_id from person as p join units as u on u.unit_id = p.unit_id
  where p.sex = 'female' and (p.left_on is null or p.left_on >= asked_day())
    and (p.post_kind in ('agency_head', 'agency_deputy', 'party_secretary', 'party_deputy_secretary', 'council_chair',
           'council_vice_chair', 'committee_chair', 'committee_vice_chair')
      or p.post_kind in ('division_head', 'division_deputy') and u.level = 'district'))"""

# “Có cán bộ cấp huyện luân chuyển về làm cán bộ chủ chốt cấp xã”: holding it on the day, so not one who has left.
ROTATED_DOWN = f"""(select place.locality from rotations as r join place on place.unit_id = r.to_unit_id
  where r.movement = 'rotation' and r.from_level = 'district' and r.to_level = 'commune'
    and r.to_post_kind in {FOUR_POSTS} and held(r.start_date, r.end_date)
    and r.person_id not in (select person_id from people where left_on < asked_day()))"""

# Sender or receiver of a transfer or rotation between two communes, of a vice chair or higher: by the post left,
# where it is not recorded by the post taken up.
SIDEWAYS = """unit_id in (
  with moved as (
    select sender.locality as sender, receiver.locality as receiver
    from rotations as r join place as sender on sender.unit_id = r.from_unit_id
      join place as receiver on receiver.unit_id = r.to_unit_id
    where r.movement <> 'secondment' and r.from_level = 'commune' and r.to_level = 'commune'
      and sender.locality <> receiver.locality
      and case when r.from_post_kind is not null then r.from_post_kind else r.to_post_kind end in
        ('party_secretary', 'party_deputy_secretary', 'council_chair', 'council_vice_chair', 'committee_chair',
         'committee_vice_chair')
      and r.start_date >= date '2020-01-01' and r.start_date <= least(date '2025-12-31', asked_day()))
  select sender from moved union select receiver from moved)"""

SIDEWAYS_OUT = SIDEWAYS.replace("select sender from moved union select receiver from moved", "select sender from moved")
SIDEWAYS_IN = SIDEWAYS.replace(
    "select sender from moved union select receiver from moved", "select receiver from moved"
)

# The other reading: at any time in the period, begun by the day; whoever has left since still came then.
ROTATED_DOWN_ONCE = f"""(select place.locality from rotations as r join place on place.unit_id = r.to_unit_id
  where r.movement = 'rotation' and r.from_level = 'district' and r.to_level = 'commune'
    and r.to_post_kind in {FOUR_POSTS} and r.start_date <= least(date '2025-12-31', asked_day())
    and ifnull(r.end_date, date '2025-12-31') >= date '2021-01-01')"""

# One person, on the day both secretary and chair of the committee in the same commune, and still in service.
BOTH_POSTS = """unit_id in (
  select place.locality
  from posts_held as h join place on place.unit_id = h.unit_id
  where held(h.start_date, h.end_date) and h.post_kind in ('party_secretary', 'committee_chair')
    and h.person_id not in (select person_id from people where left_on < asked_day())
  group by h.person_id, place.locality
  having count(distinct h.post_kind) = 2)"""

WOMAN_SEATED = """unit_id in (
  select place.locality from memberships as m join units as u on u.unit_id = m.unit_id
    join place on place.unit_id = m.unit_id join people as p on p.person_id = m.person_id
  where m.body = 'standing_committee' and u.level = 'district' and held(m.start_date, m.end_date)
    and p.sex = 'female' and (p.left_on is null or p.left_on >= asked_day()))"""

GROUP_2_SHARE = {"where": GROUP_2, "outside": GROUP_2_UNSURE, "until": DISTRICTS_END}
KEY_SHARE = {"where": COMMUNE_KEY, "outside": COMMUNE_KEY_UNSURE}

QUERIES: dict[str, Query | EachQuery] = {
    "TN-2025-1-01": share(PROVINCIAL, **MASTER, outside=PROVINCIAL_UNSURE, goal="> 60%"),
    "TN-2025-1-03": share(EXECUTIVE, **SENIOR, goal="> 50%"),
    "TN-2025-1-05": share(PROVINCIAL, **aged(40), outside=PROVINCIAL_UNSURE, goal=">= 7%"),
    "TN-2025-1-06": share(PROVINCIAL, **WOMAN, outside=PROVINCIAL_UNSURE, goal=">= 20%"),
    "TN-2025-1-07": share(
        DISTRICT_LEADERS, **aged(40), outside=DISTRICT_LEADERS_UNSURE, goal=">= 5%", until=DISTRICTS_END
    ),
    "TN-2025-1-08": share(
        PROVINCIAL, **rotated("2020-01-01", "2025-12-31", "true"), outside=PROVINCIAL_UNSURE, goal="> 10%"
    ),
    "TN-2025-2-01": share(DISTRICT, **MASTER, outside=DISTRICT_UNSURE, goal="> 35%", until=DISTRICTS_END),
    "TN-2025-2-02": share(DIVISION, **MASTER, outside=DIVISION_UNSURE, goal="> 55%"),
    "TN-2025-2-04": share(**GROUP_2_SHARE, **PRINCIPAL, goal=">= 20%"),
    "TN-2025-2-06": share(**GROUP_2_SHARE, **aged(35), goal=">= 15%"),
    "TN-2025-2-07": share(**GROUP_2_SHARE, **WOMAN, goal=">= 40%"),
    # The two halves of the group apart, figures without a target of their own.
    **{
        f"TN-2025-{row}-{half}": share(where, **what, outside=outside, until=until)
        for row, what in (("2-04", PRINCIPAL), ("2-06", aged(35)), ("2-07", WOMAN))
        for half, where, outside, until in (
            ("huyen", DISTRICT, DISTRICT_UNSURE, DISTRICTS_END),
            ("phong", DIVISION, DIVISION_UNSURE, None),
        )
    },
    "TN-2025-2-08": organisations(AGENCIES, WOMAN_LEADS, ">= 30%", DISTRICTS_END),
    "TN-2025-3-01": share(**KEY_SHARE, **DEGREE, goal="= 100%"),
    "TN-2025-3-02": share(**KEY_SHARE, **STANDARDISED, goal="= 100%"),
    **{f"TN-2025-3-02-{side}": share(**KEY_SHARE, ok=ok, unsure=unsure) for side, (ok, unsure) in SIDES.items()},
    "TN-2025-3-04": share(COMMUNE_OFFICIALS, **aged(35), outside=COMMUNE_OFFICIALS_UNSURE, goal=">= 20%"),
    "TN-2025-3-05": share(COMMUNE_OFFICIALS, **WOMAN, outside=COMMUNE_OFFICIALS_UNSURE, goal=">= 20%"),
    # Each district over the communes in being under it; only a district in being is measured.
    "TN-2025-3-06": EachQuery(
        by_unit=f"""
          with communes as (select unit_id from units where {COMMUNE}),
            districts as (select unit_id from units where {DISTRICTS})
          select districts.unit_id as unit,
            count(communes.unit_id) filter (communes.unit_id in {ROTATED_DOWN}) as n, count(communes.unit_id) as d
          from districts left join above on above.top = districts.unit_id
            left join communes on communes.unit_id = above.unit_id
          group by districts.unit_id""",
        goal="> 30%",
        exceptions={"TN-TPTN": "> 40%"},
        until=DISTRICTS_END,
    ),
    "TN-2025-3-06-ky": organisations(COMMUNE, f"unit_id in {ROTATED_DOWN_ONCE}", None, DISTRICTS_END),
    # A commune whose district is not recorded may be one of the city's.
    "TN-2025-3-07": replace(
        organisations(f"{COMMUNE} and parent_id = 'TN-TPTN'", f"unit_id in {ROTATED_DOWN}", "> 40%", DISTRICTS_END),
        outside=f"select unit_id as key, unit_id as unit from units where {COMMUNE} and parent_id is null",
    ),
    "TN-2025-3-08": organisations(COMMUNE, SIDEWAYS, ">= 50%"),
    "TN-2025-3-08-di": organisations(COMMUNE, SIDEWAYS_OUT, None),
    "TN-2025-3-08-den": organisations(COMMUNE, SIDEWAYS_IN, None),
    "TN-2030-1-02": share(PROVINCIAL, **aged(40), outside=PROVINCIAL_UNSURE, goal="> 15%"),
    "TN-2030-1-03": share(STANDING, **aged(45), goal=">= 2", measure="count"),
    "TN-2030-1-04": share(
        DISTRICT_LEADERS, **aged(40), outside=DISTRICT_LEADERS_UNSURE, goal="> 10%", until=DISTRICTS_END
    ),
    "TN-2030-2-02": share(**GROUP_2_SHARE, **aged(35), goal=">= 20%"),
    "TN-2030-3-01": share(**KEY_SHARE, **DEGREE, goal="= 100%"),
    "TN-2030-3-02": share(**KEY_SHARE, **MASTER, goal=">= 15%"),
    "TN-2030-3-03": share(**KEY_SHARE, **STANDARDISED, goal="= 100%"),
    **{f"TN-2030-3-03-{side}": share(**KEY_SHARE, ok=ok, unsure=unsure) for side, (ok, unsure) in SIDES.items()},
    "TN-2030-3-04": organisations(COMMUNE, BOTH_POSTS, None),
    "TN-2030-4-01": share(STANDING, **WOMAN, goal=">= 1", measure="count"),
    "TN-2030-4-02": organisations(DISTRICTS, WOMAN_SEATED, "= 100%", DISTRICTS_END),
    "TN-2030-4-03": share(LOCAL_LEADERS, **MINORITY, outside=LOCAL_LEADERS_UNSURE),
    "TN-2021-B-01": share(PROVINCIAL, **MASTER, outside=PROVINCIAL_UNSURE),
    "TN-2021-B-03": share(PROVINCIAL, **aged(40), outside=PROVINCIAL_UNSURE),
    "TN-2021-B-04": share(PROVINCIAL, **WOMAN, outside=PROVINCIAL_UNSURE),
    "TN-2021-B-05": share(DIRECT, **aged(40), until=DISTRICTS_END),
    "TN-2021-B-06": share(DISTRICT, **MASTER, outside=DISTRICT_UNSURE, until=DISTRICTS_END),
    "TN-2021-B-07": share(DIVISION, **MASTER, outside=DIVISION_UNSURE),
    "TN-2021-B-09": share(
        **KEY_SHARE, **rotated("2015-01-01", "2020-12-31", "r.from_level = 'commune' and r.to_level = 'commune'")
    ),
    "TN-2021-B-10": share(DISTRICT_LEADERS, **aged(40), outside=DISTRICT_LEADERS_UNSURE, until=DISTRICTS_END),
}
