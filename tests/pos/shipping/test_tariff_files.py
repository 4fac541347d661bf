"""Tables of a shop's own are checked before anything is promised by them."""

import shutil
from pathlib import Path

import pytest

from app.config import ConfigError
from pos.shipping import tariff_files

NAMES = ("carriers.csv", "zones.csv", "rates.csv")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in NAMES:
        shutil.copy(tariff_files.DATA / name, tmp_path / name)
    return tmp_path


def add(folder: Path, name: str, line: str) -> None:
    with (folder / name).open("a", encoding="utf-8") as file:
        file.write(line + "\n")


def test_the_examples_reach_every_province() -> None:
    tariff = tariff_files.load()
    assert len(tariff.provinces) == 34
    assert {code for _carrier, code in tariff.zones} == {p.code for p in tariff.provinces}


def test_a_shop_uses_its_own_tables(folder: Path) -> None:
    add(folder, "carriers.csv", "ship,sea,Tàu,Ship,0,0,1,https://example.vn/{number}")
    assert tariff_files.load(folder).service("ship.sea") is not None


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("carriers.csv", "post,standard,A,A,1,0,1,"),  # twice
        ("carriers.csv", "a,b,A,A,yes,0,1,"),
        ("carriers.csv", "a,b,A,A,1,-1,1,"),
        ("carriers.csv", "a,b,A,A,1,0,1,javascript:x{number}"),
        ("carriers.csv", "a,b"),
        ("zones.csv", "nobody,ha-noi,near"),
        ("zones.csv", "post,atlantis,near"),
        ("rates.csv", "post,standard,nowhere,1000,1,1,1,2026-01-01"),
        ("rates.csv", "post,unknown,near,1000,1,1,1,2026-01-01"),
        ("rates.csv", "post,standard,near,1000,1,2,1,2026-01-01"),
        ("rates.csv", "post,standard,near,0,1,1,1,2026-01-01"),
        ("rates.csv", "post,standard,near,heavy,1,1,1,2026-01-01"),
        ("rates.csv", "post,standard,near,1000,1,1,1,soon"),
    ],
)
def test_a_wrong_row_stops_the_start_and_is_named(folder: Path, name: str, line: str) -> None:
    add(folder, name, line)
    with pytest.raises(ConfigError, match=rf"^PHOHIEN_TARIFF_DIR: .*{name}"):
        tariff_files.load(folder)


def test_a_missing_or_empty_table_stops_the_start(folder: Path) -> None:
    (folder / "zones.csv").write_text("carrier,province,zone\n")
    with pytest.raises(ConfigError, match="no rows"):
        tariff_files.load(folder)
    (folder / "zones.csv").unlink()
    with pytest.raises(ConfigError, match=r"zones.csv cannot be read"):
        tariff_files.load(folder)


def test_letters_of_another_encoding_stop_the_start(folder: Path) -> None:
    (folder / "carriers.csv").write_bytes("carrier,name\nx,Bưu".encode("utf-16"))
    with pytest.raises(ConfigError):
        tariff_files.load(folder)
