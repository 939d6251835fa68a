"""The register: import, roster of a day, the people in memory, and scoping, each beside what one would write by hand.

Works in an installation of its own, which is removed at the end. Times in seconds, medians of interleaved runs.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.following import compare_following
from benchmarks.scoping import compare_scoping, people_of
from benchmarks.timing import Run, Series, interleave

DAY, OTHER = date(2021, 12, 31), date(2019, 6, 30)
AT = datetime(2026, 1, 5, 8, tzinfo=UTC)

# What one would write by hand for the people of a day: main post, tier, degrees, rank, stated columns, age.
BY_HAND = """
WITH e AS (
  SELECT DISTINCT ON (person_id) person_id, staff_kind, recruited_on, high_quality_recruit, valid_to
  FROM register_employment WHERE valid_from <= {day} ORDER BY person_id, valid_from DESC
), h AS (
  SELECT DISTINCT ON (person_id) * FROM register_postheld
  WHERE valid_from <= {day} AND (valid_to IS NULL OR valid_to > {day})
  ORDER BY person_id, is_main DESC, valid_from DESC, id
), t AS (
  SELECT person_id, min(array_position(
    ARRAY['central', 'provincial_committee', 'district_committee', 'unit_head'], stated_tier)) AS tier
  FROM register_postheld WHERE valid_from <= {day} AND (valid_to IS NULL OR valid_to > {day}) GROUP BY person_id
), q AS (
  SELECT person_id,
    max(array_position(ARRAY['none','elementary','intermediate','college','bachelor','master','doctor'], level))
      FILTER (WHERE kind = 'professional') AS education,
    max(array_position(ARRAY['none','elementary','intermediate','advanced','bachelor'], level))
      FILTER (WHERE kind = 'political') AS political_theory,
    max(array_position(ARRAY['none','officer','specialist','principal','senior'], level))
      FILTER (WHERE kind = 'state') AS state_management,
    max(array_position(ARRAY['none','level_1','level_2'], level)) FILTER (WHERE kind = 'medical') AS medical
  FROM register_qualification WHERE awarded_on <= {day} GROUP BY person_id
), r AS (
  SELECT DISTINCT ON (person_id) person_id, rank, by_equivalence FROM register_rankheld
  WHERE valid_from <= {day} ORDER BY person_id, valid_from DESC
)
SELECT p.code, p.full_name, p.birth_date, p.sex, p.ethnicity, p.national_id, u.code AS unit, h.post, h.post_kind,
  h.is_head, h.is_key_leader, h.appointed_on, h.term_ends_on, t.tier, e.staff_kind, e.recruited_on,
  e.high_quality_recruit, e.valid_to - 1 AS left_on, q.education, q.political_theory, q.state_management, q.medical,
  r.rank, r.by_equivalence, m.official_on, s.major_fits_post, s.it_standard, s.language_standard,
  s.international_ready, s.operations_standard, s.skills_standard, s.state_management_standard,
  s.meets_post_standard, extract(year FROM age({day}, p.birth_date)) AS age
FROM register_person p
LEFT JOIN e ON e.person_id = p.id LEFT JOIN h ON h.person_id = p.id LEFT JOIN register_unit u ON u.id = h.unit_id
LEFT JOIN t ON t.person_id = p.id LEFT JOIN q ON q.person_id = p.id LEFT JOIN r ON r.person_id = p.id
LEFT JOIN register_partymembership m ON m.person_id = p.id
LEFT JOIN register_standing s ON s.person_id = p.id AND s.valid_from <= {day}
  AND (s.valid_to IS NULL OR s.valid_to > {day})
