"""Schemes by name: those edited here, with all their versions, and those of the library, whose files stay as they are.

Whoever measures asks ``find`` for a scheme and ``active_schemes`` for those in use on a day. What a text says and what
is wrong in it is told by ``canbo.measure``; nothing with a fault is kept.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db.models import Q

from canbo.audit.changes import change
from canbo.common.findings import Finding, Refused, has_errors
from canbo.common.language import Language, current, pick
from canbo.common.numbers import print_day
from canbo.common.text import tidy
from canbo.measure.checking import check_scheme, measurable_scheme
from canbo.measure.library import library_paths
from canbo.measure.scheme import Scheme
from canbo.measure.source import load_source
from canbo.register.models import Document, EditedScheme, SchemeActivation, SchemeVersion
from canbo.register.reading import NotFound
from canbo.register.refusals import explained

_CODE = re.compile(r"^[a-z0-9][a-z0-9-]{2,79}$")
_ID_LINE = re.compile(r"^id:[^\n]*$", re.MULTILINE)


@dataclass(frozen=True)
class Kept:
    """A scheme that can be measured. ``edited``: kept here; ``active_from``: the day since which it is in use."""

    name: str
    scheme: Scheme
    edited: bool
    version: int | None = None
    active_from: date | None = None


def find(name: str, day: date) -> Scheme:
    """The scheme of a name: of an edited one the version in use on the day, else the last one before it, else the last.

    :raises NotFound: neither the register nor the library has it.
    """
    return find_kept(name, day).scheme


def find_kept(name: str, day: date) -> Kept:
    """As ``find``, with where it comes from.

    :raises NotFound: as in ``find``.
    """
    path = library_paths().get(name)
    if path is not None:
        return Kept(name, _of_library(path), edited=False)
    version, since = _version_on(find_edited(name), day)
    return Kept(name, scheme_of(version), edited=True, version=version.number, active_from=since)


def active_schemes(day: date) -> list[Kept]:
    """What is measured on a day by default: the edited schemes in use, the newest first, then those of the library."""
    rows = (
        SchemeActivation.objects.as_of(day).select_related("scheme", "version__scheme").order_by("-valid_from", "-id")
    )
    used = [Kept(row.scheme.code, scheme_of(row.version), True, row.version.number, row.valid_from) for row in rows]
    return used + [Kept(name, _of_library(path), edited=False) for name, path in library_paths().items()]


def drafts(day: date) -> list[Kept]:
    """The edited schemes that are not in use on the day, by code."""
    used = SchemeActivation.objects.as_of(day).values("scheme_id")
    found = EditedScheme.objects.exclude(id__in=used).order_by("code")
    return [find_kept(one.code, day) for one in found]


def find_edited(name: str) -> EditedScheme:
    """The scheme edited here under a name.

    :raises NotFound: there is none.
    """
    found = EditedScheme.objects.filter(code=name).first()
    if found is None:
        raise NotFound(pick(f"Không có đề án “{name[:80]}”.", f"There is no scheme “{name[:80]}”."))
    return found


def last_version(scheme: EditedScheme) -> SchemeVersion:
    """The version saved last."""
    found: SchemeVersion = scheme.versions.order_by("number").last()  # type: ignore[assignment]  # made with the scheme
    return found


def version_of(scheme: EditedScheme, number: int) -> SchemeVersion:
    """One version.

    :raises NotFound: there is none with the number.
    """
    found = scheme.versions.filter(number=number).first()
    if found is None:
        raise NotFound(
            pick(f"Đề án “{scheme.code}” không có bản {number}.", f"“{scheme.code}” has no version {number}.")
        )
    return found


def text_of(name: str, day: date) -> str:
    """The YAML text of a scheme, as it is measured on the day.

    :raises NotFound: as in ``find``.
    """
    path = library_paths().get(name)
    if path is not None:
        return path.read_text("utf-8")
    return _version_on(find_edited(name), day)[0].text


def check(text: str, name: str) -> tuple[Scheme | None, list[Finding]]:
    """What a text says, and everything wrong in it, each with its line; text that is no YAML gives one error."""
    with TemporaryDirectory(prefix="canbo-scheme-") as folder:
        path = Path(folder) / f"{name}.yaml"
        path.write_text(text, "utf-8")
        try:
            return check_scheme(path)
        except Refused as error:
            message = error.message.replace(str(path), path.name)
            line = re.search(rf"{re.escape(path.name)}:(\d+)", message)
            row = int(line.group(1)) if line else None
            return None, [Finding("error", "not_yaml", message, sheet=path.name, row=row)]


def scheme_of(version: SchemeVersion) -> Scheme:
    """What a version says."""
    return _read(version.digest, version.text, version.scheme.code, current())


def copy(name: str, *, code: str, why: str, day: date, by: str, at: datetime) -> SchemeVersion:
    """Begin an edited scheme with the text of another, under an id of its own.

    :raises Refused: the code is taken or not fit for an address.
    """
    return begin(with_id(text_of(name, day), code), code=code, why=why, copied_from=name, by=by, at=at)


def begin(text: str, *, code: str, why: str, copied_from: str = "", by: str, at: datetime) -> SchemeVersion:
    """Keep a new scheme, with its first version.

    :raises Refused: the code is taken or not fit for an address, or the text has errors.
    """
    if not _CODE.match(code):
        raise Refused(
            pick(
                "Mã đề án gồm 3–80 chữ thường không dấu, chữ số và gạch nối, như “thai-nguyen-2026”.",
                "The id of a scheme is 3–80 small letters, digits and hyphens, as “thai-nguyen-2026”.",
            ),
            [Finding("error", "bad_value", pick("Mã không dùng được.", "This id cannot be used."), column="code")],
        )
    if code in library_paths() or EditedScheme.objects.filter(code=code).exists():
        raise Refused(
            pick(f"Đã có đề án mang mã “{code}”. Hãy dùng mã khác.", f"The id “{code}” is taken. Take another."),
            [Finding("error", "duplicate_id", pick("Mã đã dùng.", "This id is taken."), column="code")],
        )
    scheme = EditedScheme(code=code, copied_from=copied_from)
    with explained(who=code, row=scheme), change(by=by, at=at, action="scheme.begin", subject=f"scheme:{code}"):
        scheme.save(force_insert=True)
        return _add(scheme, text, 1, why, by, at)


def save(scheme: EditedScheme, text: str, *, why: str, seen: int, by: str, at: datetime) -> SchemeVersion:
    """Keep a further version. ``seen``: the version that the author began from.

    :raises Refused: no reason is given, somebody saved another version since, nothing is changed, or the text has
        errors (all of them as findings).
    """
    action = {"by": by, "at": at, "action": "scheme.save", "subject": f"scheme:{scheme.code}"}
    with explained(who=scheme.code), change(**action):  # type: ignore[arg-type]  # one of each kind
        EditedScheme.objects.select_for_update().get(id=scheme.id)
        last = last_version(scheme)
        if last.number != seen:
            raise Refused(
                pick(
                    f"Đề án đã có bản {last.number} do {last.saved_by} ghi sau khi bạn mở bản {seen}. Chưa ghi gì. Hãy "
                    "mở bản mới nhất rồi làm lại.",
                    f"Version {last.number} was saved by {last.saved_by} after you opened version {seen}. Nothing was "
                    "written. Open the last version and try again.",
                )
            )
        if text == last.text:
            raise Refused(pick("Chưa có gì thay đổi so với bản trước.", "Nothing differs from the last version."))
        return _add(scheme, text, last.number + 1, why, by, at)


def activate(
    version: SchemeVersion, *, valid_from: date, document: Document | None, by: str, at: datetime
) -> SchemeActivation:
    """Measure by a version from a day on; the version in use before ends then, one planned for later is refused.

    :raises Refused: no document, or a version is in use from that day or a later one.
    """
    scheme = version.scheme
    if document is None:
        raise Refused(
            pick(
                "Áp dụng một đề án phải có văn bản. Hãy nhập văn bản ban hành hoặc sửa đổi trước.",
                "To use a scheme needs its document. Enter the document that issues or amends it first.",
            )
        )
    later = scheme.activations.filter(valid_from__gte=valid_from).order_by("valid_from").first()
    if later is not None:
        raise Refused(
            pick(
                f"Đề án đã có bản áp dụng từ {print_day(later.valid_from)}. Hãy chọn ngày sau đó.",
                f"A version is in use from {print_day(later.valid_from)}. Choose a later day.",
            )
        )
    row = SchemeActivation(scheme=scheme, version=version, valid_from=valid_from, document=document)
    action = {"by": by, "at": at, "action": "scheme.activate", "subject": f"scheme:{scheme.code}"}
    with explained(who=scheme.code, row=row), change(**action):  # type: ignore[arg-type]
        scheme.activations.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=valid_from)).update(valid_to=valid_from)
        row.save()
    return row


def end(scheme: EditedScheme, *, last_day: date, by: str, at: datetime) -> None:
    """Stop measuring by a scheme: ``last_day`` is the last one.

    :raises Refused: it is not in use on that day.
    """
    row = scheme.activations.as_of(last_day).first()
    if row is None:
        raise Refused(
            pick(
                f"Đề án không áp dụng vào ngày {print_day(last_day)}. Hãy chọn ngày khác.",
                f"The scheme is not in use on {print_day(last_day)}. Choose another day.",
            )
        )
    row.valid_to = last_day + timedelta(days=1)
    action = {"by": by, "at": at, "action": "scheme.end", "subject": f"scheme:{scheme.code}"}
    with explained(who=scheme.code, row=row), change(**action):  # type: ignore[arg-type]
        row.save(update_fields=["valid_to"])


def _version_on(edited: EditedScheme, day: date) -> tuple[SchemeVersion, date | None]:
    """The version that is measured on a day, and since when it is in use then."""
    rows = edited.activations.filter(valid_from__lte=day).select_related("version__scheme")
    held = rows.order_by("-valid_from").first()
    if held is None:
        return last_version(edited), None
    return held.version, held.valid_from if held.valid_to is None or day < held.valid_to else None


def _add(scheme: EditedScheme, text: str, number: int, why: str, by: str, at: datetime) -> SchemeVersion:
    why = tidy(why)
    if not why:
        raise Refused(
            pick("Ghi lý do của bản này.", "Say why this version is made."),
            [Finding("error", "missing", pick("Thiếu lý do.", "The reason is missing."), column="why")],
        )
    read, findings = check(text, scheme.code)
    if read is None or has_errors(findings):
        first = next(one for one in findings if one.severity == "error")
        raise Refused(
            pick(f"Chưa ghi: dòng {first.row}: {first.message}", f"Not saved: line {first.row}: {first.message}"),
            findings,
        )
    if read.id != scheme.code:
        raise Refused(
            pick(
                f"Trong tệp ghi “id: {read.id}”; đề án này là “{scheme.code}”. Sửa dòng “id” cho đúng.",
                f"The file says “id: {read.id}”; this scheme is “{scheme.code}”. Mend the line “id”.",
            ),
            [Finding("error", "bad_value", pick("Mã khác.", "Another id."), row=1, column="id", value=read.id)],
        )
    row = SchemeVersion(scheme=scheme, number=number, text=text, digest=read.version, why=why, saved_by=by, saved_at=at)
    row.save(force_insert=True)
    return row


@lru_cache(maxsize=64)
def _read(digest: str, text: str, name: str, language: Language) -> Scheme:
    """Versions stay as they are, so each is read once; in each language, for its remarks are worded then."""
    read, _ = check(text, name)
    if read is None:
        raise ValueError(f"{name}: {digest}")  # it was checked when it was saved
    return read


@lru_cache(maxsize=32)
def _of_library(path: Path) -> Scheme:
    """The library comes with the program and stays as it is while that runs."""
    return measurable_scheme(path)


def values_of(text: str, name: str) -> dict[str, Any]:
    """The values of a text as YAML says them; empty where it is none."""
    with TemporaryDirectory(prefix="canbo-scheme-") as folder:
        path = Path(folder) / f"{name}.yaml"
        path.write_text(text, "utf-8")
        try:
            root = load_source(path).root
        except Refused:
            return {}
    return root if isinstance(root, dict) else {}


def with_id(text: str, code: str) -> str:
    """The text with another id of the scheme."""
    return _ID_LINE.sub(f"id: {code}", text, count=1)
