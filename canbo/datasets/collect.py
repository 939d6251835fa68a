"""Collecting findings in bounded memory: all of them, up to a number of one kind in one column. Judges nothing."""

from collections import Counter
from collections.abc import Iterable

from canbo.common.findings import Finding
from canbo.common.language import pick
from canbo.common.numbers import print_count

CAP = 1000
"""Findings of one code in one column of one sheet that are listed; the last one says how many more there are."""

_Kind = tuple[str | None, str | None, str, str]


class Collector:
    """The findings so far, in the order found."""

    def __init__(self, findings: Iterable[Finding] = ()) -> None:
        self._findings: list[Finding] = []
        self._listed: Counter[_Kind] = Counter()
        self._more_of: Counter[_Kind] = Counter()
        for finding in findings:
            self.add(finding)

    def add(self, finding: Finding) -> None:
        """Keep the finding, or count it where there are too many of its kind."""
        kind = (finding.sheet, finding.column, finding.code, finding.severity)
        if self._listed[kind] < CAP:
            self._listed[kind] += 1
            self._findings.append(finding)
        else:
            self._more_of[kind] += 1

    def room(self, sheet: str | None, column: str | None, code: str, severity: str, wanted: int) -> int:
        """How many of a kind may still be listed; the others of those wanted are counted only."""
        if wanted == 0:
            return 0
        kind = (sheet, column, code, severity)
        room = min(wanted, CAP - self._listed[kind])
        if room < wanted:
            self._more_of[kind] += wanted - room
        return room

    def all(self) -> tuple[Finding, ...]:
        """The findings, and at the end how many more there are of each kind that was cut."""
        return (*self._findings, *(self._more(kind, count) for kind, count in self._more_of.items()))

    def _more(self, kind: _Kind, count: int) -> Finding:
        sheet, column, code, severity = kind
        number = print_count(count)
        return Finding(
            "error" if severity == "error" else "warning",
            code,
            pick(
                f"Còn {number} lỗi cùng loại trong cột này, không liệt kê.",
                f"{number} more of this kind in this column.",
            ),
            pick("Sửa các lỗi đã liệt kê trước, rồi kiểm tra lại.", "Mend those listed first, then check again."),
            sheet=sheet,
            column=column,
        )
