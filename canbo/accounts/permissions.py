"""What may be done in the house, and how deep a person's fields may be read: the two closed lists of access."""

from enum import StrEnum


class Permission(StrEnum):
    """One thing that a role or a token may allow."""

    PEOPLE_READ = "people_read"
    PEOPLE_WRITE = "people_write"
    ORGANISATIONS_READ = "organisations_read"
    ORGANISATIONS_WRITE = "organisations_write"
    INDICATORS_READ = "indicators_read"
    SNAPSHOTS_READ = "snapshots_read"
    SNAPSHOTS_SEAL = "snapshots_seal"
    IMPORT_PREVIEW = "import_preview"
    IMPORT_APPLY = "import_apply"
    EXPORT = "export"
    ACCOUNTS_MANAGE = "accounts_manage"
    LOG_READ = "log_read"
    OWN_FILE = "own_file"


FIELD_CLASSES = ("public", "internal", "sensitive")
"""The classes of fields, each with those before it."""


def depth(field_class: str) -> int:
    """The place of a field class: the higher, the more may be read."""
    return FIELD_CLASSES.index(field_class)
