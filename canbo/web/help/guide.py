"""The officer's guide: what to do first, and each part of the site in a few sentences. Links by what is allowed.

The sentences are in ``guide.yaml``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.urls import reverse

from canbo.accounts.permissions import Permission
from canbo.accounts.scopes import Scope
from canbo.common.language import pick
from canbo.web.help.terms import Piece, pieces

TEXT = Path(__file__).with_name("guide.yaml")


@dataclass(frozen=True)
class First:
    """One thing to do first, and the page for it."""

    sentence: tuple[Piece, ...]
    href: str


@dataclass(frozen=True)
class Part:
    """A part of the site as the guide tells it. ``href`` is empty where the account may not open it."""

    key: str
    title: str
    sentences: tuple[tuple[Piece, ...], ...]
    href: str


def first_things(scope: Scope) -> list[First]:
    """What to do first, of what the account may do."""
    return [
        First(_said(one), reverse(one["page"])) for one in _text()["first"] if scope.allows(Permission(one["needs"]))
    ]


def parts(scope: Scope) -> Iterator[Part]:
    """Each part of the site; with a link where the account may open it."""
    for one in _text()["parts"]:
        allowed = scope.allows(Permission(one["needs"]))
        sentences = tuple(_said(sentence) for sentence in one["sentences"])
        yield Part(one["page"], pick(one["vi"], one["en"]), sentences, reverse(one["page"]) if allowed else "")


def _said(sentence: dict[str, str]) -> tuple[Piece, ...]:
    return tuple(pieces(pick(sentence["vi"], sentence["en"])))


@lru_cache(maxsize=1)
def _text() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = yaml.safe_load(TEXT.read_text("utf-8"))
    return found
