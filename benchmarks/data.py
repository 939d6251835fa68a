"""A made-up country of people and units as canonical tables, by NumPy and a fixed seed. Believable skew, no histories.

It is not the synthetic province of ``canbo.sample``: here only size and the spread of the columns matter.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from canbo.codes import code_list
from canbo.datasets.bundle import Datasets
from canbo.datasets.dictionary import dictionary

DAY = date(2025, 6, 30)
SEED = 20250630
RESULTS = Path(__file__).parent / "results"
FORM = 3
"""Raise it when what is made here changes, so that no stale cache is read."""

SHAPES = {60_000: (1, 8, 6, 4, 0), 2_500_000: (34, 18, 10, 8, 3)}
"""Provinces, districts in each, communes in each district, agencies of each district, service units of each commune."""
UNITS = {60_000: 120, 2_500_000: 30_000}

_FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Nông", "Ma", "Lò", "Giàng")
_MIDDLE = ("Văn", "Thị", "Đức", "Minh", "Thu", "Hữu", "Ngọc", "Quang", "Thanh", "Xuân")
_GIVEN = ("An", "Bình", "Châu", "Dung", "Đạt", "Giang", "Hà", "Hạnh", "Hiền", "Hoa", "Hùng", "Hương", "Khánh", "Lan")
_POSTS = ("Chuyên viên", "Kế toán", "Giáo viên", "Bác sĩ", "Điều dưỡng", "Văn thư", "Cán sự", "Kỹ thuật viên")

_SHARES: dict[str, tuple[float, dict[str, float]]] = {
    # column: (share of empty cells, shares of the codes)
    "sex": (0, {"male": 0.46, "female": 0.54}),
    "ethnicity": (0.002, {"Kinh": 0.79, "Tày": 0.08, "Mường": 0.05, "Thái": 0.05, "HMông": 0.03}),
    "post_kind": (
        0,
        {
            "professional": 0.78,
            "support": 0.09,
            "division_deputy": 0.035,
            "division_head": 0.025,
            "service_deputy": 0.025,
            "service_head": 0.015,
            "committee_vice_chair": 0.008,
            "committee_chair": 0.004,
            "party_secretary": 0.004,
            "party_deputy_secretary": 0.006,
            "agency_deputy": 0.005,
            "agency_head": 0.003,
        },
    ),
    "staff_kind": (
        0,
        {"public_employee": 0.68, "civil_servant": 0.19, "official": 0.06, "contract": 0.05, "part_time": 0.02},
    ),
    "rank": (
        0.07,
        {"specialist": 0.62, "officer": 0.2, "principal": 0.11, "attendant": 0.06, "senior": 0.01},
    ),
    "education": (
        0.005,
        {
            "bachelor": 0.62,
            "master": 0.14,
            "college": 0.11,
            "intermediate": 0.1,
            "elementary": 0.015,
            "doctor": 0.01,
            "none": 0.005,
        },
    ),
    "medical_specialist": (0.4, {"none": 0.96, "level_1": 0.035, "level_2": 0.005}),
    "political_theory": (
        0.01,
        {"none": 0.45, "elementary": 0.17, "intermediate": 0.28, "advanced": 0.09, "bachelor": 0.01},
    ),
    "state_management": (
        0.012,
        {"none": 0.48, "specialist": 0.34, "officer": 0.04, "principal": 0.12, "senior": 0.02},
    ),
}
_TRUE = {  # share of empty cells, share of true ones
    "is_key_leader": (0.3, 0.03),
    "is_head": (0.3, 0.025),
    "rank_by_equivalence": (0.6, 0.12),
    "major_fits_post": (0.02, 0.86),
    "it_standard": (0.02, 0.81),
    "language_standard": (0.03, 0.66),
    "international_ready": (0.05, 0.07),
    "operations_standard": (0.02, 0.77),
    "skills_standard": (0.02, 0.7),
    "state_management_standard": (0.02, 0.73),
    "meets_post_standard": (0.015, 0.84),
    "high_quality_recruit": (0.5, 0.02),
}


def make_data(people: int) -> Datasets:
    """Units and people as a file would give them: people in no order of units. Other sizes take the nearest tree."""
    rng = np.random.default_rng(SEED)
    units = _units(people)
    return Datasets({"units": units, "people": _people(people, units, rng)}, DAY, title=f"{people} people")


def cached(people: int, folder: Path = RESULTS / "cache") -> Path:
    """The folder of the two tables as Parquet, made where it is not there yet."""
    place = folder / f"{people}-{SEED}-{FORM}"
    if not (place / "people.parquet").exists():
        place.mkdir(parents=True, exist_ok=True)
        made = make_data(people)
        for name in ("units", "people"):
            pq.write_table(made.tables[name], place / f"{name}.parquet", compression="zstd")
    return place


def load(folder: Path) -> Datasets:
    """The tables that ``cached`` wrote."""
    tables = {name: pq.read_table(folder / f"{name}.parquet") for name in ("units", "people")}
    return Datasets(tables, DAY)


def _shape(people: int) -> tuple[tuple[int, int, int, int, int], int]:
    if people in SHAPES:
        return SHAPES[people], UNITS[people]
    return (1, 3, 3, 1, 1), 25


def _units(people: int) -> pa.Table:
    (provinces, districts, communes, agencies, services), most = _shape(people)
    rows: list[tuple[str, str | None, str, str]] = []

    def add(name: str, parent: str | None, level: str, kind: str) -> str:
        rows.append((name, parent, level, kind))
        return name

    for p in range(provinces):
        province = add(f"T{p:02}", None, "province", "locality")
        for d in range(districts):
            district = add(f"{province}.H{d:02}", province, "district", "locality")
            for a in range(agencies):
                add(f"{district}.P{a}", district, "district", "state" if a else "party")
            for c in range(communes):
                commune = add(f"{district}.X{c:02}", district, "commune", "locality")
                for s in range(services):
                    add(f"{commune}.S{s}", commune, "commune", "public_service")
    last = 0
    while len(rows) < most:
        add(f"T{last % provinces:02}.S{last // provinces:02}", f"T{last % provinces:02}", "province", "state")
        last += 1
    rows = rows[:most]
    names, parents, levels, kinds = (list(column) for column in zip(*rows, strict=True))
    spec = dictionary()["units"].columns
    known = {
        "unit_id": pa.array(names),
        "name": pa.array([f"Đơn vị {name}" for name in names]),
        "parent_id": pa.array(parents, pa.string()),
        "level": pa.array(levels).cast(spec["level"].arrow_type),
        "kind": pa.array(kinds).cast(spec["kind"].arrow_type),
    }
    return pa.table(known)


def _people(rows: int, units: pa.Table, rng: np.random.Generator) -> pa.Table:
    count = units.num_rows
    weights = rng.lognormal(0, 0.9, count)
    place = rng.choice(count, rows, p=weights / weights.sum()).astype(np.int32)
    born = _days(rng, rows, date(1964, 1, 1), date(2001, 6, 30))
    recruited = np.minimum(born + 365 * 21 + rng.integers(0, 3000, rows), _day(DAY) - 1000).astype(np.int32)
    columns: dict[str, pa.Array] = {
        "person_id": _numbered("CB", 9, np.arange(rows)),
        "full_name": _names(rng, rows),
        "birth_date": _dates(born),
        "unit_id": pc.take(units["unit_id"].combine_chunks(), pa.array(place)),
        "post": _words(rng, rows, _POSTS),
        "recruited_on": _dates(recruited),
        "party_official_date": _dates(recruited + 900, rng.random(rows) < 0.38),
    }
    columns |= {name: _codes(rng, rows, name) for name in _SHARES}
    columns |= {name: _flags(rng, rows, *shares) for name, shares in _TRUE.items()}
    columns["national_id"] = _national_ids(columns["sex"].indices.to_numpy(), born)
    kinds = columns["post_kind"]
    plain = pc.is_in(kinds.dictionary_decode(), pa.array(["professional", "support"])).to_numpy(zero_copy_only=False)
    columns["managed_by"] = _managed(rng, plain)
    appointed = np.maximum(_day(DAY) - rng.integers(0, 365 * 9, rows), recruited).astype(np.int32)
    columns["appointed_on"] = _dates(appointed, plain)
    columns["term_ends_on"] = _dates(appointed + 1826, plain)
    columns["left_on"] = _dates(_day(DAY) - rng.integers(1, 900, rows).astype(np.int32), rng.random(rows) > 0.04)
    written = [column.name for column in dictionary()["people"].written if column.name in columns]
    return pa.table({name: columns[name] for name in written})


def _day(day: date) -> int:
    return (day - date(1970, 1, 1)).days


def _days(rng: np.random.Generator, rows: int, first: date, last: date) -> npt.NDArray[np.int32]:
    return rng.integers(_day(first), _day(last), rows).astype(np.int32)


def _dates(days: npt.NDArray[np.int32], empty: npt.NDArray[np.bool_] | None = None) -> pa.Array:
    return pa.array(days.astype(np.int32), pa.int32(), mask=empty).cast(pa.date32())


def _numbered(head: str, width: int, numbers: npt.NDArray[np.int64]) -> pa.Array:
    text = pc.utf8_lpad(pa.array(numbers).cast(pa.string()), width - len(head), padding="0")
    return pc.binary_join_element_wise(head, text, "")


def _national_ids(sex: npt.NDArray[np.int8], born: npt.NDArray[np.int32]) -> pa.Array:
    """Twelve digits: province, century and sex, year of birth, and a running number among those alike."""
    year = born.astype("datetime64[D]").astype("datetime64[Y]").astype(int) + 1970
    alike = (np.where(year >= 2000, 2, 0) + sex) * 100 + year % 100
    order = np.argsort(alike, kind="stable")
    sizes = np.bincount(alike)
    number = np.empty(len(alike), np.int64)
    number[order] = np.arange(len(alike)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return _numbered("019", 12, alike * 1_000_000 + number)


def _words(rng: np.random.Generator, rows: int, words: Sequence[str]) -> pa.Array:
    return pc.take(pa.array(words), pa.array(rng.integers(0, len(words), rows).astype(np.int32)))


def _names(rng: np.random.Generator, rows: int) -> pa.Array:
    return _words(rng, rows, [f"{one} {two} {three}" for one in _FAMILY for two in _MIDDLE for three in _GIVEN])


def _codes(rng: np.random.Generator, rows: int, column: str) -> pa.DictionaryArray:
    empty, shares = _SHARES[column]
    keys = code_list(dictionary()["people"].columns[column].codes or "").keys
    odds = np.array(list(shares.values()))
    picked = rng.choice(len(shares), rows, p=odds / odds.sum())
    places = np.array([keys.index(name) for name in shares], np.int8)[picked]
    return _as_codes(places, keys, rng.random(rows) < empty)


def _as_codes(places: npt.NDArray[np.int8], keys: tuple[str, ...], empty: npt.NDArray[np.bool_]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(places, pa.int8(), mask=empty), pa.array(keys))


def _flags(rng: np.random.Generator, rows: int, empty: float, true: float) -> pa.Array:
    return pa.array(rng.random(rows) < true, mask=rng.random(rows) < empty)


def _managed(rng: np.random.Generator, plain: npt.NDArray[np.bool_]) -> pa.DictionaryArray:
    """Leaders are managed by committees, others by the head of their unit."""
    keys = code_list("managed_by").keys
    place = {name: keys.index(name) for name in keys}
    drawn = rng.random(len(plain))
    tiers = np.where(drawn < 0.15, place["provincial_committee"], place["district_committee"])
    tiers = np.where(plain | (drawn > 0.75), place["unit_head"], tiers).astype(np.int8)
    return _as_codes(tiers, keys, rng.random(len(plain)) < 0.003)
