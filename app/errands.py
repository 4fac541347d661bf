"""What the worker does with this application's settings: errands to others, and sweeps of its own."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial

from flask import Flask, render_template

from app.accounts import mail as account_mail
from app.api import deliveries, outgoing
from app.api import sending as hooks
from app.config import ROOT, Settings
from app.core import mail
from app.epcis import publishing
from app.jobs import SWEEPS, Errand, Sweep
from app.storefront import mail as shop_mail
from catalog import channel_links, link_fetch, notices, photo_files, photos
from catalog import errands as catalog_errands
from pos.aftersales import mail as case_mail
from pos.aftersales import moves as case_moves
from pos.invoicing import invoices, sending, sweeping
from pos.invoicing.providers import registry as invoicing
from pos.recalls import acting as recalling
from pos.recalls import mail as recall_mail
from pos.sales import card_errands, card_refunds, paying, payment_mail, reallocation
from pos.sales.gateways import registry
from pos.stock import alerts
from pos.stock import mail as stock_mail
from traceability import anchors, digests, print_errands, print_words, prints
from traceability.print_models import PrintRun
from traceability.printing.furniture import Words
from traceability.printing.layouts import Layout

FONTS = ROOT / "node_modules" / "@expo-google-fonts" / "be-vietnam-pro"


def errands(app: Flask) -> Mapping[str, Errand]:
    """Outbox name → function, with this application's templates and mail server."""
    settings: Settings = app.extensions["phohien_settings"]

    def render(language: str, template: str, values: Mapping[str, object]) -> str:
        with app.test_request_context(f"/?lang={language}", base_url=settings.base_url):
            return render_template(template, **values)

    post = mail.Post(settings.mail_sender, settings.base_url, render, _carrier(settings))
    pictures = settings.instance_dir / photo_files.FOLDER
    provider = registry.cards(settings)
    return {
        deliveries.SEND: partial(hooks.send, settings.secret_key, outgoing.post),
        card_errands.SEND: partial(card_errands.pay_back, provider),
        card_errands.LOOK: partial(card_errands.look, provider),
        card_errands.CLOSE: partial(card_errands.close, provider),
        invoices.SEND: partial(sending.run, invoicing.setup(settings).provider),
        card_refunds.TELL_STAFF: partial(payment_mail.payment_notice, post),
        photos.MAKE_SIZES: partial(catalog_errands.make_sizes, pictures),
        photos.DROP_FILES: partial(catalog_errands.drop_files, pictures),
        channel_links.LOOK: partial(catalog_errands.look_at_link, link_fetch.ask),
        alerts.MAIL: partial(stock_mail.runs_short, post),
        case_moves.TELL: partial(case_mail.case_moved, post),
        digests.WORK: partial(print_errands.digest, settings.stamp_keys),
        prints.WORK: partial(print_errands.work, print_shop(app)),
        recalling.TELL_BUYER: partial(recall_mail.recall_notice, post),
        "order_placed": partial(shop_mail.order_placed, post),
        "order_moved": partial(shop_mail.order_moved, post),
        paying.TELL_SHORT: partial(shop_mail.payment_short, post),
        reallocation.TELL: partial(shop_mail.promise_broken, post),
        "ends_soon": partial(notices.ends_soon, post),
        "back_in_stock": partial(shop_mail.back_in_stock, post, settings.secret_key),
        "ask_review": partial(shop_mail.ask_review, post, settings.secret_key),
        "question_answered": partial(shop_mail.question_answered, post),
        "verify_email": partial(account_mail.verify_email, post, settings.secret_key),
        "reset_password": partial(account_mail.reset_password, post, settings.secret_key),
        "already_registered": partial(account_mail.already_registered, post),
        "email_changed": partial(account_mail.email_changed, post),
    }


def print_shop(app: Flask, *, threads: int = 1) -> print_errands.Shop:
    """Where prints of stamps are made, for the worker and for the console."""
    settings: Settings = app.extensions["phohien_settings"]

    def words(run: PrintRun, layout: Layout) -> Words:
        with app.app_context():
            return print_words.words(run, layout)

    folder = settings.instance_dir / prints.FOLDER
    return print_errands.Shop(folder, FONTS, settings.stamp_keys, words, threads)


def sweeps(app: Flask) -> Sequence[Sweep]:
    """Every sweep, those that depend on this application's settings included."""
    settings: Settings = app.extensions["phohien_settings"]
    setup, anchor_key = invoicing.setup(settings), settings.anchor_key
    return (
        *SWEEPS,
        Sweep(
            "anchors of histories",
            timedelta(minutes=30),
            lambda session, now: anchor_key and anchors.make_due(session, anchor_key, now=now),
        ),
        Sweep(
            "events for other systems",
            timedelta(seconds=30),
            lambda session, _now: publishing.publish(
                session, settings.base_url, settings.stamp_keys
            ),
        ),
        Sweep(
            "sales without an invoice",
            timedelta(minutes=1),
            lambda session, now: sweeping.make_missing(session, setup, now=now),
        ),
        Sweep(
            "invoices without an answer",
            timedelta(hours=1),
            lambda session, now: sweeping.ask_again(session, setup, now=now),
        ),
        Sweep(
            "old prints of stamps",
            timedelta(hours=1),
            lambda session, now: print_errands.delete_files(
                settings.instance_dir / prints.FOLDER, prints.forget_old(session, now=now)
            ),
        ),
    )


def _carrier(settings: Settings) -> mail.Carrier:
    if settings.smtp_host is None:
        return mail.to_folder(settings.instance_dir / "mail")
    return mail.to_server(settings.smtp_host, settings.smtp_port)
