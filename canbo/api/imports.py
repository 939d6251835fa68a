"""Imports: a workbook looked at first, then the same workbook applied, all or nothing.

Nothing is kept between the two: who applies sends the file again with the ``confirm`` of its preview, which holds only
if neither the file nor the register has changed.
"""

import hashlib
import json
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from django.http import HttpRequest
from ninja import File, Form, Router, Schema, Status
from ninja.files import UploadedFile

from canbo.accounts.permissions import Permission
from canbo.api.access import caller, needs
from canbo.api.faults import Denied, answers, not_found
from canbo.api.fields import Code, Day, Moment, Number
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.register.importing.limits import Within
from canbo.register.importing.preview import Preview
from canbo.register.importing.run import apply, prepare
from canbo.register.models import ImportBatch

router = Router(tags=["imports"])
PREVIEW, APPLY = Permission.IMPORT_PREVIEW, Permission.IMPORT_APPLY
LARGEST = 64 << 20


class PreviewShown(Schema):
    """What the import would do; ``confirm`` goes with the file when it is applied."""

    confirm: str
    data: str
    as_of: date
    data_version: str
    counts: dict[str, Any]
    parts: list[dict[str, Any]]
    rows: list[dict[str, Any]]
    findings: list[dict[str, Any]]
    outside: int


class BatchShown(Schema):
    """An import that was applied; ``id`` is null where there was nothing to write."""

    id: int | None
    file_name: str
    as_of: date
    applied_at: Moment
    by: str
    created: int
    changed: int
    ended: int
    left: int


class BatchesShown(Schema):
    """The last imports, the newest first."""

    imports: list[BatchShown]


@router.post("/imports/preview", auth=needs(PREVIEW), response=answers(PreviewShown))
def preview_import(request: HttpRequest, file: File[UploadedFile], as_of: Form[Day | None] = None) -> dict[str, Any]:
    """What the import of a workbook would create, change, end and leave, with every finding. Writes nothing.

    Rows outside the account's mandates are counted in ``outside`` and are not looked up.
    """
    asked = caller(request)
    with _kept(file) as path:
        preview = prepare(path, as_of=as_of, within=Within(asked.scope, asked.day))
    return {"confirm": _confirm(preview), **preview.as_json()}


@router.post("/imports", auth=needs(PREVIEW, APPLY), response=answers(BatchShown, 201))
def apply_import(
    request: HttpRequest, file: File[UploadedFile], confirm: Form[Code], as_of: Form[Day | None] = None
) -> Status[dict[str, Any]]:
    """Import the workbook that was looked at, as one change."""
    asked = caller(request)
    with _kept(file) as path:
        preview = prepare(path, as_of=as_of, within=Within(asked.scope, asked.day))
        if _confirm(preview) != confirm:
            raise Denied(
                409,
                pick(
                    "Tệp hoặc cơ sở dữ liệu đã thay đổi sau khi xem trước. Chưa nhập gì. Hãy xem trước lại.",
                    "The file or the register has changed since the preview. Nothing was imported. Preview again.",
                ),
            )
        batch = apply(preview, by=asked.by, at=asked.at)
    if batch is None:
        batch = ImportBatch(file_name=path.name, as_of=preview.as_of, applied_at=asked.at, by=asked.by)
    return Status(201, _shown(batch))


@router.get("/imports", auth=needs(PREVIEW, whole=True), response=answers(BatchesShown))
def list_imports(request: HttpRequest) -> dict[str, Any]:
    """The last 200 imports."""
    return {"imports": [_shown(one) for one in ImportBatch.objects.order_by("-pk")[:200]]}


@router.get("/imports/{number}", auth=needs(PREVIEW, whole=True), response=answers(BatchShown))
def read_import(request: HttpRequest, number: Number) -> dict[str, Any]:
    """An import that was applied."""
    found = ImportBatch.objects.filter(pk=number).first()
    if found is None:
        raise not_found(pick("lần nhập số", "import"), number)
    return _shown(found)


@contextmanager
def _kept(file: UploadedFile) -> Iterator[Path]:
    """The uploaded file in a folder of its own, gone afterwards."""
    if (file.size or 0) > LARGEST:
        raise Refused(pick("Tệp lớn hơn 64 MB.", "The file is larger than 64 MB."))
    # The name is only shown and logged; on the disk nothing of it but letters, digits and the ending is used.
    given = Path(file.name or "").name
    suffix = Path(given).suffix.lower()
    stem = re.sub(r"[^\w -]", "_", Path(given).stem)[:60].encode("utf-8", "replace").decode().strip() or "workbook"
    with tempfile.TemporaryDirectory(prefix="canbo-import-") as folder:
        path = Path(folder) / (stem + (suffix if re.fullmatch(r"\.[a-z0-9]{1,5}", suffix) else ""))
        with path.open("wb") as target:
            for block in file.chunks():
                target.write(block)
        yield path


def _confirm(preview: Preview) -> str:
    """The hash of the file's content and of what the import would do."""
    content = [preview.data.version, preview.as_of.isoformat(), preview.outside]
    done = [[part.dataset, part.name, *vars(part.counts).values()] for part in preview.parts]
    return hashlib.sha256(json.dumps([content, done], ensure_ascii=False).encode()).hexdigest()


def _shown(one: ImportBatch) -> dict[str, Any]:
    return {name: getattr(one, name) for name in BatchShown.model_fields}
