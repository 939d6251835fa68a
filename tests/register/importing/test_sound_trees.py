"""An import cannot close a circle of units with what the register holds already."""

from pathlib import Path

import pytest

from canbo.common.findings import Refused
from canbo.register.importing import run
from canbo.register.models import Unit
from tests.register.makers import AT
from tests.support import DAY, data, unit

pytestmark = pytest.mark.django_db


def test_a_circle_closed_by_a_second_file_is_refused_and_nothing_is_written() -> None:
    first = data(DAY, units=[unit("T", None, "province"), unit("A", "T", "district"), unit("B", "A", "commune")])
    run.apply(run.compare(Path("a.xlsx"), first), by="an", at=AT)
    # the file alone is sound: A under B, and B not in it
    second = data(DAY, units=[unit("T", None, "province"), unit("A", "B", "district")])
    with pytest.raises(Refused, match="dưới chính nó"):
        run.apply(run.compare(Path("b.xlsx"), second), by="an", at=AT)
    assert Unit.objects.count() == 3
