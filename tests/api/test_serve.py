"""``canbo serve`` as a process of its own: it answers, stops cleanly, and killed it keeps all that it acknowledged."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.faults.support import DJANGO, altered, count, finished, line, python
from tests.installation.support import canbo, copied, installation

pytestmark = pytest.mark.usefixtures("django_db_setup")
ACCOUNT = (
    """
from canbo.installation.server import database_url
import os
os.environ["DATABASE_URL"] = database_url()
"""
    + DJANGO
    + """
from canbo.accounts import tokens
from canbo.accounts.models import Mandate, User
from canbo.accounts.permissions import Permission
at = datetime.now(UTC)
with change(by="test", at=at, action="test"):
    user = User.objects.create(username="chuyen.vien")
    Mandate.objects.create(user=user, role="specialist", unit_code="", tiers=None, valid_from=date(2020, 1, 1))
end = at + timedelta(days=1)
print(tokens.issue(user=user, name="test", scopes=list(Permission), expires_at=end, by="test", at=at))
"""
)


def test_it_answers_and_stops_with_its_database() -> None:
    with installation() as home:
        made = canbo("migrate", home=home)
        assert made.returncode == 0, made.stderr
        token = account(home, "")
        with serving(home, "") as server:
            assert server.ask("GET", "/health") == (200, {"status": "degraded"})  # there is no backup yet
            assert server.ask("GET", "/api/me")[0] == 401
            status, me = server.ask("GET", "/api/me", token)
            assert (status, me["account"]) == (200, "chuyen.vien")
            assert enter(server, token, "P1") == 201
            second = canbo("serve", "--port", str(server.port), home=home)
            assert second.returncode == 2 and "cổng đang được dùng" in second.stderr  # and the first goes on
            assert server.ask("GET", "/health")[0] == 200
            server.process.send_signal(signal.SIGTERM)
            assert server.process.wait(40) == 0
        assert not list(home.rglob("postmaster.pid"))


def test_killed_at_three_moments_it_loses_nothing_it_acknowledged(tmp_path: Path) -> None:
    assert kills(tmp_path, 3) >= 3


@pytest.mark.deep
def test_killed_at_thirty_moments(tmp_path: Path) -> None:
    assert kills(tmp_path, 30) >= 30


def kills(home: Path, moments: int) -> int:
    """Two clients enter people until the server is killed; whoever got 201 is there, whole, and the log fits.

    Gives how many were acknowledged.
    """
    choose = random.Random(20250702)
    acknowledged: list[str] = []
    with copied("served") as url:
        token = account(home, url)
        for turn in range(moments):
            with serving(home, url) as server:
                writers = [
                    threading.Thread(target=write, args=(server, token, f"T{turn}-{n}", acknowledged)) for n in range(2)
                ]
                for writer in writers:
                    writer.start()
                until = time.monotonic() + 20
                while len(acknowledged) <= turn and time.monotonic() < until:  # on a busy machine the first takes long
                    time.sleep(0.01)
                time.sleep(choose.uniform(0.0, 0.5))
                server.kill()
                for writer in writers:
                    writer.join(20)
            people = count(url, "register_person")
            assert len(acknowledged) <= people <= len(acknowledged) + 2 * (turn + 1)  # killed before it could say so
            assert people == count(url, "register_personevent")
        assert len(acknowledged) >= moments
        with psycopg.connect(url) as connection:
            kept = {row[0] for row in connection.execute("SELECT code FROM register_person").fetchall()}
        assert set(acknowledged) <= kept
        assert altered(home, url) == ""
    return len(acknowledged)


class Server:
    """A server under way."""

    def __init__(self, home: Path, url: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        left_out = ("DATABASE_URL", "CANBO_HOME")
        environment = {key: value for key, value in os.environ.items() if key not in left_out}
        environment |= {"CANBO_HOME": str(home), "CANBO_API_RATE": "100000", "CANBO_API_ADDRESS_RATE": "100000"}
        if url:
            environment["DATABASE_URL"] = url
        self.said = home / f"served-{self.port}.txt"
        with self.said.open("w") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "canbo.cli", "serve", "--port", str(self.port), "--threads", "2"],
                env=environment, stdout=said, stderr=said, start_new_session=True,
            )  # fmt: skip

    def ask(self, method: str, path: str, token: str = "", body: Any = None) -> tuple[int, Any]:
        """Status and body of one request."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {}),
        )  # fmt: skip
        try:
            with urllib.request.urlopen(request, timeout=20) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def kill(self) -> None:
        """As the machine's power would: the server and its worker at once, without a word."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(20)


@contextmanager
def serving(home: Path, url: str) -> Iterator[Server]:
    """A server that answers; gone afterwards."""
    server = Server(home, url)
    try:
        until = time.monotonic() + 60
        while True:
            assert server.process.poll() is None, server.said.read_text()[-2000:]
            try:
                server.ask("GET", "/health")
                break
            except OSError:
                assert time.monotonic() < until, "the server does not answer"
                time.sleep(0.1)
        yield server
    finally:
        if server.process.poll() is None:
            server.kill()


def account(home: Path, url: str) -> str:
    """An account with a mandate over everything; its token."""
    own = "" if url else "import os\ndel os.environ['DATABASE_URL']\n"
    process = python(own + ACCOUNT, home=home, url=url)
    token = line(process)
    assert finished(process) == ""
    return token


def enter(server: Server, token: str, code: str) -> int:
    body = {"code": code, "full_name": "Nguyễn Văn An", "birth_date": "1980-01-01", "sex": "male"}
    return server.ask("POST", "/api/people", token, body)[0]


def write(server: Server, token: str, name: str, acknowledged: list[str]) -> None:
    """Enter people one after the other until the server is gone."""
    number = 0
    while True:
        try:
            if enter(server, token, f"{name}-{number}") == 201:
                acknowledged.append(f"{name}-{number}")
        except (OSError, HTTPException, ValueError):
            return
        number += 1
