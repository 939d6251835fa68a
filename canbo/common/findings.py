"""Findings about data and schemes, and the error a user caused. Internal faults are ordinary exceptions, not these."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Finding:
    """One fault: what is wrong, where, and what to do.

    ``error`` means that the row or the cell (or the scheme) is not used as it stands; ``warning`` that it is used.
    ``row`` is the row a person sees in the sheet or the line of the file, counted from 1.
    """

    severity: Severity
    code: str
    message: str
    suggestion: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The finding with the keys of the published format, in its order."""
        fields = asdict(self)
        order = ("severity", "sheet", "row", "column", "code", "value", "message", "suggestion")
        return {name: fields[name] for name in order}


class Refused(Exception):
    """The user's call or input cannot be used; says what, where and what to do. Exit status 2."""

    def __init__(self, message: str, findings: Sequence[Finding] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.findings = tuple(findings)


def has_errors(findings: Iterable[Finding]) -> bool:
    """Whether any finding is an error."""
    return any(finding.severity == "error" for finding in findings)
