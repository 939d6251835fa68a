"""What permissions and roles let one do, in words; over whom and when, a mandate says."""

from collections.abc import Mapping

from canbo.accounts.models import Mandate
from canbo.accounts.permissions import Permission
from canbo.accounts.roles import ROLES, Role
from canbo.codes import code_list
from canbo.common.language import pick
from canbo.common.numbers import print_day

P = Permission
_PERMISSIONS: Mapping[Permission, tuple[str, str]] = {
    P.PEOPLE_READ: ("xem danh sách và hồ sơ cán bộ", "see lists and files of people"),
    P.PEOPLE_WRITE: ("ghi và sửa hồ sơ cán bộ", "enter and correct files"),
    P.ORGANISATIONS_READ: ("xem tổ chức", "see organisations"),
    P.ORGANISATIONS_WRITE: ("sửa tổ chức, sắp xếp đơn vị", "change organisations"),
    P.INDICATORS_READ: ("xem chỉ tiêu", "see indicators"),
    P.SNAPSHOTS_READ: ("xem bản chốt số liệu", "see sealed snapshots"),
    P.SNAPSHOTS_SEAL: ("chốt số liệu", "seal snapshots"),
    P.IMPORT_PREVIEW: ("xem trước lần nhập", "preview imports"),
    P.IMPORT_APPLY: ("nhập dữ liệu", "import data"),
    P.EXPORT: ("xuất dữ liệu", "export data"),
    P.ACCOUNTS_MANAGE: ("quản lý tài khoản và giao nhiệm vụ", "manage accounts and give mandates"),
    P.LOG_READ: ("xem nhật ký", "read the log"),
    P.OWN_FILE: ("xem hồ sơ của chính mình", "see the own file"),
}
_DEPTHS = {
    "public": ("chỉ thông tin công khai", "public fields only"),
    "internal": ("đến thông tin nội bộ", "down to internal fields"),
    "sensitive": ("đến cả thông tin nhạy cảm", "down to sensitive fields"),
}


def may(role: Role) -> str:
    """What a role may do, as one sentence."""
    told = ", ".join(pick(*_PERMISSIONS[one]) for one in Permission if one in role.permissions)
    depth = pick(*_DEPTHS[role.field_class])
    second = pick(" Phải có yếu tố xác thực thứ hai.", " Needs a second factor.") if role.needs_second_factor else ""
    return pick(f"Được {told}; đọc {depth}.{second}", f"May {told}; reads {depth}.{second}")


def offered() -> list[tuple[str, str, str]]:
    """The roles to choose from: key, label, what each may do."""
    return [(role.key, role.label, may(role)) for role in ROLES.values()]


def reach_words(mandate: Mandate, units: Mapping[str, str]) -> str:
    """Over whom a mandate reaches: “diện … tại …”."""
    tiers = code_list("managed_by")
    over = (
        pick("mọi diện quản lý", "every tier")
        if mandate.tiers is None
        else pick("diện ", "tiers ") + ", ".join(tiers[one].label for one in mandate.tiers)
    )
    if not mandate.unit_code:
        return pick(f"{over}, toàn tỉnh", f"{over}, the whole province")
    unit = f"{units[mandate.unit_code]} ({mandate.unit_code})" if mandate.unit_code in units else mandate.unit_code
    return pick(f"{over}, tại {unit} và các đơn vị dưới", f"{over}, in {unit} and below")


def period_words(mandate: Mandate) -> str:
    """When a mandate holds; the day after the last one is kept, the last one is told."""
    first = print_day(mandate.valid_from)
    if mandate.valid_to is None:
        return pick(f"từ {first}, không thời hạn", f"from {first}, without end")
    last = print_day(mandate.valid_to.fromordinal(mandate.valid_to.toordinal() - 1))
    return pick(f"từ {first} đến hết {last}", f"from {first} to {last}")
