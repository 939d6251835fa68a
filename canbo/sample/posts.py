"""The leading posts of the province, its districts, committees and communes. Posts of agencies are in offices."""

from collections.abc import Iterator
from dataclasses import dataclass

from canbo.sample.units import Unit

HEAD, DEPUTY, MEMBER = 1, 2, 3
"""Roles in a standing committee; 0 = no seat."""

PROVINCE_POSTS = (
    # title, post_kind, key, head, seat, second post
    ("Bí thư Tỉnh ủy", "party_secretary", True, True, HEAD, None),
    ("Phó Bí thư Thường trực Tỉnh ủy", "party_deputy_secretary", True, False, DEPUTY, "council_chair"),
    ("Chủ tịch UBND tỉnh", "committee_chair", True, True, DEPUTY, "party_deputy_secretary"),
    ("Phó Chủ tịch Thường trực HĐND tỉnh", "council_vice_chair", False, False, MEMBER, None),
    ("Phó Chủ tịch HĐND tỉnh", "council_vice_chair", False, False, 0, None),
    ("Phó Chủ tịch Thường trực UBND tỉnh", "committee_vice_chair", False, False, MEMBER, None),
    ("Phó Chủ tịch UBND tỉnh", "committee_vice_chair", False, False, 0, None),
    ("Phó Chủ tịch UBND tỉnh", "committee_vice_chair", False, False, 0, None),
    ("Ủy viên Ban Thường vụ Tỉnh ủy, Giám đốc Công an tỉnh", "agency_head", False, False, MEMBER, None),
    (
        "Ủy viên Ban Thường vụ Tỉnh ủy, Chỉ huy trưởng Bộ Chỉ huy quân sự tỉnh",
        "agency_head",
        False,
        False,
        MEMBER,
        None,
    ),
)
COUNCIL_BOARDS = ("Pháp chế", "Kinh tế - Ngân sách", "Văn hóa - Xã hội")
DISTRICT_POSTS = (
    ("Bí thư {committee}", "party_secretary", True, True, HEAD, None),
    (
        "Phó Bí thư Thường trực cấp ủy {place}",
        "party_deputy_secretary",
        True,
        False,
        DEPUTY,
        "council_chair",
    ),
    ("Chủ tịch UBND {place}", "committee_chair", True, True, DEPUTY, "party_deputy_secretary"),
    ("Phó Chủ tịch HĐND {place}", "council_vice_chair", False, False, MEMBER, None),
    ("Phó Chủ tịch Thường trực UBND {place}", "committee_vice_chair", False, False, MEMBER, None),
    ("Phó Chủ tịch UBND {place}", "committee_vice_chair", False, False, 0, None),
    ("Chỉ huy trưởng Ban Chỉ huy quân sự {place}", "division_head", False, False, MEMBER, None),
    ("Trưởng Công an {place}", "division_head", False, False, MEMBER, None),
)
PILOT_EVERY = 18
"""One commune in so many joins the posts of secretary and chair."""
COMMUNE_FRONTS = (
    "Chủ tịch Ủy ban MTTQ {place}",
    "Bí thư Đoàn Thanh niên {place}",
    "Chủ tịch Hội Liên hiệp Phụ nữ {place}",
    "Chủ tịch Hội Nông dân {place}",
    "Chủ tịch Hội Cựu chiến binh {place}",
)
SECOND_TITLES = {
    "council_chair": "Chủ tịch HĐND",
    "party_deputy_secretary": "Phó Bí thư",
    "committee_chair": "Chủ tịch UBND",
}


@dataclass(frozen=True, slots=True)
class Post:
    """A leading post; ``women`` and ``young`` say who usually holds it, ``armed`` that the armed forces fill it."""

    unit: int
    title: str
    kind: str
    tier: str
    staff: str
    profile: str
    key: bool = False
    head: bool = False
    seat: int = 0
    seat_unit: int = -1
    second: str | None = None
    women: bool = False
    young: bool = False
    armed: bool = False


def place_word(unit: Unit) -> str:
    """The word for the sort of locality: huyện, thành phố, thị xã, xã, phường, thị trấn."""
    words = unit.name.split()
    return " ".join(words[: 2 if words[0] in ("Thành", "Thị") else 1]).lower()


def _committee_word(unit: Unit) -> str:
    return {"thành phố": "Thành ủy", "thị xã": "Thị ủy"}.get(place_word(unit), "Huyện ủy")


