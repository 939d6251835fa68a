"""The forms for facts: what each asks, under which subject or beside which fact it stands, and the service it calls."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from django.utils.timezone import localdate

from canbo.codes import code_list
from canbo.common.language import pick
from canbo.register import (
    merit,
    party,
    qualifications,
    rotations,
    seats,
    trainings,
)
from canbo.register.certificate_kinds import kinds as certificate_kinds
from canbo.register.qualifications import LEVELS
from canbo.web.people.fact_kinds import Kind, kind_of
from canbo.web.people.form_fields import Choices, Field, codes
from canbo.web.people.form_services import (
    Given,
    add_relative,
    admit,
    award,
    begin_post,
    complete,
    correct_person,
    correct_post,
    discipline,
    end_post,
    enrol,
    grade,
    issue,
    last_day_of,
    place,
    post_before,
    reward,
    rotate,
    take_seat,
    withdraw,
)

Decision = Literal["required", "optional", "none"]


@dataclass(frozen=True)
class Form:
    """A form for one change of one kind of fact. ``on`` is the kind of the fact that it changes; else it adds one."""

    key: str
    vi: str
    en: str
    subject: str
    fields: tuple[Field, ...]
    apply: Callable[[Given], Any]
    on: str = ""
    decision: Decision = "optional"
    grave: bool = False
    before: Callable[[Any], dict[str, Any]] | None = None

    @property
    def words(self) -> str:
        """What it does, in the language in force."""
        return pick(self.vi, self.en)

    @property
    def kind(self) -> Kind | None:
        """The kind of the fact that it changes."""
        return kind_of(self.on) if self.on else None


def _need(one: Field) -> Field:
    return replace(one, required=True)


_START = Field("start", "Từ ngày", "From", "date", required=True)
_LAST = Field(
    "last_day",
    "Đến hết ngày",
    "Last day",
    "date",
    hint_vi="Để trống nếu đang tiếp diễn.",
    hint_en="Empty if it goes on.",
)
_REASON = Field("reason", "Lý do", "Reason")
_UNIT = Field("unit", "Đơn vị", "Unit", "unit", required=True)
_POST_FIELDS = (
    _UNIT,
    Field("post", "Tên chức vụ", "Name of the post"),
    Field("post_kind", "Nhóm chức danh", "Group of posts", "select", True, choices=codes("post_kind")),
    _START,
    _LAST,
    Field("appointed_on", "Bổ nhiệm ngày", "Appointed on", "date"),
    Field("term_ends_on", "Hết thời hạn bổ nhiệm", "Term of appointment ends", "date"),
    Field("is_main", "Chức vụ chính", "Main post", "checkbox"),
    Field("is_acting", "Phụ trách, quyền", "Acting", "checkbox"),
    Field("is_head", "Người đứng đầu", "Head", "checkbox"),
    Field("is_key_leader", "Lãnh đạo chủ chốt", "Key leader", "checkbox"),
)


def levels() -> Choices:
    """Kind and level in one choice; kinds without a list of levels by themselves."""
    found: list[tuple[str, str]] = []
    for kind in code_list("qualification_kind").codes.values():
        if kind.key not in LEVELS:
            found.append((f"{kind.key}:", pick(f"{kind.vi} (ghi mức bên dưới)", f"{kind.en} (write the level below)")))
            continue
        levels = [one for one in code_list(LEVELS[kind.key]).codes.values() if one.key != "none"]
        found += [(f"{kind.key}:{one.key}", f"{kind.label}: {one.label}") for one in reversed(levels)]
    return tuple(found)


def certificate_choices() -> Choices:
    """The kinds of certificates."""
    return tuple((one.key, one.label) for one in certificate_kinds().values())


def families() -> Choices:
    """The families of discipline."""
    return (
        ("party", pick("Đảng", "Party")),
        ("state", pick("Chính quyền", "State")),
        ("criminal", pick("Hình sự", "Criminal")),
    )


def precisions() -> Choices:
    """How precisely a birth date is known."""
    return (
        ("day", pick("ngày", "day")),
        ("month", pick("tháng", "month")),
        ("year", pick("năm", "year")),
    )


def sides() -> Choices:
    """The sides of a family."""
    return (("own", pick("Bên bản thân", "Own side")), ("spouse", pick("Bên vợ hoặc chồng", "Spouse's side")))


def years() -> Choices:
    """The years in which somebody alive can be born."""
    return tuple((str(year), str(year)) for year in range(localdate().year, 1900, -1))


def _ended(form: str, vi: str, en: str, subject: str, on: str, apply: Callable[[Given], Any], *more: Field) -> Form:
    return Form(form, vi, en, subject, (_need(replace(_LAST, hint_vi="", hint_en="")), *more), apply, on)


_TEXTS = (
    Field("institution", "Cơ sở đào tạo", "Institution"),
    Field("country", "Nước", "Country"),
    Field("mode", "Hình thức đào tạo", "Mode of study"),
    Field("number", "Số hiệu văn bằng", "Number of the diploma"),
)
_FIELD = Field("field", "Ngành", "Field", "select", choices=codes("field"))

FORMS: tuple[Form, ...] = (
    Form("post-begin", "Ghi chức vụ mới", "Begin a post", "posts", (
        *_POST_FIELDS,
        Field("instead", "Thay chức vụ chính đang giữ (chức vụ đó kết thúc ngày hôm trước)",
              "In place of the present main post, which ends on the day before", "checkbox"),
    ), begin_post, decision="required"),
    _ended("post-end", "Kết thúc chức vụ", "End the post", "posts", "post_held", end_post, _REASON),
    Form("post-correct", "Sửa chức vụ ghi sai", "Correct the post", "posts", _POST_FIELDS, correct_post, "post_held",
         before=post_before),
    Form("seat-take", "Ghi vào tập thể lãnh đạo", "Enter a seat", "posts", (
        _UNIT, Field("body", "Tập thể", "Body", "select", True, choices=codes("body")),
        Field("role", "Vai trò", "Role", "select", True, choices=codes("body_role")), _START, _LAST,
        Field("mode", "Hình thức (bầu, chỉ định …)", "How (elected, appointed …)"),
    ), take_seat, decision="required"),
    _ended("seat-leave", "Thôi tham gia tập thể", "Leave the seat", "posts", "body_seat", lambda g: seats.leave(
        g.row, last_day=g.values["last_day"], reason=g.values["reason"] or "", document=g.document, **g.author
    ), _REASON),
    Form("qualification-award", "Ghi văn bằng", "Enter a qualification", "qualifications", (
        Field("what", "Trình độ", "Level", "select", True, choices=levels),
        Field("level", "Mức (chỉ khi trình độ ở trên không nêu)", "Level (only where none is named above)"),
        _FIELD, Field("awarded_on", "Ngày cấp", "Awarded on", "date", True), *_TEXTS,
    ), award),
    Form("qualification-complete", "Bổ sung, sửa nơi cấp", "Complete the qualification", "qualifications", (
        _FIELD, *_TEXTS,
    ), complete, "qualification", "none", before=lambda row: {
        name: getattr(row, name) for name in ("field", "institution", "country", "mode", "number")
    }),
    Form("qualification-verify", "Đã đối chiếu bản gốc", "The original was seen", "qualifications", (),
         lambda g: qualifications.verify(g.row, **g.author), "qualification", "none"),
    Form("qualification-revoke", "Thu hồi văn bằng", "Revoke the qualification", "qualifications", (
        Field("on", "Thu hồi từ ngày", "Revoked from", "date", True),
    ), lambda g: qualifications.revoke(g.row, on=g.values["on"], document=g.document, **g.author), "qualification",
         "required", grave=True),
    Form("certificate-issue", "Ghi chứng chỉ", "Enter a certificate", "certificates", (
        Field("kind", "Loại chứng chỉ", "Kind", "select", True, choices=certificate_choices),
        Field("language", "Ngôn ngữ", "Language"), Field("level", "Bậc", "Level"),
        Field("issued_on", "Ngày cấp", "Issued on", "date", True),
        replace(_LAST, vi="Có giá trị đến hết ngày", hint_vi="Để trống nếu không có thời hạn."),
        Field("number", "Số hiệu", "Number"), Field("issuer", "Nơi cấp", "Issuer"),
    ), issue),
    Form("party-admit", "Ghi ngày vào Đảng", "Enter the admission", "party", (
        Field("admitted_on", "Ngày vào Đảng", "Admitted on", "date", True),
        Field("official_on", "Ngày chính thức", "Official on", "date"),
        replace(_UNIT, vi="Tổ chức đảng", en="Party unit", required=False),
        Field("card_number", "Số thẻ đảng viên", "Card number"),
    ), admit),
    Form("party-official", "Ghi ngày chính thức", "Enter official membership", "party", (
        Field("on", "Ngày chính thức", "Official on", "date", True),
    ), lambda g: party.make_official(g.row, on=g.values["on"], **g.author), "party_membership", "none"),
    _ended("party-leave", "Ra khỏi Đảng", "Leave the Party", "party", "party_membership", lambda g: party.leave(
        g.row, last_day=g.values["last_day"], document=g.document, **g.author
    )),
    Form("rank-place", "Xếp ngạch", "Place in a rank", "ranks", (
        Field("rank", "Ngạch hoặc tương đương", "Rank or equivalent", "select", choices=codes("rank")),
        Field("rank_code", "Mã ngạch", "Rank code", hint_vi="Như 01.003", hint_en="As 01.003"), _START,
    ), place, decision="required"),
    Form("training-enrol", "Ghi lượt đào tạo, bồi dưỡng", "Enter a course", "training", (
        Field("program", "Chương trình", "Programme", "select", True, choices=codes("program")), _FIELD,
        Field("mode", "Hình thức", "Mode", "select", choices=codes("study_mode")),
        Field("result", "Kết quả", "Result", "select", True, choices=codes("training_result")), _START, _LAST,
        replace(_UNIT, vi="Đơn vị cử đi", en="Sent by", required=False),
    ), enrol),
    Form("training-finish", "Ghi kết quả khóa học", "Enter the result", "training", (
        _need(replace(_LAST, hint_vi="", hint_en="")),
        Field("result", "Kết quả", "Result", "select", True, choices=codes("training_result")),
    ), lambda g: trainings.finish(g.row, last_day=g.values["last_day"], result=g.values["result"], **g.author),
         "training", "none", before=lambda row: {"last_day": last_day_of(row), "result": row.result}),
    Form("rotation-begin", "Ghi luân chuyển, điều động", "Enter a rotation", "rotation", (
        replace(_UNIT, name="from_unit", vi="Đơn vị đi", en="From"),
        replace(_UNIT, name="to_unit", vi="Đơn vị đến", en="To"),
        Field("movement", "Hình thức", "Kind", "select", True, choices=codes("movement")),
        Field("kind", "Hướng", "Direction", "select", True, choices=codes("rotation_kind")), _START, _LAST,
        Field("expected_to", "Dự kiến đến hết ngày", "Expected until", "date"),
    ), rotate, decision="required"),
    _ended("rotation-end", "Kết thúc luân chuyển", "End the rotation", "rotation", "rotation", lambda g: rotations.end(
        g.row, last_day=g.values["last_day"], document=g.document, **g.author
    )),
    Form("evaluation-record", "Ghi kết quả xếp loại", "Enter a grade", "evaluation", (
        _UNIT, Field("period", "Kỳ", "Period", required=True, hint_vi="Năm, như 2025", hint_en="The year, as 2025"),
        Field("grade", "Mức xếp loại", "Grade", "select", True, choices=codes("grade")),
        Field("on", "Ngày xếp loại", "Graded on", "date", True),
    ), grade),
    Form("reward-enter", "Ghi khen thưởng", "Enter a reward", "merit", (
        Field("form", "Hình thức", "Form", required=True),
        Field("decided_on", "Ngày quyết định", "Decided on", "date", True),
        Field("authority", "Cấp quyết định", "Authority"), Field("reason", "Thành tích", "For"),
    ), reward, decision="required"),
    Form("discipline-enter", "Ghi kỷ luật", "Enter a disciplinary measure", "merit", (
        Field("family", "Hệ", "Family", "select", True, choices=families),
        Field("form", "Hình thức", "Form", required=True),
        _START, _LAST, Field("authority", "Cấp quyết định", "Authority"), _REASON,
    ), discipline, decision="required"),
    Form("discipline-lift", "Chấm dứt hiệu lực kỷ luật", "End the measure", "merit", (
        _need(replace(_LAST, hint_vi="", hint_en="")),
    ), lambda g: merit.lift(g.row, last_day=g.values["last_day"], document=g.document, **g.author), "discipline",
         "required"),
    Form("relative-add", "Ghi người thân", "Enter a relative", "relatives", (
        Field("relation", "Quan hệ", "Relation", required=True), Field("name", "Họ tên", "Name", required=True),
        Field("side", "Bên", "Side", "select", True, choices=sides), replace(_START, vi="Ghi nhận từ ngày"),
        Field("birth_year", "Năm sinh", "Born in", "select", choices=years), Field("home", "Quê quán", "Home place"),
        Field("job", "Nghề nghiệp", "Occupation"), Field("address", "Nơi ở", "Address"),
    ), add_relative, decision="none"),
    Form("contact", "Sửa nơi ở, liên hệ", "Correct address and contact", "contact", (
        Field("residence", "Nơi đăng ký thường trú", "Registered residence"),
        Field("address", "Nơi ở hiện nay", "Address"),
        Field("phone", "Điện thoại", "Telephone"), Field("email", "Thư điện tử", "E-mail"),
    ), correct_person, decision="none", before=lambda person: {
        name: getattr(person, name) for name in ("residence", "address", "phone", "email")
    }),
    Form("identity", "Sửa nhân thân ghi sai", "Correct the identity", "who", (
        Field("full_name", "Họ tên", "Full name", required=True), Field("other_names", "Tên gọi khác", "Other names"),
        Field("birth_date", "Ngày sinh", "Birth date", "date", True,
              hint_vi="Chỉ rõ tháng hoặc năm thì ghi ngày đầu của tháng, năm đó.",
              hint_en="Where only month or year is known, the first day of it."),
        Field("birth_precision", "Ngày sinh rõ đến", "Birth date known to the", "select", True, choices=precisions),
        Field("sex", "Giới tính", "Sex", "select", True, choices=codes("sex")),
        Field("birth_place", "Nơi sinh", "Birth place"), Field("home_place", "Quê quán", "Home place"),
    ), correct_person, decision="none", before=lambda person: {
        name: getattr(person, name)
        for name in ("full_name", "other_names", "birth_date", "birth_precision", "sex", "birth_place", "home_place")
    }),
)  # fmt: skip

WITHDRAWABLE = (
    "post_held", "body_seat", "qualification", "certificate", "party_membership", "rank_held", "training", "rotation",
    "evaluation", "reward", "discipline", "relative",
)  # fmt: skip
"""What an officer may take back; what ends the service is taken back with all that it ended."""


def form_of(key: str, kind: str = "") -> Form | None:
    """The form of a name in addresses; ``withdraw`` is one for each kind of fact that may be taken back."""
    if key == "withdraw" and kind in WITHDRAWABLE:
        found = kind_of(kind)
        subject = found.subject if found else ""
        return Form("withdraw", "Rút thông tin ghi nhầm", "Withdraw", subject, (), withdraw, kind, "none", grave=True)
    return next((one for one in FORMS if one.key == key and one.on == kind), None)


def offers_on() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """By kind of fact, what can be done with one: key and words of the forms."""
    found = {kind: [(one.key, one.words) for one in FORMS if one.on == kind] for kind in WITHDRAWABLE}
    words = pick("Rút thông tin ghi nhầm", "Withdraw")
    return {kind: (*forms, ("withdraw", words)) for kind, forms in found.items()}


def offers_under() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """By subject, what can be added: key and words of the forms."""
    found: dict[str, list[tuple[str, str]]] = {}
    for one in FORMS:
        if not one.on:
            found.setdefault(one.subject, []).append((one.key, one.words))
    return {subject: tuple(forms) for subject, forms in found.items()}
