"""The words that stand behind the pages' terms, as in the project's glossary; they are in ``terms.yaml``."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from canbo.common.language import pick

TEXT = Path(__file__).with_name("terms.yaml")


@dataclass(frozen=True)
class Term:
    """A term and what it means, in both languages."""

    key: str
    vi: str
    en: str
    meaning_vi: str
    meaning_en: str

    @property
    def word(self) -> str:
        """In the language in force."""
        return pick(self.vi, self.en)

    @property
    def meaning(self) -> str:
        """In the language in force."""
        return pick(self.meaning_vi, self.meaning_en)


@dataclass(frozen=True)
class Group:
    """Terms of one subject."""

    vi: str
    en: str
    terms: tuple[Term, ...]

    @property
    def title(self) -> str:
        """In the language in force."""
        return pick(self.vi, self.en)


@dataclass(frozen=True)
class Piece:
    """A part of a sentence: plain, or a term to be explained."""

    text: str
    term: Term | None = None


@lru_cache(maxsize=1)
def groups() -> tuple[Group, ...]:
    """All terms, by subject."""
    found = yaml.safe_load(TEXT.read_text("utf-8"))
    return tuple(Group(one["vi"], one["en"], tuple(Term(**term) for term in one["terms"])) for one in found)


@lru_cache(maxsize=1)
def by_key() -> dict[str, Term]:
    """All terms by their key."""
    return {one.key: one for group in groups() for one in group.terms}


def pieces(sentence: str) -> Iterator[Piece]:
    """A sentence in parts; a term in it is written ``[word|key]``."""
    rest = sentence
    while "[" in rest:
        before, _, rest = rest.partition("[")
        inside, _, rest = rest.partition("]")
        word, _, key = inside.partition("|")
        yield Piece(before)
        yield Piece(word, by_key()[key])
    yield Piece(rest)
