"""Who a person is: the person's own fields in groups, with labels and values as they are read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from canbo.codes import code_list
from canbo.common.language import pick
from canbo.common.numbers import print_day
from canbo.register.people import age_on


@dataclass(frozen=True)
class Group:
    """Some fields of a person under one heading: label and value; empty ones are left out."""

    key: str
    title: str
    rows: tuple[tuple[str, str], ...]


_FIELDS: Mapping[str, tuple[str, str]] = {
    "full_name": ("Họ tên", "Full name"),
    "other_names": ("Tên gọi khác", "Other names"),
    "birth_date": ("Ngày sinh", "Birth date"),
    "birth_precision": ("Mức rõ của ngày sinh", "Precision of the birth date"),
    "sex": ("Giới tính", "Sex"),
    "staff_number": ("Số hiệu cán bộ", "Staff number"),
    "ethnicity": ("Dân tộc", "Ethnicity"),
    "religion": ("Tôn giáo", "Religion"),
    "national_id": ("Số định danh cá nhân", "National id"),
    "national_id_issued_on": ("Ngày cấp", "Issued on"),
    "national_id_issued_by": ("Nơi cấp", "Issued by"),
    "birth_place": ("Nơi sinh", "Birth place"),
    "home_place": ("Quê quán", "Home place"),
    "residence": ("Nơi đăng ký thường trú", "Registered residence"),
    "address": ("Nơi ở hiện nay", "Present address"),
    "phone": ("Điện thoại", "Telephone"),
    "email": ("Thư điện tử", "E-mail"),
    "social_insurance": ("Số bảo hiểm xã hội", "Social insurance number"),
    "health_insurance": ("Số thẻ bảo hiểm y tế", "Health insurance number"),
    "recruited_first_on": ("Tuyển dụng lần đầu", "First recruited on"),
    "recruited_first_by": ("Cơ quan tuyển dụng", "First recruited by"),
    "class_origin": ("Thành phần gia đình", "Family class"),
    "job_before": ("Nghề nghiệp trước khi tuyển dụng", "Occupation before"),
    "army": ("Quân ngũ", "Army service"),
    "policy_groups": ("Gia đình chính sách", "Policy groups"),
    "general_education": ("Giáo dục phổ thông", "General education"),
    "health": ("Sức khỏe", "Health"),
    "height": ("Chiều cao (cm)", "Height (cm)"),
    "weight": ("Cân nặng (kg)", "Weight (kg)"),
    "blood_group": ("Nhóm máu", "Blood group"),
    "strengths": ("Sở trường công tác", "Strengths"),
    "longest_work": ("Công việc làm lâu nhất", "Longest work"),
    "personal_history": ("Lịch sử bản thân", "Personal history"),
    "economy": ("Hoàn cảnh kinh tế", "Economic circumstances"),
    "photo": ("Ảnh", "Photo"),
}
_GROUPS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("who", "Nhân thân", "Identity", (
        "full_name", "other_names", "birth_date", "sex", "ethnicity", "religion", "national_id",
        "national_id_issued_on", "national_id_issued_by", "staff_number", "birth_place", "home_place",
    )),
    ("contact", "Nơi ở, liên hệ", "Address and contact", ("residence", "address", "phone", "email")),
    ("background", "Hoàn cảnh, sức khỏe", "Background and health", (
        "recruited_first_on", "recruited_first_by", "social_insurance", "health_insurance", "class_origin",
        "job_before", "army", "policy_groups", "general_education", "health", "height", "weight", "blood_group",
        "strengths", "longest_work", "personal_history", "economy",
    )),
)  # fmt: skip


def person_label(name: str) -> str:
    """What a field of a person is called."""
    return pick(*_FIELDS[name]) if name in _FIELDS else name


def person_value(name: str, value: Any, precision: str = "day") -> str:
    """The value of a field of a person as it is read; empty where there is none."""
    if value is None or value == "":
        return ""
    if name in ("sex", "ethnicity"):
        return code_list(name)[value].label
    if name == "birth_precision":
        return {
            "day": pick("rõ ngày", "day known"),
            "month": pick("chỉ rõ tháng", "month only"),
            "year": pick("chỉ rõ năm", "year only"),
        }[value]
    if name == "birth_date":
        return birth_words(value, precision)
    return print_day(value) if isinstance(value, date) else str(value)


def birth_words(born: date, precision: str) -> str:
    """“15/06/1980”, “06/1980” or “1980”: no more than is known."""
    return {"year": f"{born.year}", "month": f"{born:%m/%Y}"}.get(precision, print_day(born))


def age_words(born: date, precision: str, day: date) -> str:
    """“45 tuổi”; “44–45 tuổi” where the birth day is not known."""
    least, most = age_on(born, precision, day)
    shown = str(least) if least == most else f"{least}–{most}"
    return pick(f"{shown} tuổi", f"aged {shown}")


def groups_of(fields: Mapping[str, Any]) -> tuple[Group, ...]:
    """The readable fields of a person in their groups; a group without any is left out."""
    precision = str(fields.get("birth_precision", "day"))
    found = []
    for key, vi, en, names in _GROUPS:
        said = ((name, person_value(name, fields.get(name), precision)) for name in names)
        rows = tuple((person_label(name), text) for name, text in said if text)
        if rows:
            found.append(Group(key, pick(vi, en), rows))
    return tuple(found)
