"""How long `make run` takes to a served page once everything is installed and loaded."""

import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from benchmarks.tables import Table

ROUNDS, PATIENCE = 3, 30
PAGE = "/san-pham"
NOTE = (
    "Median of {rounds} starts of `python -m app.cli serve` on loaded demonstration data (SQLite) "
    f"until {PAGE} answers 200."
)


def measure(database: Path, folder: Path) -> Table:
    """Seconds of a warm start on a copy of a loaded database."""
    folder.mkdir()
    shutil.copy(database, folder / "phohien.sqlite3")
    seconds = [_start(folder) for _round in range(ROUNDS)]
    row = "serve to the first page", f"{statistics.median(seconds):.2f}"
    return Table("Warm start", NOTE.format(rounds=ROUNDS), ("Act", "Seconds"), [row])


def _start(folder: Path) -> float:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    environ = os.environ | {"PHOHIEN_MODE": "demo", "PHOHIEN_INSTANCE": str(folder)}
    command = [sys.executable, "-m", "app.cli", "serve", "--port", str(port)]
    begin = time.perf_counter()
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, env=environ, stdout=log, stderr=log)
    try:
        _wait_for(server, f"http://127.0.0.1:{port}{PAGE}", begin + PATIENCE)
        return time.perf_counter() - begin
    except TimeoutError as error:
        raise SystemExit((folder / "log").read_text()) from error
    finally:
        server.terminate()
        server.wait()


def _wait_for(server: subprocess.Popen[bytes], address: str, deadline: float) -> None:
    while server.poll() is None and time.perf_counter() < deadline:
        try:
            with urlopen(address, timeout=5) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.01)
    raise TimeoutError
