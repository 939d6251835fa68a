"""Sealed snapshots: the list, sealing, checking and taking away the files."""

import io
import uuid
import zipfile
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema, Status

from canbo.accounts.permissions import Permission
from canbo.api.access import caller, needs
from canbo.api.faults import FindingShown, answers, forbidden, not_found
from canbo.api.fields import Code, Day, Given, Moment, Number
from canbo.audit.changes import note
from canbo.common.language import pick
from canbo.installation.home import made_home
from canbo.snapshot.models import Seal
from canbo.snapshot.seals import folder_of, seal, verify_seal

router = Router(tags=["snapshots"])
READ, SEAL, EXPORT = Permission.SNAPSHOTS_READ, Permission.SNAPSHOTS_SEAL, Permission.EXPORT


class SealGiven(Given):
    """What to seal: the register on a day, as known now."""

    day: Day
    title: Code


class SealShown(Schema):
    """A seal; ``content`` is the hash of the tables, ``files`` of each file."""

    id: int
    title: str
    day: date
    known: Moment
    content: str
    files: dict[str, str]
    rows: dict[str, int]
    sealed_at: Moment
    by: str
    replaces: int | None


class SealsShown(Schema):
    """All seals, the last first."""

    snapshots: list[SealShown]


class Checked(Schema):
    """What is wrong with a seal; nothing where it is whole."""

    is_whole: bool
    findings: list[FindingShown]


@router.get("/snapshots", auth=needs(READ, whole=True), response=answers(SealsShown))
def list_snapshots(request: HttpRequest) -> dict[str, Any]:
    """All sealed snapshots; the last 200."""
    return {"snapshots": [_shown(one) for one in Seal.objects.order_by("-pk")[:200]]}


@router.post("/snapshots", auth=needs(SEAL, whole=True), response=answers(SealShown, 201))
def seal_snapshot(request: HttpRequest, given: SealGiven) -> Status[dict[str, Any]]:
    """Seal the register of a day as known now."""
    asked = caller(request)
    folder = made_home() / "files" / "snapshots"
    for place in (folder.parent, folder):  # a mode is given to the last folder only
        place.mkdir(mode=0o700, exist_ok=True)
    made = seal(
        day=given.day, known=None, title=given.title, folder=folder / uuid.uuid4().hex, by=asked.by, at=asked.at
    )  # fmt: skip
    return Status(201, _shown(made))


@router.post("/snapshots/{number}/verify", auth=needs(READ, whole=True), response=answers(Checked))
def verify_snapshot(request: HttpRequest, number: Number) -> dict[str, Any]:
    """Whether the files are whole and the register still gives the same."""
    findings = verify_seal(_found(number))
    return {"is_whole": not findings, "findings": [one.as_json() for one in findings]}


@router.get(
    "/snapshots/{number}/files", auth=needs(READ, EXPORT, whole=True), response=answers(bytes),
    openapi_extra={
        "responses": {200: {"description": "Zip", "content": {"application/zip": {"schema": {"format": "binary"}}}}}
    },
)  # fmt: skip
def download_snapshot(request: HttpRequest, number: Number) -> HttpResponse:
    """The files of a seal as a zip. They hold sensitive fields of everybody: logged, and only for who may read them."""
    asked = caller(request)
    if not asked.reads(EXPORT, "sensitive"):
        raise forbidden()
    found = _found(number)
    folder, buffer = folder_of(found), io.BytesIO()
    present = [name for name in found.files if (folder / name).is_file()]
    if len(present) != len(found.files):
        raise not_found(pick("tệp của bản niêm phong số", "files of seal"), number)
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(present):
            archive.write(folder / name, name)
    note(by=asked.by, at=asked.at, action="snapshot.download", subject=f"seal:{number}")
    response = HttpResponse(buffer.getvalue(), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="snapshot-{number}.zip"'
    response["Cache-Control"] = "no-store"
    return response


def _found(number: int) -> Seal:
    found = Seal.objects.filter(pk=number).first()
    if found is None:
        raise not_found(pick("bản niêm phong số", "seal"), number)
    return found


def _shown(one: Seal) -> dict[str, Any]:
    names = [name for name in SealShown.model_fields if name != "replaces"]
    return {**{name: getattr(one, name) for name in names}, "replaces": one.replaces_id}
