"""What the components show on their page: figures and people made up, worded as on the real pages."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from markupsafe import Markup

from canbo.common.findings import Finding
from canbo.common.language import pick
from canbo.common.shares import parse_goal
from canbo.output.bars import Bar
from canbo.output.svg import draw
from canbo.output.words import StatusWords, goal_text, status_of


@dataclass(frozen=True)
class Row:
    """A target as the tables show it."""

    label: str
    counts: str
    printed: str
    goal: str
    status: StatusWords
    drawn: Bar
    is_small: bool = False

    def bar(self, width: int = 168, height: int = 14) -> Markup:
        """The target bar."""
        return Markup(draw(self.drawn, width=width, height=height))


@dataclass(frozen=True)
class Someone:
    """A row of a list of people."""

    name: str
    post: str
    unit: str
    born: date


def targets() -> list[Row]:
    """One of each verdict."""
    people = "people"
    why = pick("thiếu cột Trình độ ngoại ngữ trong dữ liệu", "no column on foreign languages in the data")
    return [
        Row(
            pick("Cán bộ diện Ban Thường vụ Tỉnh ủy quản lý có trình độ thạc sĩ trở lên", "Master's degree or higher"),
            "160/306",
            "52,28%",
            goal_text("> 60%"),
            status_of("short", 24, people),
            Bar(Fraction(160, 306), parse_goal("> 60%"), Fraction(149, 306), Fraction(6, 306)),
        ),
        Row(
            pick("Cán bộ nữ trong cấp ủy cấp huyện", "Women in district party committees"),
            "7/24",
            "29,16%",
            goal_text("15%..30%"),
            status_of("met", 0, people),
            Bar(Fraction(7, 24), parse_goal("15%..30%"), Fraction(5, 24)),
            is_small=True,
        ),
        Row(
            pick("Luân chuyển cán bộ lãnh đạo cấp huyện", "Rotation of district leaders"),
            "18/74",
            "24,32%",
            goal_text(">= 50%"),
            status_of("short", 19, people, late=True),
            Bar(Fraction(18, 74), parse_goal(">= 50%"), Fraction(11, 74), Fraction(0), late=True),
        ),
        Row(
            pick("Sử dụng được tiếng dân tộc thiểu số tại xã vùng cao", "Speaks a minority language"),
            "",
            "",
            goal_text(">= 40%"),
            status_of("not_measurable", None, people, reason=why),
            Bar(None, parse_goal(">= 40%")),
        ),
    ]


def people() -> list[Someone]:
    """In the order of given names."""
    deputy, head = pick("Phó Bí thư Huyện ủy", "Deputy secretary"), pick("Trưởng phòng", "Head of division")
    return [
        Someone("Nguyễn Thị Ngọc Ánh", deputy, "Huyện ủy Phú Bình", date(1978, 3, 9)),
        Someone("Hoàng Văn Bằng", head, "Sở Nông nghiệp và Phát triển nông thôn", date(1985, 11, 20)),
        Someone("Triệu Thị Kiều Diễm", head, "Ủy ban nhân dân huyện Định Hóa", date(1990, 1, 2)),
    ]


def faults() -> list[Finding]:
    """An error and a warning of an import."""
    sheet = pick("Cán bộ", "People")
    return [
        Finding(
            "error",
            "day",
            pick("“31/02/1979” không phải là ngày.", "“31/02/1979” is no day."),
            pick("Sửa thành ngày đúng hoặc để trống.", "Write the right day or leave it empty."),
            sheet,
            128,
            pick("Ngày sinh", "Born on"),
            "31/02/1979",
        ),
        Finding(
            "warning",
            "twice",
            pick("Hai dòng cùng số định danh 019078001234.", "Two rows have the number 019078001234."),
            pick("Giữ dòng có ngày mới hơn; xem lại nếu là hai người.", "The later one is kept; look if they are two."),
            sheet,
            2041,
        ),
    ]
