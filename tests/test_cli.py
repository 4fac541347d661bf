"""The commands of the operator, on a database of their own."""

import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog
from flask import Flask

from app.cli import main
from app.core import db
from pos.stock import verify

Console = Callable[..., tuple[object, str]]


@pytest.fixture
def console(
    app: Flask,
    new_database: Callable[[], str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> Iterator[Console]:
    """Run a command; what it ends with (code or last line) and what it printed."""
    before, logging = db.active(), structlog.get_config()
    monkeypatch.setenv("PHOHIEN_MODE", "demo")
    monkeypatch.setenv("PHOHIEN_INSTANCE", str(tmp_path))
    monkeypatch.setenv("PHOHIEN_DATABASE_URL", new_database())

    def run(*words: str) -> tuple[object, str]:
        with pytest.raises(SystemExit) as ended:
            main(list(words))
        if db.active() is not before:
            db.active().dispose()
        printed = capsys.readouterr()
        return ended.value.code, printed.out + printed.err

    yield run
    db.use(before)
    structlog.configure(**logging)


def test_a_wrong_setting_is_one_line_and_exit_code_two(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PHOHIEN_SECRET_KEY", "short")
    line = "phohien: PHOHIEN_SECRET_KEY is too short: at least 32 random characters\n"
    assert console("db", "check") == (2, line)


def test_a_fresh_database_agrees_with_the_models(console: Console) -> None:
    assert console("db", "upgrade")[0] == 0
    assert console("db", "check") == (0, "Models, migrations and database agree.\n")


def test_a_database_without_tables_is_told_apart(
    console: Console, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PHOHIEN_DATABASE_URL", f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    assert "run `db upgrade`" in str(console("db", "check")[0])


def test_a_busy_port_is_one_line(console: Console) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert str(console("serve", "--port", str(port))[0]).startswith(
            f"phohien: port {port} is in use"
        )


def test_areas_are_loaded_once(console: Console) -> None:
    assert console("areas", "load")[1].startswith("947 units and ")
    assert console("areas", "load")[1].startswith("0 units and 0 changes added")


def test_a_register_is_taken_in_once_and_refusals_have_reasons(
    console: Console, tmp_path: Path
) -> None:
    source = Path(__file__).parents[1] / "catalog" / "data" / "hungyen_products.csv"
    code, first = console("catalog", "import", str(source))
    assert code == 0
    assert "accepted:  68" in first
    assert "Line 70, column “confidence”" in first
    assert "unchanged: 68" in console("catalog", "import", str(source))[1]
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("a,b\n1,2\n")
    assert "lacks the column" in str(console("catalog", "import", str(wrong))[0])


def test_the_worker_can_be_run_once(console: Console) -> None:
    code, printed = console("jobs", "run", "--once")
    assert code == 0
    assert printed.endswith(" 0 jobs\n")


def test_the_books_are_verified(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    assert console("stock", "verify") == (0, "Every balance equals its movements.\n")
    monkeypatch.setattr(verify, "problems", lambda _session: ["balance of lot A is 3, not 4"])
    assert console("stock", "verify") == (1, "balance of lot A is 3, not 4\n")
