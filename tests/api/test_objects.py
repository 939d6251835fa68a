"""Units, documents, imports, snapshots, figures and tokens: each asked for inside, above, outside and out of period.

What an account should see is worked out here from its role's permissions and the reach and period of its mandate; then
the whole body of every answer is searched for what it should not.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import localdate

from canbo.accounts import tokens
from canbo.accounts.models import ApiToken, User
from canbo.accounts.permissions import Permission as P
from canbo.accounts.roles import ROLES
from canbo.api.app import api
from canbo.audit.changes import change
from canbo.register import documents
from canbo.register.models import Document, ImportBatch, Person, Unit
from canbo.snapshot.measuring import DAYS
from canbo.snapshot.models import Seal
from tests.api.world import AT, World, token

pytestmark = pytest.mark.django_db
SCHEME = "/api/schemes/thai-nguyen-2021-2030"
REACHES = ("part", "subtree", "whole")  # a tier in N; all tiers in N; everything
PERIODS = ("now", "before", "after")
UNITS = {"DV-N": "inside", "DV-N1": "inside", "DV-T": "outside", "DV-H": "outside"}
PEOPLE = {"inside": "part", "below": "part", "wrong_tier": "subtree", "wrong_subtree": "whole", "own": "whole", "nobody": "whole"}  # fmt: skip # noqa: E501
"""The least reach that sees a person."""


@dataclass
class Objects:
    """A world with documents, an import and a seal whose words and days occur nowhere else."""

    world: World
    batch: int = 0
    seal: int = 0
    documents: dict[str, tuple[str, bool]] = field(default_factory=dict)
    """By title, which unit issued it and whether it is secret."""
    hidden: dict["Account", set[str]] = field(default_factory=dict)
    """What each account must not meet, once worked out."""


@pytest.fixture
def objects(world: World) -> Iterator[Objects]:
    made = Objects(world)
    given = {
        "Quyết định Bêntrong": ("DV-N", "normal", date(2017, 3, 3)),
        "Quyết định Mậttrong": ("DV-N", "secret", date(2017, 4, 4)),
        "Quyết định Bênngoài": ("DV-H", "normal", date(2017, 5, 5)),
        "Quyết định Mậtngoài": ("DV-H", "secret", date(2017, 6, 6)),
    }
    for number, (title, (code, secrecy, day)) in enumerate(given.items()):
        documents.register(
            number=f"{9000 + number}-QĐ", kind="QĐ", issuer=f"Cơquan{code}", issued_on=day, title=title,
            secrecy=secrecy, issuer_unit=Unit.objects.get(code=code), by="test", at=datetime.now(UTC),
        )  # fmt: skip
        made.documents[title] = (code, secrecy != "normal")
    with change(by="test", at=datetime.now(UTC), action="test"):
        made.batch = ImportBatch.objects.create(
            file_name="Sổ-nhậpkín.xlsx", content="c0ffee", as_of=date(2018, 8, 8), applied_at=AT, by="người-nhập"
        ).pk
        made.seal = Seal.objects.create(
            title="Bản-niêmphongkín", day=date(2018, 9, 9), known=AT, folder="/không/có", content="5ea1", files={},
            rows={"people": 6}, writer="test", sealed_at=AT + timedelta(hours=1), by="người-niêmphong",
        ).pk  # fmt: skip
    today, long_ago = localdate(), date(2021, 1, 1)
    periods = {"now": (long_ago, None), "before": (today + timedelta(days=1), None), "after": (long_ago, today)}
    for role in ROLES:
        for period, (start, end) in periods.items():
            token(world, f"{role}/subtree/{period}", role, "DV-N", None, start, end)
    DAYS.clear()
    yield made
    DAYS.clear()


def moments(account: "Account") -> tuple[dict[str, str], ...]:
    """Without and with a moment whose knowledge is asked for; once is enough for who may do nothing."""
    return ({}, {"known": (AT + timedelta(days=1)).isoformat()})[: 2 if account.period == "now" else 1]


@dataclass(frozen=True)
class Account:
    """A role with a mandate: what it should be allowed, by the role's permissions in code."""

    role: str
    reach: str
    period: str

    @property
    def name(self) -> str:
        return f"{self.role}/{self.reach}/{self.period}"

    def may(self, *permissions: P, whole: bool = False) -> bool:
        has = set(permissions) <= ROLES[self.role].permissions and self.period == "now"
        return has and (self.reach == "whole" or not whole)

    @property
    def depth(self) -> str:
        return ROLES[self.role].field_class

    def reaches_unit(self, code: str) -> bool:
        return self.reach == "whole" or UNITS[code] == "inside"

    def reaches_person(self, place: str) -> bool:
        return REACHES.index(self.reach) >= REACHES.index(PEOPLE[place])


