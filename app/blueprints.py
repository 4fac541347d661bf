"""The whole URL map on one screen: blueprint and prefix."""

from flask import Flask

from app.accounts import own_views as own
from app.accounts import register_views as joining
from app.accounts import staff_views as accounts_staff
from app.accounts import views as accounts
from app.api import docs_views as api_docs
from app.api import staff_views as connections_staff
from app.api import views as api
from app.api import webhook_staff_views as webhooks_staff
from app.content import block_staff_views as blocks_staff
from app.content import claim_staff_views as claims_desk
from app.content import news_staff_views as news_staff
from app.content import policy_staff_views as policy_desk
from app.epcis import staff_views as epcis_staff
from app.epcis import views as epcis
from app.reports import staff_views as reports
from app.storefront import address_views as addresses
from app.storefront import calendar_views, compare_views, find_views, place_views, policy_views
from app.storefront import channel_staff_views as channels
from app.storefront import content_preview_staff_views as content_preview
from app.storefront import feed_views as feeds
from app.storefront import member_views as member
from app.storefront import news_views as news
from app.storefront import order_print_views as order_papers
from app.storefront import point_views as points
from app.storefront import preview_staff_views as preview_staff
from app.storefront import views as storefront
from app.storefront import voice_staff_views as voices_staff
from app.storefront import voice_views as voices
from catalog import bundle_staff_views as sets_staff
from catalog import desk_staff_views as desk_staff
from catalog import export_staff_views as exports_staff
from catalog import label_staff_views as labels_staff
from catalog import link_staff_views as links_staff
from catalog import photo_staff_views as photos_staff
from catalog import photo_views as photo_files
from catalog import preorder_staff_views as preorders_staff
from catalog import producer_staff_views as producers_staff
from catalog import register_staff_views as register_staff
from catalog import season_staff_views as seasons
from catalog import sheet_staff_views as sheets
from catalog import staff_views as catalog_staff
from catalog import vat_staff_views as vat_staff
from catalog import views as catalog
from catalog import weight_staff_views as weights_staff
from pos.aftersales import counter_staff_views as case_counter
from pos.aftersales import staff_views as case_desk
from pos.aftersales import views as cases
from pos.counter import api as counter_api
from pos.counter import staff_views as counter_staff
from pos.counter import views as counter
from pos.invoicing import correction_staff_views as corrections_staff
from pos.invoicing import report_staff_views as invoice_report_staff
from pos.invoicing import staff_views as invoices_staff
from pos.promotions import staff_views as promotions_staff
from pos.recalls import staff_views as recalls_staff
from pos.recalls import views as recalls
from pos.sales import bank_sheet_staff_views as statements_staff
from pos.sales import bank_staff_views as bank_staff
from pos.sales import notice_views as provider_notices
from pos.sales import packing_staff_views as packing_staff
from pos.sales import pay_views as pay
from pos.sales import payment_staff_views as payments_staff
from pos.sales import round_staff_views as rounds_staff
from pos.sales import staff_views as sales_staff
from pos.shipping import remittance_staff_views as remittances_staff
from pos.shipping import staff_views as parcels_staff
from pos.stock import alert_staff_views as alerts_staff
from pos.stock import gln_staff_views as gln_staff
from pos.stock import keeping_staff_views as keeping_staff
from pos.stock import lotless_staff_views as lotless_staff
from pos.stock import staff_views as stock_staff
from traceability import anchor_views as anchors
from traceability import foreign_staff_views as foreign_staff
from traceability import inspect_staff_views as inspections
from traceability import inspect_views as inspect_page
from traceability import journey_views as journeys
from traceability import lot_staff_views as lots_staff
from traceability import page_views as stamp_page
from traceability import passport_views as passports
from traceability import print_staff_views as prints_staff
from traceability import resolver_staff_views as resolver_staff
from traceability import resolver_views as resolver
from traceability import staff_views as traceability_staff
from traceability import views as traceability
from traceability import watch_staff_views as watch

