"""A wrong setting stops the start with one line that names it."""

from pathlib import Path

import pytest

from app.config import ConfigError, from_environment

SECRET = "0123456789abcdef0123456789abcdef"
PRODUCTION = {
    "PHOHIEN_SECRET_KEY": SECRET,
    "PHOHIEN_DATABASE_URL": "postgresql+psycopg://shop@db.example.vn/shop",
    "PHOHIEN_BASE_URL": "https://ocop.example.vn/",
    "PHOHIEN_STAMP_KEYS": f"1:{'ab' * 32},2:{'CD' * 32}",
}


def test_production_reads_every_setting() -> None:
    settings = from_environment(PRODUCTION)
    assert settings.secret_key == SECRET
    assert settings.base_url == "https://ocop.example.vn"
    assert settings.stamp_keys == {1: b"\xab" * 32, 2: b"\xcd" * 32}
    assert settings.stamp_epoch == 2
    assert (settings.demo, settings.secure_cookies) == (False, True)


def test_without_a_mode_it_is_production_and_nothing_is_assumed() -> None:
    with pytest.raises(ConfigError):
        from_environment({})


@pytest.mark.parametrize("name", PRODUCTION)
@pytest.mark.parametrize("value", [None, "", "  "])
def test_production_has_no_default_for(name: str, value: str | None) -> None:
    environ = {k: v for k, v in PRODUCTION.items() if k != name}
    if value is not None:
        environ[name] = value
    with pytest.raises(ConfigError, match=f"^{name} is not set: [^\n]+$"):
        from_environment(environ)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PHOHIEN_MODE", "debug"),
        ("PHOHIEN_SECRET_KEY", "short"),
        ("PHOHIEN_BASE_URL", "ocop.example.vn"),
        ("PHOHIEN_BASE_URL", "ftp://ocop.example.vn"),
        ("PHOHIEN_BASE_URL", "https://ocop.example.vn/shop"),
        ("PHOHIEN_DATABASE_URL", "a file somewhere"),
        ("PHOHIEN_DATABASE_URL", "mysql://db.example.vn/shop"),
        ("PHOHIEN_STAMP_KEYS", "ab" * 32),
        ("PHOHIEN_STAMP_KEYS", "1:abcd"),
        ("PHOHIEN_STAMP_KEYS", f"1:{'ab' * 32},1:{'cd' * 32}"),
        ("PHOHIEN_TRUSTED_PROXIES", "one"),
        ("PHOHIEN_HOLD_CARD", "-1"),
        ("PHOHIEN_HOLD_TRANSFER", "12.5"),
        ("PHOHIEN_FREE_DELIVERY_FROM", "1e6"),
    ],
)
def test_a_wrong_value_is_named(name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=f"^{name} [^\n]+$"):
        from_environment(PRODUCTION | {name: value})


def test_the_error_never_repeats_a_secret() -> None:
    with pytest.raises(ConfigError) as caught:
        from_environment(PRODUCTION | {"PHOHIEN_STAMP_KEYS": "1:0badcafe"})
    assert "0badcafe" not in str(caught.value)


def test_a_demonstration_needs_nothing_and_keeps_its_secret(tmp_path: Path) -> None:
    environ = {"PHOHIEN_MODE": "demo", "PHOHIEN_INSTANCE": str(tmp_path / "instance")}
    first, second = from_environment(environ), from_environment(environ)
    assert first.demo
    assert first.secret_key == second.secret_key
    assert (tmp_path / "instance" / "secret_key").stat().st_mode & 0o077 == 0
    assert first.database_url.endswith("instance/phohien.sqlite3")


def test_a_demonstration_can_be_set_up_otherwise(tmp_path: Path) -> None:
    environ = {"PHOHIEN_MODE": "demo", "PHOHIEN_INSTANCE": str(tmp_path)}
    settings = from_environment(PRODUCTION | environ)
    assert settings.database_url == PRODUCTION["PHOHIEN_DATABASE_URL"]
    assert settings.stamp_epoch == 2


INVOICES = {
    "PHOHIEN_EINVOICE": "file",
    "PHOHIEN_VAT_REGIME": "deduction",
    "PHOHIEN_SHOP_TAX_CODE": "0100109106",
    "PHOHIEN_EINVOICE_LETTERS": "PH",
    "PHOHIEN_EINVOICE_FROM": "2026-12-01",
}


def test_invoices_are_off_until_they_are_set_up() -> None:
    assert (from_environment(PRODUCTION).einvoice, from_environment(PRODUCTION).vat_regime) == (
        "off",
        None,
    )
    settings = from_environment(PRODUCTION | INVOICES)
    assert (settings.einvoice, settings.einvoice_letters) == ("file", "PH")
    assert str(settings.einvoice_from) == "2026-12-01"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PHOHIEN_EINVOICE", "viettel"),
        ("PHOHIEN_VAT_REGIME", "guess"),
        ("PHOHIEN_VAT_REGIME", ""),
        ("PHOHIEN_SHOP_TAX_CODE", ""),
        ("PHOHIEN_EINVOICE_LETTERS", "ph"),
        ("PHOHIEN_EINVOICE_FROM", "soon"),
    ],
)
def test_a_wrong_setting_of_invoices_stops_the_start(name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=name):
        from_environment(PRODUCTION | INVOICES | {name: value})
