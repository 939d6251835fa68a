"""Vietnamese text: composed form, keys for matching and searching, the order of names. No dictionaries of words."""

import difflib
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng: the order of Vietnamese dictionaries
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_LETTER_RANK = {letter: f"{rank:02d}" for rank, letter in enumerate(_ALPHABET)}


def nfc(text: str) -> str:
    """The composed form, in which all text is kept and compared."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def tidy(text: str) -> str:
    """Composed, without leading, trailing and repeated blanks."""
    return " ".join(nfc(text).split())


@lru_cache(maxsize=65536)
def search_key(text: str) -> str:
    """Lower case without marks (đ as d), blanks folded, underscores as blanks: for search and for heads of columns."""
    letters = unicodedata.normalize("NFD", text.casefold().replace("đ", "d").replace("_", " "))
    return " ".join("".join(c for c in letters if not unicodedata.combining(c)).split())


@lru_cache(maxsize=65536)
def match_key(text: str) -> str:
    """Lower case with marks, blind to where in a syllable the tone is written: uỷ = ủy, hoá = hóa."""
    words = unicodedata.normalize("NFD", text.casefold().replace("’", "'")).split()
    moved = ("".join(c for c in w if c not in _TONES) + "".join(c for c in w if c in _TONES) for w in words)
    return " ".join(moved)


def is_unmarked(text: str) -> bool:
    """Whether the text was typed without any Vietnamese mark."""
    return text.isascii()


@lru_cache(maxsize=65536)
def _word_key(word: str) -> str:
    plain, tones = [], []
    for char in nfc(word.casefold()):
        base = unicodedata.normalize("NFD", char)
        tone = next((c for c in base if c in _TONES), "")
        letter = nfc("".join(c for c in base if c not in _TONES))
        plain.append(_LETTER_RANK.get(letter, f"~{letter}"))
        tones.append(str(_TONES.index(tone) + 1) if tone else "0")
    return "".join(plain) + " " + "".join(tones)


@lru_cache(maxsize=262144)
def name_order(full_name: str) -> str:
    """The sort key of a person's name: given name first, then family and middle names, in the Vietnamese alphabet."""
    words = full_name.split()
    return "|".join(_word_key(word) for word in [*words[-1:], *words[:-1]])


def text_order(text: str) -> str:
    """The sort key of any other text in the Vietnamese alphabet."""
    return "|".join(_word_key(word) for word in text.split())


def nearest(text: str, names: Iterable[str], *, cutoff: float = 0.6) -> str | None:
    """The name most like the text, compared without marks; None where nothing is near."""
    by_key: dict[str, str] = {}
    for name in names:
        by_key.setdefault(search_key(name), name)
    found = difflib.get_close_matches(search_key(text)[:80], by_key, n=1, cutoff=cutoff)
    return by_key[found[0]] if found else None
