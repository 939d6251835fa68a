"""The form of an indicator: what was written in it, from a request or from the scheme's text, and back to values."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from django.http import HttpRequest, QueryDict

from canbo.common.language import pick
from canbo.common.numbers import parse_day, print_day
from canbo.datasets.dictionary import dictionary
from canbo.measure.scheme import Scheme
from canbo.web.schemes.conditions import BadTerm, Built, Joiner, Term, built_of, codes_of, signs_of, sql_of

MOST_TERMS, MOST_TARGETS = 20, 12


@dataclass(frozen=True)
class Condition:
    """A condition as the form holds it: comparisons, or SQL as typed."""

    mode: Literal["built", "sql"] = "built"
    built: Built = Built("and", ())
    typed: str = ""

    def sql(self, dataset: str) -> str:
        """The condition in SQL; empty where there is none.

        :raises BadTerm: a comparison is not whole.
        """
        return self.typed.strip() if self.mode == "sql" else sql_of(self.built, dataset)


@dataclass(frozen=True)
class Aim:
    """A target as written."""

    by: str = ""
    is_: str = ""
    orientation: bool = False


@dataclass(frozen=True)
class Form:
    """An indicator as written."""

    id: str = ""
    label: str = ""
    label_en: str = ""
    quote: str = ""
    objective: str = ""
    group: str = ""
    measure: str = "share"
    note: str = ""
    aims: tuple[Aim, ...] = (Aim(),)
    satisfies: Condition = field(default_factory=Condition)
    where: Condition = field(default_factory=Condition)

    def dataset(self, scheme: Scheme) -> str:
        """The dataset whose rows are counted."""
        population = scheme.populations.get(self.group)
        return population.of if population else self.group.removeprefix("of:") or "people"


def of_values(values: Mapping[str, Any], scheme: Scheme) -> Form:
    """The form of an indicator that the text has."""
    group = str(values.get("population") or f"of:{values.get('of') or 'people'}")
    form = Form(
        id=_said(values, "id"), label=_said(values, "label"), label_en=_said(values, "label_en"),
        quote=_said(values, "quote"), objective=_said(values, "objective"), group=group,
        measure=_said(values, "measure") or "share", note=_said(values, "note"),
        aims=tuple(_aim(one) for one in values.get("targets") or []) or (Aim(),),
    )  # fmt: skip
    dataset = form.dataset(scheme)
    return replace(
        form,
        satisfies=_condition(_said(values, "satisfies"), dataset),
        where=_condition(_said(values, "where"), dataset),
    )


def of_request(request: HttpRequest, scheme: Scheme) -> Form:
    """The form as it was sent; comparisons that a newly chosen field does not have are put right."""
    sent = request.POST
    own = {name: sent.get(name, "").strip() for name in ("id", "label", "label_en", "quote", "objective", "note")}
    group = sent.get("group", "")
    known = group in scheme.populations or group.removeprefix("of:") in dictionary()
    measure = sent.get("measure", "share")
    number = min(_whole(sent.get("aims", "1")), MOST_TARGETS)
    aims = tuple(
        Aim(sent.get(f"aim-{n}-by", "").strip(), sent.get(f"aim-{n}-is", "").strip(), f"aim-{n}-orientation" in sent)
        for n in range(number)
    )
    group = group if known else "of:people"
    form = Form(
        own["id"], own["label"], own["label_en"], own["quote"], own["objective"], group, measure, own["note"], aims
    )
    dataset = form.dataset(scheme)
    return replace(form, satisfies=_sent(sent, "s", dataset), where=_sent(sent, "w", dataset))


def changed(form: Form, action: str, scheme: Scheme) -> Form:
    """The form after one of its own buttons: a comparison or a target more or less, SQL instead of comparisons."""
    kind, _, rest = action.partition("-")
    if action == "add-aim":
        return replace(form, aims=(*form.aims, Aim()))
    which, _, number = rest.partition("-")
    if which not in ("s", "w"):
        return form
    name: Literal["satisfies", "where"] = "satisfies" if which == "s" else "where"
    done = _condition_changed(getattr(form, name), kind, number, form.dataset(scheme))
    return replace(form, satisfies=done) if name == "satisfies" else replace(form, where=done)


def values_of(form: Form, before: Mapping[str, Any], scheme: Scheme) -> dict[str, Any]:
    """What the text is to say: the form's own keys changed, all others as they were.

    :raises BadTerm: a comparison is not whole.
    """
    dataset = form.dataset(scheme)
    own: dict[str, Any] = {
        "id": form.id, "label": form.label, "label_en": form.label_en, "quote": form.quote,
        "objective": form.objective,
        "population": form.group if form.group in scheme.populations else "",
        "of": "" if form.group in scheme.populations else dataset,
        "measure": form.measure if form.measure != "share" or "measure" in before else "",
        "where": form.where.sql(dataset), "satisfies": form.satisfies.sql(dataset),
        "targets": _targets(form.aims, before.get("targets") or []), "note": form.note,
    }  # fmt: skip
    if form.measure == "ratio":  # its two sides say what is counted; the form leaves them alone
        own = {key: value for key, value in own.items() if key not in ("population", "of", "where", "satisfies")}
    own = {key: _as_before(value, before.get(key)) for key, value in own.items()}
    if own.get("satisfies", before.get("satisfies")) != before.get("satisfies"):
        own |= {"says": "", "says_en": ""}  # words of the condition that was there before
    merged = {**{key: own.get(key, value) for key, value in before.items()}, **own}
    return {key: value for key, value in merged.items() if value not in ("", [], None)}


def _as_before(value: Any, before: Any) -> Any:
    """The value of the file where the form says the same: texts there may end with a line break."""
    same = isinstance(before, (str, bool)) and str(before).strip() in (value, str(value).capitalize())
    return before if same else value


def _targets(aims: tuple[Aim, ...], before: list[Any]) -> list[dict[str, Any]]:
    found = []
    for number, one in enumerate(aims):
        if not one.by and not one.is_:
            continue
        held = before[number] if number < len(before) and isinstance(before[number], dict) else {}
        read = parse_day(one.by) if one.by else None
        by = read.first if read is not None and read.precision == "day" else one.by
        target = {**held, "by": by, "is": one.is_, "orientation": one.orientation}
        found.append({key: value for key, value in target.items() if value not in ("", None, False)})
    return found


def _condition(text: str, dataset: str) -> Condition:
    built = built_of(text, dataset)
    return Condition("sql", typed=text) if built is None else Condition("built", built, text)


def _condition_changed(held: Condition, kind: str, number: str, dataset: str) -> Condition:
    terms = held.built.terms
    if kind == "add":
        return replace(held, built=replace(held.built, terms=(*terms, Term())[:MOST_TERMS]))
    if kind == "drop":
        left = tuple(one for n, one in enumerate(terms) if str(n) != number)
        return replace(held, built=replace(held.built, terms=left))
    if kind == "sql":
        try:
            return Condition("sql", held.built, held.sql(dataset))
        except BadTerm:
            return Condition("sql", held.built, held.typed)
    built = built_of(held.typed, dataset) if kind == "build" else None
    return Condition("built", built, held.typed) if built is not None else held


def _sent(sent: QueryDict, prefix: str, dataset: str) -> Condition:
    number = min(_whole(sent.get(f"{prefix}-count", "0")), MOST_TERMS)
    terms = tuple(_term(sent, f"{prefix}-{n}", dataset) for n in range(number))
    joiner: Joiner = "or" if sent.get(f"{prefix}-join") == "or" else "and"
    mode: Literal["built", "sql"] = "sql" if sent.get(f"{prefix}-mode") == "sql" else "built"
    return Condition(mode, Built(joiner, terms), sent.get(f"{prefix}-sql", "").replace("\r\n", "\n"))


def _term(sent: QueryDict, prefix: str, dataset: str) -> Term:
    column, sign = sent.get(f"{prefix}-column", ""), sent.get(f"{prefix}-sign", "")
    signs = [key for key, _ in signs_of(dataset, column)]
    if sign not in signs:
        sign = signs[0] if signs else ""
    values = tuple(one.strip() for one in sent.getlist(f"{prefix}-value") if one.strip())
    codes = {key for key, _ in codes_of(dataset, column)}
    return Term(column, sign, tuple(one for one in values if not codes or one in codes))


def _aim(one: Any) -> Aim:
    values = one if isinstance(one, dict) else {}
    by = values.get("by")
    day = parse_day(str(by)) if by is not None else None
    return Aim(print_day(day.first) if day else "", _said(values, "is"), bool(values.get("orientation")))


def _said(values: Mapping[str, Any], key: str) -> str:
    value = values.get(key)
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value).strip()


def _whole(text: str) -> int:
    return int(text) if text.isdigit() and len(text) < 4 else 0


def measures() -> list[tuple[str, str]]:
    """What may be measured, with its words."""
    return [
        ("share", pick("Tỷ lệ: bao nhiêu phần trăm của nhóm", "Share: what percentage of the group")),
        ("count", pick("Số lượng: bao nhiêu trong nhóm", "Count: how many of the group")),
        ("ratio", pick("Tỷ số của hai số (sửa ở toàn văn)", "Ratio of two numbers (edited in the whole text)")),
    ]
