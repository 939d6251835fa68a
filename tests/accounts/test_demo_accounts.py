"""The accounts of a demonstration: one a role, made once, without a second factor they must set up, and only there."""

from pathlib import Path

import pytest

from canbo.accounts import demo, demo_accounts, mandates, second_factors
from canbo.accounts.models import User
from canbo.accounts.roles import ROLES
from canbo.common.findings import Refused
from tests.accounts.makers import AT, DAY, PASSWORD, give, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def demonstration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This installation is a demonstration: marked in a folder of the test."""
    monkeypatch.setenv("CANBO_HOME", str(tmp_path))
    demo.mark_installation()


def create() -> list[User]:
    return demo_accounts.create_accounts(unit_code="H1", person_code="NGUOI-1", by="cli:demo", at=AT)


@pytest.mark.usefixtures("demonstration")
def test_one_account_a_role_made_once() -> None:
    made = {user.username for user in create()}
    assert made == set(demo_accounts.USERNAMES.values())
    assert set(demo_accounts.USERNAMES) == set(ROLES)
    assert create() == []
    scopes = {
        role: mandates.scope_of(User.objects.get(username=name), DAY) for role, name in demo_accounts.USERNAMES.items()
    }
    for role, scope in scopes.items():
        assert scope.grants[0].permissions == ROLES[role].permissions
        assert scope.grants[0].unit_code == ("H1" if role == "unit_officer" else None)
    assert scopes["person"].person_code == "NGUOI-1"
    assert scopes["leader"].person_code == ""
    assert all(user.check_password(demo_accounts.PASSWORD) for user in User.objects.all())


def test_none_in_a_real_installation() -> None:
    with pytest.raises(Refused, match="trình diễn"):
        create()
    assert not User.objects.exists()


def test_only_there_they_need_no_second_factor() -> None:
    real = make_user("that")
    give(real, "specialist")
    assert second_factors.is_needed(real, DAY)
    User.objects.all().update(is_demo=True)
    real.refresh_from_db()
    assert second_factors.is_needed(real, DAY)  # a demonstration account that was copied into a real installation


@pytest.mark.usefixtures("demonstration")
def test_in_a_demonstration_a_real_account_still_needs_one() -> None:
    create()
    specialist = User.objects.get(username="chuyenvien")
    assert not second_factors.is_needed(specialist, DAY)
    real = make_user(
        "that",
    )
    give(real, "specialist")
    assert second_factors.is_needed(real, DAY)
    assert real.check_password(PASSWORD)
