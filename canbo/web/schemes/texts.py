"""The YAML text of a scheme with one indicator put in, changed or taken out; all other lines stay as they are."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import yaml

from canbo.common.findings import Refused
from canbo.common.language import pick

_WIDTH = 150


class _Dumper(yaml.SafeDumper):
    """Writes as the library's files are written: lists indented, long texts as blocks."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Lists stand further in than their key."""
        super().increase_indent(flow, False)


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


_Dumper.add_representer(str, _text)


def with_indicator(text: str, wanted: str, values: Mapping[str, Any]) -> str:
    """The text with the indicator of an id changed; a new one stands last.

    :raises Refused: the list of indicators is written in a form that only the whole text can change.
    """
    found = _indicators(text)
    for node in found.value:
        if _id_of(node) == wanted:
            start, end = node.start_mark.index, _end(text, node)
            return text[:start] + _dump(values, node.start_mark.column) + text[end:]
    column = found.start_mark.column
    end = _end(text, found)
    return f"{text[:end]}\n{' ' * column}- {_dump(values, column + 2)}{text[end:]}"


def without_indicator(text: str, wanted: str) -> str:
    """The text without the indicator of an id.

    :raises Refused: as in ``with_indicator``.
    """
    for node in _indicators(text).value:
        if _id_of(node) == wanted:
            start = text.rindex("-", 0, node.start_mark.index)
            first = text.rfind("\n", 0, start) + 1
            rest = text.find("\n", _end(text, node))
            return text[:first] + (text[rest + 1 :] if rest >= 0 else "")
    return text


def _indicators(text: str) -> yaml.SequenceNode:
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    pairs = root.value if isinstance(root, yaml.MappingNode) else []
    for key, node in pairs:
        if key.value == "indicators" and isinstance(node, yaml.SequenceNode) and not node.flow_style:
            return node
    raise Refused(
        pick(
            "Danh sách chỉ tiêu của đề án này viết theo dạng chỉ sửa được ở phần “Sửa toàn văn”.",
            "The indicators of this scheme are written in a form that only “Edit the whole text” can change.",
        )
    )


def _id_of(node: yaml.Node) -> str:
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return next((str(value.value) for key, value in pairs if key.value == "id"), "")


def _end(text: str, node: yaml.Node) -> int:
    """Where the last value of a node ends: comments after it belong to what follows."""
    if isinstance(node, (yaml.MappingNode, yaml.SequenceNode)) and node.value and not node.flow_style:
        last = node.value[-1]
        return _end(text, last[1] if isinstance(last, tuple) else last)
    end: int = node.end_mark.index
    while end > node.start_mark.index and text[end - 1] in " \n":
        end -= 1
    return end


def _dump(values: Mapping[str, Any], column: int) -> str:
    dumped = yaml.dump(
        dict(values), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=_WIDTH, default_flow_style=False
    )
    lines = dumped.rstrip("\n").split("\n")
    return ("\n" + " " * column).join(lines).replace("\n" + " " * column + "\n", "\n\n")


def plain(value: Any) -> str:
    """A value of the file for a table of differences."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (dict, list)):
        return yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=_WIDTH).strip()
    return "" if value is None else str(value)
