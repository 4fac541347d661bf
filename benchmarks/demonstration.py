"""A demonstration in a folder of its own, served on a free port, for measuring and for pictures."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

PATIENCE = 180  # seconds until the demonstration data are loaded


@contextmanager
def served() -> Iterator[str]:
    """Make a demonstration and serve it; its address. The environment names its folder meanwhile."""
    with tempfile.TemporaryDirectory(prefix="phohien-") as folder:
        port = _free_port()
        address = f"http://127.0.0.1:{port}"
        os.environ.update(PHOHIEN_MODE="demo", PHOHIEN_INSTANCE=folder, PHOHIEN_BASE_URL=address)
        command = [sys.executable, "-m", "app.cli", "serve", "--port", str(port)]
        log = Path(folder) / "serve.log"
        with log.open("w") as out:
            server = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
        try:
            _wait_for(server, address, log)
            yield address
        finally:
            server.terminate()
            server.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while server.poll() is None and time.monotonic() < deadline:
        try:
            urlopen(f"{address}/health/live", timeout=5).close()
        except (URLError, OSError):
            time.sleep(0.5)
        else:
            return
    raise SystemExit(f"the demonstration did not start:\n{log.read_text()[-2000:]}")
