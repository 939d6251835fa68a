"""The data behind the sample and the places of codes in their lists. Draws nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
import yaml

from canbo.codes import code_list
from canbo.sample.draws import Array


@lru_cache(maxsize=8)
def load(name: str) -> Mapping[str, Any]:
    """One file of definitions/sample."""
    source = files("canbo") / "definitions" / "sample" / f"{name}.yaml"
    loaded: Mapping[str, Any] = yaml.safe_load(source.read_text("utf-8"))
    return loaded


@lru_cache(maxsize=512)
def code(list_id: str, key: str) -> int:
    """The position of a key in its code list."""
    return code_list(list_id).keys.index(key)


def codes(list_id: str, *keys: str) -> tuple[int, ...]:
    """The positions of several keys in their code list."""
    return tuple(code(list_id, key) for key in keys)


@dataclass(frozen=True)
class Profiles:
    """The groups of people of profiles.yaml as arrays: one row a profile."""

    names: tuple[str, ...]
    age: Array
    service: Array
    women: Array
    party: Array
    education: Array
    politics: Array
    state: Array
    rank: Array
    standards: Array
    held: Array
    elected: Array

    def index(self, name: str) -> int:
        """The row of a profile."""
        return self.names.index(name)

    def among(self, profile: Array, *names: str) -> Array:
        """Which people are of one of the profiles."""
        return np.isin(profile, [self.index(name) for name in names])


@lru_cache(maxsize=1)
def profiles() -> Profiles:
    """The profiles in the order of the file."""
    raw = load("profiles")["profiles"]
    columns = {field: np.array([entry[field] for entry in raw.values()], float) for field in next(iter(raw.values()))}
    return Profiles(tuple(raw), **columns)
