"""Whether a PostgreSQL server and a database on it can carry CanBo: version, encoding, how text compares."""

import psycopg

from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.installation.cluster import program

OLDEST = 18
"""What the program is tested on. Before 17 there is no locale that is the same on every machine, and no restoration."""


def refuse_unfit(connection: psycopg.Connection) -> None:
    """:raises Refused: the server is too old; the database is not UTF-8, or compares text by a language's rules."""
    version, encoding = connection.info.server_version // 10000, connection.info.parameter_status("server_encoding")
    if version < OLDEST:
        raise Refused(
            pick(
                f"Máy chủ ở DATABASE_URL là PostgreSQL {version}; CanBo cần PostgreSQL {OLDEST} trở lên. Chưa thay đổi "
                "gì. Hãy nâng cấp máy chủ, hoặc bỏ DATABASE_URL để dùng PostgreSQL đi kèm (xem docs/operations.md).",
                f"The server of DATABASE_URL is PostgreSQL {version}; CanBo needs PostgreSQL {OLDEST} or newer. "
                "Nothing was changed. Upgrade the server, or unset DATABASE_URL to use the PostgreSQL that comes along "
                "(see docs/operations.md).",
            )
        )
    if encoding != "UTF8" or not _compares_alike(connection):
        raise Refused(
            pick(
                f"Cơ sở dữ liệu ở DATABASE_URL không đúng kiểu (bảng mã {encoding}): cần UTF-8 và locale builtin "
                "C.UTF-8, để mọi máy so sánh chữ như nhau. Chưa thay đổi gì. Hãy tạo lại bằng lệnh CREATE DATABASE "
                "trong docs/operations.md.",
                f"The database of DATABASE_URL is of the wrong kind (encoding {encoding}): it must be UTF-8 with the "
                "builtin locale C.UTF-8, so that every machine compares text alike. Nothing was changed. Make it anew "
                "by the CREATE DATABASE in docs/operations.md.",
            )
        )


def _compares_alike(connection: psycopg.Connection) -> bool:
    """By a language's rules "a" comes before "B"; where letters have no case outside ASCII, "Đ" has no small letter."""
    return connection.execute("SELECT 'B' < 'a', lower(chr(272)) = chr(273)").fetchone() == (True, True)


def refuse_newer_than_programs(connection: psycopg.Connection) -> None:
    """:raises Refused: the server is newer than the ``pg_dump`` that comes along, which cannot read it then."""
    server, own = connection.info.server_version // 10000, own_version()
    if server > own:
        raise Refused(
            pick(
                f"Máy chủ là PostgreSQL {server}, chương trình sao lưu đi kèm là {own} nên không đọc được. Chưa ghi "
                "gì. Hãy cài bản CanBo mới hơn; trong khi chờ, người quản trị máy chủ đó phải tự sao lưu.",
                f"The server is PostgreSQL {server}, the program for backups that comes along is {own} and cannot read "
                "it. Nothing was written. Install a newer CanBo; until then who runs that server must back it up.",
            )
        )


def own_version() -> int:
    """The major version of the programs that come along."""
    return int(program("pg_dump").parent.parent.name.removeprefix("pginstall"))
