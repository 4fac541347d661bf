"""The tables of delivery, read from their files once and checked. See `data/README.md`."""

import csv
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TypeVar

from app.config import ConfigError
from pos.shipping.tariffs import Province, Rate, Service, Tariff, in_bands

DATA = Path(__file__).parent / "data"
SETTING = "PHOHIEN_TARIFF_DIR"

T = TypeVar("T")
Row = dict[str, str]


def load(folder: Path | None = None) -> Tariff:
    """The tables of `folder`, or the examples that come along.

    Raises `ConfigError` naming the file and the line.
    """
    where = folder or DATA
    provinces = _rows(DATA / "provinces.csv", lambda row: Province(row["code"], row["name"]))
    services = _rows(where / "carriers.csv", _service)
    zones = dict(_rows(where / "zones.csv", _zone))
    rates = _rows(where / "rates.csv", _rate)
    tariff = Tariff(provinces, services, zones, in_bands(rates))
    _check(where, tariff)
    return tariff


def _service(row: Row) -> Service:
    url = row["tracking_url"] or None
    if url and not (url.startswith("https://") and "{number}" in url):
        raise ValueError("tracking_url")
    return Service(
        row["carrier"],
        row["service"],
        row["name_vi"],
        row["name_en"],
        _flag(row["takes_cod"]),
        _whole(row["cod_fee"]),
        _flag(row["free_over"]),
        url,
    )


def _zone(row: Row) -> tuple[tuple[str, str], str]:
    return (row["carrier"], row["province"]), row["zone"]


def _rate(row: Row) -> tuple[str, str, Rate]:
    days = _whole(row["days_from"]), _whole(row["days_to"])
    rate = Rate(
        _whole(row["up_to_grams"]), _whole(row["fee"]), *days, date.fromisoformat(row["valid_from"])
    )
    if days[0] > days[1] or rate.up_to == 0:
        raise ValueError("days_from, days_to, up_to_grams")
    return f"{row['carrier']}.{row['service']}", row["zone"], rate


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise ValueError(text)
    return int(text)


def _flag(text: str) -> bool:
    if text not in {"0", "1"}:
        raise ValueError(text)
    return text == "1"


def _rows(path: Path, made: Callable[[Row], T]) -> list[T]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            found = [_made(path, number, row, made) for number, row in _numbered(file)]
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{SETTING}: {path} cannot be read") from error
    if not found:
        raise ConfigError(f"{SETTING}: {path} has no rows")
    return found


def _numbered(lines: Iterator[str]) -> Iterator[tuple[int, Row]]:
    """Rows with the line they stand on; remarks are left out."""
    told = [(n, line) for n, line in enumerate(lines, 1) if line.strip() and line[0] != "#"]
    rows = csv.DictReader(line for _n, line in told)
    return zip((n for n, _line in told[1:]), rows, strict=False)


def _made(path: Path, number: int, row: Row, made: Callable[[Row], T]) -> T:
    try:
        return made(row)
    except (KeyError, ValueError, AttributeError, TypeError) as error:
        raise ConfigError(f"{SETTING}: {path} line {number} cannot be used: {error}") from error


def _check(where: Path, tariff: Tariff) -> None:
    codes, carriers = {s.code for s in tariff.services}, {s.carrier for s in tariff.services}
    provinces, zones = {p.code for p in tariff.provinces}, set(tariff.zones.values())
    if len(codes) != len(tariff.services):
        raise ConfigError(f"{SETTING}: {where}/carriers.csv names a service twice")
    for carrier, province in tariff.zones:
        if carrier not in carriers or province not in provinces:
            raise ConfigError(f"{SETTING}: {where}/zones.csv: {carrier}, {province} is not known")
    for service, zone in tariff.rates:
        if service not in codes or zone not in zones:
            raise ConfigError(f"{SETTING}: {where}/rates.csv: {service}, {zone} is not known")


_in_force: list[Tariff] = []


def use(tariff: Tariff) -> None:
    """Answer with these tables from now on; the factory says so at the start."""
    _in_force[:] = [tariff]


def current() -> Tariff:
    """The tables in force."""
    if not _in_force:
        use(load())
    return _in_force[0]
