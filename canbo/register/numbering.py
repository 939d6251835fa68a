"""Numbers of documents: read, compared with the kind and the issuer, written as officials do. Knows no database.

Party: ``05-QĐ/TU``, written after “Số” without a colon. State: ``15/QĐ-UBND``, ``30/2020/NĐ-CP``, ``202/2025/QH15``,
written after “Số:” with one (Hướng dẫn 36-HD/VPTW; Nghị định 30/2020/NĐ-CP).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

import yaml

from canbo.common.findings import Finding
from canbo.common.language import current, pick
from canbo.common.text import match_key, nearest, search_key, tidy

_WORD = r"[A-Za-zĐđĂÂÊÔƠƯăâêôơư]+"
_PARTY = re.compile(rf"^(\d{{1,5}}[a-z]?)-({_WORD})/([\w-]+)$")
_STATE = re.compile(rf"^(\d{{1,5}}[a-z]?)(?:/(\d{{4}}))?/({_WORD})-([\w-]+)$")
_ASSEMBLY = re.compile(r"^(\d{1,5})/(\d{4})/(UBTVQH|QH)(\d{1,2})$")
_LEAD = re.compile(r"^s[ốo]\s*:?\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Kind:
    """A kind of document with the symbol that its numbers carry."""

    key: str
    symbol: str
    vi: str
    en: str
    aliases: tuple[str, ...] = ()
    unnumbered: bool = False

    @property
    def label(self) -> str:
        """The name in the language in force."""
        return self.vi if current() == "vi" else self.en


@dataclass(frozen=True)
class Number:
    """A number read: ``05-QĐ/TU`` is serial 05, symbol QĐ, suffix TU; ``year`` only where it is written."""

    serial: str
    symbol: str
    suffix: str
    family: Literal["party", "state", "assembly"]
    year: int | None = None

    def __str__(self) -> str:
        if self.family == "party":
            return f"{self.serial}-{self.symbol}/{self.suffix}"
        year = f"/{self.year}" if self.year else ""
        tail = self.suffix if self.family == "assembly" else f"{self.symbol}-{self.suffix}"
        return f"{self.serial}{year}/{tail}"

    @property
    def written(self) -> str:
        """As the head of the document says it: with a colon for the State, without one for the Party."""
        return f"Số {self}" if self.family == "party" else f"Số: {self}"


@lru_cache(maxsize=1)
def vocabulary() -> Mapping[str, Any]:
    """The words about documents: kinds, suffixes, issuers, secrecy, states, relations."""
    source = files("canbo") / "definitions" / "register" / "documents.yaml"
    loaded: Mapping[str, Any] = yaml.safe_load(source.read_text("utf-8"))
    return loaded


@lru_cache(maxsize=1)
def kinds() -> Mapping[str, Kind]:
    """The kinds of documents by key."""
    return {
        key: Kind(
            key, raw["symbol"], raw["vi"], raw["en"], tuple(raw.get("aliases", ())), bool(raw.get("unnumbered", False))
        )
        for key, raw in vocabulary()["kinds"].items()
    }


def label(group: str, key: str) -> str:
    """The word for a key of ``secrecy``, ``states`` or ``relations`` in the language in force."""
    return str(vocabulary()[group][key][current()])


def kind_of(text: str) -> str | None:
    """The key of the kind that a text names: key, name, symbol; None where it names none."""
    wanted = match_key(tidy(text))
    for kind in kinds().values():
        if wanted in {match_key(name) for name in (kind.key, kind.vi, kind.en, kind.symbol, *kind.aliases)}:
            return kind.key
    return None


def nearest_kind(text: str) -> str | None:
    """The name of the kind most like a text."""
    return nearest(text, [kind.label for kind in kinds().values()])


def parse(text: str) -> Number | None:
    """Read a number; “Số 8-DA/TU” is ``08-ĐA/TU``. None where it follows no known form."""
    plain = _LEAD.sub("", tidy(text)).replace(" ", "").replace("–", "-")
    if found := _ASSEMBLY.match(plain):
        serial, year, body, assembly = found.groups()
        return Number(_padded(serial), "", body + assembly, "assembly", int(year))
    if found := _PARTY.match(plain):
        serial, symbol, suffix = found.groups()
        return Number(_padded(serial), _symbol(symbol), _suffix(suffix), "party")
    if found := _STATE.match(plain):
        serial, year, symbol, suffix = found.groups()
        return Number(_padded(serial), _symbol(symbol), _suffix(suffix), "state", int(year) if year else None)
    return None


def level_of(number: Number) -> str | None:
    """The level of the issuer that the suffix tells; None where it tells none."""
    if number.family == "assembly":
        return "central"
    level = vocabulary()["suffixes"].get(number.suffix)
    return None if level is None else str(level)


def level_of_issuer(issuer: str) -> str | None:
    """The level that the issuer's name tells; None where it tells none."""
    name = search_key(issuer)
    provincial = any(search_key(part) in name for part in vocabulary()["provincial_issuers"])
    central = any(name.startswith(search_key(start)) for start in vocabulary()["central_issuers"])
    return "province" if provincial else "central" if central else None