def province_posts(place: int) -> Iterator[Post]:
    """Leaders of the province and of the boards of its council."""
    for title, kind, key, head, seat, second in PROVINCE_POSTS:
        armed = "Công an" in title or "quân sự" in title
        seat_unit = place if seat else -1
        yield Post(
            place,
            title,
            kind,
            "central",
            "official",
            "province_top",
            key,
            head,
            seat,
            seat_unit,
            second,
            armed=armed,
        )
    for board in COUNCIL_BOARDS:
        yield Post(
            place,
            f"Trưởng ban {board} HĐND tỉnh",
            "agency_head",
            "provincial_committee",
            "official",
            "agency_head",
        )
        yield Post(
            place,
            f"Phó Trưởng ban {board} HĐND tỉnh",
            "agency_deputy",
            "provincial_committee",
            "official",
            "agency_deputy",
        )


def district_posts(place: int, unit: Unit) -> Iterator[Post]:
    """Leaders of a district and the two who command its armed forces."""
    words = {"place": place_word(unit), "committee": _committee_word(unit)}
    for pattern, kind, key, head, seat, second in DISTRICT_POSTS:
        title = pattern.format(**words)
        profile = "district_key" if key else "district_member"
        seat_unit = place if seat else -1
        yield Post(
            place,
            title,
            kind,
            "provincial_committee",
            "official",
            profile,
            key,
            head,
            seat,
            seat_unit,
            second,
            armed=kind == "division_head",
        )


def committee_posts(place: int, unit: Unit) -> Iterator[Post]:
    """The standing committee of a Party committee directly under the province."""
    armed = unit.id.endswith(("DUQS", "DUCA"))
    name = unit.name
    groups = (
        ("secretary", f"Bí thư {name}", "party_secretary", "provincial_committee", "district_key", HEAD),
        (
            "deputies",
            f"Phó Bí thư {name}",
            "party_deputy_secretary",
            "provincial_committee",
            "district_key",
            DEPUTY,
        ),
        (
            "members",
            f"Ủy viên Ban Thường vụ {name}",
            "division_head",
            "district_committee",
            "district_member",
            MEMBER,
        ),
    )
    for count, title, kind, tier, profile, seat in groups:
        for _ in range(unit.entry[count]):
            yield Post(
                place,
                title,
                kind,
                tier,
                "official",
                profile,
                head=seat == HEAD,
                seat=seat,
                seat_unit=place,
                armed=armed,
            )


def commune_posts(place: int, unit: Unit) -> Iterator[Post]:
    """Key posts, vice chairs and the heads of the mass organisations.

    The secretary chairs the council in seven communes of ten; in one of eighteen, as a pilot, the people's committee.
    """
    word = place_word(unit)
    pilot = place % PILOT_EVERY == 7
    chairs = "committee_chair" if pilot else "council_chair" if place % 10 < 7 else None
    deputy_chairs = None if chairs == "council_chair" else "council_chair"
    posts = [
        ("Bí thư Đảng ủy", "party_secretary", HEAD, chairs),
        ("Phó Bí thư Thường trực Đảng ủy", "party_deputy_secretary", DEPUTY, deputy_chairs),
        ("Chủ tịch UBND", "committee_chair", DEPUTY, "party_deputy_secretary"),
        ("Phó Chủ tịch HĐND", "council_vice_chair", MEMBER, None),
        ("Phó Chủ tịch UBND", "committee_vice_chair", MEMBER, None),
    ]
    for title, kind, seat, second in posts:
        if not (pilot and kind == "committee_chair"):
            key = seat != MEMBER
            yield Post(
                place,
                f"{title} {word}",
                kind,
                "district_committee",
                "official",
                "commune_key" if key else "commune_vice",
                key=key,
                head=kind in ("party_secretary", "committee_chair"),
                seat=seat,
                seat_unit=place,
                second=second,
            )
    yield from _front_posts(place, word)


def _front_posts(place: int, word: str) -> Iterator[Post]:
    """The heads of a commune's mass organisations; the first sits on its standing committee."""
    for number, pattern in enumerate(COMMUNE_FRONTS):
        title = pattern.format(place=word)
        yield Post(
            place,
            title,
            "division_head",
            "unit_head",
            "official",
            "commune_front",
            women="Phụ nữ" in title,
            young="Đoàn" in title,
            armed="Cựu chiến binh" in title,
            seat=0 if number else MEMBER,
            seat_unit=-1 if number else place,
        )
