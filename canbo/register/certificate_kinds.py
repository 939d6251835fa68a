"""The kinds of certificates and their levels, as shipped in definitions (REG-04). Knows no models."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import yaml

from canbo.codes import code_list
from canbo.common.language import pick
from canbo.common.text import nfc


@dataclass(frozen=True)
class Kind:
    """A kind of certificate: its labels, its levels lowest first, older levels outside the frame, needs a language."""

    key: str
    vi: str
    en: str
    levels: tuple[str, ...]
    old_levels: tuple[str, ...]
    needs_language: bool

    @property
    def label(self) -> str:
        """The label in the language in force."""
        return pick(self.vi, self.en)


@lru_cache(maxsize=1)
def kinds() -> Mapping[str, Kind]:
    """The kinds of certificates by key."""
    source = files("canbo") / "definitions" / "register" / "certificates.yaml"
    loaded = yaml.safe_load(source.read_text("utf-8"))["kinds"]
    return {
        key: Kind(
            key,
            nfc(entry["vi"]),
            entry["en"],
            code_list(entry["levels_of"]).keys if "levels_of" in entry else tuple(entry["levels"]),
            tuple(entry.get("old_levels", ())),
            bool(entry.get("needs_language", False)),
        )
        for key, entry in loaded.items()
    }
