"""What a condition may say, what is refused, and in which words."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from canbo.common.findings import Refused
from canbo.measure.checking import check_scheme, measurable_scheme
from canbo.measure.compiler import compile_condition
from canbo.measure.syntax import BadExpression
from canbo.measure.values import Setting
from tests.support import write_scheme

DAYS = {name: date(2021, 12, 31) for name in ("as_of", "period_start", "period_end", "window_start", "window_end")}
SETTING = Setting(DAYS)


def fault(text: str, dataset: str = "people") -> tuple[str, str | None]:
    with pytest.raises(BadExpression) as caught:
        compile_condition(text, dataset, SETTING)
    return caught.value.faults[0].code, caught.value.faults[0].suggestion


@pytest.mark.parametrize(
    "text",
    [
        "education >= 'master' and not (age < 40 or sex = 'female')",
        "managed_by in ('central', 'provincial_committee') and party_official_date is not null",
        "years(birth_date, :as_of) between 30 and 40",
        "months(recruited_on, date '2022-06-01') > 12.5",
        "coalesce(is_head, false) or lower(post) = 'bí thư'",
        "case when sex = 'male' then age < 62 else age < 60 end",
        "exists (select 1 from rotations where rotations.person_id = people.person_id and start_date <= :as_of)",
        "(select count(*) from trainings as t where t.person_id = people.person_id) >= 2",
        "(select count(distinct t.program) from trainings as t where t.person_id = people.person_id) >= 2",
        "exists (select 1 from memberships as m join units as u on u.unit_id = m.unit_id "
        "where m.person_id = people.person_id and u.level = 'district')",
        "level <> 'commune' and unit_kind = 'party' and locality_id = 'T'",
        "age * 2 - 1 > 3 / (age + 1)",
        "is_minority is true",
        "EDUCATION >= 'master'",
    ],
)
def test_what_the_format_allows(text: str) -> None:
    assert compile_condition(text, "people", SETTING).sql


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("select * from pg_shadow", "not_allowed"),
        ("read_csv('/etc/passwd')", "not_allowed"),
        ("exists (select 1 from read_csv('/etc/passwd'))", "unknown_dataset"),
        ("exists (select 1 from pg_shadow)", "unknown_dataset"),
        ("exists (select 1 from main.people)", "unknown_dataset"),
        ("pg_sleep(10) is null", "not_allowed"),
        ("getenv('HOME') = 'x'", "not_allowed"),
        ("age > 1; drop table people", "bad_expression"),
        ("age > (select max(age) from people)", "not_allowed"),
        ("exists (select 1 from people union select 1 from units)", "not_allowed"),
        ("exists (with x as (select 1) select 1 from x)", "not_allowed"),
        ("exists (select 1 from people order by age)", "not_allowed"),
        ("exists (select 1 from people group by age)", "not_allowed"),
        ("exists (select 1 from people, units)", "not_allowed"),
        ("exists (select 1 from people left join units on true)", "not_allowed"),
        ("unit_id in (select unit_id from units)", "not_allowed"),
        ("birth_date = 'master'", "unlike_types"),
        ("birth_date > education", "unlike_types"),
        ("education > sex", "unlike_types"),
        ("age < 'forty'", "unlike_types"),
        ("age = null", "bad_type"),
        ("birth_date < '2022-06-01'", "unlike_types"),
        ("sex > 'male'", "unordered_codes"),
        ("education = 'masters'", "unknown_code"),
        ("eduction = 'master'", "unknown_column"),
        ("people.rotations = 1", "unknown_column"),
        ("nobody.age = 1", "unknown_dataset"),
        (":today > birth_date", "unknown_parameter"),
        ("cast(age as text) = '1'", "not_allowed"),
        ("date '2021-02-30' < birth_date", "bad_date"),
        ("full_name like 'A%'", "not_allowed"),
        ("age", "bad_type"),
        ("'x'", "bad_type"),
        ("age >", "bad_expression"),
        ("(" * 10_000 + "age > 1" + ")" * 10_000, "bad_expression"),
        ("not " * 5_000 + "is_leader", "bad_expression"),
        ("age > " + "1 + " * 1_500 + "1", "bad_expression"),
        ("-" * 3_000 + "1 > age", "bad_expression"),
        ("1 is 1", "not_allowed"),
        ("age in ()", "not_allowed"),
        ("case age when 1 then true end", "not_allowed"),
        ("age > 1 collate nocase", "not_allowed"),
        ("'a' || full_name = 'b'", "not_allowed"),
        ("[1, 2][1] = 1", "not_allowed"),
        ("x -> x > 1", "not_allowed"),
        ("columns('a')", "not_allowed"),
        ("*", "not_allowed"),
    ],
)
def test_what_is_refused(text: str, code: str) -> None:
    assert fault(text)[0] == code


def test_a_long_chain_of_and_is_no_burden() -> None:
    text = " and ".join(["age > 1"] * 300)
    assert compile_condition(text, "people", SETTING).sql.count("AND") == 299


def test_the_nearest_name_is_offered() -> None:
    assert fault("eduction = 'master'")[1] == "Có phải “education” không?"
    assert fault("education = 'masters'")[1] == "Có phải “'master'” không?"
    assert fault("exists (select 1 from rotation)")[1] == "Có phải “rotations” không?"
    assert fault("year(birth_date) = 1980")[1] is not None


def test_all_faults_of_a_condition_are_told_at_once() -> None:
    with pytest.raises(BadExpression) as caught:
        compile_condition("eduction = 'master' and sex = 'man'", "people", SETTING)
    assert [one.code for one in caught.value.faults] == ["unknown_column", "unknown_code"]


def test_a_text_cannot_break_out_of_its_quotes() -> None:
    compiled = compile_condition("full_name = 'x'' or 1=1 --'", "people", SETTING)
    assert compiled.sql == "(\"people\".full_name = 'x'' or 1=1 --')"


def test_a_nullable_attribute_inside_exists_is_warned_of() -> None:
    text = "exists (select 1 from people where people.unit_id = units.unit_id and education >= 'master')"
    warned = [one.code for one in compile_condition(text, "units", SETTING).warnings]
    assert warned == ["nullable_in_exists"]
    plain = "exists (select 1 from people where people.unit_id = units.unit_id and sex = 'female')"
    assert compile_condition(plain, "units", SETTING).warnings == ()


INDICATOR = """
- id: A
  label: Thạc sĩ
  quote: q
  of: people
  satisfies: |-
    age < 40
    and {condition}
