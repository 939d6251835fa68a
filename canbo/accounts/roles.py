"""The roles, as code: what each may do and how deep it reads. Over whom and when is said by the mandates."""

from collections.abc import Mapping
from dataclasses import dataclass

from canbo.accounts.permissions import Permission
from canbo.common.language import pick

P = Permission


@dataclass(frozen=True)
class Role:
    """A role. ``field_class`` is the deepest class of fields that it reads."""

    key: str
    label_vi: str
    label_en: str
    permissions: frozenset[Permission]
    field_class: str

    @property
    def label(self) -> str:
        """The label in the language in force."""
        return pick(self.label_vi, self.label_en)

    @property
    def needs_second_factor(self) -> bool:
        """Who reads sensitive fields of others, or gives rights to others, signs in with a second factor."""
        reads = self.field_class == "sensitive" and P.PEOPLE_READ in self.permissions
        return reads or P.ACCOUNTS_MANAGE in self.permissions


def _role(key: str, label_vi: str, label_en: str, field_class: str, *permissions: Permission) -> Role:
    return Role(key, label_vi, label_en, frozenset(permissions), field_class)


_READING = (P.PEOPLE_READ, P.ORGANISATIONS_READ, P.INDICATORS_READ)

# The roles keep apart who works with people's files, who looks into what was done, and who gives out accounts.
# A unit's officer imports facts about people whom the mandate reaches; never units or new people.
ROLES: Mapping[str, Role] = {
    role.key: role
    for role in (
        _role(
            "specialist",
            "Chuyên viên Ban Tổ chức",
            "Specialist of the organisation commission",
            "sensitive",
            *_READING,
            P.PEOPLE_WRITE,
            P.ORGANISATIONS_WRITE,
            P.SNAPSHOTS_READ,
            P.SNAPSHOTS_SEAL,
            P.IMPORT_PREVIEW,
            P.IMPORT_APPLY,
            P.EXPORT,
        ),
        _role(
            "unit_officer",
            "Cán bộ tổ chức của đơn vị",
            "Personnel officer of a unit",
            "sensitive",
            *_READING,
            P.PEOPLE_WRITE,
            P.IMPORT_PREVIEW,
            P.IMPORT_APPLY,
            P.EXPORT,
        ),
        _role("leader", "Lãnh đạo", "Leader", "internal", *_READING, P.SNAPSHOTS_READ),
        _role("inspector", "Kiểm tra, thanh tra", "Inspector", "sensitive", *_READING, P.SNAPSHOTS_READ, P.LOG_READ),
        _role(
            "analyst",
            "Người phân tích số liệu",
            "Analyst",
            "public",
            P.ORGANISATIONS_READ,
            P.INDICATORS_READ,
            P.SNAPSHOTS_READ,
        ),
        _role("it_admin", "Quản trị hệ thống", "System administrator", "public", P.ACCOUNTS_MANAGE),
        _role("person", "Người có hồ sơ", "Person concerned", "public", P.OWN_FILE),
    )
}
