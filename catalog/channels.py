"""The other shops that a product may be linked to: a list, because any other host is refused."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

FILE = Path(__file__).parent / "data" / "channels.csv"
MOST_LETTERS = 500


@dataclass(frozen=True)
class Shop:
    """Another shop. Its pages lie on its hosts or on names below them, such as `www.`."""

    code: str
    name: str
    hosts: tuple[str, ...]

    def owns(self, host: str) -> bool:
        """Whether a host is of this shop."""
        return any(host == own or host.endswith(f".{own}") for own in self.hosts)


@cache
def shops() -> Mapping[str, Shop]:
    """The allowed shops by code."""
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        row["code"]: Shop(row["code"], row["name"], tuple(row["hosts"].split())) for row in rows
    }


def safe(url: str) -> SplitResult | None:
    """The parts of an address that may be called and shown: https, no name or port, only ASCII."""
    if not url.isascii() or any(c.isspace() or not c.isprintable() for c in url):
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    plain = port is None and "@" not in parts.netloc and "\\" not in url
    good = parts.scheme == "https" and bool(parts.hostname) and len(url) <= MOST_LETTERS
    return parts if good and plain else None


def shop_of(url: str) -> Shop | None:
    """The shop whose page this is; None when it is of none, or the address is not safe."""
    parts = safe(url)
    host = str(parts.hostname) if parts else ""
    return next((shop for shop in shops().values() if host and shop.owns(host)), None)
