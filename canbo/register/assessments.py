"""Judgements of persons with their basis, and by which approved rule they count (REG-05, REG-06, C.6).

Without an approved rule nobody is met or not met: the answer is “rule not set”. A certificate alone proves nothing.
"""

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from importlib.resources import files
from typing import Literal

import yaml

from canbo.audit.changes import change
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.common.text import nfc
from canbo.register import fact_entry
from canbo.register.fact_entry import after, day_of
from canbo.register.models import Assessment, AssessmentRule, Document, Person
from canbo.register.refusals import explained
from canbo.register.revisions import named

State = Literal["met", "not_met", "not_assessed", "rule_not_set"]


@dataclass(frozen=True)
class Rule:
    """What an approved rule asks: which bases count (empty: any), and for how many months (None: always)."""

    version: str
    bases: frozenset[str] = frozenset()
    valid_months: int | None = None


@dataclass(frozen=True)
class Judged:
    """An assessment as the rule needs it; ``[start, end)``."""

    met: bool
    basis: str
    start: date
    end: date | None = None


def record(
    *,
    person: Person,
    subject: str,
    met: bool,
    basis: str,
    on: date,
    assessor: str,
    level: str = "",
    last_day: date | None = None,
    document: Document | None = None,
    by: str,
    at: datetime,
    seen: int | None = None,
) -> Assessment:
    """Enter a judgement of ``subject`` (a column of people) made on a day by ``assessor``; ``basis`` is a key.

    The version of the rule in force on the day is kept with it.

    :raises Refused: no basis or one outside the list, no assessor, or judged after the day of entry.
    """
    if basis not in bases():
        listed = ", ".join(bases().values())
        raise Refused(
            pick(
                f"{named(person)}: đánh giá phải có căn cứ thuộc danh mục ({listed}), không ghi chung chung “{basis}”.",
                f"{named(person)}: an assessment rests on a basis of the list ({listed}), not on “{basis}”.",
            )
        )
    if not assessor.strip():
        raise Refused(
            pick(
                f"{named(person)}: chưa ghi ai đánh giá. Hãy ghi người hoặc hội đồng đánh giá.",
                f"{named(person)}: it is not said who judged. Enter the person or panel.",
            )
        )
    if on > day_of(at):
        raise Refused(
            pick(
                f"{named(person)}: ngày đánh giá {on:%d/%m/%Y} sau ngày nhập. Hãy xem lại ngày.",
                f"{named(person)}: judged on {on:%d/%m/%Y}, after the day of entry. Check the day.",
            )
        )
    rule = rule_on(subject, on)
    row = Assessment(
        person=person, subject=subject, met=met, level=level, basis=basis, assessor=assessor, valid_from=on,
        valid_to=after(last_day), rule_version=rule.version if rule else "", document=document,
    )  # fmt: skip
    return fact_entry.enter(row, person=person, by=by, at=at, action="assessment.record", seen=seen)


def approve(
    *,
    subject: str,
    version: str,
    start: date,
    document: Document | None,
    accepted: Iterable[str] = (),
    valid_months: int | None = None,
    text: str = "",
    by: str,
    at: datetime,
) -> AssessmentRule:
    """Approve a rule for a subject from a day on; the one before ends on the day before.

    :raises Refused: no document, or an unknown basis.
    """
    wrong = sorted(set(accepted) - set(bases()))
    if wrong or document is None:
        raise Refused(
            pick(
                f"Quy tắc {version}: căn cứ không có trong danh mục: {', '.join(wrong)}."
                if wrong
                else f"Quy tắc {version} phải kèm văn bản phê duyệt. Hãy vào sổ văn bản trước.",
                f"Rule {version}: unknown bases: {', '.join(wrong)}."
                if wrong
                else f"Rule {version} needs the document that approves it. Register it first.",
            )
        )
    row = AssessmentRule(
        subject=subject, version=version, bases=sorted(accepted), valid_months=valid_months, text=text,
        valid_from=start, document=document,
    )  # fmt: skip
    with explained(row=row), change(by=by, at=at, action="assessment.approve", subject=f"assessment_rule:{subject}"):
        before = AssessmentRule.objects.filter(subject=subject, valid_from__lt=start, valid_to__isnull=True).first()
        if before is not None:
            before.valid_to = start
            before.save(update_fields=["valid_to"])
        row.save(force_insert=True)
    return row


def judge(rows: Iterable[Judged], rule: Rule | None, day: date) -> State:
    """What holds on a day: the latest judgement that the rule accepts and that has not grown too old."""
    if rule is None:
        return "rule_not_set"
    valid = [row for row in rows if _counts(row, rule, day)]
    if not valid:
        return "not_assessed"
    return "met" if max(valid, key=lambda row: row.start).met else "not_met"


def state_on(person: Person, subject: str, day: date) -> State:
    """What holds of a person on a day by the rule in force on it."""
    rows = Assessment.objects.filter(person=person, subject=subject, valid_from__lte=day).order_by("id")
    judged = [Judged(row.met, row.basis.partition(":")[0], row.valid_from, row.valid_to) for row in rows]
    return judge(judged, rule_on(subject, day), day)


def rule_on(subject: str, day: date) -> Rule | None:
    """The approved rule in force on a day; None: none is set."""
    row = AssessmentRule.objects.as_of(day).filter(subject=subject).first()
    return Rule(row.version, frozenset(row.bases), row.valid_months) if row else None


@lru_cache(maxsize=4)
def _bases() -> Mapping[str, tuple[str, str]]:
    source = files("canbo") / "definitions" / "register" / "assessments.yaml"
    loaded = yaml.safe_load(source.read_text("utf-8"))["bases"]
    return {key: (nfc(entry["vi"]), entry["en"]) for key, entry in loaded.items()}


def bases() -> Mapping[str, str]:
    """Label of each basis by key, in the language in force."""
    return {key: pick(*labels) for key, labels in _bases().items()}


def months_after(day: date, months: int) -> date:
    """The same day some months later, or the last of that month."""
    month = day.year * 12 + day.month - 1 + months
    year, index = divmod(month, 12)
    return date(year, index + 1, min(day.day, calendar.monthrange(year, index + 1)[1]))


def _counts(row: Judged, rule: Rule, day: date) -> bool:
    if not row.start <= day or (row.end is not None and row.end <= day):
        return False
    if rule.bases and row.basis not in rule.bases:
        return False
    return rule.valid_months is None or day < months_after(row.start, rule.valid_months)