"""


def test_a_fault_is_told_with_file_line_words_and_what_to_do(tmp_path: Path) -> None:
    path = write_scheme(tmp_path, INDICATOR.format(condition="eduction >= 'master'"))
    _, findings = check_scheme(path)
    (finding,) = findings
    line = next(n for n, text in enumerate(path.read_text("utf-8").splitlines(), 1) if "eduction" in text)
    assert (finding.severity, finding.code, finding.row, finding.sheet) == ("error", "unknown_column", line, path.name)
    assert finding.value == "eduction"
    assert finding.message == "A: bảng “people” không có cột “eduction”. Chỗ sai: “eduction”"
    assert finding.suggestion == "Có phải “education” không?"


def test_a_faulty_scheme_is_not_measured(tmp_path: Path) -> None:
    path = write_scheme(tmp_path, INDICATOR.format(condition="pg_sleep(3) is null"))
    with pytest.raises(Refused, match="scheme check"):
        measurable_scheme(path)


_WORDS = st.sampled_from(
    [
        "age",
        "education",
        "'master'",
        "sex",
        "(",
        ")",
        "and",
        "or",
        "not",
        "in",
        "between",
        "is",
        "null",
        "case",
        "when",
        "then",
        "else",
        "end",
        "exists",
        "(select",
        "1",
        "from",
        "units",
        "where",
        "people.unit_id",
        "=",
        "units.unit_id",
        ")",
        ">=",
        "<",
        "=",
        "<>",
        "+",
        "-",
        "*",
        "/",
        "40",
        ":as_of",
        "date",
        "'2020-01-01'",
        ",",
        ".",
        ";",
        "--",
        "years(",
        "lower(",
        "count(*)",
        "true",
        "false",
        "[",
        "]",
        "{",
        "}",
        "||",
        "::",
        "like",
        "select",
        "from",
        "join",
        "on",
        "as",
        "u",
        "'x''",
        '"',
        ";",
        "drop",
        "table",
        "people",
    ]
)


def _compiled_or_refused(text: str) -> bool:
    """Whether a condition is compiled, or refused in whole sentences; anything else it raises is a fault of ours."""
    try:
        return bool(compile_condition(text, "people", SETTING).sql)
    except BadExpression as error:
        return all(one.message.endswith(".") for one in error.faults)


@given(st.lists(_WORDS, max_size=14).map(" ".join))
@settings(max_examples=400, derandomize=True, deadline=None)
def test_any_words_are_compiled_or_refused(text: str) -> None:
    assert _compiled_or_refused(text)


@pytest.mark.deep
@given(st.one_of(st.lists(_WORDS, max_size=40).map(" ".join), st.text(max_size=200)))
@settings(max_examples=40_000, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_words_are_compiled_or_refused_at_length(text: str) -> None:
    assert _compiled_or_refused(text)
