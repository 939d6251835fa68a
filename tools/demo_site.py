"""The demonstration's site: an installation of its own with one account a role, kept between runs, and its server.

``python -m tools.demo_site HOME BOOK`` makes or keeps the installation; in a process of its own, for what runs here has
its own settings and may name another database.
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from canbo.common.findings import Refused
from canbo.common.numbers import print_count
from tools.telling import Teller

BY = "cli:demo"
FIRST_PORT, PORTS = 8000, 20
DAY = "31/12/2021"
QUERY = f"scheme=thai-nguyen-2021-2030&day={DAY}"
LAST_WORDS = 60  # seconds that a server is given to stop
PATIENCE = 120  # seconds for the server's first answer: a cold machine reads much before it


def offer(home: Path, book: Path, teller: Teller) -> None:
    """Make or keep the installation, print the addresses, serve until Ctrl-C.

    Without a terminal, or with ``DEMO_SERVE=0``, only see that the server answers, and stop it.

    :raises Refused: the installation cannot be made, or its server does not answer.
    """
    home = home.resolve()
    with teller.step(
        "Mở trang web trên tỉnh giả định: nhập dữ liệu, tạo tài khoản",
        "Opening the site on the synthetic province: importing it, making the accounts",
    ) as tell:
        for line in prepare(home, book):
            tell(line)
    port = free_port()
    _tell_addresses(teller, port)
    if os.environ.get("DEMO_SERVE") == "0" or not (sys.stdin.isatty() and sys.stdout.isatty()):
        with serving(home, port):
            pass
        teller.say("\nTrang web trả lời tốt; đã dừng. · The site answers; stopped.", style="bold")
        return
    teller.say("")
    sys.stdout.flush()
    os.execve(sys.executable, _command(port), environment(home))  # so that Ctrl-C is the server's own


def prepare(home: Path, book: Path) -> list[str]:
    """Make or keep the installation; what was done.

    :raises Refused: it cannot be made.
    """
    done = subprocess.run(
        [sys.executable, "-m", "tools.demo_site", str(home), str(book)],
        env=environment(home), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise Refused(done.stderr.strip())
    return done.stdout.splitlines()


@contextmanager
def serving(home: Path, port: int) -> Iterator[str]:
    """The server under way and answering; its address. It is stopped afterwards, its database with it.

    :raises Refused: it does not answer.
    """
    address, server = start(home, port)
    try:
        yield address
    finally:
        stop(server.pid)
        server.wait()


def start(home: Path, port: int) -> tuple[str, "subprocess.Popen[bytes]"]:
    """Start the server and wait for its first answers; its address and process.

    :raises Refused: it does not answer.
    """
    said = home / "served.txt"
    with said.open("w", encoding="utf-8") as out:
        server = subprocess.Popen(
            _command(port), env=environment(home), stdin=subprocess.DEVNULL, stdout=out, stderr=out,
            start_new_session=True,
        )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    until = time.monotonic() + PATIENCE
    while not (_answers(address + "/health") and _answers(address + "/account/login/")):
        if server.poll() is not None or time.monotonic() > until:
            stop(server.pid)
            raise Refused(f"Máy chủ web không trả lời · The server does not answer:\n{said.read_text('utf-8')}")
        time.sleep(0.2)
    return address, server


def stop(process: int) -> None:
    """Stop a server, waiting for what is under way; one that does not stop is killed."""
    import psutil

    with suppress(psutil.NoSuchProcess):
        server = psutil.Process(process)
        server.terminate()
        until = time.monotonic() + LAST_WORDS
        while server.is_running() and server.status() != psutil.STATUS_ZOMBIE:
            if time.monotonic() > until:
                os.killpg(process, signal.SIGKILL)
            time.sleep(0.1)


def free_port() -> int:
    """The first port from 8000 on which nobody listens.

    :raises Refused: all are in use.
    """
    for port in range(FIRST_PORT, FIRST_PORT + PORTS):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise Refused(f"Các cổng từ {FIRST_PORT} đều đang được dùng. · All ports from {FIRST_PORT} are in use.")


def environment(home: Path) -> dict[str, str]:
    """That of a process of this installation; never the database that somebody's own ``DATABASE_URL`` names."""
    others = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    return {**others, "CANBO_HOME": str(home)}


def _command(port: int) -> list[str]:
    return [sys.executable, "-m", "canbo.cli", "serve", "--port", str(port)]


def _answers(address: str) -> bool:
    """Whether there is an answer that is none of a fault."""
    try:
        with urllib.request.urlopen(address, timeout=20) as response:
            return bool(response.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def _tell_addresses(teller: Teller, port: int) -> None:
    address = f"http://127.0.0.1:{port}"
    teller.say("Trang web · The site:", style="bold")
    for path, vi, en in (
        (f"/overview?{QUERY}", "Tổng quan đề án", "The scheme's overview"),
        ("/help/tour/1", "Đi một vòng, năm bước", "A tour of five steps"),
        (f"/people?day={DAY}", "Cán bộ", "People"),
    ):
        teller.say(f"  {vi} · {en}")
        teller.say(f"     {address}{path}", style="cyan")


def make_installation(book: Path) -> Iterator[str]:
    """Bring the database to the program's version, import the sample once, make the accounts; says what it does."""
    from canbo.cli.house import open_house

    open_house(any_version=True)
    from canbo.accounts import demo, demo_accounts
    from canbo.accounts.roles import ROLES
    from canbo.audit import upgrading
    from canbo.register.importing import run
    from canbo.register.models import ImportBatch, Person, PostHeld, UnitVersion

    upgrading.upgrade()
    if not demo.is_demonstration():  # accounts that somebody made in it since are no hindrance
        demo.mark_installation()
    at = datetime.now().astimezone()
    if not ImportBatch.objects.exists():
        run.apply(run.prepare(book), by=BY, at=at)
    yield f"{print_count(Person.objects.count())} người trong sổ cán bộ (people in the register)"
    locality = UnitVersion.objects.filter(level="district", kind="locality").order_by("id").first()
    assert locality is not None
    unit = locality.unit.code
    post = PostHeld.objects.filter(unit__code=unit, valid_to=None).order_by("id").first()
    assert post is not None
    demo_accounts.create_accounts(unit_code=unit, person_code=post.person.code, by=BY, at=at)
    yield f"Tài khoản, mỗi vai trò một (accounts, one a role); mật khẩu (password): {demo_accounts.PASSWORD}"
    for role, username in demo_accounts.USERNAMES.items():
        yield f"  {username:<11} {ROLES[role].label_vi} · {ROLES[role].label_en}"


def main(arguments: Sequence[str]) -> int:
    """Exit status 0; 2 where the installation cannot be made."""
    try:
        for line in make_installation(Path(arguments[1])):
            sys.stdout.write(line + "\n")
    except Refused as refusal:
        sys.stderr.write(refusal.message + "\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
