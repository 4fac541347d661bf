"""`jobs`: the worker that drains the queue."""

import signal
import threading
from types import FrameType

import click
from flask import current_app
from flask.cli import with_appcontext

from app.core import clock
from app.errands import errands, sweeps
from app.jobs import JOBS, run_due, run_forever, run_sweeps


@click.group()
def jobs() -> None:
    """Queued follow-ups and periodic sweeps."""


@jobs.command()
@click.option("--once", is_flag=True, help="Run the sweeps and what is due, then end.")
@with_appcontext
def run(once: bool) -> None:
    """Work until SIGTERM or Ctrl-C; the job in hand is finished first."""
    if once:
        swept = run_sweeps({}, clock.now(), sweeps(current_app))
        click.echo(f"{swept} sweeps, {run_due(clock.now(), JOBS, errands(current_app))} jobs")
        return
    work_until_stopped()


def work_until_stopped() -> None:
    """Work until SIGTERM or Ctrl-C; the job in hand is finished first."""
    stop = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    run_forever(stop, errands(current_app), sweeps=sweeps(current_app))
