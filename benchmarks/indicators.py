"""A hundred indicators, thirteen groups by thirty-five criteria, each test written for every competitor's language.

A test is one comparison. CanBo gets it in the words of a scheme; SQL over the narrow roster and NumPy get what a
careful author would write by hand for the same rows. Nothing is run here.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import yaml

from benchmarks.data import DAY, SEED
from canbo.codes import code_list

Flags = npt.NDArray[np.bool_]
Narrow = dict[str, npt.NDArray[np.integer]]
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Test:
    """One comparison in three languages; ``sql`` and ``flags`` are over narrow columns in which 0 is unknown."""

    scheme: str
    sql: str
    flags: Callable[[Narrow], Flags]


@dataclass(frozen=True)
class Condition:
    """Tests that must all hold."""

    tests: tuple[Test, ...]

    @property
    def scheme(self) -> str:
        """In the words of a scheme."""
        return " and ".join(test.scheme for test in self.tests)

    @property
    def sql(self) -> str:
        """As SQL over the narrow roster."""
        return "(" + " and ".join(test.sql for test in self.tests) + ")"

    def flags(self, columns: Narrow) -> Flags:
        """Over narrow arrays; true only where known to hold."""
        first, *others = (test.flags(columns) for test in self.tests)
        for other in others:
            first &= other
        return first


def _code(column: str, sign: str, key: str) -> Test:
    place = code_list("level" if column == "level" else column)[key].position
    compare = {"=": np.equal, ">=": np.greater_equal}[sign]
    return Test(
        f"{column} {sign} '{key}'",
        f"{column} {sign} {place + 1}",
        lambda columns: compare(columns[column], np.uint8(place + 1)),
    )


def _below(column: str, key: str) -> Test:
    place = code_list(column)[key].position
    return Test(
        f"{column} < '{key}'",
        f"{column} between 1 and {place}",
        lambda columns: (columns[column] != 0) & (columns[column] < np.uint8(place + 1)),
    )


def _among(column: str, *keys: str) -> Test:
    places = [code_list(column)[key].position + 1 for key in keys]

    def flags(columns: Narrow) -> Flags:
        found: Flags = columns[column] == np.uint8(places[0])
        for place in places[1:]:
            found |= columns[column] == np.uint8(place)
        return found

    words = ", ".join(f"'{key}'" for key in keys)
    return Test(f"{column} in ({words})", f"{column} in ({', '.join(map(str, places))})", flags)


def _true(column: str) -> Test:
    return Test(column, f"{column} = 2", lambda columns: columns[column] == np.uint8(2))


def _age(words: str, flags: Callable[[npt.NDArray[np.integer]], Flags]) -> Test:
    return Test(words, words, lambda columns: flags(columns["age"]))


def _known(column: str) -> Test:
    return Test(f"{column} is not null", f"{column} <> 0", lambda columns: columns[column] != 0)


def _until(words: str, column: str, last: date) -> Test:
    number = np.int32((last - EPOCH).days)
    return Test(
        words,
        f"{column} between 1 and {number}",
        lambda columns: (columns[column] != 0) & (columns[column] <= number),
    )


def _group(*tests: Test) -> Condition:
    return Condition(tests)


POPULATIONS = (
    _group(_among("staff_kind", "official", "civil_servant", "public_employee")),
    _group(_code("managed_by", "=", "provincial_committee")),
    _group(_code("managed_by", "=", "district_committee")),
    _group(_among("managed_by", "provincial_committee", "district_committee"), _true("is_leader")),
    _group(_true("is_key_leader")),
    _group(_true("is_head")),
    _group(_code("staff_kind", "=", "civil_servant")),
    _group(_code("staff_kind", "=", "public_employee")),
    _group(_code("staff_kind", "=", "official"), _code("level", "=", "commune")),
    _group(_code("level", "=", "commune"), _among("staff_kind", "official", "civil_servant")),
    _group(_true("is_leader"), _code("level", "=", "province")),
    _group(_true("is_leader"), _code("level", "=", "district")),
    _group(_among("post_kind", "division_head", "division_deputy")),
)
CRITERIA = (
    _group(_code("education", ">=", "bachelor")),
    _group(_code("education", ">=", "master")),
    _group(_code("education", ">=", "doctor")),
    _group(_code("education", "=", "college")),
    _group(_below("education", "college")),
    _group(_code("political_theory", ">=", "intermediate")),
    _group(_code("political_theory", ">=", "advanced")),
    _group(_code("political_theory", "=", "elementary")),
    _group(_code("state_management", ">=", "specialist")),
    _group(_code("state_management", ">=", "principal")),
    _group(_code("state_management", ">=", "senior")),
    _group(_code("rank", ">=", "specialist")),
    _group(_code("rank", ">=", "principal")),
    _group(_code("rank", ">=", "senior")),
    _group(_code("sex", "=", "female")),
    _group(_true("is_minority")),
    _group(_age("age < 35", lambda age: age < 35)),
    _group(_age("age < 40", lambda age: age < 40)),
    _group(_age("age < 45", lambda age: age < 45)),
    _group(_age("age >= 50", lambda age: age >= 50)),
    _group(_age("age between 30 and 40", lambda age: (age >= 30) & (age <= 40))),
    _group(_code("sex", "=", "female"), _age("age < 40", lambda age: age < 40)),
    _group(_known("party_official_date")),
    _group(_true("it_standard")),
    _group(_true("language_standard")),
    _group(_true("international_ready")),
    _group(_true("operations_standard")),
    _group(_true("skills_standard")),
    _group(_true("state_management_standard")),
    _group(_true("meets_post_standard")),
    _group(_true("major_fits_post")),
    _group(_true("high_quality_recruit")),
    _group(_code("medical_specialist", ">=", "level_1")),
    _group(_until("years(appointed_on, :as_of) >= 5", "appointed_on", DAY.replace(year=DAY.year - 5))),
    _group(_until("retires_on <= date '2030-12-31'", "retires_on", date(2030, 12, 31))),
)
NARROW = (
    "staff_kind",
    "managed_by",
    "post_kind",
    "level",
    "education",
    "political_theory",
    "state_management",
    "rank",
    "sex",
    "medical_specialist",
    "is_leader",
    "is_key_leader",
    "is_head",
    "is_minority",
    "it_standard",
    "language_standard",
    "international_ready",
    "operations_standard",
    "skills_standard",
    "state_management_standard",
    "meets_post_standard",
    "major_fits_post",
    "high_quality_recruit",
    "age",
    "party_official_date",
    "appointed_on",
    "retires_on",
)
"""The columns that the tests read."""
DATE_COLUMNS = frozenset(name for name in NARROW if name.endswith(("_date", "_on")))


def pairs(number: int = 100) -> list[tuple[int, int]]:
    """The sampled pairs (group, criterion): the same for every competitor and every run."""
    every = [(p, c) for p in range(len(POPULATIONS)) for c in range(len(CRITERIA))]
    return sorted(random.Random(SEED).sample(every, number))


def write_scheme(path: Path, chosen: list[tuple[int, int]]) -> Path:
    """The scheme file that CanBo reads."""
    scheme = {
        "id": "benchmark",
        "title": "Đo tốc độ",
        "province": "—",
        "period": {"start": date(2021, 1, 1), "end": date(2030, 12, 31)},
        "populations": {
            f"p{number}": {"label": f"Nhóm {number}", "of": "people", "where": group.scheme}
            for number, group in enumerate(POPULATIONS)
        },
        "indicators": [
            {
                "id": f"P{p:02}-C{c:02}",
                "label": f"Nhóm {p}, tiêu chí {c}",
                "quote": f"nhóm {p}, tiêu chí {c}",
                "population": f"p{p}",
                "satisfies": CRITERIA[c].scheme,
                "measure": "share",
                "targets": [{"by": date(2025, 12, 31), "is": "> 60%"}],
            }
            for p, c in chosen
        ],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(scheme, allow_unicode=True, sort_keys=False), "utf-8")
    return path
