"""Filters and globals of templates; an unknown name in a template is an error."""

import json
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import Flask, g, request, url_for
from flask_babel import get_translations, gettext
from jinja2 import StrictUndefined
from markupsafe import Markup

from app.core import forgery
from app.core.clock import VIETNAM
from app.core.enums import LabelledEnum
from app.core.money import format_vnd
from app.core.web import lang_url, language

EMPTY = "—"


def vnd(amount: int | None) -> str:
    """Money for people; an unknown amount is a dash."""
    return EMPTY if amount is None else format_vnd(amount)


def day(value: date | datetime | None) -> str:
    """Day-month-year of the Gregorian calendar, in Vietnam's time."""
    if value is None:
        return EMPTY
    if isinstance(value, datetime):
        value = value.astimezone(VIETNAM).date()
    return f"{value:%d/%m/%Y}"


def day_time(value: datetime | None) -> str:
    """Hour and day in Vietnam's time."""
    return EMPTY if value is None else f"{value.astimezone(VIETNAM):%H:%M %d/%m/%Y}"


def label(member: LabelledEnum | None) -> str:
    """Translated label of an enum member."""
    return EMPTY if member is None else gettext(member.label)


def inside(name: str) -> str:
    """A name of a unit inside a sentence: «Xã Hoàn Long» → «xã Hoàn Long»."""
    return name[:1].lower() + name[1:]


def number(value: int) -> str:
    """A whole number grouped by points (Vietnamese) or commas (English)."""
    grouped = f"{value:,}"
    return grouped.replace(",", ".") if language() == "vi" else grouped


def local(obj: Any, name: str) -> str | None:
    """`obj.<name>_<language>`, falling back to Vietnamese when it is not translated."""
    text: str | None = getattr(obj, f"{name}_{language()}", None)
    vietnamese: str | None = getattr(obj, f"{name}_vi")
    return text or vietnamese


def csrf() -> Markup:
    """Hidden field against forged requests."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(forgery.token())


@lru_cache
def _manifest(path: Path) -> dict[str, str]:
    return dict(json.loads(path.read_text()))


def _asset_finder(app: Flask) -> Any:
    manifest = Path(app.static_folder or "") / "dist" / "manifest.json"

    def asset(name: str) -> str:
        """Address of a built script or style sheet; its name changes with its content."""
        return url_for("static", filename="dist/" + _manifest(manifest)[name])

    return asset


def _translations() -> Any:
    """The texts in the language of this request, looked up once however many a page asks for."""
    known = g.get("translations")
    if known is None:
        known = g.translations = get_translations()
    return known


@lru_cache(maxsize=512)
def _static(root: str, filename: str) -> str:
    return f"{root}/static/{quote(filename)}"


def picture(name: str) -> str:
    """Address of a drawing of goods."""
    return _static(request.script_root, f"img/products/{name}.svg")


def product_url(slug: str) -> str:
    """Address of a product's page: `url_for` by hand, for lists of many."""
    return f"{request.script_root}/san-pham/{quote(slug)}"


def init_templating(app: Flask) -> None:
    """Register filters and globals."""
    env = app.jinja_env
    env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda text: _translations().ugettext(text),
        ngettext=lambda one, many, n: _translations().ungettext(one, many, n),
        newstyle=True,
    )
    env.undefined = StrictUndefined
    env.trim_blocks = env.lstrip_blocks = True
    env.add_extension("jinja2.ext.do")
    env.filters.update(
        vnd=vnd, date=day, datetime=day_time, label=label, number=number, local=local, inside=inside
    )
    env.globals.update(
        asset=_asset_finder(app),
        csrf=csrf,
        csrf_token=forgery.token,
        lang_url=lang_url,
        picture=picture,
        product_url=product_url,
    )
