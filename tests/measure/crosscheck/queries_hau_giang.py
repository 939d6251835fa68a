"""Hậu Giang, counted by hand: each query is written from the quote, the label and the note, in words of its own."""

from .asking import DISTRICTS_END, EachQuery, Query, share
from .queries_thai_nguyen import (
    COMMUNE_KEY,
    COMMUNE_KEY_UNSURE,
    DIVISION,
    DIVISION_UNSURE,
    PRINCIPAL,
    PROVINCIAL,
    PROVINCIAL_UNSURE,
)

# “100% cán bộ” of the three levels: officials, civil servants and public employees; no contracts, no part-timers.
STAFF = "staff_kind in ('official', 'civil_servant', 'public_employee')"
THREE_LEVELS = "level in ('province', 'district', 'commune')"
ALL = {"where": f"{STAFF} and {THREE_LEVELS}", "outside": f"{STAFF} and level is null"}
KEY = {"where": f"is_key_leader and {THREE_LEVELS}", "outside": "is_key_leader and level is null"}
# Unlike Thái Nguyên, commune posts managed by the district stay in.
DISTRICT_MANAGED = "managed_by = 'district_committee'"

STANDARDS = {
    "HG-2025-2-02": "major_fits_post",
    "HG-2025-2-03": "state_management_standard",
    "HG-2025-2-04": "language_standard",
    "HG-2025-2-05": "it_standard",
}
ALL_MET = " and ".join(f"coalesce({column}, false)" for column in STANDARDS.values())
NONE_FAILED = " and ".join(f"coalesce({column}, true)" for column in STANDARDS.values())

# Sau đại học: master, doctor, or medical specialist I or II; open only where neither cell settles it.
POSTGRADUATE = """coalesce(education in ('master', 'doctor'), false)
  or coalesce(medical_specialist in ('level_1', 'level_2'), false)"""
POSTGRADUATE_UNSURE = f"(education is null or medical_specialist is null) and not ({POSTGRADUATE})"

# In force in a Party committee's pool of the term, at any level; on several lists one person.
PLANNED = """person_id in (select person_id from pool
  where term = '2025-2030' and body in ('executive_committee', 'standing_committee'))"""
# Any course completed between the entry into the pool and the day; without a last day, its first.
TRAINED = """person_id in (select t.person_id from pool as s join trainings as t on t.person_id = s.person_id
  where s.term = '2025-2030' and s.body in ('executive_committee', 'standing_committee') and t.result = 'completed'
    and s.added_on <= ifnull(t.end_date, t.start_date) and ifnull(t.end_date, t.start_date) <= asked_day())"""

QUERIES: dict[str, Query | EachQuery] = {
    "HG-2025-2-01": share(**ALL, ok=ALL_MET, unsure=f"{NONE_FAILED} and not ({ALL_MET})", goal="= 100%"),
    **{part: share(**ALL, ok=column, unsure=f"{column} is null") for part, column in STANDARDS.items()},
    "HG-2025-3-01": share(**KEY, ok=POSTGRADUATE, unsure=POSTGRADUATE_UNSURE, goal=">= 25%"),
    "HG-2025-4-01": share(PROVINCIAL, **PRINCIPAL, outside=PROVINCIAL_UNSURE, goal=">= 80%"),
    "HG-2025-4-01-quydoi": share(
        PROVINCIAL,
        ok=f"{PRINCIPAL['ok']} and by_equivalence",
        unsure="rank is null and by_equivalence",
        outside=PROVINCIAL_UNSURE,
    ),
    "HG-2025-4-02": share(DIVISION, **PRINCIPAL, outside=DIVISION_UNSURE, goal=">= 55%"),
    "HG-2025-4-03": share(
        DISTRICT_MANAGED, **PRINCIPAL, outside="managed_by is null", goal=">= 25%", until=DISTRICTS_END
    ),
    "HG-2025-4-04": share(
        COMMUNE_KEY,
        ok="rank in ('specialist', 'principal', 'senior', 'chief_expert')",
        unsure="rank is null",
        outside=COMMUNE_KEY_UNSURE,
        goal="= 100%",
    ),
    "HG-2025-5-01": share(PLANNED, TRAINED, goal="= 100%"),
}
