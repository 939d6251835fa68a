"""The first look around: five steps over the demonstration's own pages, offered to each account until it declines.

Which step one is at stands in the address (``tour=2``), so that it works without script and back leads back. That an
account has declined or finished is kept in a cookie of its own.
"""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from canbo.accounts.callers import Caller
from canbo.accounts.demo import is_demonstration
from canbo.accounts.permissions import Permission
from canbo.common.language import pick
from canbo.web.engine import address

SCHEME, INDICATOR, DAY = "thai-nguyen-2021-2030", "TN-2025-1-01", "31/12/2021"
PARAMETER = "tour"
_COOKIE = "canbo_tour_"
_YEAR = 365 * 24 * 3600


@dataclass(frozen=True)
class Step:
    """One step: what to see, and the page that shows it with the permission it needs."""

    number: int
    title: str
    text: str
    look: str
    page: str
    parameters: dict[str, str]
    path: dict[str, str]
    needs: Permission

    @property
    def href(self) -> str:
        """The page on the demonstration's day, with this step beside it."""
        found = reverse(self.page, kwargs=self.path or None)
        return address(found, **self.parameters, **{PARAMETER: self.number})


@dataclass(frozen=True)
class Panel:
    """What stands above a page: the step that it shows, or (None) the offer to look around."""

    step: Step | None
    before: str
    after: str


def steps() -> tuple[Step, ...]:
    """The five steps, in the language in force."""
    return tuple(Step(number, *one) for number, one in enumerate((*_of_figures(), *_of_records()), start=1))


def _of_figures() -> tuple[tuple[Any, ...], ...]:
    """Title, what is seen, what to do, page with its parameters and path, and who may open it."""
    of_scheme = {"scheme": SCHEME, "day": DAY}
    return (
        (
            pick("Đọc câu trả lời trước", "Read the answer first"),
            pick(
                "Trang Tổng quan mở đầu bằng một câu: đến ngày đang xem, bao nhiêu chỉ tiêu đạt, bao nhiêu chưa đạt và "
                "thiếu bao nhiêu người, bao nhiêu chưa đo được.",
                "The overview opens with one sentence: on the day shown, how many targets are met, how many are short "
                "and by how many people, how many cannot be measured.",
            ),
            pick(
                "Đổi ngày hoặc đề án ở đầu trang rồi bấm Xem: mọi con số tính lại cho ngày đó.",
                "Change the day or the scheme at the top and press Show: every figure is worked out for that day.",
            ),
            "overview", of_scheme, {}, Permission.INDICATORS_READ,
        ),
        (
            pick("Mỗi con số mở ra được", "Every number opens"),
            pick(
                "Chỉ tiêu thạc sĩ có câu gốc của đề án, mức đang đạt với tử số và mẫu số, còn thiếu bao nhiêu người "
                "và đường đi từ khi ban hành.",
                "The target on master's degrees has the source's own sentence, the value with numerator and "
                "denominator, how many people it is short, and the line since it was set.",
            ),
            pick(
                "Mở danh sách còn thiếu: mỗi người kèm lý do.",
                "Open the list of those lacking: each person with the reason.",
            ),
            "indicator", {"day": DAY}, {"scheme": SCHEME, "indicator": INDICATOR}, Permission.INDICATORS_READ,
        ),
    )  # fmt: skip


def _of_records() -> tuple[tuple[Any, ...], ...]:
    """The same of people, units and import."""
    return (
        (
            pick("Tìm người, mở hồ sơ", "Find a person, open the file"),
            pick(
                "Gõ một phần họ tên, không cần dấu. Danh sách xếp theo tên, lọc theo đơn vị, chức vụ, diện quản lý; "
                "bộ lọc nằm trong địa chỉ nên gửi được cho đồng nghiệp.",
                "Type part of a name, marks or not. The list is sorted by given name and filtered by unit, post and "
                "tier; the filters stand in the address, so a colleague can open the same list.",
            ),
            pick(
                "Mở một hồ sơ: mỗi điều ghi đều có ngày, văn bản và người nhập.",
                "Open a file: each fact has its days, its decision and who entered it.",
            ),
            "people", {"day": DAY}, {}, Permission.PEOPLE_READ,
        ),
        (
            pick("Xem tổ chức", "See the organisation"),
            pick(
                "Cây tổ chức theo hành chính hoặc theo Đảng. Trang của một đơn vị có người, lãnh đạo, vị trí đã có "
                "người và còn trống, chỉ tiêu của đơn vị.",
                "The tree of the administration or of the Party. A unit's page has its people, leaders, posts filled "
                "and open, and its own targets.",
            ),
            pick(
                "Mở một đơn vị, rồi đổi ngày: cây hiện đúng như hôm ấy, trước và sau sắp xếp.",
                "Open a unit, then change the day: the tree is as it was then, before and after a reorganisation.",
            ),
            "organisations", {"day": DAY}, {}, Permission.ORGANISATIONS_READ,
        ),
        (
            pick("Nhập dữ liệu của mình", "Import your own data"),
            pick(
                "Tải mẫu, điền, đưa tệp lên. Lỗi hiện đúng ô để sửa ngay trên trang; trước khi ghi, CanBo cho xem sẽ "
                "thêm, sửa, kết thúc những gì. Nhập xong vẫn hoàn tác được.",
                "Download the form, fill it, bring the file. Faults are shown in their cells and mended on the page; "
                "before anything is written you see what would be added, changed and ended. It can be undone.",
            ),
            pick(
                "Ở bản trình diễn cứ thử: mọi người trong này đều do máy tạo ra.",
                "Try it here: everybody in the demonstration is made up.",
            ),
            "imports", {}, {}, Permission.IMPORT_PREVIEW,
        ),
    )  # fmt: skip


def panel(request: HttpRequest, visitor: Caller | None) -> Panel | None:
    """What to show above the page; None where it is no demonstration, or the account needs it no more."""
    if visitor is None or not is_demonstration():
        return None
    asked = request.GET.get(PARAMETER, "")
    all_steps = steps()
    if asked.isascii() and asked.isdigit() and 1 <= int(asked) <= len(all_steps):
        number = int(asked)
        before = reverse("help_tour", args=[number - 1]) if number > 1 else ""
        after = reverse("help_tour", args=[number + 1]) if number < len(all_steps) else ""
        return Panel(all_steps[number - 1], before, after)
    if _COOKIE + visitor.by in request.COOKIES or request.path.startswith(reverse("help")):
        return None
    return Panel(None, "", reverse("help_tour", args=[1]))


def decline(response: HttpResponse, account: str, *, secure: bool) -> None:
    """Not offered to the account again on this browser."""
    response.set_cookie(_COOKIE + account, "1", max_age=_YEAR, samesite="Lax", httponly=True, secure=secure)