"""
BULK = ("register_postheld", "register_qualification", "register_rankheld", "register_training", "register_evaluation")
BULK_ROUNDS = 5


def compare_register(people: int, repeats: int) -> dict[str, Any]:
    """All comparisons for a synthetic province of so many people, in a process of its own; nothing is left behind."""
    result = _in_own_process("history", people, repeats)
    workbook = _in_own_process("workbook", people, repeats)
    result["workbook"] = workbook
    result["ratios"]["workbook_seconds"] = _once(workbook["prepare"] + workbook["apply"])
    return result


def _in_own_process(what: str, people: int, repeats: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.register", what, str(people), str(repeats)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def _workbook(folder: Path, people: int, repeats: int) -> dict[str, float]:
    """Seconds to preview and import a workbook with one row a person, and the units, into an empty register."""
    from canbo.datasets.writing import write_workbook
    from canbo.register.importing import run
    from canbo.sample import make_province

    province = make_province(people=people, seed=1, scenario="thai-nguyen-2021")
    book = folder / "people.xlsx"
    tables = {name: province.tables[name] for name in ("units", "people")}
    write_workbook(tables, book, data_date=province.data_date, title=province.title)
    started = time.perf_counter()
    preview = run.prepare(book)
    prepared = time.perf_counter()
    run.apply(preview, by="benchmark", at=AT)
    return {"prepare": prepared - started, "apply": time.perf_counter() - prepared}


def _compare(folder: Path, people: int, repeats: int) -> dict[str, Any]:
    from canbo.register.importing import run
    from canbo.sample import make_province, write_parquet

    source = folder / "sample"
    write_parquet(make_province(people=people, seed=1, scenario="thai-nguyen-2021"), source)
    started = time.perf_counter()
    preview = run.prepare(source)
    prepared = time.perf_counter()
    run.apply(preview, by="benchmark", at=AT)
    applied = time.perf_counter()
    _analyse()
    series, last = interleave(_runs(), repeats)
    _check(last, people)
    scoped = compare_scoping(DAY, repeats)
    following = compare_following(DAY)
    bulk = _bulk()
    return {
        "people": people,
        "rows": preview.totals.created,
        "import_seconds": {"prepare": prepared - started, "apply": applied - prepared},
        "bulk": bulk,
        "series": {name: one.as_json() for name, one in series.items()},
        "scoping": scoped["series"],
        "following": following,
        "ratios": {
            "roster_to_by_hand": _ratio(series["roster"], series["by_hand"]),
            "by_hand_to_mirror": _ratio(series["by_hand"], series["mirror"]),
            "scoped_to_unscoped": _ratio(series["scoped"], series["unscoped"]),
            **scoped["ratios"],
            "followed_p95_milliseconds": _once(following["p95"] * 1000),
            "anew_to_followed": _once(following["anew"] / following["median"]),
            "bulk_to_copy": _once(bulk["with_history"] / bulk["copy"]),
            "history_rows_a_second": _once(preview.totals.created / (applied - started)),
        },
    }


def _ratio(over: Series, under: Series) -> dict[str, float]:
    return {"medians": over.median / under.median, "shortest": over.least / under.least}


def _once(value: float) -> dict[str, float]:
    return {"medians": value, "shortest": value}


def _runs() -> dict[str, Run]:
    from canbo.snapshot.mirror import Mirror
    from canbo.snapshot.take import take_dataset

    mirror = Mirror()
    return {
        "by_hand": Run(lambda: _by_hand(DAY)),
        "roster": Run(lambda: take_dataset("people", DAY)),
        "mirror": Run(lambda: mirror.roster(OTHER)),
        "mirror_refresh": Run(mirror.refresh),
        "unscoped": Run(lambda: _listed(scoped=False)),
        "scoped": Run(lambda: _listed(scoped=True)),
    }


def _by_hand(day: date) -> int:
    """Rows of the hand-written statement, brought to Arrow as the program's own is."""
    import io

    import pyarrow.csv as pa_csv
    from django.db import connection

    buffer = io.BytesIO()
    sql = BY_HAND.replace("{day}", f"DATE '{day.isoformat()}'")
    with connection.cursor() as cursor, cursor.copy(f"COPY ({sql}) TO STDOUT (FORMAT csv, HEADER)") as copy:
        for block in copy:
            buffer.write(block)
    buffer.seek(0)
    return int(pa_csv.read_csv(buffer).num_rows)


