"""A receiver of webhooks on this machine: it keeps what it is sent and answers as it is told."""

import http.client
import http.server
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from app.api.outgoing import Post, post

PUBLIC = "93.184.216.34"


@dataclass
class Receiver:
    """`answers` are statuses, used up one by one; then 200."""

    answers: list[int] = field(default_factory=list)
    text: str = "nhận rồi"
    got: list[tuple[Mapping[str, str], bytes]] = field(default_factory=list)
    post: Post = post
    port: int = 0


def _handler(receiver: Receiver) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.got.append((dict(self.headers.items()), body))
            self.send_response(receiver.answers.pop(0) if receiver.answers else 200)
            answer = receiver.text.encode()
            self.send_header("Location", "https://other.example.vn/")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_args: object) -> None:
            """Nobody reads it."""

    return Handler


def found_at(*addresses: str) -> Sequence[str]:
    """What the names of hosts stand for."""
    return addresses


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A running receiver; every name that `Receiver.post` calls stands for a public address there."""
    receiver = Receiver()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _handler(receiver))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    receiver.port = server.server_port
    receiver.post = partial(
        post,
        resolve=lambda _host: found_at(PUBLIC),
        dial=lambda _host, _address: http.client.HTTPConnection(
            "127.0.0.1", receiver.port, timeout=5
        ),
    )
    yield receiver
    server.shutdown()
    server.server_close()
    thread.join()
