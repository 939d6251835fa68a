"""``canbo backup``: the whole installation in one encrypted file."""

import os
from pathlib import Path
from typing import Annotated

import typer

from canbo.common.findings import Refused
from canbo.common.language import pick
from canbo.common.numbers import print_count

PassphraseFile = Annotated[
    Path | None,
    typer.Option("--passphrase-file", help="Tệp chứa mật khẩu; nếu không có thì CANBO_BACKUP_PASSPHRASE, rồi hỏi."),
]


def backup(
    file: Annotated[Path, typer.Argument(help="Tệp sao lưu sẽ ghi.")],
    passphrase_file: PassphraseFile = None,
) -> None:
    """Sao lưu toàn bộ (cơ sở dữ liệu, tệp, khóa bí mật) vào một tệp mã hóa."""
    from canbo.cli.house import author, now, open_house

    open_house(any_version=True)
    from canbo.audit.changes import note
    from canbo.audit.upgrading import pending
    from canbo.audit.verifying import head
    from canbo.installation.backup import back_up

    at = now()
    done = back_up(file, url=os.environ["DATABASE_URL"], passphrase=passphrase(passphrase_file, twice=True), at=at)
    last = None
    if not pending():
        last = head()
        note(by=author(), at=now(), action="backup", subject=done.contents)
    typer.echo(
        pick(
            f"Đã sao lưu vào {done.path} ({print_count(done.size)} byte). Mã nội dung: {done.contents}",
            f"Backed up to {done.path} ({print_count(done.size)} bytes). Hash of the contents: {done.contents}",
        )
    )
    if last is not None:
        typer.echo(
            pick(
                f"Ghi lên giấy: mục nhật ký {last.id}, mã băm {last.hash}",
                f"Note on paper: entry {last.id} of the log, hash {last.hash}",
            )
        )


def passphrase(file: Path | None, *, twice: bool = False) -> str:
    """The passphrase of a backup: from a file, the environment, or asked for where somebody sits at the terminal.

    :raises Refused: there is none of these.
    """
    import sys

    if file is not None:
        try:
            return file.read_text("utf-8").strip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise Refused(
                pick(
                    f"Không đọc được tệp mật khẩu “{file}”: {error}",
                    f"Cannot read the passphrase file “{file}”: {error}",
                )
            ) from error
    given = os.environ.get("CANBO_BACKUP_PASSPHRASE")
    if given:
        return given
    if not sys.stdin.isatty():
        raise Refused(
            pick(
                "Thiếu mật khẩu của bản sao lưu: dùng --passphrase-file hoặc biến CANBO_BACKUP_PASSPHRASE. "
                "Chưa ghi gì.",
                "No passphrase for the backup: use --passphrase-file or CANBO_BACKUP_PASSPHRASE. Nothing was written.",
            )
        )
    prompt = pick("Mật khẩu của bản sao lưu", "Passphrase of the backup")
    return str(typer.prompt(prompt, hide_input=True, confirmation_prompt=twice))
