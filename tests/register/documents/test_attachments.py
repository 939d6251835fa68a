"""Files of documents: checksum, 0600, access by level, what is missing or altered."""

import hashlib
from datetime import date
from pathlib import Path

import pytest

from canbo.audit.models import Entry
from canbo.common.findings import Refused
from canbo.register import attachments
from canbo.register.models import Attachment
from tests.register.documents.conftest import AT, Enter

pytestmark = pytest.mark.django_db
DATA = "Nội dung Đề án".encode()


def test_a_file_is_kept_under_its_checksum_readable_by_its_owner_only(enter: Enter, files: Path) -> None:
    scheme = enter("05-ĐA/TU", "scheme", date(2022, 5, 20))
    kept = attachments.attach(scheme, name="../../etc/Đề án.docx", data=DATA, by="lan", at=AT)
    digest = hashlib.sha256(DATA).hexdigest()
    path = files / digest[:2] / digest
    assert (kept.name, kept.sha256, kept.size) == ("Đề án.docx", digest, len(DATA))
    assert path.read_bytes() == DATA
    assert path.stat().st_mode & 0o777 == 0o600
    assert files.stat().st_mode & 0o777 == 0o700
    assert attachments.read(kept, highest="normal", by="lan", at=AT).data == DATA


def test_an_empty_a_nameless_or_a_known_file_is_refused(enter: Enter, files: Path) -> None:
    scheme = enter("05-ĐA/TU", "scheme", date(2022, 5, 20))
    attachments.attach(scheme, name="a.pdf", data=DATA, by="lan", at=AT)
    for name, data, says in (("b.pdf", b"", "trống"), ("x/..", b"1", "trống"), ("b.pdf", DATA, "đã có tệp này")):
        with pytest.raises(Refused, match=says):
            attachments.attach(scheme, name=name, data=data, by="lan", at=AT)
    assert Attachment.objects.count() == 1


def test_a_secret_file_is_read_by_level_only_and_every_try_is_logged(enter: Enter, files: Path) -> None:
    scheme = enter("05-ĐA/TU", "scheme", date(2022, 5, 20), secrecy="secret")
    kept = attachments.attach(scheme, name="a.pdf", data=DATA, by="lan", at=AT)
    with pytest.raises(Refused, match="độ mật"):
        attachments.read(kept, highest="confidential", by="binh", at=AT)
    attachments.read(kept, highest="secret", by="lan", at=AT)
    assert list(Entry.objects.order_by("id").values_list("actor", "action"))[-2:] == [
        ("binh", "document.read_refused"),
        ("lan", "document.read"),
    ]


def test_missing_and_altered_files_are_found_and_not_given_out(enter: Enter, files: Path) -> None:
    scheme = enter("05-ĐA/TU", "scheme", date(2022, 5, 20))
    bare = enter("06-ĐA/TU", "scheme", date(2022, 5, 20))
    first, second, third = (
        attachments.attach(scheme, name=f"{n}.pdf", data=f"{n}".encode(), by="lan", at=AT) for n in range(3)
    )
    (files.parent / first.path).unlink()
    (files.parent / second.path).write_bytes(b"x")
    assert [(f.code, f.value) for f in attachments.faults()] == [
        ("attachment_missing", first.path),
        ("attachment_altered", second.path),
    ]
    with pytest.raises(Refused, match="SHA-256"):
        attachments.read(second, highest="normal", by="lan", at=AT)
    assert attachments.read(third, highest="normal", by="lan", at=AT).data == b"2"
    assert attachments.without_files() == [bare]


def test_a_file_taken_off_stays_in_history(enter: Enter, files: Path) -> None:
    scheme = enter("05-ĐA/TU", "scheme", date(2022, 5, 20))
    kept = attachments.attach(scheme, name="a.pdf", data=DATA, by="lan", at=AT)
    path = files.parent / kept.path
    attachments.detach(kept, by="lan", at=AT)
    assert path.exists()
    again = attachments.attach(scheme, name="a.pdf", data=DATA, by="lan", at=AT)
    assert again.path == str(path.relative_to(files.parent))
