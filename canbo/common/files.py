"""Writing files whole or not at all, readable by their owner only."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from canbo.common.findings import Refused
from canbo.common.language import pick


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary sibling to write; on success it takes the name, on failure nothing is left behind.

    The file is readable by its owner only (0600), since it may hold names.

    :raises Refused: when the folder does not exist or cannot be written.
    """
    temporary = path.with_name(f".{path.stem}-{secrets.token_hex(4)}{path.suffix}")
    try:
        os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        reason = error.strerror or str(error)
        raise Refused(
            pick(
                f"Không ghi được tệp “{path}” ({reason}). Hãy chọn thư mục khác hoặc xin quyền ghi.",
                f"Cannot write “{path}” ({reason}). Choose another folder or ask for the right to write there.",
            )
        ) from error
    try:
        yield temporary
        temporary.chmod(0o600)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
