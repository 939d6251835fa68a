"""Files of documents: kept in ``files/`` of the installation by their checksum, read by level, found when altered.

A file is written before its row, so that no row ever names a file that was not there. DOC-06.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from canbo.audit.changes import change, note
from canbo.common.files import replacing
from canbo.common.findings import Finding, Refused
from canbo.common.language import pick
from canbo.common.text import nfc
from canbo.installation.home import home, made_home
from canbo.register.documents import cited, readable
from canbo.register.models import Attachment, Document


@dataclass(frozen=True)
class Content:
    """A file read: its name, type and bytes."""

    name: str
    media_type: str
    data: bytes


def attach(
    document: Document,
    *,
    name: str,
    data: bytes,
    by: str,
    at: datetime,
    media_type: str = "application/octet-stream",
) -> Attachment:
    """Add a file to a document. Only the last part of ``name`` is kept; the bytes are stored under their SHA-256.

    :raises Refused: the file is empty, has no name, or is attached to this document already.
    """
    plain = nfc(name.replace("\\", "/").rsplit("/", 1)[-1].replace("\x00", "")).strip()
    if not data or plain in ("", ".", ".."):
        raise Refused(
            pick(
                "Tệp đính kèm trống hoặc không có tên. Hãy chọn lại tệp.",
                "The attachment is empty or has no name. Choose again.",
            )
        )
    digest = hashlib.sha256(data).hexdigest()
    if (same := document.attachments.filter(sha256=digest).first()) is not None:
        raise Refused(
            pick(
                f"Văn bản đã có tệp này, tên là “{same.name}”.",
                f"The document has this file already, as “{same.name}”.",
            )
        )
    path = _stored(digest, data)
    with change(by=by, at=at, action="document.attach", subject=_subject(document), detail={"sha256": digest}):
        return Attachment.objects.create(
            document=document, name=plain, media_type=media_type, size=len(data), sha256=digest, path=path
        )


def detach(attachment: Attachment, *, by: str, at: datetime) -> None:
    """Take a file off its document; the row stays in the history and the bytes in the store."""
    subject, detail = _subject(attachment.document), {"sha256": attachment.sha256}
    with change(by=by, at=at, action="document.detach", subject=subject, detail=detail):
        attachment.delete()


def read(attachment: Attachment, *, highest: str, by: str, at: datetime) -> Content:
    """The file, if who asks may read up to its document's level; what is above normal is logged, as are refusals.

    :raises Refused: the level is too low, or the file is missing or altered.
    """
    document = attachment.document
    detail = {"attachment": attachment.id, "secrecy": document.secrecy}
    if not readable(document, highest):
        note(by=by, at=at, action="document.read_refused", subject=_subject(document), detail=detail)
        raise Refused(
            pick(
                "Tài khoản không được đọc tệp ở độ mật này. Hãy liên hệ văn phòng quản lý văn bản.",
                "This account may not read files of this level. Ask the office that keeps the document.",
            )
        )
    fault = _fault(attachment)
    if fault is not None:
        raise Refused(fault.message + " " + (fault.suggestion or ""), [fault])
    if document.secrecy != "normal":
        note(by=by, at=at, action="document.read", subject=_subject(document), detail=detail)
    return Content(attachment.name, attachment.media_type, (home() / attachment.path).read_bytes())


def faults() -> list[Finding]:
    """Attachments whose file is missing or altered."""
    rows = Attachment.objects.select_related("document").order_by("id")
    return [fault for attachment in rows if (fault := _fault(attachment)) is not None]


def without_files() -> list[Document]:
    """The documents in the register that have no file at all, by day of issue."""
    return list(Document.objects.filter(attachments=None).order_by("issued_on", "id"))


def _stored(digest: str, data: bytes) -> str:
    """Write the bytes where their digest says, unless they are there; the path under the installation's folder."""
    relative = Path("files") / digest[:2] / digest
    path = made_home() / relative
    for folder in (path.parent.parent, path.parent):
        folder.mkdir(mode=0o700, exist_ok=True)
    if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
        with replacing(path) as target:
            target.write_bytes(data)
    return relative.as_posix()


def _fault(attachment: Attachment) -> Finding | None:
    path = home() / attachment.path
    try:
        data = path.read_bytes()
    except OSError:
        return _finding(
            attachment,
            "attachment_missing",
            pick("không còn trong kho tệp", "is no longer in the store"),
        )
    if len(data) != attachment.size or hashlib.sha256(data).hexdigest() != attachment.sha256:
        return _finding(
            attachment,
            "attachment_altered",
            pick("khác với lúc đính kèm (mã SHA-256 không khớp)", "is not what was attached (SHA-256 differs)"),
        )
    return None


def _finding(attachment: Attachment, code: str, what: str) -> Finding:
    return Finding(
        "error",
        code,
        pick(f"Tệp “{attachment.name}” của {cited(attachment.document)} {what}.",
             f"The file “{attachment.name}” of {cited(attachment.document)} {what}."),
        suggestion=pick(
            "Hãy khôi phục tệp từ bản sao lưu, hoặc đính kèm lại từ bản gốc.",
            "Restore it from a backup, or attach it again from the original.",
        ),
        value=attachment.path,
    )  # fmt: skip


def _subject(document: Document) -> str:
    return f"document:{document.number or document.title}"
