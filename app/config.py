"""Settings: the only reader of the environment. A missing or wrong one stops the start."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent

# Stamps of demonstration data must come out the same on every machine, so their key is public.
DEMO_STAMP_KEY = b"phohien demonstration stamp key!"


class ConfigError(Exception):
    """A setting is missing or wrong; the text names it in one line."""


@dataclass(frozen=True)
class Settings:
    """Everything that differs between installations. Times in seconds, money in đồng."""

    mode: str
    secret_key: str = field(repr=False)
    database_url: str = field(repr=False)
    base_url: str
    instance_dir: Path
    stamp_keys: Mapping[int, bytes] = field(repr=False)
    trusted_proxies: int = 0
    delivery_fee: int = 30_000
    free_delivery_from: int = 500_000
    cash_step: int = 1_000
    cash_difference_limit: int = 20_000
    sign_in_limit: int = 8
    sign_in_window: int = 900
    session_lifetime: int = 12 * 3600
    cart_lifetime: int = 30 * 86400
    index_seconds: int = 5  # how old counts of a listing may be
    page_seconds: int = 5  # how old a page for guests may be
    max_upload: int = 5 * 1024 * 1024
    smtp_host: str | None = None
    smtp_port: int = 25
    mail_sender: str = "phohien@localhost"
    shop_name: str = "Phố Hiến"
    shop_owner: str | None = None
    shop_address: str | None = None
    shop_phone: str | None = None
    shop_tax_code: str | None = None
    shop_email: str | None = None
    shop_registration: str | None = None  # number, date and place of the business registration
    notification_url: str | None = None  # the entry of the site at the ministry

    @property
    def demo(self) -> bool:
        """Whether the data are made up for demonstration, which every page then says."""
        return self.mode == "demo"

    @property
    def secure_cookies(self) -> bool:
        """Whether cookies travel over TLS only."""
        return urlsplit(self.base_url).scheme == "https"

    @property
    def stamp_epoch(self) -> int:
        """The key epoch for new stamp batches."""
        return max(self.stamp_keys)


def from_environment(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from `PHOHIEN_*`; raises `ConfigError` with one line.

    `PHOHIEN_MODE=demo` has safe defaults for a try on one's own machine; `production` has none.
    """
    env = dict(os.environ if environ is None else environ)
    mode = env.get("PHOHIEN_MODE", "production")
    if mode not in {"demo", "production"}:
        raise ConfigError("PHOHIEN_MODE must be demo or production")
    instance = Path(env.get("PHOHIEN_INSTANCE", ROOT / "instance"))
    if mode == "demo":
        env = _demo_defaults(instance) | env
    return Settings(
        mode=mode,
        secret_key=_secret(env),
        database_url=_database_url(env),
        base_url=_base_url(env),
        instance_dir=instance,
        stamp_keys=_stamp_keys(env, mode),
        trusted_proxies=_number(env, "PHOHIEN_TRUSTED_PROXIES", 0),
        delivery_fee=_number(env, "PHOHIEN_DELIVERY_FEE", 30_000),
        free_delivery_from=_number(env, "PHOHIEN_FREE_DELIVERY_FROM", 500_000),
        index_seconds=_number(env, "PHOHIEN_INDEX_SECONDS", 5),
        page_seconds=_number(env, "PHOHIEN_PAGE_SECONDS", 5),
        smtp_host=env.get("PHOHIEN_SMTP_HOST"),
        smtp_port=_number(env, "PHOHIEN_SMTP_PORT", 25),
        mail_sender=env.get("PHOHIEN_MAIL_SENDER") or f"phohien@{_host(env)}",
        shop_name=env.get("PHOHIEN_SHOP_NAME", "Phố Hiến"),
        shop_owner=env.get("PHOHIEN_SHOP_OWNER"),
        shop_address=env.get("PHOHIEN_SHOP_ADDRESS"),
        shop_phone=env.get("PHOHIEN_SHOP_PHONE"),
        shop_tax_code=env.get("PHOHIEN_SHOP_TAX_CODE"),
        shop_email=env.get("PHOHIEN_SHOP_EMAIL"),
        shop_registration=env.get("PHOHIEN_SHOP_REGISTRATION"),
        notification_url=_notification(env),
    )


def _demo_defaults(instance: Path) -> dict[str, str]:
    return {
        "PHOHIEN_SECRET_KEY": _kept_secret(instance),
        "PHOHIEN_DATABASE_URL": f"sqlite:///{instance / 'phohien.sqlite3'}",
        "PHOHIEN_BASE_URL": "http://127.0.0.1:8000",
    }


def _kept_secret(instance: Path) -> str:
    """A random secret made at the first start of a demonstration and kept beside its database."""
    path = instance / "secret_key"
    if not path.exists():
        instance.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(os.urandom(32).hex())
    return path.read_text().strip()


def _required(env: Mapping[str, str], name: str, meaning: str) -> str:
    value = env.get(name, "").strip()
    if not value:
        raise ConfigError(f"{name} is not set: it must hold {meaning}")
    return value


def _secret(env: Mapping[str, str]) -> str:
    secret = _required(env, "PHOHIEN_SECRET_KEY", "at least 32 random characters")
    if len(secret) < 32:
        raise ConfigError("PHOHIEN_SECRET_KEY is too short: at least 32 random characters")
    return secret


def _database_url(env: Mapping[str, str]) -> str:
    url = _required(env, "PHOHIEN_DATABASE_URL", "the address of the database")
    if not re.match(r"sqlite:///.|postgresql\+psycopg://.", url):
        raise ConfigError("PHOHIEN_DATABASE_URL must be postgresql+psycopg://… or sqlite:///…")
    return url


def _base_url(env: Mapping[str, str]) -> str:
    url = _required(env, "PHOHIEN_BASE_URL", "the public address, such as https://ocop.example.vn")
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path not in {"", "/"}:
        raise ConfigError("PHOHIEN_BASE_URL must be http(s)://host without a path")
    return url.rstrip("/")


def _host(env: Mapping[str, str]) -> str:
    return urlsplit(_base_url(env)).hostname or "localhost"


def _number(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name, str(default))
    if not re.fullmatch(r"\d{1,9}", text):
        raise ConfigError(f"{name} must be a whole number of at most nine digits")
    return int(text)


def _notification(env: Mapping[str, str]) -> str | None:
    """The address of the site's entry at online.gov.vn, where notified shops are listed."""
    url = env.get("PHOHIEN_NOTIFICATION_URL")
    if url is not None and urlsplit(url)[:2] not in {
        ("https", "online.gov.vn"),
        ("http", "online.gov.vn"),
    }:
        raise ConfigError("PHOHIEN_NOTIFICATION_URL must be an address at online.gov.vn")
    return url


def _stamp_keys(env: Mapping[str, str], mode: str) -> dict[int, bytes]:
    """`PHOHIEN_STAMP_KEYS=1:<64 hex digits>,2:<…>`: one master key per epoch, all kept for ever."""
    if mode == "demo" and "PHOHIEN_STAMP_KEYS" not in env:
        return {1: DEMO_STAMP_KEY}
    text = _required(env, "PHOHIEN_STAMP_KEYS", "1:<64 hexadecimal digits>")
    keys: dict[int, bytes] = {}
    for part in text.split(","):
        match = re.fullmatch(r"\s*(\d{1,4}):([0-9a-fA-F]{64})\s*", part)
        if match is None or int(match[1]) in keys:
            raise ConfigError("PHOHIEN_STAMP_KEYS must be epoch:<64 hexadecimal digits>, once each")
        keys[int(match[1])] = bytes.fromhex(match[2])
    return keys