def faults(number: Number | None, *, text: str, kind: str, issuer: str, level: str | None) -> list[Finding]:
    """What does not fit between number, kind, issuer and level of issuer.

    ``level``: as the user states it, None where not stated.
    """
    if number is None:
        return [_unread(text)] if text else []
    found = []
    known = {one.symbol for one in kinds().values()}
    expected = kinds()[kind].symbol
    if number.family == "assembly":
        if kind not in ("law", "resolution"):
            found.append(_wrong_kind(number, kind))
    elif number.symbol in known and number.symbol != expected:
        found.append(_wrong_kind(number, kind))
    elif number.symbol not in known and kind != "letter":  # letters of the State: 123/UBND-NC
        found.append(_unknown_symbol(number, kind))
    told = level_of(number)
    stated = level_of_issuer(issuer) or level
    if told is not None and stated is not None and told != stated:
        found.append(_wrong_level(number, told, stated, issuer))
    return found


def _padded(serial: str) -> str:
    """Numbers under 10 are written with a zero before them (Nghị định 30/2020/NĐ-CP, Phụ lục I)."""
    digits = serial.rstrip("abcdefghijklmnopqrstuvwxyz")
    return digits.lstrip("0").zfill(2) + serial[len(digits) :]


def _symbol(text: str) -> str:
    by_key = {search_key(kind.symbol): kind.symbol for kind in kinds().values()}
    return by_key.get(search_key(text), text)


def _suffix(text: str) -> str:
    if text.upper() in ("TƯ", "TU", "TW"):
        return "TW" if text.upper() in ("TƯ", "TW") else "TU"
    by_key = {search_key(suffix): suffix for suffix in vocabulary()["suffixes"]}
    return str(by_key.get(search_key(text), text))


def _unread(text: str) -> Finding:
    return Finding(
        "warning",
        "document_number_form",
        pick(
            f"Số hiệu “{text}” không theo mẫu nào đã biết (05-QĐ/TU của Đảng, 15/QĐ-UBND của Nhà nước).",
            f"The number “{text}” follows no known form (05-QĐ/TU of the Party, 15/QĐ-UBND of the State).",
        ),
        suggestion=pick(
            "Hãy đối chiếu với bản gốc; nếu đúng thì giữ nguyên.", "Compare with the original; keep it if right."
        ),
        column="number",
        value=text,
    )


def _wrong_kind(number: Number, kind: str) -> Finding:
    meant = ", ".join(one.label for one in kinds().values() if one.symbol == number.symbol) or number.suffix
    return Finding(
        "error",
        "document_kind_and_number",
        pick(
            f"Số hiệu “{number}” là của loại “{meant}”, không phải “{kinds()[kind].label}”.",
            f"The number “{number}” is of the kind “{meant}”, not “{kinds()[kind].label}”.",
        ),
        suggestion=pick("Hãy sửa loại văn bản hoặc số hiệu.", "Correct the kind or the number."),
        column="kind",
        value=kind,
    )


def _unknown_symbol(number: Number, kind: str) -> Finding:
    return Finding(
        "warning",
        "document_symbol_unknown",
        pick(
            f"Ký hiệu “{number.symbol}” trong số “{number}” chưa có trong danh mục loại văn bản; "
            f"loại “{kinds()[kind].label}” có ký hiệu “{kinds()[kind].symbol}”.",
            f"The symbol “{number.symbol}” in “{number}” is not in the list of kinds; "
            f"“{kinds()[kind].label}” has the symbol “{kinds()[kind].symbol}”.",
        ),
        suggestion=pick("Hãy đối chiếu với bản gốc.", "Compare with the original."),
        column="number",
        value=str(number),
    )


def _wrong_level(number: Number, told: str, stated: str, issuer: str) -> Finding:
    names = {
        "central": pick("Trung ương", "central"),
        "province": pick("cấp tỉnh", "provincial"),
        "district": pick("cấp huyện", "district"),
        "commune": pick("cấp xã", "commune"),
    }
    return Finding(
        "error",
        "document_issuer_level",
        pick(
            f"Số hiệu “{number}” là của cơ quan {names[told]}, nhưng “{issuer}” là cơ quan {names[stated]}.",
            f"The number “{number}” is of a {names[told]} body, but “{issuer}” is a {names[stated]} one.",
        ),
        suggestion=pick(
            "Văn bản của Trung ương có đuôi /TW, của tỉnh ủy có đuôi /TU: hãy sửa số hiệu hoặc cơ quan ban hành.",
            "Central documents end in /TW, those of a provincial committee in /TU: correct the number or the issuer.",
        ),
        column="number",
        value=str(number),
    )
