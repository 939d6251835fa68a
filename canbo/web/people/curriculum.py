"""The curriculum of form 2C-BNV/2008 from a file: its items in words, and the views that give it as Word or PDF.

What the reader may not read, and what is not known, stays dotted as on the paper form. Always in Vietnamese.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from canbo.accounts.permissions import Permission
from canbo.audit.changes import note
from canbo.codes import code_list
from canbo.common.language import speaking
from canbo.common.numbers import print_day
from canbo.register import photos, scoping
from canbo.web.people.curriculum_content import Curriculum, Table
from canbo.web.people.curriculum_papers import as_docx, as_pdf
from canbo.web.people.fact_kinds import certificate_words, coded, level_words
from canbo.web.people.facts import Fact, Subject, subjects_of
from canbo.web.people.files import OpenFile, asked_of, open_person
from canbo.web.people.identity import birth_words
from canbo.web.visitors import page, visitor

TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


@page(Permission.PEOPLE_READ, Permission.EXPORT)
def curriculum(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """The curriculum as a file; who took it and with which fields stands in the log."""
    seen = visitor(request)
    asked = asked_of(request, seen)
    if form not in TYPES:
        raise Http404
    opened = open_person(seen, code, asked.known)
    if not scoping.people(seen.scope, Permission.EXPORT, day=seen.day).filter(pk=opened.person.pk).exists():
        raise Http404
    with speaking("vi"):
        subjects = subjects_of(opened.person.pk, opened.field_class, day=asked.day, known=asked.known)
        made = f"Xuất từ CanBo lúc {seen.at.astimezone():%H:%M} ngày {print_day(seen.day)} bởi tài khoản {seen.by}"
        made += f"; theo dữ liệu tại ngày {print_day(asked.day)}"
        made += f", như đã biết lúc {asked.known_words}." if asked.known else "."
        content = compiled(opened, subjects, made)
        portrait = photos.read(str(opened.fields.get("photo") or ""))
        data = (as_docx if form == "docx" else as_pdf)(content, portrait)
    note(
        by=seen.by, at=seen.at, action="export-file", subject=f"person:{opened.person.code}",
        detail={"form": "2C-BNV/2008", "format": form, "class": opened.field_class, "as_of": asked.day.isoformat()},
    )  # fmt: skip
    safe = "".join(c for c in opened.person.code if c.isascii() and (c.isalnum() or c in "-_")) or "ho-so"
    return HttpResponse(
        data,
        content_type=TYPES[form],
        headers={
            "Content-Disposition": f'attachment; filename="2C-{safe}.{form}"',
            "Cache-Control": "private, no-store",
        },
    )


def compiled(opened: OpenFile, subjects: Sequence[Subject], made: str) -> Curriculum:
    """The form filled in from a file."""
    facts: Mapping[str, list[Fact]] = _by_kind(subjects)
    held = {kind: [one for one in rows if one.holds] for kind, rows in facts.items()}
    fields = opened.fields
    is_sensitive = opened.field_class == "sensitive"
    notice = (
        "Tài liệu có dữ liệu cá nhân nhạy cảm: chỉ dùng đúng mục đích, không sao gửi ngoài phạm vi được giao; cơ quan "
        "phát hành xác định độ mật trước khi ban hành."
        if is_sensitive
        else "Tài liệu có dữ liệu cá nhân, không gồm dữ liệu nhạy cảm: chỉ dùng đúng mục đích được giao."
    )
    service = held.get("employment") or []
    return Curriculum(
        office=dict(service[0].told).get("đơn vị", "") if service else "",
        staff_number=str(fields.get("staff_number") or ""),
        items=tuple(_items(fields, facts, held)),
        tables=(_studies(facts), _work(facts), *_families(held.get("relative", []))),
        history=str(fields.get("personal_history") or ""),
        notice=notice,
        made=made,
    )


def _by_kind(subjects: Sequence[Subject]) -> dict[str, list[Fact]]:
    found: dict[str, list[Fact]] = {}
    for subject in subjects:
        for one in (*subject.now, *subject.before):
            found.setdefault(one.kind, []).append(one)
    return found


def _items(
    fields: Mapping[str, Any], facts: Mapping[str, list[Fact]], held: Mapping[str, list[Fact]]
) -> Iterable[tuple[str, str, str]]:
    """Items 1 to 26 of the form, each with its number, label and value."""
    born = birth_words(fields["birth_date"], fields["birth_precision"])
    ethnicity = fields.get("ethnicity")
    party = held.get("party_membership", [])
    ranks = held.get("rank_held", [])
    yield "1", "Họ và tên khai sinh", str(fields["full_name"]).upper()
    yield "2", "Tên gọi khác", _text(fields, "other_names")
    yield "3", "Sinh ngày; giới tính", f"{born}; {code_list('sex')[fields['sex']].vi}"
    yield "4", "Nơi sinh", _text(fields, "birth_place")
    yield "5", "Quê quán", _text(fields, "home_place")
    yield "6", "Dân tộc", code_list("ethnicity")[ethnicity].vi if ethnicity else ""
    yield "7", "Tôn giáo", _text(fields, "religion")
    yield "8", "Nơi đăng ký thường trú", _text(fields, "residence")
    yield "9", "Nơi ở hiện nay", _text(fields, "address")
    yield "10", "Nghề nghiệp khi được tuyển dụng", _text(fields, "job_before")
    yield (
        "11",
        "Ngày tuyển dụng; cơ quan tuyển dụng",
        _joined(_day(fields.get("recruited_first_on")), _text(fields, "recruited_first_by")),
    )
    yield (
        "12",
        "Chức vụ (chức danh) hiện tại",
        _joined(*(one.title for one in (*held.get("post_held", []), *held.get("body_seat", [])))),
    )
    yield "13", "Công việc chính được giao", _text(fields, "longest_work")
    yield "14", "Ngạch; mã ngạch; từ ngày", _joined(*(f"{one.title}, từ {_day(one.start)}" for one in ranks[:1]))
    yield "15.1", "Trình độ giáo dục phổ thông", _text(fields, "general_education")
    yield "15.2", "Trình độ chuyên môn cao nhất", _highest(held, "professional", "education")
    yield "15.3", "Lý luận chính trị", _highest(held, "political", "political_theory")
    yield "15.4", "Quản lý nhà nước", _highest(held, "state", "state_management")
    yield "15.5", "Ngoại ngữ", _certificates(held, "language")
    yield "15.6", "Tin học", _certificates(held, "it")
    yield (
        "16",
        "Ngày vào Đảng; ngày chính thức",
        _joined(*(_day(one.values.get(name)) for one in party[:1] for name in ("admitted_on", "official_on"))),
    )
    yield "17", "Ngày tham gia tổ chức chính trị - xã hội", ""
    yield "18", "Ngày nhập ngũ, xuất ngũ, quân hàm", _text(fields, "army")
    yield "19", "Danh hiệu được phong tặng cao nhất", ""
    yield "20", "Sở trường công tác", _text(fields, "strengths")
    yield "21", "Khen thưởng", _joined(*(f"{one.title} ({one.days})" for one in facts.get("reward", [])))
    yield "22", "Kỷ luật", _joined(*(f"{one.title} ({one.days})" for one in facts.get("discipline", [])))
    yield "23", "Sức khỏe; chiều cao; cân nặng; nhóm máu", _health(fields)
    yield "24", "Thương binh, gia đình chính sách", _text(fields, "policy_groups")
    yield (
        "25",
        "Số định danh cá nhân; ngày cấp; nơi cấp",
        _joined(
            _text(fields, "national_id"),
            _day(fields.get("national_id_issued_on")),
            _text(fields, "national_id_issued_by"),
        ),
    )
    yield "26", "Số sổ bảo hiểm xã hội", _text(fields, "social_insurance")


def _text(fields: Mapping[str, Any], name: str) -> str:
    return str(fields.get(name) or "")


def _day(value: date | None) -> str:
    return print_day(value) if value else ""


def _joined(*parts: str) -> str:
    return "; ".join(part for part in parts if part)


def _health(fields: Mapping[str, Any]) -> str:
    height, weight = fields.get("height"), fields.get("weight")
    return _joined(
        _text(fields, "health"),
        f"{height} cm" if height else "",
        f"{weight} kg" if weight else "",
        f"nhóm máu {fields['blood_group']}" if fields.get("blood_group") else "",
    )


def _highest(held: Mapping[str, list[Fact]], kind: str, codes: str) -> str:
    """The highest level of a kind that is awarded, else what a source states."""
    own = [one for one in held.get("qualification", []) if one.values["kind"] == kind]
    order = code_list(codes)
    known = [one for one in own if one.values["level"] in order]
    if known:
        best = max(known, key=lambda one: order[one.values["level"]].position)
        field = coded("field", best.values.get("field"))
        return f"{level_words(best.values)}{f', {field}' if field else ''}"
    stated = held.get("standing", [])
    return coded(codes, stated[0].values.get(codes)) if stated else ""


def _certificates(held: Mapping[str, list[Fact]], kind: str) -> str:
    degrees = [one.title for one in held.get("qualification", []) if one.values["kind"] == kind]
    own = [
        certificate_words(one.values) for one in held.get("certificate", []) if str(one.values["kind"]).startswith(kind)
    ]
    return _joined(*degrees, *own)


def _studies(facts: Mapping[str, list[Fact]]) -> Table:
    rows = []
    for one in sorted(facts.get("qualification", []), key=lambda fact: fact.start or date.min):
        values = one.values
        number = f" số {values['number']}" if values.get("number") else ""
        what = level_words(values) + number
        rows.append((
            str(values.get("institution") or ""), coded("field", values.get("field")), _day(one.start),
            str(values.get("mode") or ""), what,
        ))  # fmt: skip
    for one in sorted(facts.get("training", []), key=lambda fact: fact.start or date.min):
        result = coded("training_result", one.values["result"])
        rows.append(("", one.title, one.days, coded("study_mode", one.values.get("mode")), result))
    heads = ("Tên trường", "Ngành học hoặc tên lớp", "Thời gian, ngày cấp", "Hình thức", "Văn bằng, kết quả")
    return Table(
        "27) Đào tạo, bồi dưỡng về chuyên môn, nghiệp vụ, lý luận chính trị, ngoại ngữ, tin học", heads, tuple(rows)
    )


def _work(facts: Mapping[str, list[Fact]]) -> Table:
    own = [one for kind in ("post_held", "body_seat", "rotation") for one in facts.get(kind, [])]
    rows = tuple((one.days, one.title) for one in sorted(own, key=lambda fact: fact.start or date.min))
    return Table("28) Tóm tắt quá trình công tác", ("Từ ngày – đến ngày", "Chức danh, chức vụ, đơn vị công tác"), rows)


def _families(relatives: Sequence[Fact]) -> tuple[Table, Table]:
    heads = ("Mối quan hệ", "Họ và tên", "Năm sinh", "Quê quán, nghề nghiệp, nơi ở")

    def rows(side: str) -> tuple[tuple[str, ...], ...]:
        own = [one.values for one in relatives if one.values.get("side") == side]
        return tuple(
            (
                str(one["relation"]),
                str(one["name"]),
                str(one["birth_year"] or ""),
                _joined(*(str(one[name] or "") for name in ("home", "job", "address"))),
            )
            for one in own
        )

    return (
        Table("30) Quan hệ gia đình: a) Về bản thân", heads, rows("own")),
        Table("b) Về bên vợ (hoặc chồng)", heads, rows("spouse")),
    )
