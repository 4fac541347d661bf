"""Settings: the only reader of the environment. A missing or wrong one stops the start."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent

# Stamps of demonstration data must come out the same on every machine, so their key is public.
DEMO_STAMP_KEY = b"phohien demonstration stamp key!"
DEMO_ANCHOR_KEY = b"phohien demonstration anchor key"

STRIPE_API = "https://api.stripe.com"


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
    free_delivery_from: int = 500_000
    tariff_dir: Path | None = None  # tables of carriers, zones and rates instead of the examples
    hold_transfer: int = 24 * 3600  # how long goods are kept for money that must come first
    hold_card: int = 30 * 60
    cash_step: int = 1_000
    cash_difference_limit: int = 20_000
    sign_in_limit: int = 8
    sign_in_window: int = 900
    session_lifetime: int = 12 * 3600
    cart_lifetime: int = 30 * 86400
    index_seconds: int = 5  # how old counts of a listing may be
    page_seconds: int = 5  # how old a page for guests may be
    page_memo: int = 64 * 1024 * 1024  # bytes of pages that need not be drawn again
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
    vat_regime: str | None = None  # how the seller of record pays VAT: see catalog/vat.py
    einvoice: str = "off"  # who issues invoices: off, file
    einvoice_letters: str = "AA"  # the seller's choice at the end of the symbol
    einvoice_from: date | None = None  # sales of earlier days get no invoice by themselves
    bank_bin: str | None = None  # where transfers go: bank at NAPAS, account, its holder
    bank_account: str | None = None
    bank_holder: str | None = None
    bank_secrets: Mapping[str, str] = field(default_factory=dict, repr=False)  # by messenger
    stripe_key: str | None = field(default=None, repr=False)
    stripe_webhook_secret: str | None = field(default=None, repr=False)
    stripe_base: str = STRIPE_API
    anchor_key: bytes | None = field(default=None, repr=False)  # signs the daily anchors
    geo_headers: tuple[str, ...] = ()  # latitude and longitude, as a trusted proxy tells them

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
        own = any(name.startswith("PHOHIEN_BANK_") for name in env)
        env = _demo_defaults(instance) | ({} if own else _NO_BANK) | env
    return Settings(
        mode=mode,
        secret_key=_secret(env),
        database_url=_database_url(env),
        base_url=_base_url(env),
        instance_dir=instance,
        stamp_keys=_stamp_keys(env, mode),
        geo_headers=_geo_headers(env),
        anchor_key=_anchor_key(env, mode),
        trusted_proxies=_number(env, "PHOHIEN_TRUSTED_PROXIES", 0),
        free_delivery_from=_number(env, "PHOHIEN_FREE_DELIVERY_FROM", 500_000),
        tariff_dir=_folder(env, "PHOHIEN_TARIFF_DIR"),
        hold_transfer=_number(env, "PHOHIEN_HOLD_TRANSFER", 24 * 3600),
        hold_card=_number(env, "PHOHIEN_HOLD_CARD", 30 * 60),
        index_seconds=_number(env, "PHOHIEN_INDEX_SECONDS", 5),
        page_seconds=_number(env, "PHOHIEN_PAGE_SECONDS", 5),
        page_memo=_number(env, "PHOHIEN_PAGE_MEMO", 64 * 1024 * 1024),
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
        **_payment_settings(env),
        **_invoice_settings(env),
    )


# No bank has this account: a demonstration shows how a transfer looks, and nobody can pay into it.
_NO_BANK = {
    "PHOHIEN_BANK_BIN": "970436",
    "PHOHIEN_BANK_ACCOUNT": "0000000000",
    "PHOHIEN_BANK_NAME": "TAI KHOAN MINH HOA",
}


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


def _folder(env: Mapping[str, str], name: str) -> Path | None:
    """A folder that must be there; what lies in it is checked by its reader."""
    text = env.get(name, "").strip()
    if text and not Path(text).is_dir():
        raise ConfigError(f"{name} must name a folder: {text} is none")
    return Path(text) if text else None


def _notification(env: Mapping[str, str]) -> str | None:
    """The address of the site's entry at online.gov.vn, where notified shops are listed."""
    url = env.get("PHOHIEN_NOTIFICATION_URL")
    if url is not None and urlsplit(url)[:2] not in {
        ("https", "online.gov.vn"),
        ("http", "online.gov.vn"),
    }:
        raise ConfigError("PHOHIEN_NOTIFICATION_URL must be an address at online.gov.vn")
    return url


def _payment_settings(env: Mapping[str, str]) -> dict[str, Any]:
    """The account for transfers, the keys of those who tell of money, and Stripe; all may be absent."""
    return {
        **_bank(env),
        **_stripe(env),
        "bank_secrets": {
            source: env[name]
            for source, name in (
                ("sepay", "PHOHIEN_SEPAY_SECRET"),
                ("casso", "PHOHIEN_CASSO_SECRET"),
            )
            if env.get(name)
        },
    }


