"""What documents ask for: tasks of units with deadlines, and the periodic review of documents (DOC-08, DOC-11)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from canbo.audit.changes import change
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.register.models import Document, DocumentRelation, DocumentReview, DocumentTask, Unit

RESULTS = ("keep", "adjust", "replace")
Status = Literal["open", "overdue", "done", "done_late"]


@dataclass(frozen=True)
class Overdue:
    """A task or review past its deadline, by how many days on the day asked for."""

    item: DocumentTask | DocumentReview
    days: int


def give_task(
    document: Document, *, text: str, lead: Unit, due: date | None = None, by: str, at: datetime
) -> DocumentTask:
    """Give a unit a task that arises from a document. ``due`` is the last day to do it.

    :raises Refused: no text, or a deadline before the document was issued.
    """
    if not text.strip():
        raise Refused(pick("Nhiệm vụ chưa có nội dung.", "The task has no text."))
    if due and document.issued_on and due < document.issued_on:
        raise Refused(
            pick(
                f"Hạn {due:%d/%m/%Y} trước ngày ban hành văn bản {document.issued_on:%d/%m/%Y}.",
                f"The deadline {due:%d/%m/%Y} lies before the document's issue on {document.issued_on:%d/%m/%Y}.",
            )
        )
    with change(by=by, at=at, action="document.task", subject=f"unit:{lead.code}"):
        return DocumentTask.objects.create(document=document, text=text.strip(), lead=lead, due=due)


def finish_task(task: DocumentTask, *, on: date, result: str = "", by: str, at: datetime) -> None:
    """Say that a task was done on a day, with what came of it.

    :raises Refused: it is done already.
    """
    if task.done_on is not None:
        raise Refused(
            pick(f"Nhiệm vụ đã xong ngày {task.done_on:%d/%m/%Y}.", f"The task was done on {task.done_on:%d/%m/%Y}.")
        )
    with change(by=by, at=at, action="document.task_done", subject=f"unit:{task.lead.code}"):
        task.done_on, task.result = on, result.strip()
        task.save()


def status_on(task: DocumentTask, day: date) -> Status:
    """The status of a task on a day; one without deadline is never late."""
    if task.done_on is not None and task.done_on <= day:
        return "done_late" if task.due is not None and task.done_on > task.due else "done"
    return "overdue" if task.due is not None and task.due < day else "open"


def overdue_tasks(day: date, *, units: Sequence[Unit] | None = None) -> list[Overdue]:
    """The tasks not done on a day past their deadline, the oldest first."""
    tasks = DocumentTask.objects.filter(due__lt=day).select_related("document", "lead").order_by("due", "id")
    if units is not None:
        tasks = tasks.filter(lead__in=list(units))
    return [
        Overdue(task, (day - task.due).days)
        for task in tasks
        if task.due is not None and status_on(task, day) == "overdue"
    ]


def plan_review(document: Document, *, due: date, owner: str, by: str, at: datetime) -> DocumentReview:
    """Set the next review of a document, with who is to do it; ``review_due`` of the document follows.

    :raises Refused: no owner.
    """
    if not owner.strip():
        raise Refused(pick("Chưa ghi ai chịu trách nhiệm rà soát.", "Nobody is named to review the document."))
    with change(by=by, at=at, action="document.plan_review", subject=f"document:{document.number or document.title}"):
        document.review_due = due
        document.save(update_fields=["review_due"])
        return DocumentReview.objects.create(document=document, due=due, owner=owner.strip())


def finish_review(
    review: DocumentReview, *, on: date, result: str, next_due: date | None = None, by: str, at: datetime
) -> DocumentReview | None:
    """Say what a review came to: ``keep``, ``adjust`` or ``replace``; plan the next where ``next_due`` is given.

    :raises Refused: another result, or the review is finished already.
    """
    if result not in RESULTS:
        raise Refused(
            pick(
                f"Kết quả rà soát “{result}” không có; chọn giữ nguyên (keep), sửa đổi (adjust), thay thế (replace).",
                f"There is no result “{result}”: choose keep, adjust or replace.",
            )
        )
    if review.reviewed_on is not None:
        raise Refused(pick("Lần rà soát này đã xong.", "This review is finished."))
    document = review.document
    with change(by=by, at=at, action="document.review", subject=f"document:{document.number or document.title}"):
        review.reviewed_on, review.result = on, result
        review.save()
        if next_due is not None:
            return plan_review(document, due=next_due, owner=review.owner, by=by, at=at)
        document.review_due = None
        document.save(update_fields=["review_due"])
    return None


def overdue_reviews(day: date) -> list[Overdue]:
    """The reviews not done on a day past their due date, the oldest first."""
    reviews = DocumentReview.objects.filter(due__lt=day).select_related("document").order_by("due", "id")
    return [
        Overdue(review, (day - review.due).days)
        for review in reviews
        if review.reviewed_on is None or review.reviewed_on > day
    ]


def reviewed_without_action(day: date) -> list[DocumentReview]:
    """The reviews that found a document to be adjusted or replaced, where no later document does so by ``day``."""
    wanted = {"adjust": ("amends", "replaces"), "replace": ("replaces",)}
    reviews = DocumentReview.objects.filter(result__in=wanted, reviewed_on__lte=day).select_related("document")
    return [
        review
        for review in reviews.order_by("reviewed_on", "id")
        if not DocumentRelation.objects.filter(
            target=review.document,
            kind__in=wanted[review.result],
            source__issued_on__gte=review.reviewed_on,
            source__issued_on__lte=day,
        ).exists()
    ]
