"""All posts to be filled: the leading ones and, in each unit, ordinary staff. Chooses no people."""

from dataclasses import dataclass

import numpy as np

from canbo.sample.definitions import code, profiles
from canbo.sample.draws import Array, Rng, apportion
from canbo.sample.posts import Post
from canbo.sample.units import Role, Units


@dataclass(frozen=True)
class Slots:
    """All posts to be filled, by unit, leading posts first: one element a post. Codes are places in code lists."""

    unit: Array
    title: Array
    titles: tuple[str, ...]
    kind: Array
    tier: Array
    staff: Array
    profile: Array
    key: Array
    head: Array
    seat: Array
    seat_unit: Array
    second: Array
    women: Array
    young: Array
    armed: Array

    def __len__(self) -> int:
        return len(self.unit)


STAFF = {
    # role: (profile, mean per unit, share of support staff)
    Role.COMMUNE: ("commune_servant", 7.0, 0.0),
    Role.DIVISION: ("civil_servant", 3.6, 0.05),
    Role.DISTRICT_AGENCY: ("civil_servant", 2.2, 0.04),
    Role.AGENCY: ("civil_servant", 0.8, 0.3),
    Role.COMMITTEE: ("civil_servant", 3.0, 0.1),
    Role.PROVINCIAL_SERVICE: ("service_staff", 14.0, 0.08),
    Role.SCHOOL: ("teacher", 0.0, 0.07),
    Role.HEALTH: ("health_staff", 0.0, 0.08),
    Role.CENTRE: ("service_staff", 0.0, 0.1),
}
PART_TIME = 1.6
"""Mean of part-time workers in a commune of the smallest sample."""

_WEIGHT = {Role.SCHOOL: 1.0, Role.HEALTH: 2.4, Role.CENTRE: 0.45}


def fill_units(units: Units, posts: list[Post], in_service: int, rng: Rng) -> Slots:
    """The leading posts and as many ordinary posts as bring each province to its share of ``in_service`` people."""
    led = np.bincount([units.rows[post.unit].province for post in posts], minlength=len(units))
    staff, part_time = np.zeros(len(units), np.int64), np.zeros(len(units), np.int64)
    for top, plan in zip(units.of_role(Role.PROVINCE).tolist(), units.plans, strict=True):
        _share_staff(units, top, plan.people - int(led[top]), plan.administration, staff, part_time, rng)
    return _assemble(units, posts, staff, part_time, rng)


def _share_staff(units: Units, top: int, total: int, factor: float, staff: Array, part_time: Array, rng: Rng) -> None:
    """Administrative units get about their usual staff, public service units what remains of ``total``."""
    inside = units.province == top
    nominal = np.zeros(len(units))
    for role, (_, mean, _) in STAFF.items():
        nominal[inside & (units.role == role)] = mean * factor
    nominal *= rng.uniform(0.75, 1.3, len(units))
    part = np.where(inside & (units.role == Role.COMMUNE), PART_TIME * factor * rng.uniform(0.5, 1.6, len(units)), 0.0)
    weights = np.zeros(len(units))
    for role, weight in _WEIGHT.items():
        weights[inside & (units.role == role)] = weight
    weights *= rng.lognormal(0, 0.35, len(units))
    administrative = min(round(float(nominal.sum() + part.sum())), int(total * 0.8))
    shared = apportion(administrative, np.concatenate([nominal, part]))
    staff += shared[: len(units)]
    part_time += shared[len(units) :]
    staff += apportion(total - administrative, weights)


def _assemble(units: Units, posts: list[Post], staff: Array, part_time: Array, rng: Rng) -> Slots:
    """Leading and ordinary posts as one set of columns, ordered by unit."""
    titles: dict[str, int] = {}
    led = _leading_columns(posts, titles)
    ordinary = _ordinary_columns(units, staff, part_time, rng)
    rest = len(ordinary["unit"])
    blank = {"title": -1, "tier": code("managed_by", "unit_head"), "second": -1, "seat_unit": -1}
    columns = {
        name: np.concatenate([column, ordinary.get(name, np.full(rest, blank.get(name, 0)))]).astype(column.dtype)
        for name, column in led.items()
    }
    order = np.argsort(columns["unit"], kind="stable")
    return Slots(titles=tuple(titles), **{name: column[order] for name, column in columns.items()})


def _leading_columns(posts: list[Post], titles: dict[str, int]) -> dict[str, Array]:
    """Columns of the leading posts; their titles are added to ``titles``."""
    coded = {"kind": "post_kind", "tier": "managed_by", "staff": "staff_kind"}
    columns: dict[str, Array] = {
        name: np.array([code(list_id, getattr(post, name)) for post in posts], np.int8)
        for name, list_id in coded.items()
    }
    for name in ("key", "head", "women", "young", "armed"):
        columns[name] = np.array([getattr(post, name) for post in posts], bool)
    for name in ("unit", "seat", "seat_unit"):
        columns[name] = np.array([getattr(post, name) for post in posts], np.int32)
    columns["title"] = np.array([titles.setdefault(post.title, len(titles)) for post in posts], np.int32)
    columns["profile"] = np.array([profiles().index(post.profile) for post in posts], np.int8)
    second = [code("post_kind", post.second) if post.second else -1 for post in posts]
    return columns | {"second": np.array(second, np.int8)}


def _ordinary_columns(units: Units, staff: Array, part_time: Array, rng: Rng) -> dict[str, Array]:
    """Columns of the ordinary posts that are not the same for all of them."""
    places = np.arange(len(units))
    unit = np.concatenate([np.repeat(places, staff), np.repeat(places, part_time)])
    part = np.arange(len(unit)) >= int(staff.sum())
    profile, support = np.zeros(len(unit), np.int8), np.zeros(len(unit))
    for role, (name, _, share) in STAFF.items():
        mine = units.role[unit] == role
        profile[mine] = profiles().index(name)
        support[mine] = share
    supporting = (rng.random(len(unit)) < support) & ~part
    profile[supporting] = profiles().index("support")
    profile[part] = profiles().index("part_time")
    kind = np.where(supporting | part, code("post_kind", "support"), code("post_kind", "professional"))
    return {"unit": unit, "profile": profile, "kind": kind, "staff": _staff_kinds(profile)}


def _staff_kinds(profile: Array) -> Array:
    table = profiles()
    civil = table.among(profile, "civil_servant", "commune_servant")
    kinds = np.where(civil, code("staff_kind", "civil_servant"), code("staff_kind", "public_employee"))
    kinds = np.where(table.among(profile, "support"), code("staff_kind", "contract"), kinds)
    return np.where(table.among(profile, "part_time"), code("staff_kind", "part_time"), kinds).astype(np.int8)


def expect_staff(units: Units, factor: float) -> float:
    """About how many ordinary people the administrative units of one province take."""
    mean = sum(int((units.role == role).sum()) * usual for role, (_, usual, _) in STAFF.items())
    return factor * (mean + int((units.role == Role.COMMUNE).sum()) * PART_TIME)
