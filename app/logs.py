"""One JSON line per request: what, how long, which answer; no address, name or query text."""

import sys
import time

import structlog
from flask import Flask, Response, g, request

log = structlog.get_logger()


def _configure() -> None:
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )


def _start() -> None:
    g.started = time.perf_counter()


def _finish(response: Response) -> Response:
    # The route pattern, not the path: paths hold order numbers and serials.
    rule = request.url_rule.rule if request.url_rule else None
    if request.endpoint != "static":
        log.info(
            "request",
            id=g.request_id,
            method=request.method,
            route=rule,
            status=response.status_code,
            ms=round((time.perf_counter() - g.started) * 1000, 1),
        )
    return response


def init_logs(app: Flask) -> None:
    """Register the request log."""
    _configure()
    app.before_request(_start)
    app.after_request(_finish)
