"""The order of the checks over all datasets, so that what one refuses is known to the next. Reads no files."""

from collections.abc import Mapping
from datetime import date

import numpy as np

from canbo.common.language import pick
from canbo.datasets.check_dates import check_ages, check_births, check_order
from canbo.datasets.check_keys import check_doubles, check_key, check_references, check_twice
from canbo.datasets.check_levels import check_levels
from canbo.datasets.check_people import check_people
from canbo.datasets.check_trees import check_trees
from canbo.datasets.collect import Collector
from canbo.datasets.frames import Frame
from canbo.datasets.persons import find_persons, give_codes
from canbo.datasets.sheets import fill_defaults, judge_empty

_ORDER = ("units", "people", "succession_lists", "classes")
"""Datasets that others name come first."""


def check(frames: Mapping[str, Frame], day: date | None, found: Collector) -> None:
    """Check the frames in place: cells cut, rows dropped, every reason in the findings."""
    names = [name for name in _ORDER if name in frames] + [name for name in frames if name not in _ORDER]
    people = frames.get("people")
    for name in names:
        frame = frames[name]
        judge_empty(frame, found)
        if name == "people":
            give_codes(frame, found)
        else:
            find_persons(frame, people, found)
        check_levels(frame, found)
        check_key(frame, found)
        check_order(frame, found)
        check_references(frame, frames, found)
        _check_subject(frame, found)
        check_births(frame, people, found)
        check_twice(frame, found)
        if name == "units":
            check_trees(frame, found)
    if people is not None:
        check_doubles(people, found)
        check_ages(people, day, found)
    check_people(frames, day, found)
    for frame in frames.values():
        fill_defaults(frame)


def _check_subject(frame: Frame, found: Collector) -> None:
    """An evaluation of a person needs the person."""
    if frame.dataset.name != "evaluations" or not frame.has("subject_kind"):
        return
    codes = frame.dataset.columns["subject_kind"].code_list
    person = frame.codes("subject_kind") == (codes.keys.index("person") if codes else -1)
    without = ~frame.valid("person_id") if frame.has("person_id") else np.ones(frame.rows, dtype=bool)
    refused = frame.unused.get("person_id", np.zeros(frame.rows, dtype=bool))
    rows = np.flatnonzero(frame.keep & person & without & ~refused)
    message = pick(
        "Đánh giá cá nhân mà không có mã cán bộ. Cả dòng này không được dùng.",
        "An evaluation of a person without the person. The whole row is not used.",
    )
    advice = pick("Điền mã cán bộ, hoặc chọn Tập thể.", "Fill in the code, or choose Collective.")
    frame.report(found, rows, "person_id", "error", "missing_value", message, advice)
    frame.drop(person & without)
