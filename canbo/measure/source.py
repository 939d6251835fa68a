"""A YAML file as plain values that remember their lines. Knows nothing of schemes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.common.text import nfc

Place = tuple[str | int, ...]
_MOST_BYTES = 4_000_000
_MOST_NODES = 200_000
_MOST_DEPTH = 40


@dataclass(frozen=True)
class Source:
    """The values of one file and the line on which each stands (counted from 1)."""

    path: Path
    root: Any
    lines: Mapping[Place, int] = field(repr=False)
    repeated: tuple[tuple[Place, int], ...] = ()

    def line(self, place: Place) -> int:
        """The line of a value, or of the nearest one around it."""
        for length in range(len(place), -1, -1):
            if place[:length] in self.lines:
                return self.lines[place[:length]]
        return 1


class _Builder:
    """Turns composed nodes into values: strings, whole numbers, days and truth values only."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines: dict[Place, int] = {}
        self.repeated: list[tuple[Place, int]] = []
        self.seen = 0

    def build(self, node: yaml.Node, place: Place) -> Any:
        self.seen += 1
        if self.seen > _MOST_NODES or len(place) > _MOST_DEPTH:
            raise Refused(
                pick(
                    f"Tệp “{self.path}” lồng quá sâu hoặc quá lớn để là một đề án. Hãy bỏ bớt phần lặp.",
                    f"“{self.path}” is nested too deep or too large to be a scheme. Remove the repetition.",
                )
            )
        self.lines[place] = node.start_mark.line + 1 + (isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"))
        if isinstance(node, yaml.MappingNode):
            return dict(self._pairs(node, place))
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item, (*place, number)) for number, item in enumerate(node.value)]
        return _scalar(node)

    def _pairs(self, node: yaml.MappingNode, place: Place) -> Iterator[tuple[str, Any]]:
        keys = set()
        for key_node, value_node in node.value:
            key = nfc(str(key_node.value))
            if key in keys:
                self.repeated.append(((*place, key), key_node.start_mark.line + 1))
                continue
            keys.add(key)
            value = self.build(value_node, (*place, key))
            if isinstance(value_node, (yaml.MappingNode, yaml.SequenceNode)):
                self.lines[(*place, key)] = key_node.start_mark.line + 1
            yield key, value


def _scalar(node: yaml.Node) -> Any:
    text = nfc(str(node.value))
    if isinstance(node, yaml.ScalarNode) and node.style is not None:
        return text
    kind = node.tag.rpartition(":")[2]
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() in ("true", "yes", "on")
    if kind == "int" and text.lstrip("+-").isdigit():
        return int(text)
    if kind == "float":
        try:
            return float(text)
        except ValueError:
            return text
    if kind == "timestamp":
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    return text


def load_source(path: Path) -> Source:
    """Read a YAML file of values without anchors tricks, Python tags or unbounded nesting.

    :raises Refused: when the file cannot be read or is not YAML.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise Refused(
            pick(
                f"Không đọc được tệp đề án “{path}”: {error.strerror}. Hãy kiểm tra đường dẫn.",
                f"Cannot read the scheme file “{path}”: {error.strerror}. Check the path.",
            )
        ) from error
    if len(raw) > _MOST_BYTES:
        raise Refused(pick(f"Tệp “{path}” quá lớn để là một đề án.", f"“{path}” is too large to be a scheme."))
    try:
        node = yaml.compose(raw.decode("utf-8-sig"), Loader=yaml.SafeLoader)
    except UnicodeDecodeError as error:
        raise Refused(
            pick(
                f"Tệp “{path}” không phải UTF-8. Hãy lưu lại bằng UTF-8.",
                f"“{path}” is not UTF-8. Save it as UTF-8.",
            )
        ) from error
    except RecursionError as error:
        raise Refused(pick(f"Tệp “{path}” lồng quá sâu.", f"“{path}” is nested too deep.")) from error
    except yaml.YAMLError as error:
        raise Refused(_yaml_fault(path, error)) from error
    builder = _Builder(path)
    root = builder.build(node, ()) if node is not None else {}
    return Source(path, root, builder.lines, tuple(builder.repeated))


def _yaml_fault(path: Path, error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    where = f"{path}:{mark.line + 1}" if mark else str(path)
    problem = getattr(error, "problem", None) or "?"
    return pick(
        f"{where}: tệp không đúng cú pháp YAML ({problem}). Hãy sửa dòng này (thụt lề, dấu hai chấm, dấu nháy).",
        f"{where}: this is not YAML ({problem}). Mend this line (indentation, colon, quotes).",
    )
