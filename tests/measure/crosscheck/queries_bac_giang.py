"""Bắc Giang, counted by hand: each query is written from the quote, the label and the note, in words of its own."""

from .asking import DISTRICTS_END, EachQuery, Query, share
from .queries_quang_ninh import THREE_COHORTS
from .queries_thai_nguyen import PROVINCIAL, PROVINCIAL_UNSURE

PARTY_TERM = "term = '2025-2030'"
BOTH_TERMS = "term in ('2025-2030', '2026-2031')"
PLANNED = f"person_id in (select person_id from pool where {BOTH_TERMS})"

# Which entries each of the five lists holds; a person in force on a list twice is one person there.
LISTS = {
    "P-01": f"{PARTY_TERM} and level = 'province' and body = 'executive_committee'",
    "P-02": f"{PARTY_TERM} and level = 'province' and body = 'standing_committee'",
    "P-03": f"""{BOTH_TERMS} and level = 'province' and post_kind in ('party_secretary', 'party_deputy_secretary',
      'council_chair', 'council_vice_chair', 'committee_chair', 'committee_vice_chair')""",
    "P-04": f"{BOTH_TERMS} and level = 'province' and post_kind in ('agency_head', 'agency_deputy')",
    "P-05": f"""{BOTH_TERMS} and level = 'district'
      and post_kind in ('party_secretary', 'party_deputy_secretary', 'council_chair', 'committee_chair')""",
}
ANY_LIST = " or ".join(f"({entries})" for entries in LISTS.values())


def on_list(entries: str, **more) -> Query:
    """People in service who are in force on a list."""
    return share(PLANNED, f"person_id in (select person_id from pool where {entries})", measure="count", **more)


def reviewed(subject: str, who: str) -> tuple[Query, Query]:
    """In-depth reviews suggested from 2021 to the day: of how many different ones; and how many suggestions."""
    every = f"select e.* from evaluations as e where e.subject_kind = '{subject}'"
    known = f"{every} and e.review_suggested and e.evaluated_on between date '2021-01-01' and asked_day()"
    open_ = f"""{every} and (e.review_suggested is null or e.review_suggested)
      and (e.evaluated_on is null or e.evaluated_on between date '2021-01-01' and asked_day())
      and (e.review_suggested is null or e.evaluated_on is null)"""
    rows = f"select row as key, unit_id as unit from ({known})"
    # The first in the file stands for all of one; a record that does not say of whom is one of its own.
    once = f"""select {who} as key, unit_id as unit from ({known})
      qualify {who} is null or row_number() over (partition by {who} order by row) = 1"""
    outside = f"select row as key, unit_id as unit from ({open_})"
    return (
        Query(population=rows, counted=once, outside=outside, measure="count", events=True),
        Query(population=rows, counted=rows, outside=outside, measure="count", events=True),
    )


# The last first half-year that had ended by the day, of the years 2021 to 2025; a review made after the day has not
# been made yet.
HALF_YEAR = """concat(greatest(2021, least(2025,
  year(asked_day()) - case when month(asked_day()) < 7 then 1 else 0 end)), '-H1')"""
HALF_YEAR_REVIEW = f"""person_id in (select person_id from evaluations where subject_kind = 'person'
  and period = {HALF_YEAR} and (evaluated_on is null or evaluated_on <= asked_day()))"""

COLLECTIVES, COLLECTIVE_TIMES = reviewed("collective", "unit_id")
INDIVIDUALS, INDIVIDUAL_TIMES = reviewed("person", "person_id")

QUERIES: dict[str, Query | EachQuery] = {
    **{f"BG-2023-{name}": on_list(entries) for name, entries in LISTS.items() if name != "P-05"},
    "BG-2023-P-05": on_list(LISTS["P-05"], until=DISTRICTS_END),
    # Entries over people: who stands on two lists is two entries and one person.
    "BG-2023-P-luot": Query(
        counted=f"select row as key, unit_id as unit from pool where {ANY_LIST}",
        population=f"""select person_id as key, unit_id as unit from person
          where in_service and person_id in (select person_id from pool where {ANY_LIST})""",
        measure="ratio",
        until=DISTRICTS_END,
    ),
    "BG-2023-E-01": COLLECTIVES,
    "BG-2023-E-01-luot": COLLECTIVE_TIMES,
    "BG-2023-E-02": INDIVIDUALS,
    "BG-2023-E-02-luot": INDIVIDUAL_TIMES,
    "BG-2023-S-01": THREE_COHORTS,
    "BG-2023-S-02": share(PROVINCIAL, HALF_YEAR_REVIEW, outside=PROVINCIAL_UNSURE),
}
