"""``canbo serve``: the database and the web server, until Ctrl-C or the service manager ends them."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from canbo.common.findings import Refused
from canbo.common.language import pick

_LONGEST = 300  # seconds that a request may take, and that stopping waits for: a large import


def serve(
    host: Annotated[str, typer.Option("--host", help="Địa chỉ lắng nghe; 0.0.0.0 cho cả mạng nội bộ.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Cổng.")] = 8000,
    threads: Annotated[int, typer.Option("--threads", min=1, max=64, help="Số luồng.")] = 8,
) -> None:
    """Chạy máy chủ web và cơ sở dữ liệu đi kèm; dừng bằng Ctrl-C."""
    from canbo.cli.house import open_house

    with _database_for_servers():
        open_house(any_version=True)  # asked for below, so that a refusal stops the server too
        # Gunicorn takes these signals once it runs; until then they must not leave the database behind.
        signal.signal(signal.SIGTERM, _stop)
        try:
            _require_current()
            _require_free(host, port)
            typer.echo(
                pick(
                    f"CanBo: http://{host}:{port}  (dừng: Ctrl-C; chờ việc đang chạy xong, nhấn lần nữa để dừng ngay)",
                    f"CanBo: http://{host}:{port}  (stop: Ctrl-C; it waits for what is under way, again: at once)",
                )
            )
            _run(host, port, threads)
        except KeyboardInterrupt:
            pass


@contextmanager
def _database_for_servers() -> Iterator[None]:
    """The embedded database stops with the last process that uses it; one of the province's own is left alone."""
    if "DATABASE_URL" in os.environ:
        yield
        return
    from canbo.installation import users
    from canbo.installation.home import made_home
    from canbo.installation.server import stop_unless_used

    folder = made_home()
    users.join(folder)
    try:
        yield
    finally:
        going_on = stop_unless_used(folder)
        if going_on:
            who = users.told(going_on)
            typer.echo(
                pick(
                    f"Cơ sở dữ liệu đi kèm chưa dừng vì còn được dùng: {who}. Việc đó chạy tiếp như thường; lần dừng "
                    "“canbo serve” sau sẽ dừng cơ sở dữ liệu.",
                    f"The embedded database goes on, for it is in use: {who}. That is not disturbed; the next time "
                    "that “canbo serve” stops, the database stops with it.",
                ),
                err=True,
            )


def _run(host: str, port: int, threads: int) -> None:
    """One process, so that figures kept in memory are shared; its threads each have a connection of their own."""
    from gunicorn.app.base import BaseApplication

    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    options = {
        "bind": address,
        "workers": 1,
        "worker_class": "gthread",
        "threads": threads,
        "timeout": _LONGEST,
        "graceful_timeout": _LONGEST,
        "when_ready": _interrupt_gently,
        "post_worker_init": _leave_interrupts_to_the_arbiter,
        "accesslog": None,  # it would hold addresses with names; the program writes its own
        "limit_request_line": 8190,
        "proc_name": "canbo",
        "control_socket_disable": True,
    }

    class Server(BaseApplication):
        def load_config(self) -> None:
            for name, value in options.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            from django.core.wsgi import get_wsgi_application

            return get_wsgi_application()

    try:
        Server().run()
    except SystemExit as end:
        if end.code:
            raise


def _interrupt_gently(arbiter: Any) -> None:
    """The first Ctrl-C waits for requests under way, as SIGTERM does; a second one stops at once."""
    arbiter.handle_int = arbiter.handle_term


def _leave_interrupts_to_the_arbiter(_: Any) -> None:
    """A terminal sends Ctrl-C to the worker too, which would break off."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _require_current() -> None:
    """:raises Refused: the database is of another version of the program."""
    from canbo.audit import upgrading

    upgrading.refuse_newer()
    if upgrading.pending():
        raise Refused(
            pick(
                "Cơ sở dữ liệu chưa được tạo hoặc cũ hơn chương trình. Hãy chạy “canbo migrate” trước.",
                "The database is not made yet, or older than the program. Run “canbo migrate” first.",
            )
        )
    from django.db import connections

    connections.close_all()


def _require_free(host: str, port: int) -> None:
    """:raises Refused: the address cannot be listened on."""
    import socket

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, UnicodeError) as error:
            raise Refused(
                pick(
                    f"Không lắng nghe được ở {host}:{port}: địa chỉ sai hoặc cổng đang được dùng. Chọn cổng khác bằng "
                    "--port.",
                    f"Cannot listen on {host}:{port}: a wrong address, or the port is in use. Choose another with "
                    "--port.",
                )
            ) from error


def _stop(*_: object) -> None:
    raise KeyboardInterrupt
