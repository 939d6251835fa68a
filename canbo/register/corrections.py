"""Requests of persons to correct their own files: asked, and answered by the officer who may write the file."""

from datetime import datetime

from django.db import models

from canbo.audit.changes import change
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.common.text import nfc
from canbo.register.models import CorrectionRequest, Person

LONGEST = 2000
MOST_OPEN = 20


def ask(
    *, person: Person, fact: models.Model | None, text: str, by: str, at: datetime, kind: str = ""
) -> CorrectionRequest:
    """The person says what is wrong; ``fact`` is the row meant (None: the identity, or something missing).

    ``kind`` names the kind of the fact as addresses do. The file itself is not changed.

    :raises Refused: nothing is said, too much, or too many requests are open already.
    """
    said = _said(text)
    if CorrectionRequest.objects.filter(person=person, state="open").count() >= MOST_OPEN:
        raise Refused(
            pick(
                f"Đã có {MOST_OPEN} đề nghị chưa được trả lời. Hãy chờ cán bộ tổ chức trả lời.",
                f"{MOST_OPEN} requests are open already. Wait for the officer's answer.",
            )
        )
    with change(by=by, at=at, action="correction.ask", subject=f"person:{person.code}"):
        return CorrectionRequest.objects.create(
            person=person, kind=kind, fact=fact.pk if fact is not None else None, text=said, asked_by=by, asked_at=at
        )


def answer(request: CorrectionRequest, *, accepted: bool, text: str, by: str, at: datetime) -> None:
    """The officer answers: accepted where the file was put right, else declined with the reason.

    :raises Refused: nothing is said, or it was answered before.
    """
    said = _said(text)
    with change(by=by, at=at, action="correction.answer", subject=f"person:{request.person.code}"):
        now = CorrectionRequest.objects.select_for_update().get(pk=request.pk)
        if now.state != "open":
            raise Refused(
                pick(
                    f"Đề nghị này đã được {now.answered_by} trả lời. Chưa ghi gì.",
                    f"This request was answered by {now.answered_by}. Nothing was written.",
                )
            )
        now.state = "accepted" if accepted else "declined"
        now.answer, now.answered_by, now.answered_at = said, by, at
        now.save(update_fields=["state", "answer", "answered_by", "answered_at"])


def _said(text: str) -> str:
    """The text as it is kept.

    :raises Refused: it is empty or too long.
    """
    said = nfc("".join(c for c in text if c >= " " or c == "\n")).strip()
    if not said:
        raise Refused(pick("Chưa viết gì. Hãy ghi rõ nội dung.", "Nothing is written. Say what is meant."))
    if len(said) > LONGEST:
        raise Refused(
            pick(
                f"Nội dung dài quá {LONGEST} ký tự. Hãy viết ngắn hơn.",
                f"Longer than {LONGEST} characters. Shorten it.",
            )
        )
    return said
