"""People against themselves and their histories: what contradicts is told, and used as the contract says."""

from collections.abc import Mapping
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from canbo.codes import code_list
from canbo.common.language import pick
from canbo.common.numbers import print_day
from canbo.datasets.collect import Collector
from canbo.datasets.frames import Frame, Mask, Rows
from canbo.norms.retirement import months_to_check

_KINDS: Mapping[str, tuple[str, str]] = {
    "education": ("professional", "education"),
    "political_theory": ("political", "political_theory"),
    "state_management": ("state", "state_management"),
    "medical_specialist": ("medical", "medical_specialist"),
}


def check_people(frames: Mapping[str, Frame], day: date | None, found: Collector) -> None:
    """National ids against sex and birth, birth months with two readings of the law, columns against histories."""
    people = frames.get("people")
    if people is None or not people.has("person_id"):
        return
    _check_national_ids(people, found)
    _check_months(people, found)
    posts = frames.get("posts_held")
    if posts is not None and posts.has("person_id", "is_main", "start_date"):
        _check_main_posts(posts, found)
    if day is None:
        return
    if posts is not None and posts.has("person_id", "is_main", "start_date"):
        _compare_posts(people, posts, day, found)
    if (held := frames.get("qualifications")) is not None and held.has("person_id", "kind", "level", "awarded_on"):
        _compare_qualifications(people, held, day, found)
    if (ranks := frames.get("ranks")) is not None and ranks.has("person_id", "rank", "start_date"):
        _compare_ranks(people, ranks, day, found)


