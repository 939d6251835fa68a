"""The wording of posts: of ordinary staff by their work, of earlier posts by their group. Draws no codes."""

import numpy as np

from canbo.sample.definitions import code, codes, profiles
from canbo.sample.draws import Array, stream
from canbo.sample.schooling import BACHELOR, COLLEGE
from canbo.sample.sketch import Sketch
from canbo.sample.units import Role

ORDINARY = {
    "civil_servant": ("Chuyên viên", "Chuyên viên", "Chuyên viên", "Kế toán", "Văn thư", "Thanh tra viên"),
    "commune_servant": (
        "Công chức Văn phòng - Thống kê",
        "Công chức Địa chính - Xây dựng",
        "Công chức Tài chính - Kế toán",
        "Công chức Tư pháp - Hộ tịch",
        "Công chức Văn hóa - Xã hội",
        "Chỉ huy trưởng Ban Chỉ huy quân sự xã",
    ),
    "teacher": ("Giáo viên", "Giáo viên", "Giáo viên", "Tổ trưởng chuyên môn", "Nhân viên thiết bị, thư viện"),
    "service_staff": ("Viên chức", "Viên chức", "Kế toán viên", "Kỹ thuật viên"),
    "support": ("Lái xe", "Bảo vệ", "Nhân viên phục vụ"),
    "part_time": (
        "Trưởng xóm",
        "Phó Chủ tịch Ủy ban MTTQ xã",
        "Phó Bí thư Đoàn xã",
        "Phó Chủ tịch Hội Nông dân xã",
        "Công an viên",
    ),
}
HEALTH = (("Y sĩ", "Điều dưỡng viên"), ("Điều dưỡng viên", "Hộ sinh viên"), ("Bác sĩ", "Điều dưỡng viên"))
EARLIER = {
    "party_secretary": "Bí thư",
    "party_deputy_secretary": "Phó Bí thư",
    "committee_chair": "Chủ tịch UBND",
    "committee_vice_chair": "Phó Chủ tịch UBND",
    "council_vice_chair": "Phó Chủ tịch HĐND",
    "agency_head": "Cấp trưởng",
    "agency_deputy": "Cấp phó",
    "division_head": "Trưởng phòng",
    "division_deputy": "Phó Trưởng phòng",
    "service_head": "Người đứng đầu đơn vị",
    "service_deputy": "Cấp phó đơn vị",
    "professional": "Chuyên viên",
    "support": "Nhân viên",
}


def present_titles(sketch: Sketch) -> tuple[list[str], Array]:
    """The texts of titles and the place of each person's present title among them."""
    rng = stream(sketch.seed, "titles")
    titles = list(sketch.slots.titles)
    title = sketch.slots.title[sketch.lives.slot].copy()
    draw = rng.random(len(title))
    for name, words in ORDINARY.items():
        mine = np.flatnonzero((sketch.profile == profiles().index(name)) & (title < 0))
        title[mine] = _place(titles, words, draw[mine])
    education = sketch.schooling.education
    for low, high, words in (
        (0, COLLEGE, HEALTH[0]),
        (COLLEGE, BACHELOR, HEALTH[1]),
        (BACHELOR, 9, HEALTH[2]),
    ):
        mine = np.flatnonzero((title < 0) & (education >= low) & (education < high))
        title[mine] = _place(titles, words, draw[mine])
    return titles, title


def _place(titles: list[str], words: tuple[str, ...], draw: Array) -> Array:
    places = np.array([_known(titles, word) for word in words], np.int32)
    return np.asarray(places[(draw * len(words)).astype(int)])


def _known(titles: list[str], word: str) -> int:
    if word not in titles:
        titles.append(word)
    return titles.index(word)


def stage_titles(sketch: Sketch, titles: list[str], person: Array, unit: Array, kind: Array) -> Array:
    """Titles of earlier posts, by their group; of ordinary staff by the sort of unit."""
    title = np.zeros(len(unit), np.int32)
    for key, word in EARLIER.items():
        title[kind == code("post_kind", key)] = _known(titles, word)
    plain = kind == code("post_kind", "professional")
    role = sketch.units.role[unit]
    for sort, word in (
        (Role.SCHOOL, "Giáo viên"),
        (Role.HEALTH, "Nhân viên y tế"),
        (Role.COMMUNE, "Công chức xã"),
        (Role.CENTRE, "Viên chức"),
        (Role.PROVINCIAL_SERVICE, "Viên chức"),
    ):
        title[plain & (role == sort)] = _known(titles, word)
    _own_titles(sketch, titles, unit, kind, title)
    return title


def _own_titles(sketch: Sketch, titles: list[str], unit: Array, kind: Array, title: Array) -> None:
    """Heads and deputies of agencies have the titles of their agency: Giám đốc, Chủ nhiệm, Trưởng ban."""
    rows = sketch.units.rows
    for word, kinds in (
        ("head", codes("post_kind", "agency_head", "division_head", "service_head")),
        ("deputy", codes("post_kind", "agency_deputy", "division_deputy", "service_deputy")),
    ):
        own = np.array(
            [
                _known(titles, str(row.entry[word])) if word in row.entry and row.role != Role.DIVISION else -1
                for row in rows
            ],
            np.int32,
        )
        mine = np.isin(kind, kinds) & (own[unit] >= 0)
        title[mine] = own[unit[mine]]