BLUEPRINTS = (
    (storefront.bp, "/"),
    (order_papers.bp, "/"),
    (place_views.bp, "/"),
    (find_views.bp, "/"),
    (compare_views.bp, "/"),
    (calendar_views.bp, "/"),
    (policy_views.bp, "/"),
    (policy_desk.bp, "/quan-ly"),
    (claims_desk.bp, "/quan-ly"),
    (feeds.bp, "/"),
    (news.bp, "/"),
    (blocks_staff.bp, "/quan-ly"),
    (news_staff.bp, "/quan-ly"),
    (content_preview.bp, "/quan-ly"),
    (voices.bp, "/"),
    (voices_staff.bp, "/quan-ly"),
    (accounts.bp, "/"),
    (joining.bp, "/"),
    (own.bp, "/"),
    (member.bp, "/"),
    (addresses.bp, "/"),
    (traceability.bp, "/"),
    (resolver.bp, "/"),
    (stamp_page.bp, "/"),
    (passports.bp, "/"),
    (anchors.bp, "/"),
    (journeys.bp, "/"),
    (points.bp, "/"),
    (points.resolver, "/"),
    (api.bp, "/"),
    (api_docs.bp, "/"),
    (epcis.bp, "/"),
    (epcis_staff.bp, "/quan-ly/epcis"),
    (connections_staff.bp, "/quan-ly"),
    (webhooks_staff.bp, "/quan-ly"),
    (counter.bp, "/pos"),
    (counter_api.bp, "/pos/api"),
    (reports.bp, "/quan-ly"),
    (catalog.bp, "/"),
    (catalog_staff.bp, "/quan-ly"),
    (register_staff.bp, "/quan-ly"),
    (labels_staff.bp, "/quan-ly"),
    (producers_staff.bp, "/quan-ly"),
    (preview_staff.bp, "/quan-ly"),
    (desk_staff.bp, "/quan-ly"),
    (weights_staff.bp, "/quan-ly"),
    (vat_staff.bp, "/quan-ly"),
    (exports_staff.bp, "/quan-ly"),
    (photo_files.bp, "/"),
    (photos_staff.bp, "/quan-ly"),
    (links_staff.bp, "/quan-ly"),
    (sets_staff.bp, "/quan-ly"),
    (preorders_staff.bp, "/quan-ly"),
    (sheets.bp, "/quan-ly"),
    (seasons.bp, "/quan-ly"),
    (channels.bp, "/quan-ly/kenh-ban"),
    (lots_staff.bp, "/quan-ly/lo"),
    (traceability_staff.bp, "/quan-ly/tem"),
    (prints_staff.bp, "/quan-ly/tem"),
    (resolver_staff.bp, "/quan-ly/lien-ket"),
    (watch.bp, "/quan-ly/canh-bao"),
    (inspections.bp, "/quan-ly/kiem-tra"),
    (inspect_page.bp, "/"),
    (foreign_staff.bp, "/quan-ly/ma-ngoai"),
    (recalls_staff.bp, "/quan-ly/thu-hoi"),
    (recalls.bp, "/"),
    (stock_staff.bp, "/quan-ly/kho"),
    (lotless_staff.bp, "/quan-ly/kho"),
    (gln_staff.bp, "/quan-ly/kho"),
    (alerts_staff.bp, "/quan-ly/kho"),
    (keeping_staff.bp, "/quan-ly/kho"),
    (cases.bp, "/"),
    (case_counter.bp, "/quan-ly"),
    (case_desk.bp, "/quan-ly"),
    (packing_staff.bp, "/quan-ly/don-hang"),
    (rounds_staff.bp, "/quan-ly/don-hang"),
    (sales_staff.bp, "/quan-ly/don-hang"),
    (pay.bp, "/"),
    (provider_notices.bp, "/thanh-toan"),
    (bank_staff.bp, "/quan-ly"),
    (statements_staff.bp, "/quan-ly"),
    (payments_staff.bp, "/quan-ly"),
    (invoices_staff.bp, "/quan-ly/hoa-don"),
    (corrections_staff.bp, "/quan-ly/hoa-don"),
    (invoice_report_staff.bp, "/quan-ly/hoa-don"),
    (promotions_staff.bp, "/quan-ly/khuyen-mai"),
    (parcels_staff.bp, "/quan-ly/giao-hang"),
    (remittances_staff.bp, "/quan-ly/giao-hang"),
    (counter_staff.bp, "/quan-ly/quay"),
    (accounts_staff.bp, "/quan-ly"),
)


def register(app: Flask) -> None:
    """Hang every page into the application."""
    for blueprint, prefix in BLUEPRINTS:
        app.register_blueprint(blueprint, url_prefix=prefix)
