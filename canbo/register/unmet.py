"""What is said of targets that are not met: cause, accountable body, remedy, deadline; by period, with its history."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.apps import apps

from canbo.audit.changes import change
from canbo.audit.models import Entry
from canbo.common.findings import Finding, Refused
from canbo.common.language import pick
from canbo.common.numbers import print_day
from canbo.common.text import tidy
from canbo.register import units
from canbo.register.models import Document, Unit, UnmetTarget
from canbo.register.refusals import explained


@dataclass(frozen=True)
class Said:
    """What somebody said of a target, and when."""

    moment: datetime
    by: str
    cause: str
    accountable: str
    remedy: str
    due: date
    done_on: date | None


def record(
    *,
    scheme: str,
    indicator: str,
    period_from: date,
    period_to: date,
    cause: str,
    accountable: Unit | None,
    remedy: str,
    due: date | None,
    done_on: date | None = None,
    document: Document | None = None,
    seen: int = 0,
    by: str,
    at: datetime,
) -> UnmetTarget:
    """Say why a target is not met in a period (both days in it), or say it anew; ``seen``: the revision looked at.

    :raises Refused: with a finding for each field that is missing or impossible; another said something since.
    """
    cause, remedy = tidy(cause), tidy(remedy)
    _require_said(cause, accountable, remedy, due)
    assert accountable is not None and due is not None  # required just now
    units.version(accountable, period_to)
    who = f"{indicator}, {print_day(period_from)} – {print_day(period_to)}"
    row = UnmetTarget(scheme=scheme, indicator=indicator, period_to=period_to)
    subject = f"indicator:{indicator}"
    with explained(who=who, row=row), change(by=by, at=at, action="target.explain", subject=subject):
        held = UnmetTarget.objects.select_for_update().filter(scheme=scheme, indicator=indicator, period_to=period_to)
        row = held.first() or row
        if row.revision != seen:
            raise Refused(
                pick(
                    f"{who}: đã có người ghi sau khi bạn mở. Chưa ghi gì. Hãy tải lại, xem nội dung mới rồi làm lại.",
                    f"{who}: somebody wrote here after you opened it. Nothing was written. Reload and try again.",
                )
            )
        row.period_from, row.cause, row.accountable, row.remedy = period_from, cause, accountable, remedy
        row.due, row.done_on, row.document, row.revision = due, done_on, document, row.revision + 1
        row.save()
    return row


def told(scheme: str, day: date) -> Mapping[str, UnmetTarget]:
    """What is said of the period that the day lies in, by indicator; of several periods the one that ends first."""
    rows = UnmetTarget.objects.filter(scheme=scheme, period_from__lte=day, period_to__gte=day)
    found: dict[str, UnmetTarget] = {}
    for row in rows.select_related("accountable").order_by("period_to"):
        found.setdefault(row.indicator, row)
    return found


def of_period(scheme: str, indicator: str, period_to: date) -> UnmetTarget | None:
    """What is said of a target in the period that ends on a day."""
    rows = UnmetTarget.objects.select_related("accountable")
    return rows.filter(scheme=scheme, indicator=indicator, period_to=period_to).first()


def history(row: UnmetTarget) -> list[Said]:
    """Everything that was said of a target in a period, the last first."""
    events = list(apps.get_model("register", "UnmetTargetEvent").objects.filter(pgh_obj_id=row.pk).order_by("-pgh_id"))
    entries = {one.change: one for one in Entry.objects.filter(change__in=[event.pgh_context_id for event in events])}
    codes = dict(Unit.objects.filter(id__in=[one.accountable_id for one in events]).values_list("id", "code"))
    return [
        Said(
            entries[one.pgh_context_id].moment, entries[one.pgh_context_id].actor, one.cause,
            codes[one.accountable_id], one.remedy, one.due, one.done_on,
        )
        for one in events
        if one.pgh_context_id in entries
    ]  # fmt: skip


def _require_said(cause: str, accountable: Unit | None, remedy: str, due: date | None) -> None:
    asked = {
        "cause": (cause, pick("Ghi nguyên nhân chưa đạt.", "Say why it is not met.")),
        "accountable": (accountable, pick("Chọn cơ quan chịu trách nhiệm.", "Choose the body that answers for it.")),
        "remedy": (remedy, pick("Ghi biện pháp khắc phục.", "Say what is done about it.")),
        "due": (due, pick("Ghi hạn hoàn thành, như 31/12/2026.", "Write the deadline, as 31/12/2026.")),
    }
    findings = [Finding("error", "missing", words, column=name) for name, (value, words) in asked.items() if not value]
    if findings:
        raise Refused(findings[0].message, findings)
