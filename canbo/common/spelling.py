"""Loose keys for search: blind to marks, to i or y, and to abbreviations. Never used to say that two names are one."""

import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

import yaml

from canbo.common.text import search_key

_Y = re.compile(r"\b(h|k|l|m|s|t|v|qu)y\b")
"""Syllables written with i or y at will: kỹ = kĩ, sỹ = sĩ, lý = lí, mỹ = mĩ, tỷ = tỉ, quý = quí."""
_NOT_A_LETTER = re.compile(r"[^\w/]+")


@lru_cache(maxsize=1)
def abbreviations() -> Mapping[str, str]:
    """What abbreviations stand for, by their search key."""
    source = files("canbo") / "definitions" / "text" / "abbreviations.yaml"
    return {search_key(short): search_key(full) for short, full in yaml.safe_load(source.read_text("utf-8")).items()}


@lru_cache(maxsize=65536)
def loose_key(text: str) -> str:
    """The key under which spellings of one thing meet: “Uỷ viên BTV” = “ủy viên ban thường vụ”, thạc sỹ = thạc sĩ.

    Hòa and Hoa meet too, so it finds and suggests; who is the same person is decided by ``text.match_key``.
    """
    words = _NOT_A_LETTER.sub(" ", search_key(text)).split()
    full = " ".join(abbreviations().get(word, word) for word in words)
    return _Y.sub(r"\1i", " ".join(_NOT_A_LETTER.sub(" ", full).split()))
