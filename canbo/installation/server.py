"""The database server: the embedded one, started on demand, or the one that ``DATABASE_URL`` names."""

import os
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import psycopg
from psycopg import conninfo, sql

from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.installation import cluster
from canbo.installation.cluster import program
from canbo.installation.home import made_home

__all__ = ["DATABASE", "database_url", "maintenance_url", "parameters", "program", "start_embedded", "stop_embedded"]

DATABASE = "canbo"


def database_url() -> str:
    """The address of the database; starts the embedded server where no ``DATABASE_URL`` is given.

    :raises Refused: the server does not start or does not answer.
    """
    given = os.environ.get("DATABASE_URL")
    if given:
        _refuse_silent(given)
        return given
    return start_embedded(made_home())


def start_embedded(folder: Path) -> str:
    """Start the server of a folder, or join the one that runs there, and return the address of CanBo's database.

    :raises Refused: the server does not start.
    """
    socket = cluster.ensure_running((folder / "database").resolve())
    address = conninfo.make_conninfo(host=str(socket), user="postgres", dbname="postgres")
    _ensure_database(address)
    return conninfo.make_conninfo(address, dbname=DATABASE)


def stop_embedded(folder: Path) -> None:
    """Stop the server of a folder, if one runs there; what is committed stays."""
    cluster.stop((folder / "database").resolve())


def parameters(url: str) -> dict[str, str]:
    """The parts of an address: ``host``, ``port``, ``user``, ``password``, ``dbname``; from a URL or ``key=value``s."""
    if "://" not in url:
        return {key: str(value) for key, value in conninfo.conninfo_to_dict(url).items() if value is not None}
    parts = urlsplit(url)
    found = {key: values[0] for key, values in parse_qs(parts.query).items()}
    if parts.hostname:
        found["host"] = parts.hostname
    if parts.port:
        found["port"] = str(parts.port)
    if parts.username:
        found["user"] = unquote(parts.username)
    if parts.password:
        found["password"] = unquote(parts.password)
    if parts.path.strip("/"):
        found["dbname"] = unquote(parts.path.strip("/"))
    return found


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


def _refuse_silent(url: str) -> None:
    """:raises Refused: nothing answers at the address."""
    try:
        psycopg.connect(url, connect_timeout=10).close()
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
