"""Daily anchors for everyone: a list, each as data, and the proof of a lot."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, json, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core import clock
from app.core.web import read_session, see_other
from traceability import anchors, journal, journeys
from traceability.anchors import Proof, UnknownAnchor
from traceability.history_models import Anchor
from traceability.models import JournalEntry

bp = Blueprint("anchors", __name__)

SHOWN = 60


@bp.get("/neo")
def index() -> ResponseReturnValue:
    """The newest anchors, and how to check a lot against them."""
    lot = request.args.get("lo", "").replace("\0", "").strip()
    article = request.args.get("ma", "").replace("\0", "").strip()
    found = anchors.latest(read_session(), SHOWN)
    if lot and article and found:
        day = found[0].day.isoformat()
        return see_other(url_for("anchors.proof", day=day, article=article, code=lot))
    return render_template("traceability/anchors.html", anchors=found)


@bp.get("/neo/<day>.json")
def one(day: str) -> Response:
    """One anchor as data."""
    found = read_session().get(Anchor, _day(day))
    if found is None:
        raise UnknownAnchor
    return _answer(_told(found))


@bp.get("/neo/<day>/<article>/<path:code>.json")
def proof(day: str, article: str, code: str) -> Response:
    """The history of a lot with its way to the root; what is not public is withheld."""
    session, today = read_session(), clock.local_day(clock.now())
    lot = journeys.of_lot(session, article, code, today).lot
    found = anchors.prove(session, _day(day), lot.id)
    entries = journal.entries(session, lot.id, public_only=False)
    hidden = journal.hidden(session, lot.id)
    return _answer(_proof(found, [_entry(entry, entry.number in hidden) for entry in entries]))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UnknownAnchor from None


def _proof(found: Proof, entries: list[dict[str, Any]]) -> dict[str, Any]:
    count = int(found.line.split(" ")[1])
    return {
        "anchor": _told(found.anchor),
        "line": found.line,
        "path": found.path,
        # Later entries are the business of later anchors.
        "entries": entries[:count],
    }


def _entry(entry: JournalEntry, withheld: bool) -> dict[str, Any]:
    content = journal.content(entry)
    told = {"content_hash": journal.content_hash(content), "hash": entry.hash}
    return told if withheld else {"content": content, **told}


def _told(anchor: Anchor) -> dict[str, Any]:
    names = ("lots", "root", "previous", "signature", "public_key")
    return {"day": anchor.day.isoformat()} | {name: getattr(anchor, name) for name in names}


def _answer(told: dict[str, Any]) -> Response:
    text = json.dumps(told, ensure_ascii=False, sort_keys=False)
    return Response(text, mimetype="application/json", headers={"Access-Control-Allow-Origin": "*"})