REGIMES = ("deduction", "percentage", "household")


def _invoice_settings(env: Mapping[str, str]) -> dict[str, Any]:
    """The seller's VAT and who issues its invoices; files need what must stand on every one."""
    regime, kind = env.get("PHOHIEN_VAT_REGIME") or None, env.get("PHOHIEN_EINVOICE") or "off"
    letters = env.get("PHOHIEN_EINVOICE_LETTERS", "AA")
    if regime is not None and regime not in REGIMES:
        raise ConfigError(f"PHOHIEN_VAT_REGIME must be one of {', '.join(REGIMES)}")
    if kind not in {"off", "file"}:
        raise ConfigError("PHOHIEN_EINVOICE must be off or file")
    if not re.fullmatch(r"[A-Z]{2}", letters):
        raise ConfigError("PHOHIEN_EINVOICE_LETTERS must be two capital letters")
    needed = ("PHOHIEN_VAT_REGIME", "PHOHIEN_SHOP_TAX_CODE")
    if kind == "file" and not all(env.get(name) for name in needed):
        raise ConfigError(f"PHOHIEN_EINVOICE=file needs {' and '.join(needed)}")
    return {
        "vat_regime": regime,
        "einvoice": kind,
        "einvoice_letters": letters,
        "einvoice_from": _day(env, "PHOHIEN_EINVOICE_FROM"),
    }


def _day(env: Mapping[str, str], name: str) -> date | None:
    text = env.get(name)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ConfigError(f"{name} must be a day such as 2026-11-24") from None


def _bank(env: Mapping[str, str]) -> dict[str, str | None]:
    names = ("PHOHIEN_BANK_BIN", "PHOHIEN_BANK_ACCOUNT", "PHOHIEN_BANK_NAME")
    number, account, holder = (env.get(name) or None for name in names)
    if len({value is None for value in (number, account, holder)}) > 1:
        raise ConfigError(f"{', '.join(names)} must be set together or not at all")
    if number is not None and not re.fullmatch(r"[0-9]{6}", number):
        raise ConfigError("PHOHIEN_BANK_BIN must be the six digits of the bank at NAPAS")
    if account is not None and not re.fullmatch(r"[A-Za-z0-9]{1,19}", account):
        raise ConfigError("PHOHIEN_BANK_ACCOUNT must be up to 19 letters and digits")
    return {"bank_bin": number, "bank_account": account, "bank_holder": holder}


def _stripe(env: Mapping[str, str]) -> dict[str, str | None]:
    """A restricted key and the secret of the notices. A live key is never sent to another address."""
    key = env.get("PHOHIEN_STRIPE_KEY") or None
    secret = env.get("PHOHIEN_STRIPE_WEBHOOK_SECRET") or None
    base = (env.get("PHOHIEN_STRIPE_BASE") or STRIPE_API).rstrip("/")
    if (key is None) != (secret is None):
        raise ConfigError(
            "PHOHIEN_STRIPE_KEY and PHOHIEN_STRIPE_WEBHOOK_SECRET must be set together or not at all"
        )
    if key is not None and not re.fullmatch(r"(rk|sk)_(test|live)_[A-Za-z0-9]+", key):
        raise ConfigError("PHOHIEN_STRIPE_KEY must be a restricted or secret key of Stripe")
    if base != STRIPE_API and (key or "").split("_")[1:2] == ["live"]:
        raise ConfigError("PHOHIEN_STRIPE_BASE must not be set with a live key")
    return {"stripe_key": key, "stripe_webhook_secret": secret, "stripe_base": base}


def _anchor_key(env: Mapping[str, str], mode: str) -> bytes | None:
    """`PHOHIEN_ANCHOR_KEY=<64 hex digits>`: an Ed25519 key; without it no anchors are made."""
    text = env.get("PHOHIEN_ANCHOR_KEY", "")
    if not text:
        return DEMO_ANCHOR_KEY if mode == "demo" else None
    if not re.fullmatch("[0-9a-fA-F]{64}", text):
        raise ConfigError("PHOHIEN_ANCHOR_KEY must be 64 hexadecimal digits")
    return bytes.fromhex(text)


def _geo_headers(env: Mapping[str, str]) -> tuple[str, ...]:
    """`PHOHIEN_GEO_HEADERS=<latitude>,<longitude>`: headers that the proxy sets and nobody else can."""
    names = tuple(name.strip() for name in env.get("PHOHIEN_GEO_HEADERS", "").split(",") if name)
    if len(names) not in {0, 2}:
        raise ConfigError("PHOHIEN_GEO_HEADERS must name two headers: latitude,longitude")
    return names


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
