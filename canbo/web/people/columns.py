"""The columns that a list of people can show: their words, how deep they are, and where their values come from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from canbo.codes import code_list
from canbo.common.language import pick
from canbo.common.numbers import print_day
from canbo.register.models import Person
from canbo.register.people import age_on

Source = Literal["roll", "unit", "person"]
Value = str | date | int | None


@dataclass(frozen=True)
class Column:
    """A column. ``roll``: what follows from the facts of the day; ``person``: a field of the person.

    ``codes`` names the code list of its values; ``width`` is that of a workbook's column, in characters.
    """

    key: str
    vi: str
    en: str
    source: Source = "roll"
    field_class: str = "internal"
    codes: str = ""
    width: int = 18

    @property
    def words(self) -> str:
        """Its head in the language in force."""
        return pick(self.vi, self.en)

    @property
    def kind(self) -> str:
        """How its cells are written: a day, a number or text."""
        if self.key.endswith("_date") or self.key.endswith("_on"):
            return "day"
        return "count" if self.key == "age" else "text"


def _person(key: str, vi: str, en: str, *, width: int = 18, field_class: str = "sensitive") -> Column:
    return Column(key, vi, en, "person", field_class, width=width)


COLUMNS: Mapping[str, Column] = {
    one.key: one
    for one in (
        Column("birth_date", "Ngày sinh", "Born", "person", width=12),
        Column("age", "Tuổi", "Age", "person", width=7),
        Column("sex", "Giới tính", "Sex", "person", codes="sex", width=10),
        Column("post", "Chức vụ", "Post", width=34),
        Column("post_kind", "Nhóm chức danh", "Group of posts", codes="post_kind", width=26),
        Column("unit", "Đơn vị", "Unit", "unit", width=40),
        Column("managed_by", "Diện quản lý", "Management tier", codes="managed_by", width=30),
        Column("party", "Đảng viên", "Party member", width=11),
        Column("education", "Trình độ chuyên môn", "Education", codes="education"),
        Column("political_theory", "Lý luận chính trị", "Political theory", codes="political_theory"),
        Column("state_management", "Quản lý nhà nước", "State management", codes="state_management"),
        Column("rank", "Ngạch", "Rank", codes="rank"),
        Column("staff_kind", "Loại cán bộ", "Kind of staff", codes="staff_kind"),
        Column("recruited_on", "Ngày tuyển dụng", "Recruited", width=12),
        Column("term_ends_on", "Hết thời hạn bổ nhiệm", "Term ends", width=12),
        _person("ethnicity", "Dân tộc", "Ethnicity", width=12),
        _person("religion", "Tôn giáo", "Religion", width=14),
        _person("national_id", "Số định danh", "National id", width=15),
        _person("birth_place", "Nơi sinh", "Place of birth", width=30),
        _person("home_place", "Quê quán", "Home place", width=30),
        _person("residence", "Nơi ở", "Residence", width=30),
        _person("phone", "Điện thoại", "Telephone", width=14),
        _person("email", "Thư điện tử", "E-mail", width=24),
    )
}
STANDARD = ("birth_date", "sex", "post", "unit", "education")
"""What is shown where nothing was chosen."""


def person_fields(columns: tuple[Column, ...]) -> list[str]:
    """The fields of the person that the columns show."""
    return [one.key for one in columns if one.source == "person" and one.key != "age"]


def value_of(column: Column, person: Person, facts: Mapping[str, Any], units: Mapping[str, str], day: date) -> Value:
    """What stands in a cell: text, or a day or a number where it is one; None where nothing is known."""
    if column.key == "birth_date" and person.birth_precision != "day":
        return f"{person.birth_date:%m/%Y}" if person.birth_precision == "month" else f"{person.birth_date:%Y}"
    if column.key == "age":
        return _age(person, day)
    if column.key == "party":
        return pick("Có", "Yes") if facts["party"] else pick("Không", "No")
    if column.source == "unit":
        code: str | None = facts["unit_id"]
        return units.get(code or "", code)
    value: Value = getattr(person, column.key) if column.source == "person" else facts[column.key]
    return code_list(column.codes)[str(value)].label if column.codes and value else value


def text_of(value: Value) -> str:
    """A cell as it is read."""
    return print_day(value) if isinstance(value, date) else "" if value is None else str(value)


def _age(person: Person, day: date) -> Value:
    """In full years; in a year that may have come or not, both."""
    least, most = age_on(person.birth_date, person.birth_precision, day)
    return least if least == most else f"{least}–{most}"
