"""The database server: the embedded one, started on demand, or the one that ``DATABASE_URL`` names."""

import os
from pathlib import Path

import psycopg
from psycopg import conninfo, sql

from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.installation import cluster, fitness, users
from canbo.installation.cluster import program
from canbo.installation.home import made_home

__all__ = [
    "DATABASE",
    "database_url",
    "in_use",
    "maintenance_url",
    "make_database",
    "parameters",
    "program",
    "refuse_while_used",
    "start_embedded",
    "stop_embedded",
    "stop_unless_used",
]

DATABASE = "canbo"


def database_url() -> str:
    """The address of the database; starts the embedded server where no ``DATABASE_URL`` is given.

    :raises Refused: the server does not start or does not answer.
    """
    given = os.environ.get("DATABASE_URL")
    if given:
        _refuse_silent(given)
        return given
    folder = made_home()
    users.join(folder)
    return start_embedded(folder)


def start_embedded(folder: Path) -> str:
    """Start the server of a folder, or join the one that runs there, and return the address of CanBo's database.

    :raises Refused: the server does not start.
    """
    socket = cluster.ensure_running((folder / "database").resolve())
    address = _address(socket)
    _ensure_database(maintenance_url(address))
    return address


def stop_embedded(folder: Path) -> None:
    """Stop the server of a folder, if one runs there; what is committed stays. Whoever uses it is cut off."""
    cluster.stop((folder / "database").resolve())


def stop_unless_used(folder: Path) -> list[users.Session]:
    """Stop the server of a folder if no other process uses it; those that do, none where it was stopped."""
    with users.alone(folder) as alone:
        socket = cluster.running((folder / "database").resolve())
        if socket is None:
            return []
        found = users.others(_address(socket))
        if alone and not found:
            stop_embedded(folder)
            return []
        return found or [users.Session(None, None)]


def refuse_while_used(url: str) -> None:
    """:raises Refused: another process has a connection to the database, or has just started to use it."""
    found = users.others(url)
    if not found and not users.is_alone():
        found = [users.Session(None, None)]
    if found:
        raise in_use(found)


def in_use(found: list[users.Session]) -> Refused:
    """The refusal that names who uses the database, and since when."""
    told = users.told(found or [users.Session(None, None)])
    return Refused(
        pick(
            f"Cơ sở dữ liệu đang được dùng: {told}. Chưa thay đổi gì. Hãy chờ việc đó xong, hoặc dừng nó (máy chủ "
            "web: dừng “canbo serve”), rồi làm lại.",
            f"The database is in use: {told}. Nothing was changed. Wait until that ends or stop it (the web server: "
            "stop “canbo serve”), then try again.",
        )
    )


def parameters(url: str) -> dict[str, str]:
    """The parts of an address: ``host``, ``port``, ``user``, ``password``, ``dbname``; from a URL or ``key=value``s."""
    return {key: str(value) for key, value in conninfo.conninfo_to_dict(url).items() if value is not None}


def maintenance_url(url: str) -> str:
    """The same server's database ``postgres``: from there databases are made, renamed and dropped."""
    return conninfo.make_conninfo("", **{**parameters(url), "dbname": "postgres"})


def make_database(connection: psycopg.Connection, name: str) -> None:
    """Make an empty database: UTF-8, and no locale of the machine in its comparisons. The connection autocommits."""
    connection.execute(
        sql.SQL(
            "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' "
            "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'"
        ).format(sql.Identifier(name))
    )


def _address(socket: Path) -> str:
    return conninfo.make_conninfo(host=str(socket), user="postgres", dbname=DATABASE)


def _refuse_silent(url: str) -> None:
    """:raises Refused: nothing answers at the address."""
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            fitness.refuse_unfit(connection)
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[0]
        raise Refused(
            pick(
                f"Cơ sở dữ liệu ở DATABASE_URL không trả lời: {reason}. Kiểm tra địa chỉ, mật khẩu và máy chủ.",
                f"The database of DATABASE_URL does not answer: {reason}. Check address, password and server.",
            )
        ) from error


def _ensure_database(address: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone()
        if known is None:
            try:
                make_database(connection, DATABASE)
            except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
                return  # another process was first
