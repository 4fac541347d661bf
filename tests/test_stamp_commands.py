"""`stamps …` at the console: prints, layouts and keys."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import AuditEntry
from app.commands.stamps import stamps
from app.config import DEMO_STAMP_KEY
from builders_prints import layout, make_issued
from traceability.models import StampBatch

Console = Callable[..., Result]
PASSPHRASE = "nhãn lồng phố hiến 1831"


@pytest.fixture
def console(app: Flask, session: Session) -> Console:
    """Run a command; standard output and exit code."""

    def run(*words: object, typed: str | None = None) -> Result:
        info = ScriptInfo(create_app=lambda: app)
        return CliRunner().invoke(stamps, [str(word) for word in words], input=typed, obj=info)

    return run


@pytest.fixture
def batch(session: Session) -> StampBatch:
    made = make_issued(session)
    session.commit()
    return made


def test_the_stamps_of_a_batch_become_a_file(
    session: Session, console: Console, batch: StampBatch, tmp_path: Path
) -> None:
    out = tmp_path / "tem.pdf"
    made = console("print", batch.ref.lower(), "--out", out)
    assert made.exit_code == 0, made.output
    assert f"{out}: 200 stamps" in made.output
    assert len(pypdfium2.PdfDocument(out)) == 1 + layout().pages(200)
    assert [path.name for path in tmp_path.iterdir()] == ["tem.pdf"]
    audited = session.scalars(select(AuditEntry).filter_by(action="stamps.print")).one()
    assert (audited.detail["ref"], audited.detail["count"]) == (batch.ref, 200)


def test_a_print_that_was_cut_off_goes_on_with_the_same_command(
    console: Console, batch: StampBatch, tmp_path: Path
) -> None:
    whole, again = tmp_path / "a.pdf", tmp_path / "b.pdf"
    console("print", batch.ref, "--out", whole)
    data = whole.read_bytes()
    (tmp_path / "b.pdf.part").write_bytes(data[: len(data) * 3 // 4])
    assert console("print", batch.ref, "--out", again, "--threads", 2).exit_code == 0
    assert again.read_bytes() == data


def test_part_of_a_batch_is_printed_as_a_list(
    console: Console, batch: StampBatch, tmp_path: Path
) -> None:
    out = tmp_path / "tem.csv"
    console("print", batch.ref, "--out", out, "--kind", "csv", "--first", 11, "--count", 5)
    lines = out.read_text().splitlines()
    assert [line.split(",")[0] for line in lines] == ["number", "11", "12", "13", "14", "15"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (["--count", "201"], "1 to 200"),
        (["--layout", "nowhere"], "no such layout"),
        (["--layout", "a4-20-pin"], "no code to scratch"),
    ],
)
def test_what_cannot_be_printed_is_one_line(
    console: Console, batch: StampBatch, tmp_path: Path, change: list[str], said: str
) -> None:
    made = console("print", batch.ref, "--out", tmp_path / "x.pdf", *change)
    assert made.exit_code == 1
    assert said in made.output
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_batch_is_one_line(console: Console, tmp_path: Path) -> None:
    made = console("print", "0000", "--out", tmp_path / "x.pdf")
    assert "does not exist" in made.output


def test_a_layout_in_a_file_is_kept_and_used(
    console: Console, batch: StampBatch, tmp_path: Path
) -> None:
    file = tmp_path / "mine.json"
    file.write_text(json.dumps(layout("roll-20x4").to_data() | {"name": "mine"}))
    assert "mine: 4 stamps" in console("layouts", "add", file).output
    names = [json.loads(line)["name"] for line in console("layouts", "list").output.splitlines()]
    assert "mine" in names
    assert "a4-20" in names
    console("print", batch.ref, "--out", tmp_path / "x.pdf", "--layout", "mine")
    assert len(pypdfium2.PdfDocument(tmp_path / "x.pdf")) == 50


@pytest.mark.parametrize("text", ["{", '{"name": "x"}', "[]"])
def test_a_file_that_is_no_layout_is_one_line(console: Console, tmp_path: Path, text: str) -> None:
    file = tmp_path / "x.json"
    file.write_text(text)
    made = console("layouts", "add", file)
    assert made.exit_code == 1
    assert made.output.startswith("phohien: ")


def test_a_fresh_key_stands_beside_the_old_ones(console: Console) -> None:
    printed = console("keys", "new").output
    found = re.search(r"^1:([0-9a-f]{64}),2:([0-9a-f]{64})$", printed, re.MULTILINE)
    assert found
    assert bytes.fromhex(found[1]) == DEMO_STAMP_KEY
    assert console("keys", "new").output != printed


def test_keys_are_checked_against_the_batches(
    session: Session, console: Console, batch: StampBatch
) -> None:
    checked = console("keys", "check", "--full")
    assert checked.exit_code == 0
    assert re.search(rf"right +{batch.ref}  epoch 1  200 stamps", checked.output)
    batch.key_check = "0" * 64
    session.commit()
    assert console("keys", "check").exit_code == 1


def test_keys_are_backed_up_and_restored(console: Console, tmp_path: Path) -> None:
    file = tmp_path / "keys"
    made = console("keys", "backup", "--to", file, typed=f"{PASSPHRASE}\n{PASSPHRASE}\n")
    assert made.exit_code == 0, made.output
    assert file.stat().st_mode & 0o077 == 0
    assert DEMO_STAMP_KEY.hex() not in file.read_text()
    restored = console("keys", "restore", file, typed=f"{PASSPHRASE}\n")
    assert restored.output.splitlines()[-1] == f"1:{DEMO_STAMP_KEY.hex()}"
    wrong = console("keys", "restore", file, typed="another passphrase\n")
    assert wrong.exit_code == 1


def test_a_backup_never_overwrites_a_file(console: Console, tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text("precious")
    made = console("keys", "backup", "--to", file, typed=f"{PASSPHRASE}\n{PASSPHRASE}\n")
    assert made.exit_code == 1
    assert file.read_text() == "precious"
