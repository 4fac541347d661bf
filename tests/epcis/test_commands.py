import json
from pathlib import Path

from click.testing import CliRunner
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy.orm import Session

from app.commands.epcis import epcis
from builders import make_batch
from builders_epcis import make_sound_lot, publish, rows_of
from support import epcis_schema


def run(app: Flask, *words: str) -> list[str]:
    info = ScriptInfo(create_app=lambda: app)
    result = CliRunner().invoke(epcis, list(words), obj=info)
    assert result.exit_code == 0, result.output
    return result.output.splitlines()


def test_everything_is_written_at_once(app: Flask, session: Session) -> None:
    lot = make_sound_lot(session)
    make_batch(session, lot, 10)
    assert run(app, "publish") == ["3 events"]
    assert run(app, "publish") == ["0 events"]
    assert len(rows_of(session, lot)) == 3


def test_lots_with_news_are_laid_out_for_the_portal(
    app: Flask, session: Session, tmp_path: Path
) -> None:
    lot = make_sound_lot(session, code="L 1")
    publish(session)
    folders = run(app, "portal", "--since", "2026-11-24", "--out", str(tmp_path))
    assert len(folders) == 1
    names = sorted(path.name for path in Path(folders[0]).iterdir())
    stem = f"{lot.sku.code.lower()}-l-1"
    assert names == [f"{stem}.csv", f"{stem}.jsonld"]
    epcis_schema.judge(json.loads((Path(folders[0]) / names[1]).read_text(encoding="utf-8")))
    assert run(app, "portal", "--since", "2026-11-24", "--out", str(tmp_path)) == folders
    assert run(app, "portal", "--since", "2026-11-25", "--out", str(tmp_path)) == []
