"""The language of what is printed: Vietnamese unless the user asks for English. Holds no texts of its own.

Both sentences stand side by side where they are used, so that neither drifts from the other.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal

Language = Literal["vi", "en"]

_current: ContextVar[Language] = ContextVar("language", default="vi")


def current() -> Language:
    """The language in force."""
    return _current.get()


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Everything made inside the block is worded in the language."""
    token = _current.set(language)
    try:
        yield
    finally:
        _current.reset(token)


def pick(vi: str, en: str) -> str:
    """The sentence in the language in force."""
    return vi if _current.get() == "vi" else en
