"""The composition root: settings in, application out. No side effects beyond that."""

from flask import Flask
from flask_babel import Babel
from werkzeug.middleware.proxy_fix import ProxyFix

from app import blueprints, health, logs, navigation
from app.accounts import scopes
from app.accounts.guards import init_guards
from app.config import ROOT, Settings, from_environment
from app.core import db
from app.core.forgery import init_forgery
from app.core.page_cache import PageCache
from app.core.page_memo import init_page_memo
from app.core.static_files import with_static_files
from app.core.templating import init_templating
from app.core.web import HEADERS, init_web, language
from app.errors import init_errors
from pos.shipping import tariff_files


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application from `settings`, or from the environment. Raises `ConfigError`."""
    settings = settings or from_environment()
    app = Flask(
        "phohien",
        root_path=str(ROOT),
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
    )
    app.config.update(_flask_config(settings))
    app.extensions["phohien_settings"] = settings
    db.use(db.Database(settings.database_url))
    tariff_files.use(tariff_files.load(settings.tariff_dir))
    app.wsgi_app = PageCache(app.wsgi_app, seconds=settings.page_seconds)  # type: ignore[method-assign]
    app.wsgi_app = with_static_files(app.wsgi_app, ROOT / "static", HEADERS)  # type: ignore[method-assign]
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    logs.init_logs(app)
    init_web(app)
    init_guards(app)
    init_forgery(app)
    Babel(app, locale_selector=language)
    init_templating(app)
    navigation.init_navigation(app)
    init_page_memo(app, settings.page_memo, lambda: tuple(navigation.nav_categories()))
    init_errors(app)
    health.init_health(app)
    blueprints.register(app)
    scopes.SCOPE_SOURCES[:] = [navigation.place_scopes, navigation.producer_scopes]
    return app


def _flask_config(settings: Settings) -> dict[str, object]:
    return {
        "SECRET_KEY": settings.secret_key,
        "MAX_CONTENT_LENGTH": settings.max_upload,
        "MAX_FORM_MEMORY_SIZE": 1_000_000,
        "SESSION_COOKIE_NAME": "phohien",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.secure_cookies,
        "PERMANENT_SESSION_LIFETIME": settings.session_lifetime,
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": settings.secure_cookies,
        "BABEL_DEFAULT_LOCALE": "vi",
        "BABEL_DEFAULT_TIMEZONE": "Asia/Ho_Chi_Minh",
        "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "app" / "translations"),
        "SEND_FILE_MAX_AGE_DEFAULT": 3600,
    }
