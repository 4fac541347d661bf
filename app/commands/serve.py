"""`serve`: everything that one machine needs to show the shop, in one process group."""

import multiprocessing
import os
import signal
import socket
import sys
from collections.abc import Callable
from multiprocessing.connection import wait
from types import FrameType

import click
from flask.cli import with_appcontext
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import MPServer
from sqlalchemy import select

from app import migrate
from app.accounts.models import User
from app.commands.work import work_until_stopped
from app.core import db
from app.core.web import settings
from app.demo import loading as demo

HOST = "127.0.0.1"
STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# Forked children start at once: everything is imported already.
FORK = multiprocessing.get_context("fork")


@click.command()
@click.option("--port", envvar="PORT", default=8000, show_default=True, help="Port to listen on.")
@click.option("--workers", default=2, show_default=True, help="Processes that answer requests.")
@with_appcontext
def serve(port: int, workers: int) -> None:
    """Migrate, load demonstration data into an empty demo, then serve and work until Ctrl-C."""
    _demand_free(port)
    migrate.upgrade(db.active().engine)
    if settings().demo and _is_empty():
        click.echo("Loading demonstration data …")
        demo.load(settings())
    _welcome(port)
    # Forked processes must not share this one's connections.
    db.active().dispose()
    _run_together(lambda: _server(port, workers).serve(), work_until_stopped)


def _demand_free(port: int) -> None:
    # The server shares its port among processes, so the system alone would not object to two shops.
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            sys.exit(f"phohien: port {port} is in use; choose another one with PORT=…")


def _is_empty() -> bool:
    with db.reading() as session:
        return session.scalar(select(User.id).limit(1)) is None


def _welcome(port: int) -> None:
    click.echo(f"\n  Phố Hiến is at http://{HOST}:{port}  (Ctrl-C stops it)")
    if settings().demo:
        click.echo("  Demonstration accounts:")
        for role, email, password in demo.LOGINS:
            click.echo(f"    {role:<24} {email:<32} {password}")
        click.echo("  Stamps to try:")
        with db.reading() as session:
            for what, address in demo.examples(session, settings()):
                click.echo(f"    {what:<24} {address}")
    click.echo("")


def _run_together(*tasks: Callable[[], None]) -> None:
    """Give each task a process, until one of them ends or a stop is asked for; then end all."""
    for number in STOPS:
        signal.signal(number, _interrupt)
    processes = [FORK.Process(target=_apart, args=(task,)) for task in tasks]
    for process in processes:
        process.start()
    try:
        wait([process.sentinel for process in processes])
        sys.exit("phohien: a process ended by itself; see its last lines above")
    except KeyboardInterrupt:
        click.echo("Stopping …")
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.join()


def _apart(task: Callable[[], None]) -> None:
    # A session of its own keeps the terminal's Ctrl-C away: a server process that is told to stop
    # twice, by the terminal and by its parent, does not stop.
    os.setsid()
    for number in STOPS:
        signal.signal(number, signal.SIG_DFL)
    task()


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    # Once is enough: what follows must not be interrupted.
    for number in STOPS:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _server(port: int, workers: int) -> MPServer:
    return MPServer(
        "app.wsgi:app",
        address=HOST,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=2,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=5,
        log_level=LogLevels.warning,
    )
