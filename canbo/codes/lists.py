"""Reading the code lists and matching what a cell says against them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Any

import yaml

from canbo.common import text
from canbo.common.language import current


@dataclass(frozen=True)
class Code:
    """One value of a code list."""

    key: str
    vi: str
    en: str
    position: int
    aliases: tuple[str, ...] = ()
    official: Mapping[str, str] | None = None

    @property
    def label(self) -> str:
        """The label in the language in force."""
        return self.vi if current() == "vi" else self.en


@dataclass(frozen=True)
class CodeList:
    """A code list; where ``ordered``, codes compare by position, lowest first."""

    id: str
    ordered: bool
    codes: Mapping[str, Code]

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The keys by position."""
        return tuple(self.codes)

    def __getitem__(self, key: str) -> Code:
        return self.codes[key]

    def __contains__(self, key: object) -> bool:
        return key in self.codes

    @cached_property
    def _marked(self) -> dict[str, str]:
        return {text.match_key(name): code.key for code in self.codes.values() for name in _names(code)}

    @cached_property
    def _unmarked(self) -> dict[str, str | None]:
        found: dict[str, str | None] = {}
        for code in self.codes.values():
            for name in _names(code):
                key = text.search_key(name)
                found[key] = code.key if found.get(key, code.key) == code.key else None
        return found

    def match(self, value: str) -> str | None:
        """The key that a cell means: by key, label or alias, in any case; without marks only where typed so.

        “Thạc sỹ” and “Thac si” are master. “Đại hoc”, half marked, is a slip and matches nothing: see ``suggest``.
        """
        value = text.tidy(value)
        if key := self._marked.get(text.match_key(value)):
            return key
        return self._unmarked.get(text.search_key(value)) if text.is_unmarked(value) else None

    def suggest(self, value: str) -> str | None:
        """The label most like a value that matched nothing."""
        if key := self._unmarked.get(text.search_key(value)):
            return self.codes[key].label
        labels = {name: code.label for code in self.codes.values() for name in (code.vi, code.en)}
        found = text.nearest(value, labels)
        return labels[found] if found else None


def _names(code: Code) -> tuple[str, ...]:
    return (code.key, code.vi, code.en, *code.aliases)


@lru_cache(maxsize=1)
def code_lists() -> Mapping[str, CodeList]:
    """All code lists by id."""
    folder = files("canbo") / "definitions" / "codes"
    loaded = (yaml.safe_load(entry.read_text("utf-8")) for entry in folder.iterdir() if entry.name.endswith(".yaml"))
    return {raw["id"]: _read(raw) for raw in sorted(loaded, key=lambda raw: str(raw["id"]))}


def code_list(name: str) -> CodeList:
    """The code list of the name.

    :raises KeyError: when there is none.
    """
    return code_lists()[name]


def _read(raw: Mapping[str, Any]) -> CodeList:
    codes = {}
    for position, (key, entry) in enumerate(raw["values"].items()):
        official = {name: value for name, value in entry.items() if name.startswith("code_")} or None
        aliases = tuple(text.nfc(alias) for alias in entry.get("aliases", ()))
        codes[key] = Code(text.nfc(key), text.nfc(entry["vi"]), entry["en"], position, aliases, official)
    return CodeList(raw["id"], bool(raw.get("ordered", False)), codes)
