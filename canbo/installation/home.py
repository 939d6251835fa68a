"""The folder of the installation (``CANBO_HOME``) and what lies in it. Makes it, readable by its owner only."""

import os
import secrets
import sys
from pathlib import Path

from canbo.common.files import replacing


def home() -> Path:
    """``CANBO_HOME``, else the platform's folder for the data of a user's programs."""
    given = os.environ.get("CANBO_HOME")
    if given:
        return Path(given).expanduser().resolve()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home())) / "CanBo"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "CanBo"
    return Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local" / "share")) / "canbo"


def made_home() -> Path:
    """The folder of the installation, made where it is missing.

    As root the embedded server runs as a user of its own and must pass through the folder, so it may be entered but
    not listed by others; what lies in it is readable by its owner only.
    """
    folder = home()
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o711)
    return folder


def secret(name: str) -> str:
    """A random secret of this installation, made when first asked for and kept in a file of its own (0600)."""
    path = home() / "secrets" / name
    if not path.exists():
        made_home()
        path.parent.mkdir(mode=0o700, exist_ok=True)
        with replacing(path) as target:
            target.write_text(secrets.token_urlsafe(48), "ascii")
    return path.read_text("ascii").strip()