ACCOUNTS = [Account(role, reach, period) for role in sorted(ROLES) for reach in REACHES for period in PERIODS]


def hidden(objects: Objects, account: Account, asked_for: str = "") -> set[str]:
    """All words, codes and days that must not be in any answer to the account, but for what it named itself."""
    if account not in objects.hidden:
        objects.hidden[account] = _hidden(objects, account)
    return {word for word in objects.hidden[account] if word.strip('"()') != asked_for}


def _hidden(objects: Objects, account: Account) -> set[str]:
    found: set[str] = set()
    for place in PEOPLE:
        person = Person.objects.get(code=objects.world.people[place])
        born = person.birth_date.isoformat()
        if not (account.may(P.PEOPLE_READ) and account.reaches_person(place)):
            found |= {person.code, person.full_name, born, str(person.national_id)}
        elif account.depth != "sensitive":
            found.add(str(person.national_id))
    for code in UNITS:
        if not (account.may(P.ORGANISATIONS_READ) and account.reaches_unit(code)):
            found |= {f'"{code}"', f"({code})", f'Đơn vị {code.removeprefix("DV-")}"'}
    for title, (code, is_secret) in objects.documents.items():
        seen = account.may(P.ORGANISATIONS_READ) and account.reaches_unit(code)
        if not seen or (is_secret and account.depth != "sensitive"):
            found.add(title)
            found.add(Document.objects.get(title=title).issued_on.isoformat())
    if not account.may(P.IMPORT_PREVIEW, whole=True):
        found |= {"nhậpkín", "c0ffee", "2018-08-08", "người-nhập"}
    if not account.may(P.SNAPSHOTS_READ, whole=True):
        found |= {"niêmphongkín", "5ea1", "2018-09-09", "người-niêmphong", "/không/có"}
    return found


def ask(
    client: Client,
    objects: Objects,
    account: Account,
    path: str,
    *,
    asked_for: str = "",
    method: str = "get",
    **query: Any,
) -> tuple[int, Any]:
    """Status and body, in which nothing hidden from the account may stand."""
    got = getattr(client, method)(path, query, **objects.world.tokens[account.name])
    assert got.status_code < 500
    body = json.loads(got.content) if got["Content-Type"].startswith("application/json") else None
    text = json.dumps(body, ensure_ascii=False)
    leaked = {word for word in hidden(objects, account, asked_for) if word in text}
    assert not leaked, (account, path, leaked, text[:2000])
    return got.status_code, body


def test_units(objects: Objects, client: Client) -> None:
    for account in ACCOUNTS:
        may = account.may(P.ORGANISATIONS_READ)
        seen = {code for code in UNITS if account.reaches_unit(code)}
        for known in moments(account):
            status, body = ask(client, objects, account, "/api/organisations", **known)
            assert status == (200 if may else 403), account
            if may:
                assert {one["code"] for one in body["items"]} == seen, account
            for code in (*UNITS, "DV-KHONG-CO"):
                status, body = ask(client, objects, account, f"/api/organisations/{code}", asked_for=code, **known)
                assert status == (403 if not may else 200 if code in seen else 404), (account, code)
        for tree in ("parent", "party_parent"):
            status, body = ask(client, objects, account, "/api/organisations/tree", tree=tree)
            assert status == (200 if may else 403)
            assert not may or {one["code"] for one in body["units"]} <= seen
            assert not may or tree != "parent" or {one["code"] for one in body["units"]} == seen


