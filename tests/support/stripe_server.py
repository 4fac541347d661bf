"""A server on loopback that answers as Stripe does: payment pages, refunds, a balance, signed notices.

It keeps what it is told, honours idempotency keys, and can be down, refuse, or do what it is asked
and lose the answer. Shapes and rules: Stripe's published interface description.
"""

import hashlib
import hmac
import json
import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

Json = dict[str, Any]
KEY, SECRET = "rk_test_onlyfortests", "whsec_onlyfortests"


class Refused(Exception):
    """An answer that is an error."""

    def __init__(self, status: int, kind: str, code: str) -> None:
        super().__init__(code)
        self.status, self.kind, self.code = status, kind, code


@dataclass
class Stripe:
    """The provider's books. `faults` are used up one by one, each for one request that changes
    something: down, lose, refuse."""

    sessions: dict[str, Json] = field(default_factory=dict)
    refunds: dict[str, Json] = field(default_factory=dict)
    charges: dict[str, Json] = field(default_factory=dict)
    answers: dict[str, tuple[str, Json]] = field(default_factory=dict)
    events: list[Json] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    down: bool = False
    refund_status: str = "succeeded"
    asked: list[str] = field(default_factory=list)
    base: str = ""
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def name(self, kind: str) -> str:
        return f"{kind}_test_{next(self._numbers)}"

    # What the buyer and the bank do.

    def pay(self, name: str, amount: int | None = None, currency: str = "vnd") -> Json:
        """The buyer pays on the page; returns the notice."""
        session = self.sessions[name]
        assert session["status"] == "open", "nobody pays on a page that is closed"
        charge = self.name("pi")
        paid = session["amount_total"] if amount is None else amount
        session |= {"status": "complete", "payment_status": "paid", "payment_intent": charge}
        session |= {"amount_total": paid, "currency": currency, "url": None}
        self.charges[charge] = {"amount": paid, "amount_refunded": 0}
        return self.tell("checkout.session.completed", session)

    def run_out(self, name: str) -> Json:
        """The page closes by itself."""
        self.sessions[name] |= {"status": "expired", "url": None}
        return self.tell("checkout.session.expired", self.sessions[name])

    def could_not(self, name: str) -> Json:
        """A slow way of paying comes to nothing."""
        self.sessions[name] |= {"status": "complete", "payment_status": "unpaid", "url": None}
        return self.tell("checkout.session.async_payment_failed", self.sessions[name])

    def give_back(self, charge: str, amount: int) -> Json:
        """Somebody pays back at the provider itself."""
        return self._refund({"payment_intent": charge, "amount": str(amount)})

    def refund_fails(self, name: str) -> Json:
        """A refund comes back."""
        refund = self.refunds[name]
        refund |= {"status": "failed", "failure_reason": "lost_or_stolen_card"}
        self.charges[refund["payment_intent"]]["amount_refunded"] -= refund["amount"]
        return self.tell("refund.failed", refund)

    def dispute(self, charge: str, status: str = "needs_response", name: str = "dp_1") -> Json:
        """The buyer objects at their bank, or the bank has decided."""
        told = {
            "id": name,
            "object": "dispute",
            "amount": self.charges[charge]["amount"],
            "currency": "vnd",
            "status": status,
            "reason": "fraudulent",
            "payment_intent": charge,
            "evidence_details": {"due_by": int(time.time()) + 7 * 86_400},
        }
        ended = status in {"won", "lost"}
        return self.tell(f"charge.dispute.{'closed' if ended else 'created'}", told)

    def tell(self, kind: str, about: Json) -> Json:
        """Note an event, as it is now."""
        event = {
            "id": self.name("evt"),
            "object": "event",
            "api_version": "2026-10-28.endive",
            "created": int(time.time()),
            "livemode": False,
            "type": kind,
            "data": {"object": json.loads(json.dumps(about))},
        }
        self.events.append(event)
        return event

    # What the interface does.

    def answer(self, method: str, path: str, fields: Json, key: str | None) -> Json:
        """Answer one request. Raises `Refused`."""
        self.asked.append(f"{method} {path}")
        if key is None:
            return self._do(method, path, fields)
        sent = json.dumps(fields, sort_keys=True)
        if key in self.answers:
            before, known = self.answers[key]
            if before != sent:
                raise Refused(400, "idempotency_error", "idempotency_key_in_use")
            return known
        done = self._do(method, path, fields)
        self.answers[key] = sent, json.loads(json.dumps(done))
        return done

    def _do(self, method: str, path: str, fields: Json) -> Json:
        if path == "/v1/balance":
            return {"object": "balance", "livemode": False, "available": [], "pending": []}
        if path == "/v1/checkout/sessions":
            return self._open(fields)
        if match := re.fullmatch(r"/v1/checkout/sessions/(\w+)(/expire)?", path):
            return self._session(match[1], close=bool(match[2]))
        if path == "/v1/refunds":
            return self._refund(fields) if method == "POST" else self._list(fields)
        if match := re.fullmatch(r"/v1/refunds/(\w+)", path):
            return _found(self.refunds, match[1])
        raise Refused(404, "invalid_request_error", "resource_missing")

    def _open(self, fields: Json) -> Json:
        if int(fields["expires_at"]) < time.time() + 1795:
            raise Refused(400, "invalid_request_error", "expires_at_too_soon")
        name = self.name("cs")
        self.sessions[name] = {
            "id": name,
            "object": "checkout.session",
            "status": "open",
            "payment_status": "unpaid",
            "amount_total": int(fields["line_items[0][price_data][unit_amount]"]),
            "currency": fields["line_items[0][price_data][currency]"],
            "payment_intent": None,
            "metadata": _metadata(fields),
            "url": f"{self.base}/c/pay/{name}",
            "expires_at": int(fields["expires_at"]),
            "success_url": fields["success_url"],
        }
        return dict(self.sessions[name])

    def _session(self, name: str, *, close: bool) -> Json:
        session = _found(self.sessions, name)
        if close:
            if session["status"] != "open":
                raise Refused(400, "invalid_request_error", "session_not_open")
            self.run_out(name)
        return dict(session)

    def _refund(self, fields: Json) -> Json:
        charge = _found(self.charges, fields["payment_intent"])
        amount = int(fields["amount"])
        if charge["amount_refunded"] + amount > charge["amount"]:
            raise Refused(400, "invalid_request_error", "charge_already_refunded")
        charge["amount_refunded"] += amount
        name = self.name("re")
        self.refunds[name] = {
            "id": name,
            "object": "refund",
            "amount": amount,
            "currency": "vnd",
            "status": self.refund_status,
            "payment_intent": fields["payment_intent"],
            "metadata": _metadata(fields),
            "failure_reason": None,
        }
        self.tell("refund.created", self.refunds[name])
        whole = {"object": "charge", "payment_intent": fields["payment_intent"]} | charge
        self.tell("charge.refunded", whole)
        return dict(self.refunds[name])

    def _list(self, fields: Json) -> Json:
        found = [
            r for r in self.refunds.values() if r["payment_intent"] == fields["payment_intent"]
        ]
        return {"object": "list", "data": found, "has_more": False, "url": "/v1/refunds"}


