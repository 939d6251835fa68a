"""What a standard asks and what a person has, in words: the reasons of the gap list. Reads no tables."""

from collections.abc import Mapping
from typing import Any, Literal

from canbo.codes import code_list
from canbo.common.language import pick
from canbo.datasets.dictionary import dictionary
from canbo.register import requirements
from canbo.register.certificate_kinds import kinds
from canbo.register.certified import Certificates

_NUMBERS = {
    "age_at_most": ("tuổi không quá", "age at most"),
    "service_years": ("số năm công tác từ", "years of service from"),
}


def reason(
    of: str,
    name: str,
    wanted: Any,
    values: Mapping[str, Any],
    certificates: Certificates,
    verdict: Literal["not_met", "unknown"],
) -> str:
    """One sentence: what the title or rank ``of`` asks, what there is instead, and which certificates do not count."""
    had = pick("chưa có dữ liệu", "no data") if verdict == "unknown" else _had(name, values)
    text = pick(f"{of} cần {wanted_words(name, wanted)}, {had}", f"{of} asks {wanted_words(name, wanted)}, {had}")
    return text + "".join(_not_counted(kind, certificates) for kind in _kinds_in(name, wanted)) + "."


def wanted_words(name: str, wanted: Any) -> str:
    """What a requirement asks: “chứng chỉ Ngoại ngữ bậc B1”."""
    if name == "any_of":
        return pick(" hoặc ", " or ").join(
            pick(" và ", " and ").join(wanted_words(key, value) for key, value in one.items()) for one in wanted
        )
    if name in _NUMBERS:
        return f"{pick(*_NUMBERS[name])} {wanted}"
    if name == "held_before":
        return pick("đã qua chức vụ ", "an earlier post as ") + _posts(wanted, pick(" hoặc ", " or "))
    if wanted is True or name not in (*requirements.ORDERED, *requirements.CERTIFIED):
        return label(name)
    return pick(f"{label(name)} từ bậc {level_words(name, wanted)}", f"{label(name)} of {level_words(name, wanted)}")


def label(name: str) -> str:
    """What a requirement is called."""
    kind = kinds().get(name)
    if kind is not None:
        return pick(f"chứng chỉ {_lowered(kind.vi)}", f"a certificate: {_lowered(kind.en)}")
    head = dictionary()["people"].columns[name].head
    return _lowered(head)


def level_words(name: str, level: str) -> str:
    """A level as a person reads it."""
    if name in requirements.ORDERED and level in code_list(name):
        return code_list(name)[level].label
    return {"basic": pick("cơ bản", "basic"), "advanced": pick("nâng cao", "advanced")}.get(level, level)


def _had(name: str, values: Mapping[str, Any]) -> str:
    if name == "any_of":
        return pick("chưa đạt mục nào", "none of these is met")
    if name in requirements.JUDGED:
        return pick("đã đánh giá: chưa đạt", "assessed: not met")
    value = values.get(name)
    if value is False:
        return pick("không có chứng chỉ nào còn giá trị", "no certificate is valid")
    if name in requirements.CERTIFIED and value in kinds()[name].old_levels:
        return pick(
            f"chỉ có chứng chỉ {value} (loại cũ, không quy ra bậc)", f"has only the old {value}, which is no level"
        )
    return pick(f"chỉ có {_value(name, value)}", f"has only {_value(name, value)}")


def _value(name: str, value: Any) -> str:
    if name == "held_before":
        return _posts(sorted(set(value)), ", ")
    return level_words(name, value) if isinstance(value, str) else str(value)


def _not_counted(kind: str, certificates: Certificates) -> str:
    """The certificates that do not count on the day: expired, or issued after it."""
    held = certificates.get(kind)
    if held is None:
        return ""
    text = ""
    if held.expired is not None:
        level, day = held.expired
        text += pick(
            f"; chứng chỉ {_named(kind, level)} đã hết hạn từ {day:%d/%m/%Y}",
            f"; the certificate {_named(kind, level)} expired on {day:%d/%m/%Y}",
        )
    if held.later is not None:
        level, day = held.later
        text += pick(
            f"; chứng chỉ {_named(kind, level)} cấp ngày {day:%d/%m/%Y}, sau ngày xét",
            f"; the certificate {_named(kind, level)} was issued on {day:%d/%m/%Y}, after the day of the check",
        )
    return text


def _named(kind: str, level: str) -> str:
    return f"“{level_words(kind, level)}”" if level else f"“{kinds()[kind].label}”"


def _kinds_in(name: str, wanted: Any) -> list[str]:
    if name == "any_of":
        return list(
            dict.fromkeys(kind for one in wanted for key, value in one.items() for kind in _kinds_in(key, value))
        )
    return [name] if name in kinds() else []


def _posts(keys: Any, between: str) -> str:
    codes = code_list("post_kind")
    return between.join(codes[key].label for key in keys if key in codes)


def _lowered(text: str) -> str:
    """In the middle of a sentence; what is written in capitals stays."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]
