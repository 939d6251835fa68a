"""Portraits of persons: kept in ``files/`` of the installation by their checksum, as attachments of documents are.

A person's row holds the checksum alone; what is behind it is looked up again and compared whenever it is read.
"""

import hashlib
import struct
from datetime import datetime
from pathlib import Path

from canbo.common.files import replacing
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.installation.home import home, made_home
from canbo.register import people
from canbo.register.models import Person

LARGEST = 2 * 1024 * 1024
_MOST_PIXELS = 6000
"""Of a side: larger pictures are bombs or mistakes."""
_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
_SIZES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
"""The markers of JPEG that tell the size."""


def keep(person: Person, *, data: bytes, by: str, at: datetime, seen: int | None = None) -> None:
    """Keep a portrait for a person, in place of the one before.

    :raises Refused: it is empty, too large, neither JPEG nor PNG by its content, or the person was changed since.
    """
    if len(data) > LARGEST:
        raise Refused(
            pick(
                f"Ảnh lớn hơn {LARGEST // 1024 // 1024} MB. Hãy chọn ảnh nhỏ hơn.",
                f"The picture is larger than {LARGEST // 1024 // 1024} MB. Choose a smaller one.",
            )
        )
    size = size_of(data)
    if size is None or not all(0 < side <= _MOST_PIXELS for side in size):
        raise Refused(
            pick(
                "Tệp này không phải ảnh JPEG hoặc PNG dùng được. Hãy chọn ảnh chân dung JPEG hoặc PNG.",
                "The file is no usable JPEG or PNG picture. Choose a portrait in one of the two.",
            )
        )
    digest = hashlib.sha256(data).hexdigest()
    path = made_home() / "files" / digest[:2] / digest
    for folder in (path.parent.parent, path.parent):
        folder.mkdir(mode=0o700, exist_ok=True)
    with replacing(path) as target:
        target.write_bytes(data)
    people.correct(person, by=by, at=at, seen=seen, photo=digest)


def read(digest: str) -> tuple[str, bytes] | None:
    """Media type and bytes of a portrait; None where there is none, or it is not what was kept."""
    if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
        return None
    try:
        data = Path(home() / "files" / digest[:2] / digest).read_bytes()
    except OSError:
        return None
    if hashlib.sha256(data).hexdigest() != digest or size_of(data) is None:
        return None
    return ("image/png" if data.startswith(_PNG) else "image/jpeg"), data


def size_of(data: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG or JPEG, from its own head; None where it is neither."""
    if data.startswith(_PNG) and data[12:16] == b"IHDR" and len(data) > 24:
        width, height = struct.unpack(">II", data[16:24])
        return int(width), int(height)
    if not data.startswith(_JPEG):
        return None
    place = 2
    while place + 9 < len(data) and data[place] == 0xFF:
        marker, length = data[place + 1], int.from_bytes(data[place + 2 : place + 4], "big")
        if marker in _SIZES:
            height, width = struct.unpack(">HH", data[place + 5 : place + 9])
            return int(width), int(height)
        if length < 2:
            return None
        place += 2 + length
    return None
