"""Documents as the seeds name them, entered in a row of moments."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pytest

if TYPE_CHECKING:
    from canbo.register.models import Document

AT = datetime(2024, 5, 6, 2, tzinfo=UTC)
Enter: TypeAlias = "Callable[..., Document]"


@pytest.fixture
def enter() -> Enter:
    """Register a document of the provincial standing committee."""
    from canbo.register import documents

    def entered(number: str, kind: str, issued_on: date | None = None, **more: object) -> "Document":
        issuer = more.pop("issuer", "Ban Thường vụ Tỉnh ủy")
        return documents.register(
            number=number, kind=kind, issuer=issuer, issued_on=issued_on, by="lan", at=AT, **more  # type: ignore[arg-type]
        )  # fmt: skip

    return entered


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of the installation of its own."""
    monkeypatch.setenv("CANBO_HOME", str(tmp_path))
    yield tmp_path / "files"