def _found(book: dict[str, Json], name: str) -> Json:
    if name not in book:
        raise Refused(404, "invalid_request_error", "resource_missing")
    return book[name]


def _metadata(fields: Mapping[str, str]) -> Json:
    inner = (re.fullmatch(r"metadata\[(\w+)\]", name) for name in fields)
    return {match[1]: fields[match[0]] for match in inner if match}


def signed(event: Json, secret: str = SECRET, at: float | None = None) -> tuple[bytes, Json]:
    """Body and headers of the notice of an event."""
    body, stamp = json.dumps(event).encode(), int(time.time() if at is None else at)
    mark = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return body, {"Stripe-Signature": f"t={stamp},v1={mark}"}


class _Door(BaseHTTPRequestHandler):
    stripe: Stripe
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._serve({k: v[0] for k, v in parse_qs(urlsplit(self.path).query).items()})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self._serve(dict(parse_qsl(body.decode(), keep_blank_values=True)))

    def _serve(self, fields: Json) -> None:
        with self.stripe.lock:
            changes = self.command == "POST"
            fault = self.stripe.faults.pop(0) if changes and self.stripe.faults else ""
            status, answer = self._answer(fields, fault)
        if fault == "lose":
            self.close_connection = True
            return
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _answer(self, fields: Json, fault: str) -> tuple[int, Json]:
        if self.stripe.down or fault == "down":
            return 503, _error("api_error", "down")
        if self.headers.get("Authorization") != f"Bearer {KEY}":
            return 401, _error("invalid_request_error", "api_key_invalid")
        if fault == "refuse":
            return 402, _error("card_error", "card_declined")
        try:
            path, key = urlsplit(self.path).path, self.headers.get("Idempotency-Key")
            return 200, self.stripe.answer(self.command, path, fields, key)
        except Refused as error:
            return error.status, _error(error.kind, error.code)

    def log_message(self, *_args: object) -> None:
        """Tests have their own words."""


def _error(kind: str, code: str) -> Json:
    return {"error": {"type": kind, "code": code, "message": code}}


@contextmanager
def running() -> Iterator[Stripe]:
    """A server with empty books on a free port of loopback."""
    stripe = Stripe()
    door = type("Door", (_Door,), {"stripe": stripe})
    server = ThreadingHTTPServer(("127.0.0.1", 0), door)
    server.daemon_threads = True
    stripe.base = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield stripe
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
