"""``canbo restore``: an installation out of a backup, whole or not at all."""

import os
from pathlib import Path
from typing import Annotated

import typer

from canbo.cli.backup import PassphraseFile, passphrase
from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.common.numbers import print_count


def restore(
    file: Annotated[Path, typer.Argument(help="Tệp do “canbo backup” ghi.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Thay dữ liệu đang có; dữ liệu đó được sao lưu trước.")
    ] = False,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Khôi phục toàn bộ từ một bản sao lưu, cả trên máy khác."""
    from canbo.cli.house import author, now, open_house
    from canbo.installation.restore import is_empty, restore_from
    from canbo.installation.server import refuse_while_used

    open_house(any_version=True)
    from django.db import connection

    from canbo.audit.changes import note

    url, words = os.environ["DATABASE_URL"], passphrase(passphrase_file)
    refuse_while_used(url)
    if not is_empty(url):
        _save_present(url, words, replace)
    connection.close()
    done = restore_from(file, url=url, passphrase=words, upgrade=_upgrade)
    note(by=author(), at=now(), action="restore", subject=f"{done.at:%Y-%m-%d %H:%M}")
    typer.echo(
        pick(
            f"Đã khôi phục bản sao lưu lúc {done.at:%d/%m/%Y %H:%M}: {print_count(done.rows)} dòng, "
            f"{print_count(done.files)} tệp; mã băm khớp.",
            f"Restored the backup of {done.at:%d/%m/%Y %H:%M}: {print_count(done.rows)} rows, "
            f"{print_count(done.files)} files; the hashes agree.",
        )
    )


def _save_present(url: str, words: str, replace: bool) -> None:
    """Back up what is to be replaced.

    :raises Refused: it is not to be replaced.
    """
    from canbo.cli.house import now
    from canbo.installation.backup import back_up
    from canbo.installation.home import home

    if not replace:
        raise Refused(
            pick(
                "Nơi này đã có dữ liệu. Chưa thay đổi gì. Muốn thay bằng bản sao lưu thì thêm --replace: dữ liệu "
                "đang có sẽ được sao lưu trước.",
                "There is data here already. Nothing was changed. To replace it add --replace: what is here is backed "
                "up first.",
            )
        )
    folder = home() / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    at = now()
    saved = back_up(folder / f"before-restore-{at:%Y%m%d-%H%M%S}.canbo", url=url, passphrase=words, at=at)
    typer.echo(pick(f"Đã sao lưu dữ liệu đang có vào {saved.path}", f"Backed up what was here to {saved.path}"))


def _upgrade(url: str) -> None:
    """Bring the restored database to the program's version before it takes its place, with its statistics.

    Until the server gathered them by itself, everything would take many times as long.
    """
    from django.db import connection

    from canbo.audit.upgrading import upgrade
    from canbo.installation.server import parameters

    present = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = parameters(url)["dbname"]
    try:
        upgrade()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    finally:
        connection.close()
        connection.settings_dict["NAME"] = present
