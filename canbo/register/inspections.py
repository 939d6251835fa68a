"""What looks wrong in the records of people on a day: errors to mend, warnings to look at. Mends nothing."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from canbo.codes import code_list
from canbo.common.findings import Finding
from canbo.common.language import pick
from canbo.norms.retirement import retirement_day
from canbo.register import qualifications, ranks
from canbo.register.models import BodySeat, Employment, Person, PostHeld, Qualification, RankHeld, UnitVersion
from canbo.register.refusals import between, days_of
from canbo.register.revisions import named


@dataclass(frozen=True)
class Inspected:
    """A finding with the units and the person it is about (None: the unit itself)."""

    finding: Finding
    units: frozenset[str]
    person_code: str | None = None


def inspect(day: date, *, unit_codes: Collection[str] | None = None) -> list[Inspected]:
    """All that looks wrong on a day, of some units or of all; errors first."""
    posts = list(
        PostHeld.objects.as_of(day)
        .filter(person__merged_into__isnull=True)
        .select_related("person", "unit")
        .order_by("person__name_order", "person__code", "id")
    )
    seats = list(
        BodySeat.objects.as_of(day).filter(person__merged_into__isnull=True).select_related("person", "unit", "term")
    )
    found = [
        *_after_exit(posts, day),
        *_units_gone([*posts, *seats], day),
        *_two_heads(posts, day),
        *_without_committee(seats),
        *_outside_term(seats, day),
        *_past_retirement(posts, day),
        *_of_people(posts, day),
    ]
    if unit_codes is not None:
        found = [one for one in found if one.units & set(unit_codes)]
    return sorted(found, key=lambda one: one.finding.severity)


def _after_exit(posts: Sequence[PostHeld], day: date) -> list[Inspected]:
    employments: dict[int, list[Employment]] = defaultdict(list)
    for row in Employment.objects.filter(person_id__in={one.person_id for one in posts}).order_by("valid_from"):
        employments[row.person_id].append(row)
    found = []
    for post in posts:
        rows = employments[post.person_id]
        past = [row for row in rows if row.valid_to is not None and row.valid_to <= day]
        if any(row.valid_from <= day and row not in past for row in rows):
            continue
        found.append(_goes_on(post, past[-1]) if past else _without_employment(post, day))
    return found


def _goes_on(post: PostHeld, last: Employment) -> Inspected:
    served = between(last.valid_from, last.valid_to)
    return _of_post(
        "error",
        "post_after_exit",
        post,
        pick(
            f"chức vụ {days_of(post)} còn mở sau khi ra khỏi ngành (công tác {served})",
            f"the post {days_of(post)} goes on after the exit (served {served})",
        ),
        pick("Hãy kết thúc chức vụ vào ngày cuối công tác.", "End the post on the last day in service."),
    )


def _without_employment(post: PostHeld, day: date) -> Inspected:
    return _of_post(
        "warning",
        "no_employment",
        post,
        pick(
            f"giữ chức vụ ngày {day:%d/%m/%Y} mà chưa rõ là cán bộ, công chức hay viên chức",
            f"holds a post on {day:%d/%m/%Y} without an employment",
        ),
        pick("Hãy ghi quá trình công tác.", "Enter the employment."),
    )


def _units_gone(rows: "Iterable[PostHeld | BodySeat]", day: date) -> list[Inspected]:
    there = set(UnitVersion.objects.as_of(day).values_list("unit_id", flat=True))
    # Before a version whose start is not known the unit may have existed.
    unsure = set(UnitVersion.objects.filter(since_known=False, valid_from__gt=day).values_list("unit_id", flat=True))
    return [_without_unit(row, day) for row in rows if row.unit_id not in there | unsure]


def _without_unit(row: "PostHeld | BodySeat", day: date) -> Inspected:
    return _of_post(
        "error",
        "unit_not_in_being",
        row,
        pick(
            f"còn vị trí tại đơn vị {row.unit.code} không còn tồn tại ngày {day:%d/%m/%Y}",
            f"has a post or seat in the unit {row.unit.code}, which does not exist on {day:%d/%m/%Y}",
        ),
        pick("Hãy chuyển sang đơn vị kế thừa hoặc kết thúc.", "Move it to the successor, or end it."),
    )


def _two_heads(posts: Iterable[PostHeld], day: date) -> list[Inspected]:
    heads: dict[tuple[str, str], dict[int, PostHeld]] = defaultdict(dict)
    for post in posts:
        if post.is_head and not post.is_acting:
            heads[post.unit.code, post.post_kind][post.person_id] = post
    found = []
    for (unit, kind), held in heads.items():
        if len(held) > 1:
            names = ", ".join(sorted(named(one.person) for one in held.values()))
            title = code_list("post_kind")[kind].label
            message = pick(
                f"Đơn vị {unit} ngày {day:%d/%m/%Y} có {len(held)} người cùng là người đứng đầu ({title}): {names}.",
                f"The unit {unit} has {len(held)} heads ({title}) on {day:%d/%m/%Y}: {names}.",
            )
            hint = pick(
                "Hãy kết thúc chức vụ của người cũ hoặc ghi quyền.", "End the former's post, or mark it acting."
            )
            finding = Finding("warning", "two_heads", message, suggestion=hint, value=unit)
            found.append(Inspected(finding, frozenset({unit})))
    return found


def _without_committee(seats: Sequence[BodySeat]) -> list[Inspected]:
    committee = {(seat.person_id, seat.unit_id) for seat in seats if seat.body == "executive_committee"}
    what = pick(
        "là ủy viên ban thường vụ nhưng không phải ủy viên ban chấp hành",
        "sits in the standing committee but not in the executive committee",
    )
    hint = pick("Hãy ghi tư cách ủy viên ban chấp hành, hoặc xem lại.", "Enter the seat in the committee, or check.")
    return [
        _of_post("warning", "standing_member_outside_committee", seat, what, hint)
        for seat in seats
        if seat.body == "standing_committee" and (seat.person_id, seat.unit_id) not in committee
    ]


def _outside_term(seats: Sequence[BodySeat], day: date) -> list[Inspected]:
    hint = pick("Hãy kết thúc hoặc chuyển sang nhiệm kỳ mới.", "End the seat, or take one in the new term.")
    found = []
    for seat in seats:
        term = seat.term
        if term is None or (term.valid_from <= day and (term.valid_to is None or day < term.valid_to)):
            continue
        period = between(term.valid_from, term.valid_to)
        what = pick(
            f"còn trong tập thể ngày {day:%d/%m/%Y}, ngoài nhiệm kỳ {period}",
            f"still has a seat on {day:%d/%m/%Y}, outside the term {period}",
        )
        found.append(_of_post("warning", "seat_outside_term", seat, what, hint))
    return found


def _past_retirement(posts: Sequence[PostHeld], day: date) -> list[Inspected]:
    rows = Employment.objects.filter(retires_on__isnull=False, person_id__in={post.person_id for post in posts})
    decided = dict(rows.order_by("valid_from").values_list("person_id", "retires_on"))
    hint = pick("Hãy ghi nghỉ hưu, hoặc ngày nghỉ theo quyết định.", "Enter the retirement, or the day decided.")
    found = []
    for post in posts:
        last = decided.get(post.person_id) or _retires(post.person)
        if last is not None and last < day:
            what = pick(
                f"còn giữ chức vụ sau ngày nghỉ hưu {last:%d/%m/%Y}",
                f"holds a post after retirement on {last:%d/%m/%Y}",
            )
            found.append(_of_post("warning", "post_after_retirement", post, what, hint))
    return found


def _of_people(posts: Iterable[PostHeld], day: date) -> list[Inspected]:
    units: dict[int, set[str]] = defaultdict(set)
    people: dict[int, Person] = {}
    for post in posts:
        units[post.person_id].add(post.unit.code)
        people[post.person_id] = post.person
    found = [
        Inspected(finding, frozenset(units[row.person_id]), row.person.code)
        for row in Qualification.objects.filter(person_id__in=people, awarded_on__lte=day).select_related("person")
        for finding in qualifications.findings(row)
    ]
    table = ranks.table_on(day)
    for held in RankHeld.objects.as_of(day).filter(person_id__in=people).exclude(rank_code="").select_related("person"):
        if held.rank_code not in table:
            message = pick(
                f"{named(held.person)}: mã ngạch “{held.rank_code}” không có trong bảng tương đương ngày "
                f"{day:%d/%m/%Y}.",
                f"{named(held.person)}: the rank code “{held.rank_code}” is not in the table of {day:%d/%m/%Y}.",
            )
            hint = pick("Hãy bổ sung bảng hoặc sửa mã.", "Add it to the table, or correct the code.")
            finding = Finding("warning", "rank_code_unknown", message, suggestion=hint, value=held.rank_code)
            found.append(Inspected(finding, frozenset(units[held.person_id]), held.person.code))
    return found


def _retires(person: Person) -> date | None:
    if person.birth_precision == "year" or person.sex not in ("male", "female"):
        return None
    return retirement_day("male" if person.sex == "male" else "female", person.birth_date)


def _of_post(severity: str, code: str, row: "PostHeld | BodySeat", what: str, hint: str) -> Inspected:
    message = f"{named(row.person)}: {what}."
    finding = Finding(
        "error" if severity == "error" else "warning", code, message, suggestion=hint, value=row.unit.code
    )
    return Inspected(finding, frozenset({row.unit.code}), row.person.code)
