"""What a list of people is narrowed to: read from the address, told in words, and written into an address again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, time
from urllib.parse import parse_qsl

from django.http import QueryDict
from django.urls import reverse
from django.utils.timezone import localtime, make_aware

from canbo.codes import code_list
from canbo.common.language import pick
from canbo.common.numbers import parse_day, print_day
from canbo.common.text import tidy
from canbo.measure.results import LIST_NAMES
from canbo.web.engine import address
from canbo.web.people.columns import COLUMNS, STANDARD

LONGEST = 200
OLDEST = 150
_CODED = {
    "tier": ("managed_by", "Diện", "Tier"),
    "post_kind": ("post_kind", "Chức danh", "Post"),
    "sex": ("sex", "Giới tính", "Sex"),
    "education_from": ("education", "Trình độ từ", "Education from"),
    "education_to": ("education", "Trình độ đến", "Education to"),
}
SERVICE = {
    "in": ("Đang công tác", "In service"),
    "out": ("Không còn công tác", "No longer in service"),
    "all": ("Tất cả hồ sơ", "All files"),
}
MINORITY = {"yes": ("Dân tộc thiểu số", "Ethnic minority"), "no": ("Dân tộc Kinh", "Kinh")}
PARTY = {"yes": ("Đảng viên", "Party member"), "no": ("Ngoài Đảng", "Not in the Party")}
LISTS = {
    "counted": ("được tính", "counted"),
    "lacking": ("còn thiếu", "lacking"),
    "unknown": ("chưa rõ", "unknown"),
    "outside_unknown": ("chưa rõ có thuộc đối tượng không", "population unknown"),
}
_CHOICES = {"service": SERVICE, "minority": MINORITY, "party": PARTY, "list": LISTS}


@dataclass(frozen=True)
class Filters:
    """A list as asked for. Empty text: not narrowed by it. ``service`` is never empty.

    ``indicator`` is “scheme/indicator”, ``list`` which of its lists. ``faults``: what of the address cannot be read.
    """

    day: date
    today: date
    known: datetime | None = None
    q: str = ""
    unit: str = ""
    tier: str = ""
    post_kind: str = ""
    sex: str = ""
    minority: str = ""
    party: str = ""
    education_from: str = ""
    education_to: str = ""
    age_from: int | None = None
    age_to: int | None = None
    service: str = "in"
    indicator: str = ""
    list: str = ""
    columns: tuple[str, ...] = STANDARD
    faults: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_standard(self) -> bool:
        """Whether nothing was narrowed, chosen or changed."""
        return not self.parameters()

    @property
    def known_text(self) -> str:
        """The moment whose knowledge is asked for as it is written: a day where it is the end of one."""
        if self.known is None:
            return ""
        moment = localtime(self.known)
        return print_day(moment.date()) if moment.time() == time.max else moment.isoformat()

    @property
    def sensitive(self) -> frozenset[str]:
        """The sensitive fields of the person that decide who is on the list."""
        return frozenset({"ethnicity"}) if self.minority else frozenset()

    def parameters(self) -> dict[str, object]:
        """What stands in the address: only what differs from a list that nothing is asked of."""
        told: dict[str, object] = {}
        for one in fields(self):
            value = getattr(self, one.name)
            if one.name in ("day", "today", "faults", "columns", "known", "service") or value in ("", None):
                continue
            told[one.name] = value
        if self.day != self.today:
            told["day"] = print_day(self.day)
        if self.known is not None:
            told["known"] = self.known_text
        if self.service != "in":
            told["service"] = self.service
        if self.columns != STANDARD:
            told["column"] = self.columns or ("none",)
        return told

    def link(self, **more: object) -> str:
        """The address of this list; ``more``: further parameters, as the place of a page."""
        return address(reverse("people"), **{**self.parameters(), **more})

    def without(self, *names: str) -> "Filters":
        """The same, not narrowed by these."""
        bare = Filters(day=self.today, today=self.today)
        return replace(self, **{name: getattr(bare, name) for name in names})


@dataclass(frozen=True)
class Chip:
    """A filter in force, in words, and the address of the list without it."""

    words: str
    without: str


def read(given: QueryDict, today: date) -> Filters:
    """What an address asks for; what cannot be read is left out and said."""
    faults: dict[str, str] = {}
    read: dict[str, object] = {"q": tidy(given.get("q", ""))[:LONGEST]}
    for name, (codes, vi, en) in _CODED.items():
        read[name] = _one_of(given, name, code_list(codes).keys, pick(vi, en), faults)
    for name, choices in _CHOICES.items():
        read[name] = _one_of(given, name, choices, name, faults)
    read["service"] = read["service"] or "in"
    for name in ("age_from", "age_to"):
        read[name] = _age(given.get(name, ""), name, faults)
    read["unit"] = tidy(given.get("unit", ""))[:LONGEST]
    read["indicator"] = tidy(given.get("indicator", ""))[:LONGEST]
    read["list"] = (read["list"] or LIST_NAMES[1]) if read["indicator"] else ""
    chosen = given.getlist("column")
    columns = tuple(key for key in COLUMNS if key in chosen) if chosen else STANDARD
    day = _day(given.get("day", ""), faults) or today
    known = _moment(given.get("known", ""), today, faults)
    return Filters(day=day, today=today, known=known, columns=columns, faults=faults, **read)  # type: ignore[arg-type]


def read_text(text: str, today: date) -> Filters:
    """As ``read``, from the part of an address after “?”."""
    given = QueryDict(mutable=True)
    for name, value in parse_qsl(text):
        given.appendlist(name, value)
    return read(given, today)


def chips(asked: Filters, unit_name: str) -> tuple[Chip, ...]:
    """The filters in force, each with the way out of it."""
    return tuple(Chip(words, asked.without(*names).link()) for words, names in words_of(asked, unit_name))


def words_of(asked: Filters, unit_name: str) -> list[tuple[str, tuple[str, ...]]]:
    """The filters in force, in words, and which parameters each is."""
    return [(one[0], one[1:]) for one in _told(asked, unit_name) if one[0]]


def _told(asked: Filters, unit_name: str) -> Iterator[tuple[str, ...]]:
    """Words and parameters of each filter; words are empty where it is not in force."""
    yield pick(f"Tìm “{asked.q}”", f"Search “{asked.q}”") if asked.q else "", "q"
    yield pick(*SERVICE[asked.service]) if asked.service != "in" else "", "service"
    yield pick(f"Đơn vị: {unit_name}", f"Unit: {unit_name}") if asked.unit else "", "unit"
    for name, (codes, vi, en) in _CODED.items():
        value = getattr(asked, name)
        yield f"{pick(vi, en)}: {code_list(codes)[value].label}" if value else "", name
    for name, choices in (("minority", MINORITY), ("party", PARTY)):
        value = getattr(asked, name)
        yield pick(*choices[value]) if value else "", name
    yield _ages(asked), "age_from", "age_to"
    told, (vi, en) = asked.indicator.rpartition("/")[2], LISTS.get(asked.list, ("", ""))
    yield pick(f"Chỉ tiêu {told}: {vi}", f"Indicator {told}: {en}") if told else "", "indicator", "list"
    yield pick("Tại ngày ", "As of ") + print_day(asked.day) if asked.day != asked.today else "", "day"
    moment = localtime(asked.known) if asked.known else None
    when = f"{moment:%H:%M} {print_day(moment.date())}" if moment else ""
    yield pick(f"Theo những gì đã biết lúc {when}", f"As known at {when}") if when else "", "known"


def _ages(asked: Filters) -> str:
    first, last = asked.age_from, asked.age_to
    if first is not None and last is not None:
        return pick(f"Từ {first} đến {last} tuổi", f"Aged {first} to {last}")
    if first is not None:
        return pick(f"Từ {first} tuổi", f"Aged {first} and more")
    return pick(f"Đến {last} tuổi", f"Aged {last} and less") if last is not None else ""


def _one_of(given: QueryDict, name: str, known: object, words: str, faults: dict[str, str]) -> str:
    value = tidy(given.get(name, ""))
    if not value or value in known:  # type: ignore[operator]
        return value
    faults[name] = pick(
        f"{words}: không có lựa chọn “{value[:40]}” nên không lọc theo mục này. Hãy chọn lại trong danh sách.",
        f"{words}: there is no choice “{value[:40]}”, so it is left out. Choose from the list.",
    )
    return ""


def _age(text: str, name: str, faults: dict[str, str]) -> int | None:
    text = text.strip()
    if not text:
        return None
    if text.isascii() and text.isdigit() and int(text) <= OLDEST:
        return int(text)
    faults[name] = pick(
        f"“{text[:40]}” không phải là số tuổi. Ghi số năm tròn, ví dụ 35.",
        f"“{text[:40]}” is no age. Write whole years, as 35.",
    )
    return None


def _day(text: str, faults: dict[str, str]) -> date | None:
    if not text.strip():
        return None
    found = parse_day(text)
    if found is not None and found.precision == "day":
        return found.first
    faults["day"] = pick(
        f"“{text[:40]}” không phải là ngày. Ghi ngày/tháng/năm, ví dụ 31/12/2025.",
        f"“{text[:40]}” is no day. Write day/month/year, as 31/12/2025.",
    )
    return None


def _moment(text: str, today: date, faults: dict[str, str]) -> datetime | None:
    """A moment, or the end of a day: what was written on it was known then. Today: what is known now."""
    text = text.strip()
    if not text:
        return None
    if "T" in text:
        try:
            moment = datetime.fromisoformat(text)
            return make_aware(moment) if moment.tzinfo is None else moment
        except ValueError:
            pass
    found = parse_day(text)
    if found is not None and found.precision == "day":
        return make_aware(datetime.combine(found.first, time.max)) if found.first != today else None
    faults["known"] = pick(
        f"“{text[:40]}” không phải là ngày. Ghi ngày/tháng/năm, ví dụ 31/12/2025.",
        f"“{text[:40]}” is no day. Write day/month/year, as 31/12/2025.",
    )
    return None