def test_people_by_known_and_class(objects: Objects, client: Client) -> None:
    for account in ACCOUNTS:
        may = account.may(P.PEOPLE_READ)
        seen = {objects.world.people[place] for place in PEOPLE if account.reaches_person(place)}
        for known in moments(account):
            status, body = ask(client, objects, account, "/api/people", **known)
            assert status == (200 if may else 403), account
            assert not may or {one["code"] for one in body["items"]} == seen, (account, known)
            for place in PEOPLE:
                code = objects.world.people[place]
                status, body = ask(client, objects, account, f"/api/people/{code}", asked_for=code, **known)
                assert status == (403 if not may else 200 if code in seen else 404), (account, place, known)
                assert status != 200 or ("national_id" in body["fields"]) is (account.depth == "sensitive")


def test_documents(objects: Objects, client: Client) -> None:
    for account in ACCOUNTS:
        may = account.may(P.ORGANISATIONS_READ)
        status, body = ask(client, objects, account, "/api/documents", q="Quyết định")
        assert status == (200 if may else 403), account
        if may:
            expected = {
                title
                for title, (code, is_secret) in objects.documents.items()
                if account.reaches_unit(code) and (not is_secret or account.depth == "sensitive")
            }
            assert {one["title"] for one in body["items"]} == expected, account
        for narrowed in ({"q": "9002"}, {"kind": "QĐ"}, {"issued_from": "2017-05-05", "issued_to": "2017-05-05"}):
            ask(client, objects, account, "/api/documents", **narrowed)


def test_imports_and_snapshots_are_for_the_whole(objects: Objects, client: Client) -> None:
    for account in ACCOUNTS:
        may = account.may(P.IMPORT_PREVIEW, whole=True)
        status, body = ask(client, objects, account, "/api/imports")
        assert status == (200 if may else 403), account
        assert not may or [one["id"] for one in body["imports"]] == [objects.batch]
        for number, there in ((objects.batch, True), (10**9, False)):
            status, _ = ask(client, objects, account, f"/api/imports/{number}")
            assert status == (403 if not may else 200 if there else 404), account
        may = account.may(P.SNAPSHOTS_READ, whole=True)
        status, body = ask(client, objects, account, "/api/snapshots")
        assert status == (200 if may else 403), account
        assert not may or [one["id"] for one in body["snapshots"]] == [objects.seal]
        takes = account.may(P.SNAPSHOTS_READ, P.EXPORT, whole=True) and account.depth == "sensitive"
        for number, there in ((objects.seal, True), (10**9, False)):
            status, _ = ask(client, objects, account, f"/api/snapshots/{number}/verify", method="post")
            assert status == (403 if not may else 200 if there else 404), account
            status, _ = ask(client, objects, account, f"/api/snapshots/{number}/files")
            assert (status == 403) is not takes, account


def test_figures_and_names_behind_them(objects: Objects, client: Client) -> None:
    for account in ACCOUNTS:
        may = account.may(P.INDICATORS_READ)
        for by in ({}, {"by": "unit"}, {"by": "locality"}):
            status, body = ask(client, objects, account, f"{SCHEME}/measure", as_of="2025-12-31", **by)
            assert status == (200 if may and account.reach != "part" else 403), (account, by)
            if status == 200:
                _check_figures(account, body)
        names = account.may(P.INDICATORS_READ, P.PEOPLE_READ)
        status, body = ask(client, objects, account, f"{SCHEME}/who/TN-2025-1-01", as_of="2025-12-31")
        assert status == (200 if names else 403), account
        if names:
            expected = {objects.world.people[one] for one in ("wrong_tier", "own") if account.reaches_person(one)}
            assert {row["person_id"] for row in body["rows"]} == expected, account
        status, _ = ask(client, objects, account, "/api/schemes")
        assert status == (200 if may else 403)


