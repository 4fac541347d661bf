"""Errands of the worker that talk to others, wired for this application."""

from collections.abc import Mapping
from functools import partial

from flask import Flask, render_template

from app.accounts import mail as account_mail
from app.config import Settings
from app.core import mail
from app.jobs import Errand
from app.storefront import mail as shop_mail
from catalog import channel_links, link_fetch, notices, photo_files, photos
from catalog import errands as catalog_errands


def errands(app: Flask) -> Mapping[str, Errand]:
    """Outbox name → function, with this application's templates and mail server."""
    settings: Settings = app.extensions["phohien_settings"]

    def render(language: str, template: str, values: Mapping[str, object]) -> str:
        with app.test_request_context(f"/?lang={language}", base_url=settings.base_url):
            return render_template(template, **values)

    post = mail.Post(settings.mail_sender, settings.base_url, render, _carrier(settings))
    pictures = settings.instance_dir / photo_files.FOLDER
    return {
        photos.MAKE_SIZES: partial(catalog_errands.make_sizes, pictures),
        photos.DROP_FILES: partial(catalog_errands.drop_files, pictures),
        channel_links.LOOK: partial(catalog_errands.look_at_link, link_fetch.ask),
        "order_placed": partial(shop_mail.order_placed, post),
        "ends_soon": partial(notices.ends_soon, post),
        "back_in_stock": partial(shop_mail.back_in_stock, post, settings.secret_key),
        "ask_review": partial(shop_mail.ask_review, post, settings.secret_key),
        "question_answered": partial(shop_mail.question_answered, post),
        "verify_email": partial(account_mail.verify_email, post, settings.secret_key),
        "reset_password": partial(account_mail.reset_password, post, settings.secret_key),
        "already_registered": partial(account_mail.already_registered, post),
    }


def _carrier(settings: Settings) -> mail.Carrier:
    if settings.smtp_host is None:
        return mail.to_folder(settings.instance_dir / "mail")
    return mail.to_server(settings.smtp_host, settings.smtp_port)
