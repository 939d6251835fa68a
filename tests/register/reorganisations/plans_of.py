"""Plans of reorganisation in one line, for tests."""

from datetime import UTC, datetime
from typing import Any

from canbo.register.reorganisations.applying import Preview, apply
from canbo.register.reorganisations.plans import Plan, read_plan

AT = datetime(2025, 6, 20, 8, tzinfo=UTC)
LATER = datetime(2025, 6, 21, 8, tzinfo=UTC)
HEAD = """
title: Sắp xếp
on_day: 2025-07-01
document: {number: 15/NQ-HĐND, kind: resolution, issuer: Hội đồng nhân dân tỉnh, issued_on: 2025-06-15}
operations:
"""


def plan(*operations: str) -> Plan:
    """A plan on 2025-07-01 of operations written in flow YAML."""
    return read_plan(HEAD + "".join(f"  - {{{operation}}}\n" for operation in operations))


def carry_out(*operations: str, at: datetime = AT) -> tuple[Any, Preview]:
    """Apply such a plan."""
    return apply(plan(*operations), by="an", at=at)