def _check_figures(account: Account, body: dict[str, Any]) -> None:
    """Two people are of the tier that the indicator asks for: wrong_tier in N, own in H; neither is a master."""
    first = next(one for one in body["indicators"] if one["id"] == "TN-2025-1-01")
    reads = account.may(P.PEOPLE_READ)
    if account.reach == "whole":
        assert (first["numerator"], first["denominator"]) == (0, 2)
        assert all(one["code"] != "part_only" for one in body["findings"])
        return
    assert (first["numerator"], first["denominator"]) == ((0, 1) if reads else (None, None)), account
    assert [one["value"] for one in body["findings"] if one["code"] == "part_only"] == ["DV-N"]
    for one in body["indicators"]:
        assert {row["unit_id"] for row in one.get("units") or ()} <= {"DV-N", "DV-N1", None}
        assert reads or all((row["denominator"] or 0) in (0, *range(5, 99)) or row["unit_id"] is None for row in one.get("units") or ())  # fmt: skip # noqa: E501


def _needs() -> dict[tuple[str, str], tuple[set[P], bool]]:
    """What each operation asks for, as declared in the code: permissions, and whether over everything."""
    found = {}
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                check: Any = operation.auth_callbacks[0]
                for method in operation.methods:
                    found[method.lower(), f"/api{prefix}{path}"] = (set(check.permissions), bool(check.whole))
    return found


def test_a_token_allows_no_more_than_its_scope(objects: Objects, client: Client) -> None:
    """One token for each permission, of an account that has a mandate of every role over everything."""
    user = User.objects.create(username="tat-ca", person_code=objects.world.people["own"])
    for role in ROLES:
        user.mandates.create(role=role, unit_code="", tiers=None, valid_from=date(2021, 1, 1))
    at = datetime.now(UTC)
    values = {"code": "NGUOI-KHONG-CO", "kind": "qualification", "number": str(10**9), "scheme": "none", "indicator": "x"}  # fmt: skip # noqa: E501
    assert len(_needs()) >= 31
    for scope in P:
        text = tokens.issue(
            user=user, name=scope, scopes=[scope], expires_at=at + timedelta(days=1), by="cli:root", at=at
        )
        for (method, path), (permissions, _) in _needs().items():
            got = client.generic(
                method.upper(), path.format_map(values), "{}", content_type="application/json",
                HTTP_IF_MATCH="1", HTTP_AUTHORIZATION=f"Bearer {text}",
            )  # fmt: skip
            assert (got.status_code == 403) is not (permissions <= {scope}), (scope, method, path, got.content)


def test_a_token_out_of_its_period_opens_nothing(objects: Objects, client: Client) -> None:
    at, headers = datetime.now(UTC), dict(objects.world.tokens)

    def kept(name: str) -> ApiToken:
        return ApiToken.objects.get(pk=int(headers[name]["HTTP_AUTHORIZATION"].split("_")[1]))

    expired, revoked, closed, other = (f"{role}/whole/now" for role in ("specialist", "inspector", "leader", "analyst"))
    ApiToken.objects.filter(pk=kept(expired).pk).update(expires_at=at - timedelta(seconds=1))
    tokens.revoke(token=kept(revoked), by="cli:root", at=at)
    User.objects.filter(pk=kept(closed).user_id).update(is_active=False)
    headers[other] = {"HTTP_AUTHORIZATION": headers[other]["HTTP_AUTHORIZATION"][:-43] + "a" * 43}
    nothing = hidden(objects, Account("person", "whole", "before"))  # everything is hidden from it
    for name in (expired, revoked, closed, other):
        for path in ("me", "people", "organisations", "documents", "imports", "snapshots", "schemes"):
            got = client.get(f"/api/{path}", **headers[name])
            assert got.status_code == 401, (name, path)
            assert not [word for word in nothing if word in got.content.decode()]


def test_the_matrix_can_fail(objects: Objects, client: Client) -> None:
    """An account that sees more than the table says is found out: the search for leaks is not blind."""
    world = objects.world
    world.tokens["leader/part/now"] = world.tokens["specialist/whole/now"]
    for path in ("/api/people", "/api/organisations", "/api/documents", "/api/imports", "/api/snapshots"):
        with pytest.raises(AssertionError):
            ask(client, objects, Account("leader", "part", "now"), path)
