"""Who looks at a stamp: a person or a program, with which phone today, and about where."""

import re
import secrets
from datetime import date
from uuid import UUID

from flask import request
from sqlalchemy.orm import Session

from app.core import links
from app.core.web import settings
from traceability import day_tokens
from traceability.cells import Cell, NoSuchPlace, cell_at
from traceability.scans import Sighting

PLACE = "scan-place"  # purpose of the signed links

# Programs that fetch a link to show a preview of it; browsers inside chat programs are not these.
_PREVIEWS = re.compile(
    r"facebookexternalhit|facebot|twitterbot|slackbot|whatsapp/|telegrambot|discordbot|linkedinbot"
    r"|skypeuripreview|viber/|googlebot|bingbot|applebot|zalo(?:bot|preview)|coccocbot",
    re.IGNORECASE,
)


def by_a_person() -> bool:
    """Whether a person asked, not a program that looks ahead or makes a preview."""
    headers = request.headers
    ahead = "".join(headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Moz")).lower()
    looks_ahead = "prefetch" in ahead or "prerender" in ahead or "preview" in ahead
    program = _PREVIEWS.search(headers.get("User-Agent", ""))
    return request.method == "GET" and not looks_ahead and program is None


def sighting(session: Session, day: date) -> Sighting:
    """What is kept of this request: a token that leads to nobody, and a tenth of a degree."""
    salt = day_tokens.salt_of(session, day, secrets.token_bytes)
    browser = request.headers.get("User-Agent", "")
    return Sighting(day_tokens.token(salt, request.remote_addr, browser), _told_by_proxy())


def _told_by_proxy() -> Cell | None:
    """The area that a trusted proxy worked out from the address, if the settings name its headers."""
    names = settings().geo_headers
    texts = [request.headers.get(name, "") for name in names]
    try:
        latitude, longitude = (float(text) for text in texts)
        return cell_at(latitude, longitude)
    except (ValueError, NoSuchPlace):
        return None


def token_of(scan_id: int | None) -> str | None:
    """What the link to the form about the place carries: this scan and no other."""
    if scan_id is None:
        return None
    return links.signed(settings().secret_key, PLACE, UUID(int=scan_id))


def scan_of(token: str) -> int | None:
    """The scan that `token_of` made the token for."""
    key = links.opened(settings().secret_key, PLACE, token)
    return key.int if key else None
