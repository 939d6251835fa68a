"""Taking fields out of a read YAML file with a finding for each fault. Knows kinds of values, not schemes."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from canbo.common.findings import Finding
from canbo.common.language import pick
from canbo.common.numbers import parse_day
from canbo.common.text import nearest
from canbo.measure.source import Place, Source


class Fields:
    """One mapping of the file, read key by key; what is wrong is gathered in ``findings``."""

    def __init__(self, source: Source, place: Place, raw: Any, findings: list[Finding]) -> None:
        self.source = source
        self.place = place
        self.findings = findings
        self.raw: dict[str, Any] = raw if isinstance(raw, dict) else {}
        if not isinstance(raw, dict):
            self.fault(
                "bad_value",
                pick("chỗ này phải là một nhóm “khóa: giá trị”.", "this must be a group of “key: value”."),
                value=raw,
            )

    def fault(
        self,
        code: str,
        message: str,
        *,
        key: str | int | None = None,
        value: Any = None,
        suggestion: str | None = None,
        warn: bool = False,
    ) -> None:
        """Note what is wrong at a key of this mapping."""
        place = self.place if key is None else (*self.place, key)
        self.findings.append(
            Finding(
                "warning" if warn else "error",
                code,
                message,
                suggestion,
                sheet=self.source.path.name,
                row=self.source.line(place),
                column=".".join(map(str, place)) or None,
                value=None if value is None else str(value)[:200],
            )
        )

    def line(self, key: str | int) -> int:
        """The line of a key."""
        return self.source.line((*self.place, key))

    def only(self, known: Sequence[str]) -> None:
        """Refuse keys that the format does not have, with the nearest that it has."""
        for key in self.raw:
            if key not in known:
                near = nearest(key, known)
                hint = pick(f"Có phải “{near}” không?", f"Do you mean “{near}”?") if near else None
                self.fault(
                    "unknown_key",
                    pick(f"khóa “{key}” không có trong định dạng.", f"the format has no key “{key}”."),
                    key=key,
                    value=key,
                    suggestion=hint,
                )

    def text(self, key: str, *, required: bool = False) -> str | None:
        """A text; numbers and days are taken as written."""
        value = self.raw.get(key)
        if value is None or (isinstance(value, str) and not value.strip()):
            if required:
                self.fault("missing_key", pick(f"thiếu “{key}”.", f"“{key}” is missing."))
            return None
        if isinstance(value, (dict, list)):
            self.fault("bad_value", pick(f"“{key}” phải là chữ.", f"“{key}” must be a text."), key=key)
            return None
        return str(value).strip()

    def day(self, key: str, *, required: bool = False) -> date | None:
        """A day, in ISO form or as 31/12/2025."""
        value = self.raw.get(key)
        if isinstance(value, date):
            return value
        if value is None:
            if required:
                self.fault("missing_key", pick(f"thiếu ngày “{key}”.", f"the day “{key}” is missing."))
            return None
        read = parse_day(str(value))
        if read is None or read.precision != "day":
            self.fault(
                "bad_date",
                pick(
                    f"“{value}” không phải là một ngày đủ ngày, tháng, năm.",
                    f"“{value}” is not a full day.",
                ),
                key=key,
                value=value,
                suggestion=pick("Viết như 2025-12-31.", "Write it as 2025-12-31."),
            )
            return None
        return read.first

    def whole(self, key: str) -> int | None:
        """A whole number not below 0."""
        value = self.raw.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            self.fault(
                "bad_value",
                pick(f"“{key}” phải là số nguyên không âm.", f"“{key}” must be a whole number, not below 0."),
                key=key,
                value=value,
            )
            return None
        return value

    def number(self, key: str) -> float | None:
        """Any number."""
        value = self.raw.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            self.fault("bad_value", pick(f"“{key}” phải là số.", f"“{key}” must be a number."), key=key, value=value)
            return None
        return float(value)

    def flag(self, key: str) -> bool:
        """A truth value; false where left out."""
        value = self.raw.get(key, False)
        if not isinstance(value, bool):
            self.fault(
                "bad_value",
                pick(f"“{key}” phải là true hoặc false.", f"“{key}” must be true or false."),
                key=key,
            )
            return False
        return value

    def choice(self, key: str, options: Sequence[str], default: str | None) -> str | None:
        """One of a few words."""
        value = self.text(key)
        if value is None:
            return default
        if value not in options:
            listed = ", ".join(options)
            near = nearest(value, options)
            self.fault(
                "bad_value",
                pick(
                    f"“{value}” không dùng được; chọn một trong: {listed}.",
                    f"“{value}”: choose one of {listed}.",
                ),
                key=key,
                value=value,
                suggestion=near,
            )
            return default
        return value

    def child(self, key: str) -> "Fields | None":
        """The mapping under a key, None where there is none."""
        value = self.raw.get(key)
        return None if value is None else Fields(self.source, (*self.place, key), value, self.findings)

    def items(self, key: str) -> Iterable["Fields"]:
        """The mappings of the list under a key."""
        value = self.raw.get(key)
        if value is None:
            return
        if not isinstance(value, list):
            self.fault("bad_value", pick(f"“{key}” phải là danh sách.", f"“{key}” must be a list."), key=key)
            return
        for number, entry in enumerate(value):
            yield Fields(self.source, (*self.place, key, number), entry, self.findings)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        value = self.raw.get(key)
        if value is None:
            return ()
        if not isinstance(value, list):
            self.fault("bad_value", pick(f"“{key}” phải là danh sách.", f"“{key}” must be a list."), key=key)
            return ()
        return tuple(str(entry) for entry in value)