def _check_national_ids(people: Frame, found: Collector) -> None:
    """Digit 4 tells century and sex, digits 5 and 6 the year of birth (Nghị định 137/2015/NĐ-CP, Điều 7)."""
    if not people.has("national_id", "sex", "birth_date"):
        return
    ids = people.columns["national_id"]
    full = pc.match_substring_regex(ids, "^[0-9]{12}$").fill_null(False).to_numpy(zero_copy_only=False)
    rows = np.flatnonzero(full & people.keep & people.valid("birth_date") & (people.codes("sex") >= 0))
    if not len(rows):
        return
    taken = ids.take(pa.array(rows))
    mark = pc.utf8_slice_codeunits(taken, 3, 4).cast(pa.int64()).to_numpy(zero_copy_only=False)
    short = pc.utf8_slice_codeunits(taken, 4, 6).cast(pa.int64()).to_numpy(zero_copy_only=False)
    years = pc.year(people.columns["birth_date"].take(pa.array(rows))).to_numpy(zero_copy_only=False)
    female = people.codes("sex")[rows] == code_list("sex").keys.index("female")
    wrong_sex = rows[mark % 2 != female.astype(np.int64)]
    wrong_year = rows[1900 + mark // 2 * 100 + short != years]
    advice = pick("Kiểm tra số định danh, giới tính và ngày sinh.", "Check national id, sex and birth date.")
    message = pick(
        "Giới tính không khớp chữ số thứ 4 của số định danh.", "The sex differs from digit 4 of the national id."
    )
    people.report(found, wrong_sex, "sex", "warning", "inconsistent", message, advice)
    message = pick("Năm sinh không khớp số định danh.", "The birth year differs from the national id.")
    people.report(found, wrong_year, "birth_date", "warning", "inconsistent", message, advice)


def _check_months(people: Frame, found: Collector) -> None:
    """Birth months for which two readings of the decree give different retirement months."""
    if not people.has("birth_date", "sex"):
        return
    births, sexes = people.columns["birth_date"], people.codes("sex")
    months = (pc.year(births).fill_null(0).to_numpy(zero_copy_only=False)) * 12
    months = months + pc.month(births).fill_null(0).to_numpy(zero_copy_only=False)
    serving = people.keep.copy()
    if "left_on" in people.columns:
        serving &= ~people.valid("left_on")
    for check in months_to_check():
        sex = code_list("sex").keys.index(check.sex)
        rows = np.flatnonzero(serving & (sexes == sex) & (months == check.born[0] * 12 + check.born[1]))
        table, other = (f"{month:02d}/{year}" for year, month in (check.table, check.other))
        message = pick(
            f"Tháng nghỉ hưu tính theo bảng là {table}; đọc theo phụ lục có thể là {other}.",
            f"The retirement month by the table is {table}; by the annex it may be {other}.",
        )
        advice = pick(
            "Đối chiếu phụ lục Nghị định 135/2020/NĐ-CP, ghi vào cột Ngày nghỉ hưu nếu khác.",
            "Compare the annex of Decree 135/2020/NĐ-CP; fill in the retirement date where it differs.",
        )
        people.report(found, rows, "birth_date", "warning", "inconsistent", message, advice)


def _check_main_posts(posts: Frame, found: Collector) -> None:
    """Two main posts of one person that overlap."""
    rows = np.flatnonzero(posts.keep & posts.columns["is_main"].fill_null(False).to_numpy(zero_copy_only=False))
    if not len(rows):
        return
    persons = _numbered(posts, rows)
    starts, ends = posts.days("start_date")[rows], _ends(posts)[rows]
    order = np.lexsort((starts, persons))
    rows, persons, starts, ends = rows[order], persons[order], starts[order], ends[order]
    # The running latest end within a person: shifting each person beyond the one before lets one pass do all.
    shift = persons * np.int64(1 << 33)
    latest = np.maximum.accumulate(ends + shift)
    overlapping = np.flatnonzero((persons[1:] == persons[:-1]) & (starts[1:] + shift[1:] <= latest[:-1])) + 1
    message = pick(
        "Có hai chức vụ chính trong cùng thời gian; chức vụ bắt đầu sau được coi là chính.",
        "Two main posts at one time; the one that started later counts as main.",
    )
    advice = pick("Ghi ngày kết thúc, hoặc bỏ đánh dấu chính.", "Give the first an end, or unmark one.")
    posts.report(
        found,
        rows[overlapping],
        "is_main",
        "warning",
        "inconsistent",
        message,
        advice,
        lambda row: posts.text("person_id", row),
    )


def _numbered(frame: Frame, rows: Rows) -> Rows:
    persons = frame.columns["person_id"].take(pa.array(rows)).dictionary_encode().indices
    numbers: Rows = persons.to_numpy(zero_copy_only=False).astype(np.int64)
    return numbers


def _ends(frame: Frame) -> Rows:
    """Last days, far away where open."""
    if "end_date" not in frame.columns:
        return np.full(frame.rows, 2**31, dtype=np.int64)
    return np.where(frame.valid("end_date"), frame.days("end_date"), 2**31)


def _person_rows(frame: Frame, people: Frame, rows: Rows) -> Rows:
    """For each row, the row of its person among the people, -1 where there is none."""
    kept = np.flatnonzero(people.keep)
    codes = people.columns["person_id"].take(pa.array(kept))
    places = pc.index_in(frame.columns["person_id"].take(pa.array(rows)), value_set=codes)
    found = places.fill_null(-1).to_numpy(zero_copy_only=False)
    return np.where(found >= 0, kept[found], -1) if len(kept) else np.full(len(rows), -1, dtype=np.int64)


def _last_of(persons: Rows, *orders: Rows) -> tuple[Rows, Rows]:
    """Each person once, with the place of the row that comes last by the orders, the first being the weightiest."""
    order = np.lexsort((*reversed(orders), persons))
    ordered = persons[order]
    last = np.flatnonzero(np.append(ordered[1:] != ordered[:-1], True)) if len(ordered) else np.zeros(0, dtype=np.int64)
    return ordered[last], order[last]


def _started(frame: Frame, people: Frame, day: date, column: str) -> tuple[Rows, Rows]:
    number = (day - date(1970, 1, 1)).days
    begun: Mask = frame.keep & frame.valid("person_id") & frame.valid(column) & (frame.days(column) <= number)
    rows = np.flatnonzero(begun)
    persons = _person_rows(frame, people, rows)
    return rows[persons >= 0], persons[persons >= 0]


def _compare_posts(people: Frame, posts: Frame, day: date, found: Collector) -> None:
    rows, persons = _started(posts, people, day, "start_date")
    current = _ends(posts)[rows] >= (day - date(1970, 1, 1)).days
    rows, persons = rows[current], persons[current]
    main = posts.columns["is_main"].fill_null(False).to_numpy(zero_copy_only=False)[rows].astype(np.int64)
    kinds = -posts.codes("post_kind")[rows] if posts.has("post_kind") else np.zeros(len(rows), dtype=np.int64)
    who, place = _last_of(persons, main, posts.days("start_date")[rows], kinds)
    held = rows[place]
    if people.has("unit_id") and posts.has("unit_id"):
        own, derived = people.columns["unit_id"].take(pa.array(who)), posts.columns["unit_id"].take(pa.array(held))
        differ = pc.not_equal(own, derived).fill_null(False).to_numpy(zero_copy_only=False)
        _report(people, "unit_id", who[differ], day, posts.dataset.title, found)
    if people.has("post_kind") and posts.has("post_kind"):
        own_codes, held_codes = people.codes("post_kind")[who], posts.codes("post_kind")[held]
        _report(people, "post_kind", who[_differ(own_codes, held_codes)], day, posts.dataset.title, found)


def _differ(own: Rows, derived: Rows) -> Mask:
    different: npt.NDArray[np.bool_] = (own >= 0) & (derived >= 0) & (own != derived)
    return different


def _compare_qualifications(people: Frame, held: Frame, day: date, found: Collector) -> None:
    rows, persons = _started(held, people, day, "awarded_on")
    kinds = held.codes("kind")[rows]
    levels = held.columns["level"].take(pa.array(rows))
    for column, (kind, name) in _KINDS.items():
        if column not in people.columns:
            continue
        of_kind = kinds == code_list("qualification_kind").keys.index(kind)
        keys = pa.array(code_list(name).keys, pa.string())
        ranks = (
            pc.index_in(levels.filter(pa.array(of_kind)), value_set=keys).fill_null(-1).to_numpy(zero_copy_only=False)
        )
        who, place = _last_of(persons[of_kind], ranks.astype(np.int64))
        different = _differ(people.codes(column)[who], ranks[place].astype(np.int64))
        _report(people, column, who[different], day, held.dataset.title, found)


def _compare_ranks(people: Frame, ranks: Frame, day: date, found: Collector) -> None:
    if "rank" not in people.columns:
        return
    rows, persons = _started(ranks, people, day, "start_date")
    codes = ranks.codes("rank")[rows]
    who, place = _last_of(persons, ranks.days("start_date")[rows], codes)
    _report(people, "rank", who[_differ(people.codes("rank")[who], codes[place])], day, ranks.dataset.title, found)


def _report(people: Frame, column: str, rows: Rows, day: date, source: str, found: Collector) -> None:
    message = pick(
        f"Khác với trang {source} vào ngày {print_day(day)}; giá trị ở trang {source} được dùng.",
        f"Differs from {source} on {print_day(day)}; what {source} says is used.",
    )
    advice = pick("Sửa một trong hai nơi.", "Correct one of the two.")

    def value(row: int) -> str | None:
        text = people.text(column, row)
        codes = people.dataset.columns[column].code_list
        return codes[text].label if codes is not None and text is not None and text in codes else text

    people.report(found, rows, column, "warning", "inconsistent", message, advice, value)
