"""Delegation rules: which decides, days with two managers, days with none, no rule without document."""

from datetime import date
from typing import Any

import pytest

from canbo.common.findings import Refused
from canbo.register import delegation
from canbo.register.models import DelegationRule, Document, PostHeld
from tests.register.organisations.conftest import AT, MakePerson, MakeUnit

pytestmark = pytest.mark.django_db
D = date
LAN: dict[str, Any] = {"by": "lan", "at": AT}
TU, HU, HEAD = "provincial_committee", "district_committee", "unit_head"


def test_two_managers_on_one_day_are_found_with_their_days(decision: Document) -> None:
    one = delegation.adopt(tier=TU, post_kind="agency_deputy", valid_from=D(2020, 3, 1), document=decision, **LAN)
    other = delegation.adopt(tier=HU, unit_kind="state", valid_from=D(2022, 1, 1), valid_to=D(2023, 1, 1),
                             document=decision, **LAN)  # fmt: skip
    delegation.adopt(tier=HEAD, post_kind="agency_deputy", unit_kind="state", valid_from=D(2020, 3, 1),
                     document=decision, **LAN)  # fmt: skip
    delegation.adopt(tier=HEAD, post_kind="professional", valid_from=D(2020, 3, 1), document=decision, **LAN)
    delegation.adopt(tier=HEAD, body="council", valid_from=D(2020, 3, 1), document=decision, **LAN)
    found = [(o.first, o.second, o.start, o.end) for o in delegation.overlaps(D(2020, 1, 1))]
    assert (one, other, D(2022, 1, 1), D(2023, 1, 1)) in found
    professional = [o for o in found if o[1].post_kind == "professional"]
    assert [(o[0], o[2], o[3]) for o in professional] == [(other, D(2022, 1, 1), D(2023, 1, 1))]
    assert len(found) == 2
    assert delegation.overlaps(D(2023, 1, 1)) == []
    assert delegation.overlaps(D(2020, 1, 1), D(2022, 1, 1)) == []


def test_days_on_which_nobody_manages_a_post_in_use_are_found(
    decision: Document, unit: MakeUnit, person: MakePerson
) -> None:
    agency = unit("S", level="province", kind="state")
    for code, more in (("A", {}), ("B", {}), ("C", {"stated_tier": TU})):
        PostHeld.objects.create(person=person(code), unit=agency, post_kind="agency_deputy", valid_from=D(2021, 1, 1),
                                valid_to=D(2024, 1, 1), **more)  # fmt: skip
    first = delegation.adopt(tier=TU, post_kind="agency_deputy", valid_from=D(2020, 3, 1), document=decision, **LAN)
    delegation.end(first, on=D(2022, 1, 1), document=decision, **LAN)
    delegation.adopt(tier=TU, level="province", valid_from=D(2022, 7, 1), document=decision, **LAN)
    assert delegation.gaps(D(2020, 1, 1)) == [
        delegation.Gap("agency_deputy", "state", "province", 2, D(2022, 1, 1), D(2022, 7, 1))
    ]
    assert delegation.gaps(D(2022, 7, 1)) == []
    (finding,) = delegation.faults(D(2022, 2, 1))
    assert finding.code == "delegation_gap"
    assert "Từ 01/02/2022 đến trước 01/07/2022" in finding.message


def test_no_rule_without_document(decision: Document) -> None:
    with pytest.raises(Refused, match="phải có văn bản"):
        delegation.adopt(tier=TU, valid_from=D(2020, 3, 1), document=None, **LAN)
    rule = delegation.adopt(tier=TU, valid_from=D(2020, 3, 1), document=decision, **LAN)
    with pytest.raises(Refused, match="phải có văn bản"):
        delegation.end(rule, on=D(2021, 1, 1), document=None, **LAN)
    with pytest.raises(Refused):
        delegation.adopt(tier="king", valid_from=D(2020, 3, 1), document=decision, **LAN)
    bare = DelegationRule.objects.create(tier=TU, valid_from=D(2020, 3, 1))
    assert [(f.code, f.value) for f in delegation.faults(D(2021, 1, 1))] == [
        ("delegation_without_document", str(bare.id))
    ]