def _listed(*, scoped: bool) -> int:
    """Everybody by name: over the whole table, or through a mandate's scope that was asked before."""
    from canbo.register.models import Person

    found = people_of(_root(), None, DAY) if scoped else Person.objects.filter(merged_into__isnull=True)
    return len(found.order_by("name_order", "id").values_list("code", "full_name", "birth_date", "sex"))


def _root() -> str:
    from canbo.register.models import UnitVersion

    return str(UnitVersion.objects.filter(parent__isnull=True).order_by("unit__code").values_list("unit__code")[0][0])


def _bulk() -> dict[str, float]:
    """The same rows by COPY into the same tables, emptied and with all constraints, without and with history.

    Both sides commit, so the deferred foreign keys are checked and the log is flushed; with history, the entry of the
    log and its digest of the rows belong to it too. Medians of interleaved rounds, summed over the tables.
    """
    from django.db import connection

    seconds = {"copy": 0.0, "with_history": 0.0}
    with connection.cursor() as cursor:
        for table in BULK:
            with cursor.copy(f'COPY "{table}" TO STDOUT (FORMAT binary)') as copy:
                rows = b"".join(bytes(block) for block in copy)
            rounds = [(_plainly(cursor, table, rows), _kept(cursor, table, rows)) for _ in range(BULK_ROUNDS)]
            for side, times in zip(seconds, zip(*rounds, strict=True), strict=True):
                seconds[side] += median(times)
    return seconds


def _plainly(cursor: Any, table: str, rows: bytes) -> float:
    """Seconds to load a table without its triggers for history."""
    _empty(cursor, table)
    cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
    seconds = _timed(partial(_copy_in, cursor, table, rows))
    cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')
    return seconds


def _kept(cursor: Any, table: str, rows: bytes) -> float:
    """Seconds to load a table as a change: the triggers write the history."""
    from canbo.audit.changes import change

    def load() -> None:
        with change(by="benchmark", at=datetime.now(UTC), action="bulk"):
            _copy_in(cursor, table, rows)

    _empty(cursor, table)
    seconds = _timed(load)
    cursor.execute(f'SELECT (SELECT count(*) FROM "{table}") = (SELECT count(*) FROM "{table}event")')
    assert cursor.fetchone() == (True,)
    return seconds


def _empty(cursor: Any, table: str) -> None:
    """Leave a table and its history as new, with empty indexes."""
    from pgtrigger import ignore

    with ignore():
        cursor.execute(f'TRUNCATE "{table}", "{table}event"')
    cursor.execute("CHECKPOINT")


def _copy_in(cursor: Any, table: str, rows: bytes) -> None:
    with cursor.copy(f'COPY "{table}" FROM STDIN (FORMAT binary)') as copy:
        copy.write(rows)


def _timed(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _analyse() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _check(last: dict[str, Any], people: int) -> None:
    assert last["by_hand"] == last["roster"].num_rows == last["mirror"].num_rows == people
    assert 0 < last["scoped"] <= last["unscoped"]


@contextmanager
def _installation() -> Iterator[Path]:
    """A folder with a database of its own, migrated, with Django set up on it."""
    folder = Path(tempfile.mkdtemp(prefix="canbo-bench-"))
    folder.chmod(0o711)
    before = {name: os.environ.get(name) for name in ("CANBO_HOME", "DATABASE_URL")}
    os.environ["CANBO_HOME"] = str(folder)
    os.environ.pop("DATABASE_URL", None)
    from canbo.installation.server import stop_embedded

    try:
        from canbo.cli.house import open_house

        open_house(any_version=True)
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        yield folder
    finally:
        stop_embedded(folder)
        shutil.rmtree(folder, ignore_errors=True)
        for name, value in before.items():
            if value is not None:
                os.environ[name] = value


if __name__ == "__main__":
    work = _workbook if sys.argv[1] == "workbook" else _compare
    with _installation() as place:
        print(json.dumps(work(place, int(sys.argv[2]), int(sys.argv[3]))))
