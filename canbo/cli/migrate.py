"""``canbo migrate``: the database made, or brought to the program's version."""

import os
from pathlib import Path
from typing import Annotated

import typer

from canbo.cli.backup import PassphraseFile, passphrase
from canbo.common.language import pick


def migrate(
    passphrase_file: PassphraseFile = None,
    without_backup: Annotated[bool, typer.Option("--without-backup", help="Không sao lưu trước khi nâng cấp.")] = False,
) -> None:
    """Tạo cơ sở dữ liệu, hoặc nâng cấp lên bản của chương trình (sao lưu trước)."""
    from canbo.cli.house import author, now, open_house

    open_house(any_version=True)
    from canbo.audit import upgrading

    upgrading.refuse_newer()
    if upgrading.is_new():
        upgrading.upgrade()
        typer.echo(pick("Đã tạo cơ sở dữ liệu.", "The database was made."))
        return
    if not upgrading.pending():
        upgrading.upgrade()
        typer.echo(pick("Cơ sở dữ liệu đã đúng bản của chương trình.", "The database is of the program's version."))
        return
    saved = "" if without_backup else _save(passphrase_file)
    applied = upgrading.upgrade()
    upgrading.log_upgrade(applied, by=author(), at=now())
    typer.echo(
        pick(
            f"Đã nâng cấp cơ sở dữ liệu ({len(applied)} bước).{saved}",
            f"The database was upgraded ({len(applied)} steps).{saved}",
        )
    )


def _save(passphrase_file: Path | None) -> str:
    """Back up before an upgrade; the words for it."""
    from canbo.cli.house import now
    from canbo.installation.backup import back_up
    from canbo.installation.home import made_home

    words = passphrase(passphrase_file, twice=True)
    folder = made_home() / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    at = now()
    path = folder / f"before-upgrade-{at:%Y%m%d-%H%M%S}.canbo"
    saved = back_up(path, url=os.environ["DATABASE_URL"], passphrase=words, at=at)
    return pick(f" Bản sao lưu trước đó: {saved.path}", f" Backup before: {saved.path}")
