"""The whole URL map on one screen: blueprint and prefix."""

from flask import Flask

from app.accounts import staff_views as accounts_staff
from app.accounts import views as accounts
from app.reports import staff_views as reports
from app.storefront import views as storefront
from catalog import staff_views as catalog_staff
from pos.counter import api as counter_api
from pos.counter import staff_views as counter_staff
from pos.counter import views as counter
from pos.sales import staff_views as sales_staff
from pos.stock import staff_views as stock_staff
from traceability import lot_staff_views as lots_staff
from traceability import staff_views as traceability_staff
from traceability import views as traceability

BLUEPRINTS = (
    (storefront.bp, "/"),
    (accounts.bp, "/"),
    (traceability.bp, "/"),
    (counter.bp, "/pos"),
    (counter_api.bp, "/pos/api"),
    (reports.bp, "/quan-ly"),
    (catalog_staff.bp, "/quan-ly"),
    (lots_staff.bp, "/quan-ly/lo"),
    (traceability_staff.bp, "/quan-ly/tem"),
    (stock_staff.bp, "/quan-ly/kho"),
    (sales_staff.bp, "/quan-ly/don-hang"),
    (counter_staff.bp, "/quan-ly/quay"),
    (accounts_staff.bp, "/quan-ly"),
)


def register(app: Flask) -> None:
    """Hang every page into the application."""
    for blueprint, prefix in BLUEPRINTS:
        app.register_blueprint(blueprint, url_prefix=prefix)
