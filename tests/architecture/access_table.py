"""Who gets how far at which address. A line of the table is a decision; the walker tries them all.

Values in braces are filled from a side (see `support.sides`), and so are the parts of an address
that have the same name there; `at` says which other object takes a part's place.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

GUEST, OFFICER, CUSTOMER, PRODUCER = "guest", "officer", "customer", "producer"
CASHIER, MANAGER, KEEPER = "cashier", "point_manager", "stock_keeper"
ROLES = (GUEST, CUSTOMER, PRODUCER, CASHIER, MANAGER, KEEPER, OFFICER)

PASSWORD = "mot cau du dai de nho"
NONE: Mapping[str, Any] = {}


@dataclass(frozen=True)
class Row:
    """What one address answers, and how it is asked.

    `ok` is for the roles `who` with an object of their own side, and for those in `everywhere` with
    any object. The others of `who` get `foreign`, the rest `refused`, guests `guest` when it is
    set and otherwise the way to sign in. `mark` stands on a list once for each object that the
    reader may see.
    """

    who: tuple[str, ...]
    ok: int = 200
    everywhere: tuple[str, ...] = (OFFICER,)
    foreign: int = 403
    refused: int = 403
    guest: int | None = None
    form: Mapping[str, Any] = field(default_factory=dict)
    json: Any = None
    query: Mapping[str, str] = field(default_factory=dict)
    at: Mapping[str, str] = field(default_factory=dict)
    mark: str = ""

    def status(self, role: str, method: str, *, foreign: bool, program: bool) -> int:
        """What `role` must get for an object of its own or of the other side."""
        if role in self.everywhere or (role in self.who and not (foreign and not self.mark)):
            return self.ok
        if role in self.who:
            return self.foreign
        if role != GUEST:
            return self.refused
        return self.guest or (302 if method == "GET" and not program else 401)

    def sees(self, role: str, *, foreign: bool) -> bool:
        """Whether a list shows `role` the mark of its own or the other side."""
        return role in self.everywhere or (role in self.who and not foreign)


def public(ok: int = 200, **more: Any) -> Row:
    """For everyone alike."""
    return Row(ROLES, ok, ROLES, **more)


def own(*who: str, **more: Any) -> Row:
    """For these roles with objects of their own side; officers are named when they may at all."""
    return Row(who, **({"everywhere": tuple({OFFICER} & set(who))} | more))


def page(*who: str, **more: Any) -> Row:
    """For these roles; no object is named."""
    return Row(who, everywhere=who, **more)


AT_TILL, AT_POINT = (CASHIER, MANAGER), (CASHIER, MANAGER, KEEPER, OFFICER)
MANAGES, MOVES_STOCK = (MANAGER, OFFICER), (MANAGER, KEEPER, OFFICER)
MAKES, SIGNED_IN = (PRODUCER, OFFICER), ROLES[1:]

SOME_NEWS = {"title_vi": "Tin", "summary_vi": "Tóm tắt", "body_vi": "Nội dung"}
REASON = {"reason": "Có lý do"}
A_PRINT = {"first": "1", "count": "5", "kind": "pdf", "layout": "a4-20"}
A_LINK = {
    "key": "01",
    "number": "09520000000011",
    "type": "pip",
    "href": "https://example.vn/a",
    "title": "Trang",
}
KEYED = {"key": "một lần"}
QUANTITY_ONE = KEYED | {"quantity": "1"}
SESSION = {"session": "{session_id}"}
RECEIPT = {"number": "receipt"}
MANY = KEYED | {"order": "{order_id}", "act": "accept"}
ORDER_KEY = {"number": "{number}", "phone": "{phone}"}
NAMES = {"name_vi": "Nhãn sấy"}
DECISION = {
    "number": "77/QĐ-UBND",
    "issuer": "UBND tỉnh Hưng Yên",
    "issuer_level": "province",
    "issued_on": "2026-10-01",
    "stars": "4",
    "legal_basis": "148/QĐ-TTg",
}
NEW_LOT = {"article": "{sku_code}", "code": "MOI-1", "quantity": "10", "made_on": "2026-11-01"}
NEW_SKU = {"sku-code": "MOI", "sku-name_vi": "Túi", "sku-net_content": "1", "sku-net_unit": "piece"}
AHEAD = {
    "units": "10",
    "opens_on": "2026-11-24",
    "closes_on": "2026-12-24",
    "ships_from": "2027-07-01",
    "ships_until": "2027-08-01",
}
PRICE = {"price-amount": "90.000", "price-channel": "any", "price-valid_from": "2026-11-24"}
A_PROMOTION = {
    "name_vi": "Mừng mùa nhãn",
    "way": "automatic",
    "kind": "percent",
    "percent": "10",
    "channel": "any",
    "first_day": "2026-11-24",
    "places": "{place_id}",
    "shop": "100",
    "producer": "0",
    "programme": "0",
}
NEW_PASSWORD = {"current": PASSWORD, "password": "mot cau khac dai", "repeated": "mot cau khac dai"}
PERSON = {"name": "Người mới", "active": "y"}
NEW_PERSON = PERSON | {"email": "moi@example.vn", "password": PASSWORD}
ORDER = KEYED | {
    "name": "Nguyễn Thị Lan",
    "phone": "0912345678",
    "delivery": "pickup",
    "point": "{place_id}",
    "pay": "later",
}
NEWCOMER = {"name": "Người mới", "email": "moi@example.vn", "password": PASSWORD}
AN_ADDRESS = {"contact_name": "Nguyễn Thị Lan", "phone": "0912345678", "street": "12 Phố Hiến"}
DONE = {"number": "done_number"}
CARD = {"number": "card_number"}
MONEY = KEYED | REASON | {"amount": "1.000"}
PACKED = {"order_id": "packed_id"}
A_LIST = {
    "carrier": "post",
    "reference": "Bảng kê 2",
    "received_on": "2026-11-24",
    "rows": "PH-26-AAAAAAAA 100.000",
    "step": "check",
}
A_REVIEW = {"line": "{line_id}", "stars": "4", "text": "Ngon", "author": "An"}
AN_ANSWER = {"answer": "Còn"}
NO_TOKEN = {"token": "slug"}  # a link that was never sent
SALE = {
    "session": "{session_id}",
    "key": "00000000-0000-4000-8000-000000000001",
    "lines": [{"sku_id": "{sku_id}", "quantity": 1, "unit_price": 125_000}],
    "tendered": 200_000,
    "sold_at": "2026-11-24T03:00:00Z",
}

SHOP = {
    "GET /": public(),
    "GET /.well-known/gs1resolver": public(),
    "GET /01/<path:_rest>": public(307),
    "GET /414/<path:_rest>": public(307, at={"_rest": "gln_rest"}),
    "GET /417/<path:_rest>": public(307, at={"_rest": "party_rest"}),
    "GET /diem-ban/<code>": public(at={"code": "place_code"}),
    "GET /lo/<article>/<path:code>": public(at={"code": "lot_code", "article": "sku_code"}),
    "GET /ban-do": public(),
    "GET /feeds/google.xml": public(),
    # The paper of a draft; one of a product in the shop is for everyone.
    # Sizes are made by the worker, so there is none to be had here; the name is no secret.
    "GET /anh/<file_name>": public(404),
    "GET /giay-to/<uuid:paper_id>": own(*MAKES, foreign=404, refused=404, guest=404),
    "GET /dang-nhap": Row((GUEST,), everywhere=(GUEST,), refused=302),
    "POST /dang-nhap": public(303, form={"email": "{email}", "password": PASSWORD}),
    "POST /dang-xuat": public(303),
    "GET /mua-vu": public(),
    "GET /chinh-sach": public(),
    "GET /chinh-sach/<slug>": public(at={"slug": "policy"}),
    "GET /chinh-sach/<slug>/<int:number>": public(
        ok=404, at={"slug": "policy", "number": "policy_version"}
    ),
    "GET /diem-ban": public(),
    "GET /don-hang": public(),
    "POST /don-hang": public(303, form=ORDER_KEY),
    "GET /don-hang/<number>": own(CUSTOMER, foreign=302, refused=302, guest=302),
    "POST /don-hang/<number>/huy": own(CUSTOMER, ok=303, foreign=404, refused=404, guest=404),
    "POST /don-hang/<number>/da-chuyen": own(
        CUSTOMER, ok=303, foreign=404, refused=404, guest=404, at={"number": "transfer_number"}
    ),
    "GET /don-hang/<number>/the": own(
        CUSTOMER, ok=303, foreign=404, refused=404, guest=404, at=CARD
    ),
    "POST /don-hang/<number>/the": own(
        CUSTOMER, ok=409, foreign=404, refused=404, guest=404, at=CARD
    ),
    "GET /thanh-toan/vietqr/<code>.<any(svg, png):picture>": public(404),
    "POST /thanh-toan/stripe": public(404),
    "POST /thanh-toan/ngan-hang/<source>": public(404),
    "GET /don-hang/<number>/danh-gia": own(CUSTOMER, foreign=404, refused=404, guest=404, at=DONE),
    "POST /don-hang/<number>/danh-gia": own(
        CUSTOMER, ok=303, foreign=404, refused=404, guest=404, at=DONE, form=A_REVIEW
    ),
    "GET /danh-gia/<token>": public(404, at=NO_TOKEN),
    "POST /danh-gia/<token>": public(404, at=NO_TOKEN, form=A_REVIEW),
    "GET /san-pham/<slug>/danh-gia": public(),
    "GET /san-pham/<slug>/hoi-dap": public(),
    "POST /san-pham/<slug>/hoi": public(303, form={"author": "An", "text": "Còn hàng không?"}),
    "GET /favicon.ico": public(301),
    "GET /gio-hang": public(),
    "POST /gio-hang/sua": public(303, form={"sku": "{sku_id}", "quantity": "2"}),
    "POST /gio-hang/them": public(303, form={"sku": "{sku_id}", "quantity": "1"}),
    "GET /health/live": public(),
    "GET /health/ready": public(),
    "GET /nha-san-xuat/<slug>": public(at={"slug": "producer_slug"}),
    "GET /robots.txt": public(),
    "GET /san-pham": public(),
    "GET /san-pham/": public(301),
    "GET /san-pham.rss": public(),
    "GET /sitemap.xml": public(),
    "GET /sitemap-nha-san-xuat.xml": public(),
    "GET /sitemap-san-pham.xml": public(),
    "GET /sitemap-trang.xml": public(),
    "GET /sitemap-xa.xml": public(),
    "GET /san-pham/<slug>": public(),
    "GET /so-sanh": public(),
    "GET /don-hang/<number>/in": own(CUSTOMER, foreign=302, refused=302, guest=302),
    "POST /don-hang/<number>/rut-dong-y": own(
        CUSTOMER, ok=303, foreign=404, refused=404, guest=404
    ),
    "POST /so-sanh": public(303, form={"add": "long-nhan"}),
    "GET /sitemap-tin-tuc.xml": public(),
    "GET /tin-tuc": public(),
    "GET /tin-tuc.rss": public(),
    "GET /tin-tuc/<slug>": public(at={"slug": "news_slug"}),
    "GET /static/<path:filename>": public(),
    "GET /t/<path:code>": public(307),
    "GET /tim-kiem/goi-y": public(),
    "GET /tai-khoan": page(*SIGNED_IN),
    "POST /tai-khoan/mat-khau": page(*SIGNED_IN, ok=303, form=NEW_PASSWORD),
    "GET /tem": public(),
    "GET /tem/<path:code>": public(),
    "GET /thanh-toan": public(),
    "GET /xa/<slug>": public(at={"slug": "commune"}),
    "POST /thanh-toan": public(form=ORDER),
}

MEMBERS = {
    "GET /bao-khi-co-hang/<token>/huy": public(at=NO_TOKEN),
    "POST /bao-khi-co-hang/<token>/huy": public(303, at=NO_TOKEN),
    "GET /dang-ky": Row((GUEST,), everywhere=(GUEST,), refused=302),
    "POST /dang-ky": public(303, form=NEWCOMER),
    "GET /dat-lai-mat-khau/<token>": public(410, at=NO_TOKEN),
    "POST /dat-lai-mat-khau/<token>": public(410, at=NO_TOKEN, form={"password": PASSWORD}),
    "GET /quen-mat-khau": public(),
    "POST /quen-mat-khau": public(303, form={"email": "{email}"}),
    "POST /san-pham/<slug>/bao-khi-co-hang": public(
        303, form={"sku": "{sku_id}", "email": "moi@example.vn"}
    ),
    "POST /san-pham/<slug>/yeu-thich": page(*SIGNED_IN, ok=303),
    # An address is for its owner alone; not even the office sees it.
    "GET /tai-khoan/dia-chi": page(*SIGNED_IN),
    "GET /tai-khoan/dia-chi/<uuid:address_id>": own(CUSTOMER),
    "POST /tai-khoan/dia-chi/<uuid:address_id>": own(CUSTOMER, ok=303, form=AN_ADDRESS),
    "POST /tai-khoan/dia-chi/<uuid:address_id>/mac-dinh": own(CUSTOMER, ok=303),
    "POST /tai-khoan/dia-chi/<uuid:address_id>/xoa": own(CUSTOMER, ok=303),
    "GET /tai-khoan/dia-chi/moi": page(*SIGNED_IN),
    "POST /tai-khoan/dia-chi/moi": page(*SIGNED_IN, ok=303, form=AN_ADDRESS),
    "GET /tai-khoan/don-hang": page(*SIGNED_IN),
    "POST /tai-khoan/don-hang/<number>/dat-lai": own(CUSTOMER, ok=303, foreign=404, refused=404),
    "GET /tai-khoan/dong-y": page(*SIGNED_IN),
    "POST /tai-khoan/dong-y": page(*SIGNED_IN, ok=303, form={"news": "y"}),
    "GET /tai-khoan/du-lieu.json": page(*SIGNED_IN),
    "GET /tai-khoan/email": page(*SIGNED_IN),
    "POST /tai-khoan/email": page(
        *SIGNED_IN, ok=303, form={"email": "moi@example.vn", "password": PASSWORD}
    ),
    "POST /tai-khoan/gui-lai-xac-nhan": page(*SIGNED_IN, ok=303),
    "POST /tai-khoan/phien/ket-thuc": page(*SIGNED_IN, ok=303),
    "GET /tai-khoan/thong-tin": page(*SIGNED_IN),
    "POST /tai-khoan/thong-tin": page(*SIGNED_IN, ok=303, form={"name": "Người mới"}),
    # An account with work attached is closed by the office.
    "GET /tai-khoan/xoa": page(*SIGNED_IN),
    "POST /tai-khoan/xoa": page(CUSTOMER, ok=303, refused=409, form={"password": PASSWORD}),
    "GET /tai-khoan/yeu-thich": page(*SIGNED_IN),
    "GET /thu-da-gui": public(),
    "GET /xac-nhan/<token>": public(410, at=NO_TOKEN),
    "POST /xac-nhan/<token>": public(410, at=NO_TOKEN),
}

PAYMENTS = {
    "GET /quan-ly/tien-ve": page(OFFICER),
    "GET /quan-ly/tien-ve/<uuid:entry_id>": page(OFFICER),
    "POST /quan-ly/tien-ve/<uuid:entry_id>/khop": page(
        OFFICER, ok=303, form=REASON | {"code": "{payment_code}"}
    ),
    "POST /quan-ly/tien-ve/<uuid:entry_id>/bo-qua": page(OFFICER, ok=303, form=REASON),
    "GET /quan-ly/tien-ve/xac-nhan/<uuid:payment_id>": page(OFFICER),
    "POST /quan-ly/tien-ve/xac-nhan/<uuid:payment_id>": page(OFFICER, ok=303, form=MONEY),
    "POST /quan-ly/tien-ve/thong-bao/<int:notice_id>": page(OFFICER, ok=303),
    "GET /quan-ly/tien-ve/sao-ke": page(OFFICER),
    "POST /quan-ly/tien-ve/sao-ke": page(OFFICER, ok=422),
    "GET /quan-ly/tien-ve/sao-ke/<name>": page(OFFICER, ok=404),
    "POST /quan-ly/tien-ve/sao-ke/<name>": page(OFFICER, ok=404),
    "GET /quan-ly/hoan-tien": own(*MANAGES, mark="{refund_number}"),
    "GET /quan-ly/hoan-tien/<uuid:refund_id>": own(*MANAGES),
    "POST /quan-ly/hoan-tien/<uuid:refund_id>/da-tra": own(*MANAGES, ok=303, form={"proof": "FT1"}),
    "POST /quan-ly/hoan-tien/<uuid:refund_id>/lai": own(
        *MANAGES, ok=303, at={"refund_id": "failed_refund_id"}
    ),
    "GET /quan-ly/hoan-tien/moi/<uuid:payment_id>": own(
        *MANAGES, at={"payment_id": "paid_payment_id"}
    ),
    "POST /quan-ly/hoan-tien/moi/<uuid:payment_id>": own(
        *MANAGES, ok=303, form=MONEY, at={"payment_id": "paid_payment_id"}
    ),
}

INVOICED = {"order_id": "sold_id"}
INVOICES = {
    "GET /quan-ly/hoa-don/": own(*MANAGES, query={"tab": "issued"}, mark="{invoice_number}"),
    "GET /quan-ly/hoa-don/<uuid:invoice_id>": own(*MANAGES),
    "GET /quan-ly/hoa-don/<uuid:invoice_id>/tep.<form>": own(*MANAGES, at={"form": "invoice_form"}),
    "POST /quan-ly/hoa-don/<uuid:invoice_id>/gui-lai": own(
        *MANAGES, ok=303, at={"invoice_id": "refused_invoice_id"}
    ),
    "GET /quan-ly/hoa-don/<uuid:invoice_id>/dieu-chinh": own(*MANAGES),
    "POST /quan-ly/hoa-don/<uuid:invoice_id>/dieu-chinh": own(*MANAGES, ok=303, form=MONEY),
    "GET /quan-ly/hoa-don/<uuid:invoice_id>/thay-the": own(*MANAGES),
    "POST /quan-ly/hoa-don/<uuid:invoice_id>/thay-the": own(*MANAGES, ok=303, form=KEYED | REASON),
    "POST /quan-ly/hoa-don/hoan-tien/<uuid:refund_id>": own(
        *MANAGES, ok=303, at={"refund_id": "invoice_refund_id"}
    ),
    "GET /quan-ly/hoa-don/doi-soat": own(*MANAGES, mark="{sold_id}"),
    "GET /quan-ly/hoa-don/doi-soat.<form>": own(*MANAGES, mark="{sold_number}"),
    "POST /quan-ly/hoa-don/don/<uuid:order_id>": own(*MANAGES, ok=303, at=INVOICED),
    "GET /quan-ly/hoa-don/don/<uuid:order_id>/khong-can": own(*MANAGES, at=INVOICED),
    "POST /quan-ly/hoa-don/don/<uuid:order_id>/khong-can": own(
        *MANAGES, ok=303, form=REASON, at=INVOICED
    ),
    "GET /quan-ly/san-pham/<uuid:product_id>/thue-gtgt": own(OFFICER),
    "POST /quan-ly/san-pham/<uuid:product_id>/thue-gtgt": own(
        OFFICER, ok=303, form={"vat_class": "raw_farm"}
    ),
    "GET /quan-ly/thue-gtgt": page(*MAKES),
}

TILL = {
    "GET /pos/": own(*AT_TILL, mark="{place}"),
    "POST /pos/mo/<uuid:register_id>": own(
        *AT_TILL, ok=303, form={"{register}-float_amount": "500.000"}
    ),
    "GET /pos/<uuid:session_id>/": own(*AT_TILL),
    "GET /pos/<uuid:session_id>/dong": own(*AT_TILL),
    "POST /pos/<uuid:session_id>/dong": own(
        *AT_TILL, ok=303, form={"notes_500000": "1", "other": "125.000"}
    ),
    "GET /pos/<uuid:session_id>/tien": own(*AT_TILL),
    "POST /pos/<uuid:session_id>/tien": own(
        *AT_TILL, ok=303, form=REASON | {"kind": "pay_in", "amount": "50.000"}
    ),
    "GET /pos/<uuid:session_id>/x": own(*AT_TILL),
    "GET /pos/<uuid:session_id>/z": own(*AT_TILL, ok=303),
    "GET /pos/api/keys": own(*AT_TILL, query=SESSION),
    "POST /pos/api/sales": own(*AT_TILL, json=SALE),
    "GET /pos/api/scan": own(*AT_TILL, query=SESSION | {"code": "{code}"}),
    "GET /pos/api/search": own(*AT_TILL, query=SESSION | {"q": "nhan"}),
    "GET /pos/receipts/<number>": own(*AT_TILL, at=RECEIPT),
    "GET /quan-ly/quay/": own(*MANAGES, mark="{place}"),
    "GET /quan-ly/quay/doi-chieu": own(*MANAGES, mark="{place}"),
    "GET /quan-ly/quay/doi-chieu/<uuid:discrepancy_id>": own(*MANAGES),
    "POST /quan-ly/quay/doi-chieu/<uuid:discrepancy_id>": own(
        *MANAGES, ok=303, form={"note": "Đã đếm lại"}
    ),
    "GET /quan-ly/quay/moi": own(*MANAGES, mark="{place}"),
    # The place is chosen from the own ones; another one is no choice.
    "POST /quan-ly/quay/moi": own(
        *MANAGES,
        ok=303,
        foreign=422,
        form={"place": "{place_id}", "code": "MOI1", "name": "Quầy mới"},
    ),
    "GET /quan-ly/quay/phien/<uuid:session_id>": own(*MANAGES),
    "GET /quan-ly/quay/phieu/<number>": own(*MANAGES, at=RECEIPT),
}

STOCK = {
    "GET /quan-ly/khuyen-mai/": own(*MANAGES, mark="{promotion}"),
    "GET /quan-ly/khuyen-mai/moi": own(*MANAGES, mark="{place}"),
    "POST /quan-ly/khuyen-mai/moi": own(*MANAGES, ok=303, foreign=422, form=A_PROMOTION),
    "GET /quan-ly/khuyen-mai/<uuid:promotion_id>": own(*MANAGES),
    "GET /quan-ly/khuyen-mai/<uuid:promotion_id>/sua": own(*MANAGES),
    "POST /quan-ly/khuyen-mai/<uuid:promotion_id>/sua": own(*MANAGES, ok=303, form=A_PROMOTION),
    "POST /quan-ly/khuyen-mai/<uuid:promotion_id>/ket-thuc": own(*MANAGES, ok=303, form=REASON),
    "POST /quan-ly/khuyen-mai/<uuid:promotion_id>/ma": own(*MANAGES, ok=303, form={"count": "2"}),
    "GET /quan-ly/khuyen-mai/<uuid:promotion_id>/ma.csv": own(*MANAGES),
    "GET /quan-ly/don-hang/": own(*MOVES_STOCK, mark="{number}"),
    "GET /quan-ly/don-hang/<uuid:order_id>": own(*MOVES_STOCK),
    "POST /quan-ly/don-hang/<uuid:order_id>/<step>": own(*MOVES_STOCK, ok=303),
    "GET /quan-ly/don-hang/<uuid:order_id>/dong-goi": own(*MOVES_STOCK),
    "POST /quan-ly/don-hang/<uuid:order_id>/dong-goi": own(*MOVES_STOCK),
    "POST /quan-ly/don-hang/<uuid:order_id>/dong-goi/xong": own(*MOVES_STOCK, ok=409),
    "GET /quan-ly/don-hang/<uuid:order_id>/phieu": own(*MOVES_STOCK),
    "GET /quan-ly/don-hang/<uuid:order_id>/thu": own(*MOVES_STOCK),
    "GET /quan-ly/don-hang/<uuid:order_id>/thu/<state>": own(*MOVES_STOCK),
    "POST /quan-ly/don-hang/hang-loat": own(*MOVES_STOCK, ok=303, form=MANY),
    "GET /quan-ly/don-hang/phieu-nhat": page(*MOVES_STOCK),
    "POST /quan-ly/don-hang/phieu-nhat/ke/<uuid:place_id>/<uuid:sku_id>": own(*MOVES_STOCK, ok=303),
    "GET /quan-ly/giao-hang/": own(*MOVES_STOCK, mark="{packed_number}"),
    "GET /quan-ly/giao-hang/<uuid:parcel_id>": own(*MOVES_STOCK),
    "POST /quan-ly/giao-hang/<uuid:parcel_id>/<step>": own(
        *MOVES_STOCK, ok=303, at={"step": "parcel_step"}
    ),
    "POST /quan-ly/giao-hang/<uuid:parcel_id>/ma": own(*MOVES_STOCK, ok=303, form={"number": "X1"}),
    "GET /quan-ly/giao-hang/<uuid:parcel_id>/nhan.pdf": own(*MOVES_STOCK),
    "POST /quan-ly/giao-hang/ban-giao": own(*MOVES_STOCK, ok=303, form={"parcel": "{parcel_id}"}),
    "GET /quan-ly/giao-hang/don/<uuid:order_id>": own(*MOVES_STOCK, at=PACKED),
    "POST /quan-ly/giao-hang/don/<uuid:order_id>": own(
        *MOVES_STOCK, ok=303, at=PACKED, form={"service": "post.standard"}
    ),
    # Money of all places comes in one list.
    "GET /quan-ly/giao-hang/thu-ho": page(OFFICER),
    "POST /quan-ly/giao-hang/thu-ho": page(OFFICER, form=A_LIST),
    "GET /quan-ly/giao-hang/thu-ho/<uuid:remittance_id>": page(OFFICER),
    "POST /quan-ly/giao-hang/thu-ho/dong/<int:line_id>": page(
        OFFICER, ok=303, form={"note": "Đã trả thêm"}, at={"line_id": "money_line_id"}
    ),
    "GET /quan-ly/giao-hang/xuat/<carrier>.csv": page(*MOVES_STOCK),
    "GET /quan-ly/kho/": own(*AT_POINT, mark="{place}"),
    "GET /quan-ly/kho/bien-dong": own(*AT_POINT, mark="{lot}"),
    "GET /quan-ly/kho/bien-dong/<int:movement_id>/dao": own(*MOVES_STOCK),
    "POST /quan-ly/kho/bien-dong/<int:movement_id>/dao": own(
        *MOVES_STOCK, ok=303, form=KEYED | REASON
    ),
    # Goods of any producer may arrive, but only at the own place.
    "GET /quan-ly/kho/nhap": page(*MOVES_STOCK),
    "GET /quan-ly/kho/nhap-khong-lo": page(*MOVES_STOCK),
    "GET /quan-ly/kho/nhap-khong-lo/<uuid:sku_id>": page(*MOVES_STOCK),
    # The article of the side comes by lot, so the form comes back; as for a place of others.
    "POST /quan-ly/kho/nhap-khong-lo/<uuid:sku_id>": own(
        *MOVES_STOCK, ok=422, foreign=422, form=QUANTITY_ONE | {"place": "{place_id}"}
    ),
    "GET /quan-ly/kho/nhap/<uuid:lot_id>": own(*MOVES_STOCK, mark="{place}"),
    "POST /quan-ly/kho/nhap/<uuid:lot_id>": own(
        *MOVES_STOCK, ok=303, foreign=422, form=QUANTITY_ONE | {"place": "{place_id}"}
    ),
    "GET /quan-ly/kho/sap-het": own(*AT_POINT, mark="{place}"),
    "GET /quan-ly/kho/noi/<uuid:place_id>": own(*AT_POINT),
    "GET /quan-ly/kho/noi/<uuid:place_id>/gln": own(*MOVES_STOCK),
    "POST /quan-ly/kho/noi/<uuid:place_id>/gln": own(*MOVES_STOCK, ok=303, form={"gln": ""}),
    "POST /quan-ly/kho/noi/<uuid:place_id>/giu-lai": own(*MOVES_STOCK, ok=303, form={"units": "1"}),
    "GET /quan-ly/kho/noi/<uuid:place_id>/lo/<uuid:lot_id>": own(*MOVES_STOCK),
    "POST /quan-ly/kho/noi/<uuid:place_id>/lo/<uuid:lot_id>/chuyen": own(
        *MOVES_STOCK, ok=303, form=QUANTITY_ONE | {"target": "{elsewhere_id}"}
    ),
    "POST /quan-ly/kho/noi/<uuid:place_id>/lo/<uuid:lot_id>/xuat-huy": own(
        *MOVES_STOCK, ok=303, form=QUANTITY_ONE | REASON
    ),
}

PROGRAMME = {
    "GET /quan-ly/tin-tuc": page(OFFICER),
    "GET /quan-ly/tin-tuc/<uuid:item_id>": own(OFFICER),
    "POST /quan-ly/tin-tuc/<uuid:item_id>": own(OFFICER, ok=303, form=SOME_NEWS),
    "POST /quan-ly/tin-tuc/<uuid:item_id>/lam": own(OFFICER, ok=303, form={"act": "withdraw"}),
    "GET /quan-ly/tin-tuc/<uuid:item_id>/xem-truoc": own(OFFICER),
    "GET /quan-ly/tin-tuc/moi": page(OFFICER),
    "POST /quan-ly/tin-tuc/moi": page(OFFICER, ok=303, form=SOME_NEWS),
    "GET /quan-ly/tu-cam": page(OFFICER),
    "GET /quan-ly/trang-chu": page(OFFICER),
    "GET /quan-ly/trang-chu/<uuid:block_id>": own(OFFICER),
    "POST /quan-ly/trang-chu/<uuid:block_id>": own(OFFICER, ok=303, form={"body_vi": "Chào"}),
    "POST /quan-ly/trang-chu/<uuid:block_id>/lam": own(OFFICER, ok=303, form={"act": "up"}),
    "GET /quan-ly/trang-chu/moi/<kind>": page(OFFICER, at={"kind": "block_kind"}),
    "POST /quan-ly/trang-chu/moi/<kind>": page(
        OFFICER, ok=303, at={"kind": "block_kind"}, form={"body_vi": "Chào"}
    ),
    "GET /quan-ly/trang-chu/xem-truoc": page(OFFICER),
    "GET /quan-ly/bao-cao/ban-hang": own(*MANAGES, mark="{place}"),
    "GET /quan-ly/bao-cao/ban-hang.csv": page(*MANAGES),
    "GET /quan-ly/nguoi-dung": page(OFFICER),
    "GET /quan-ly/nguoi-dung/<uuid:user_id>": own(OFFICER),
    "POST /quan-ly/nguoi-dung/<uuid:user_id>": own(OFFICER, ok=303, form=PERSON),
    "POST /quan-ly/nguoi-dung/<uuid:user_id>/quyen": own(
        OFFICER, ok=303, form={"role": KEEPER, "scope": "place:{place_id}"}
    ),
    "POST /quan-ly/nguoi-dung/<uuid:user_id>/quyen/<uuid:grant_id>/ket-thuc": own(OFFICER, ok=303),
    "GET /quan-ly/nguoi-dung/moi": page(OFFICER),
    "POST /quan-ly/nguoi-dung/moi": page(OFFICER, ok=303, form=NEW_PERSON),
    "GET /quan-ly/nhat-ky": page(OFFICER),
}

CATALOGUE = {
    "GET /quan-ly/danh-gia": page(OFFICER),
    "POST /quan-ly/danh-gia/<uuid:review_id>": own(OFFICER, ok=303, form={"reason": "abuse"}),
    "POST /quan-ly/danh-gia/<uuid:review_id>/tra-loi": own(*MAKES, ok=303, form=AN_ANSWER),
    "GET /quan-ly/hoi-dap": own(*MAKES, mark="{product}"),
    "GET /quan-ly/hoi-dap/danh-gia": own(*MAKES, mark="{product}"),
    "POST /quan-ly/hoi-dap/<uuid:question_id>": own(OFFICER, ok=303, form={"reason": ""}),
    "POST /quan-ly/hoi-dap/<uuid:question_id>/tra-loi": own(*MAKES, ok=303, form=AN_ANSWER),
    "GET /quan-ly/cong-nhan": own(*MAKES, mark="{product}"),
    "GET /quan-ly/cong-nhan/<uuid:recognition_id>/thu-hoi": own(OFFICER),
    "POST /quan-ly/cong-nhan/<uuid:recognition_id>/thu-hoi": own(
        OFFICER, ok=303, form=REASON | {"on": "2026-11-24"}
    ),
    "GET /quan-ly/cong-nhan/<uuid:recognition_id>/ho-so": own(OFFICER),
    "POST /quan-ly/cong-nhan/<uuid:recognition_id>/ho-so": own(
        OFFICER, ok=303, form={"on": "2026-11-24"}
    ),
    "GET /quan-ly/bo-qua/<uuid:sku_id>": own(OFFICER),
    "POST /quan-ly/bo-qua/<uuid:sku_id>": own(
        OFFICER, ok=303, form={"parts-0-code": "", "parts-0-quantity": "1"}
    ),
    "GET /quan-ly/dat-truoc/<uuid:sku_id>": own(OFFICER),
    "POST /quan-ly/dat-truoc/<uuid:sku_id>": own(OFFICER, ok=303, form=AHEAD),
    "POST /quan-ly/dat-truoc/<uuid:sku_id>/dong": own(OFFICER, ok=303),
    "GET /quan-ly/kenh-ban/": page(*MAKES),
    "GET /quan-ly/kenh-ban/<slug>.xlsx": page(*MAKES, at={"slug": "channel"}),
    "GET /quan-ly/nha-san-xuat": own(*MAKES, mark="{producer}"),
    "GET /quan-ly/quyet-dinh": page(*MAKES),
    "GET /quan-ly/quyet-dinh/<uuid:decision_id>": own(*MAKES, mark="{product}"),
    "POST /quan-ly/quyet-dinh/<uuid:decision_id>": own(
        OFFICER, ok=303, form={"product": "{hidden_id}", "stars": "4"}
    ),
    "GET /quan-ly/quyet-dinh/moi": page(OFFICER),
    "POST /quan-ly/quyet-dinh/moi": page(OFFICER, ok=303, form=DECISION),
    "POST /quan-ly/quy-cach/<uuid:sku_id>/gia": own(OFFICER, ok=303, form=PRICE),
    "POST /quan-ly/quy-cach/<uuid:sku_id>/khoi-luong": own(OFFICER, ok=303, form={"weight": "500"}),
    "POST /quan-ly/quy-cach/<uuid:sku_id>/muc-bao": own(OFFICER, ok=303, form={"low_stock": "5"}),
    "GET /quan-ly/san-pham": own(*MAKES, mark="{product}"),
    "GET /quan-ly/san-pham/<uuid:product_id>": own(*MAKES),
    "POST /quan-ly/san-pham/<uuid:product_id>": own(OFFICER, ok=303, form=NAMES),
    "GET /quan-ly/san-pham/<uuid:product_id>/nhan": own(OFFICER),
    "POST /quan-ly/san-pham/<uuid:product_id>/nhan": own(
        OFFICER, ok=303, form={"growing-value": "open"}
    ),
    "GET /quan-ly/san-pham/thieu-nhan": page(*MAKES),
    "GET /quan-ly/san-pham/<uuid:product_id>/xem-truoc": own(*MAKES),
    "POST /quan-ly/san-pham/<uuid:product_id>/dia-chi": own(
        OFFICER, ok=303, form={"slug": "ten-moi"}
    ),
    "POST /quan-ly/san-pham/hang-loat": page(
        OFFICER, form=KEYED | REASON | {"act": "withdraw", "product": "{product_id}"}
    ),
    "GET /quan-ly/lich-su/<kind>/<uuid:key>": own(*MAKES, at={"key": "product_id"}),
    "GET /quan-ly/xuat/san-pham.<form>": own(*MAKES, mark="{product}"),
    "GET /quan-ly/xuat/nha-san-xuat.<form>": own(*MAKES, mark="{producer}"),
    "GET /quan-ly/xuat/cong-nhan.<form>": own(*MAKES, mark="{product}"),
    "GET /quan-ly/xuat/quyet-dinh.<form>": page(*MAKES),
    "GET /quan-ly/nha-san-xuat/<uuid:producer_id>": own(OFFICER),
    "POST /quan-ly/nha-san-xuat/<uuid:producer_id>": own(
        OFFICER, ok=303, form={"name": "HTX Mới", "kind": "company"}
    ),
    "GET /quan-ly/nha-san-xuat/moi": page(OFFICER),
    "POST /quan-ly/nha-san-xuat/moi": page(
        OFFICER, ok=303, form={"name": "HTX Mới", "kind": "company"}
    ),
    "GET /quan-ly/san-pham/<uuid:product_id>/cong-nhan": own(OFFICER),
    "POST /quan-ly/san-pham/<uuid:product_id>/cong-nhan": own(OFFICER, ok=303, form=DECISION),
    "POST /quan-ly/san-pham/<uuid:product_id>/dang-ban": own(OFFICER, ok=303),
    "POST /quan-ly/san-pham/<uuid:product_id>/ngung-ban": own(OFFICER, ok=303, form=REASON),
    "POST /quan-ly/san-pham/<uuid:product_id>/quy-cach": own(OFFICER, ok=303, form=NEW_SKU),
    "GET /quan-ly/san-pham/<uuid:product_id>/giay-to": own(OFFICER),
    "POST /quan-ly/san-pham/<uuid:product_id>/giay-to": own(
        OFFICER, ok=303, form={"kind": "vietgap", "number": "VietGAP-1"}
    ),
    "GET /quan-ly/san-pham/<uuid:product_id>/anh": own(OFFICER),
    # Without a picture the form comes back; those who may not send one get no form.
    "POST /quan-ly/san-pham/<uuid:product_id>/anh": own(OFFICER, ok=422, form={"alt_vi": "Nhãn"}),
    "POST /quan-ly/san-pham/<uuid:product_id>/anh/<uuid:photo_id>": own(
        OFFICER, ok=303, form={"alt_vi": "Nhãn"}
    ),
    "POST /quan-ly/san-pham/<uuid:product_id>/anh/<uuid:photo_id>/lam-lai": own(OFFICER, ok=303),
    "POST /quan-ly/san-pham/<uuid:product_id>/anh/<uuid:photo_id>/len": own(OFFICER, ok=303),
    "POST /quan-ly/san-pham/<uuid:product_id>/anh/<uuid:photo_id>/xuong": own(OFFICER, ok=303),
    "POST /quan-ly/san-pham/<uuid:product_id>/anh/<uuid:photo_id>/xoa": own(OFFICER, ok=303),
    "GET /quan-ly/san-pham/<uuid:product_id>/anh/<uuid:photo_id>/xem": own(*MAKES),
    "GET /quan-ly/san-pham/<uuid:product_id>/kenh-ban": own(OFFICER),
    "POST /quan-ly/san-pham/<uuid:product_id>/kenh-ban": own(
        OFFICER, ok=303, form={"url": "https://tiki.vn/nhan"}
    ),
    "POST /quan-ly/san-pham/<uuid:product_id>/kenh-ban/<uuid:link_id>/xoa": own(OFFICER, ok=303),
    "GET /quan-ly/san-pham/moi": page(OFFICER),
    "GET /quan-ly/san-pham/<uuid:product_id>/mua-vu": own(OFFICER),
    "POST /quan-ly/san-pham/<uuid:product_id>/mua-vu": own(
        OFFICER,
        ok=303,
        form={"from_day": "1", "from_month": "6", "until_day": "31", "until_month": "8"},
    ),
    "GET /quan-ly/chinh-sach": page(OFFICER),
    "GET /quan-ly/chinh-sach/<slug>": page(OFFICER, at={"slug": "policy"}),
    "POST /quan-ly/chinh-sach/<slug>": page(
        OFFICER,
        ok=303,
        at={"slug": "policy"},
        form={"valid_from": "2026-12-01", "body_vi": "Đổi trong 7 ngày"},
    ),
    "GET /quan-ly/san-pham/nhap": page(OFFICER),
    "POST /quan-ly/san-pham/nhap": page(OFFICER, ok=422),
    "GET /quan-ly/san-pham/nhap/<name>": page(OFFICER, ok=404),
    "POST /quan-ly/san-pham/nhap/<name>": page(OFFICER, ok=404),
    "GET /quan-ly/san-pham/nhap/mau.xlsx": page(OFFICER),
    "POST /quan-ly/san-pham/moi": page(
        OFFICER, ok=303, form=NAMES | {"category": "{category_id}", "producer": "{producer_id}"}
    ),
}

TRACEABILITY = {
    "GET /quan-ly/lo": own(*MAKES, mark="{lot}"),
    "GET /quan-ly/lo/<uuid:lot_id>": own(*MAKES),
    "POST /quan-ly/lo/<uuid:lot_id>/ngay": own(
        *MAKES, ok=303, form={"expires_on": "2027-06-01"}, at={"lot_id": "draft_id"}
    ),
    "POST /quan-ly/lo/<uuid:lot_id>/nhat-ky": own(
        *MAKES, ok=303, form={"kind": "note", "occurred_on": "2026-11-20", "text": "Đã kiểm"}
    ),
    "POST /quan-ly/lo/<uuid:lot_id>/phat-hanh": own(*MAKES, ok=303, at={"lot_id": "draft_id"}),
    "POST /quan-ly/lo/<uuid:lot_id>/tam-dung": own(*MAKES, ok=303, form=REASON),
    "GET /quan-ly/thu-hoi": page(OFFICER),
    "GET /quan-ly/thu-hoi/moi/<uuid:lot_id>": page(OFFICER),
    "POST /quan-ly/thu-hoi/moi/<uuid:lot_id>": page(
        OFFICER, ok=303, form={"key": "{lot_id}", "kind": "drill"} | REASON
    ),
    "GET /quan-ly/thu-hoi/<uuid:recall_id>": own(*AT_POINT, foreign=404),
    "POST /quan-ly/thu-hoi/<uuid:recall_id>/noi/<uuid:place_id>": own(
        *MOVES_STOCK, ok=303, form={"found": "1"}
    ),
    "POST /quan-ly/thu-hoi/<uuid:recall_id>/nguoi-mua/<uuid:notice_id>": page(
        OFFICER, ok=404, at={"notice_id": "recall_id"}
    ),
    "POST /quan-ly/thu-hoi/<uuid:recall_id>/dong": page(OFFICER, ok=303, form={"outcome": "Xong"}),
    "GET /quan-ly/thu-hoi/<uuid:recall_id>/bao-cao.csv": page(OFFICER),
    "GET /quan-ly/thu-hoi/cua-toi": page(*AT_POINT),
    "GET /thu-hoi": public(),
    "GET /neo": public(),
    "GET /neo/<day>.json": public(404, at={"day": "code"}),
    "GET /neo/<day>/<article>/<path:code>.json": public(404, at={"day": "code", "article": "code"}),
    "GET /quan-ly/ma-ngoai": page(OFFICER),
    "POST /quan-ly/ma-ngoai": page(OFFICER, ok=422),
    "GET /quan-ly/ma-ngoai/<uuid:sku_id>/<name>": page(OFFICER, ok=404),
    "POST /quan-ly/ma-ngoai/<uuid:sku_id>/<name>": page(OFFICER, ok=404),
    "GET /quan-ly/canh-bao": page(OFFICER),
    "GET /quan-ly/canh-bao/<uuid:case_id>": page(OFFICER, at={"case_id": "stamp_case_id"}),
    "POST /quan-ly/canh-bao/<uuid:case_id>/buoc": page(
        OFFICER, ok=303, form={"to": "looking", "note": "Xem"}, at={"case_id": "stamp_case_id"}
    ),
    "GET /quan-ly/canh-bao/nguong": page(OFFICER),
    "POST /quan-ly/canh-bao/nguong": page(OFFICER, ok=422),
    "GET /quan-ly/canh-bao/phan-anh": page(OFFICER),
    "GET /quan-ly/canh-bao/phan-anh/<uuid:doubt_id>": page(OFFICER),
    "POST /quan-ly/canh-bao/phan-anh/<uuid:doubt_id>/nhan": page(OFFICER, ok=303),
    "POST /quan-ly/canh-bao/phan-anh/<uuid:doubt_id>/tra-loi": page(
        OFFICER, ok=303, form={"text": "Đã xem"}
    ),
    "GET /quan-ly/canh-bao/phan-anh/<uuid:doubt_id>/anh/<uuid:photo_id>": page(
        OFFICER, ok=404, at={"photo_id": "doubt_id"}
    ),
    "GET /quan-ly/lo/moi": page(*MAKES),
    "POST /quan-ly/lo/moi": own(*MAKES, ok=303, form=NEW_LOT),
    "GET /tem/<code>/nghi-ngo": public(),
    "POST /tem/<code>/nghi-ngo": public(303, form={"key": "{code}", "text": "Tem bị dán đè"}),
    "GET /nghi-ngo": public(),
    "GET /nghi-ngo/<ref>": public(404, at={"ref": "code"}),
    "GET /tem/<code>/ma-cao": public(),
    "POST /tem/<code>/ma-cao": public(404, form={"pin": "ABCDEF"}),
    "POST /quan-ly/lo/<uuid:lot_id>/nhat-ky/<int:number>/hien": own(
        *MAKES, ok=303, form={"public": "1"}, at={"number": "entry_number"}
    ),
    "POST /quan-ly/lo/<uuid:lot_id>/nguon": own(*MAKES, ok=422, form={"codes": "KHONG-CO"}),
    "GET /quan-ly/lo/<uuid:lot_id>/tep/<sha256>": own(*MAKES, ok=404, at={"sha256": "name"}),
    "GET /lo/<article>/<path:code>/tep/<sha256>": public(
        404, at={"article": "code", "sha256": "name"}
    ),
    "GET /tem/<code>/noi": public(),
    "POST /tem/<code>/noi": public(409, form={"scan": "made-up", "cell": "206,1060"}),
    "GET /tem/<code>/cam-on": public(),
    "GET /tem/<code>/ho-chieu": public(),
    "GET /lo/<article>/<path:code>/ho-chieu": public(404, at={"article": "code"}),
    "GET /quan-ly/lien-ket": page(OFFICER),
    "GET /quan-ly/lien-ket/moi": page(OFFICER),
    "POST /quan-ly/lien-ket/moi": page(OFFICER, ok=303, form=A_LINK),
    "POST /quan-ly/lien-ket/<uuid:link_id>/ket-thuc": page(
        OFFICER, ok=303, at={"link_id": "resolver_link_id"}
    ),
    "GET /quan-ly/tem": own(*MAKES, mark="{batch}"),
    "GET /quan-ly/tem/<uuid:batch_id>": own(*MAKES),
    "POST /quan-ly/tem/<uuid:batch_id>/duyet": own(
        OFFICER, ok=303, at={"batch_id": "requested_id"}
    ),
    "POST /quan-ly/tem/<uuid:batch_id>/tu-choi": own(
        OFFICER, ok=303, form=REASON, at={"batch_id": "requested_id"}
    ),
    "POST /quan-ly/tem/<uuid:batch_id>/tao-ma": own(
        OFFICER, ok=303, at={"batch_id": "approved_id"}
    ),
    "POST /quan-ly/tem/<uuid:batch_id>/da-in": own(OFFICER, ok=303, at={"batch_id": "issued_id"}),
    "POST /quan-ly/tem/<uuid:batch_id>/da-giao": own(
        OFFICER, ok=303, at={"batch_id": "printed_id"}
    ),
    "POST /quan-ly/tem/<uuid:batch_id>/kich-hoat": own(
        *MAKES, ok=303, form={"a-first": "11", "a-last": "12"}
    ),
    "POST /quan-ly/tem/<uuid:batch_id>/huy": own(
        *MAKES, ok=303, form={"v-first": "11", "v-last": "12", "v-reason": "Hỏng"}
    ),
    "POST /quan-ly/tem/<uuid:batch_id>/huy-mot": own(
        *MAKES, ok=303, form={"o-serial": "{code}", "o-reason": "Hỏng"}
    ),
    "GET /quan-ly/tem/<uuid:batch_id>/in": own(OFFICER),
    "POST /quan-ly/tem/<uuid:batch_id>/in": own(OFFICER, ok=303, form=A_PRINT),
    "GET /quan-ly/tem/<uuid:batch_id>/ma-don": own(OFFICER),
    "GET /quan-ly/tem/in/<uuid:run_id>": own(OFFICER),
    "POST /quan-ly/tem/in/<uuid:run_id>/dung": own(OFFICER, ok=303),
    "POST /quan-ly/tem/in/<uuid:run_id>/tiep": own(
        OFFICER, ok=303, at={"run_id": "stopped_run_id"}
    ),
    "GET /quan-ly/tem/in/<uuid:run_id>/tep": own(OFFICER, ok=409),
    "GET /quan-ly/tem/mau-in": page(OFFICER),
    "POST /quan-ly/tem/mau-in": page(OFFICER, ok=422),
    "GET /quan-ly/tem/moi/<uuid:lot_id>": own(*MAKES),
    "POST /quan-ly/tem/moi/<uuid:lot_id>": own(*MAKES, ok=303, form={"size": "5"}),
}

HAD = {"number": "had_number"}
HIS_CASE = HAD | {"code": "case_number"}
HIDDEN: dict[str, Any] = {"foreign": 404, "refused": 404, "guest": 404}
CLAIM = {"units-{had_line}": "0", "reason": "damaged", "wish": "explanation", "text": "Vỡ"}

AFTER_SALES = {
    "GET /don-hang/<number>/khieu-nai": own(CUSTOMER, **HIDDEN, at=HAD),
    "POST /don-hang/<number>/khieu-nai": own(CUSTOMER, ok=422, **HIDDEN, at=HAD, form=CLAIM),
    "GET /don-hang/<number>/khieu-nai/<code>": own(CUSTOMER, **HIDDEN, at=HIS_CASE),
    "POST /don-hang/<number>/khieu-nai/<code>/tra-loi": own(
        CUSTOMER, ok=303, **HIDDEN, at=HIS_CASE, form={"text": "Thêm"}
    ),
    "POST /don-hang/<number>/khieu-nai/<code>/rut": own(CUSTOMER, ok=303, **HIDDEN, at=HIS_CASE),
    "GET /don-hang/<number>/khieu-nai/<code>/anh/<uuid:photo_id>": own(
        CUSTOMER, **HIDDEN, at=HIS_CASE | {"photo_id": "case_photo_id"}
    ),
    "GET /quan-ly/khieu-nai": own(*MOVES_STOCK, mark="{case_number}"),
    "GET /quan-ly/khieu-nai/<uuid:case_id>": own(*MOVES_STOCK),
    "GET /quan-ly/khieu-nai/<uuid:case_id>/anh/<uuid:photo_id>": own(
        *MOVES_STOCK, at={"photo_id": "case_photo_id"}
    ),
    "POST /quan-ly/khieu-nai/<uuid:case_id>/hoi": own(*MOVES_STOCK, ok=303, form={"text": "Ảnh?"}),
    "POST /quan-ly/khieu-nai/<uuid:case_id>/quyet-dinh": own(
        *MANAGES, ok=303, form=REASON | {"verdict": "refuse", "remedy": "money"}
    ),
    "POST /quan-ly/khieu-nai/<uuid:case_id>/nhan-hang": own(
        *MOVES_STOCK, ok=303, form={"{came}": "1"}, at={"case_id": "awaited_id"}
    ),
    "POST /quan-ly/khieu-nai/<uuid:case_id>/xong": own(
        *MANAGES, ok=303, at={"case_id": "accepted_id"}
    ),
    "GET /quan-ly/khieu-nai/moi/<uuid:order_id>": own(*MOVES_STOCK, at={"order_id": "had_id"}),
    "POST /quan-ly/khieu-nai/moi/<uuid:order_id>": own(
        *MOVES_STOCK, ok=422, form=CLAIM, at={"order_id": "had_id"}
    ),
    "GET /quan-ly/khieu-nai/thong-ke": page(*MOVES_STOCK),
    "GET /quan-ly/khieu-nai/thong-ke.<form>": own(*MOVES_STOCK, mark="{case_number}"),
    "POST /quan-ly/don-hang/<uuid:order_id>/mo-goi": own(
        *MOVES_STOCK, ok=303, form=REASON, at={"order_id": "packed_id"}
    ),
}

CONNECTIONS = {
    "GET /api": public(),
    "GET /api/v1/openapi.json": public(),
    "GET /api/v1/products": public(),
    "GET /api/v1/products/<slug>": public(),
    "GET /api/v1/availability": public(query={"sku": "{sku_code}"}),
    "GET /api/v1/stamps/<serial>": public(at={"serial": "code"}),
    "POST /api/v1/stamps/verify": public(json={"serials": ["{code}"]}),
    # A token opens these, whoever is signed in.
    "GET /api/v1/orders": public(401),
    "GET /api/v1/orders/<number>": public(401),
    # What is public of events anyone may read; the rest is opened by a token too.
    "GET /epcis/events": public(),
    "GET /epcis/events/<path:event_id>": public(404, at={"event_id": "slug"}),
    "GET /epcis/epcs/<path:epc>/events": public(400, at={"epc": "slug"}),
    "POST /epcis/capture": public(401),
    "GET /epcis/capture/<uuid:capture_id>": public(401, at={"capture_id": "lot_id"}),
    # The page is empty: what is on it comes from a file. The pass inside it opens the way for reports.
    "GET /kiem-tra": public(),
    "GET /kiem-tra.js": public(),
    "POST /kiem-tra/bao-cao": public(422),
    "GET /quan-ly/kiem-tra": page(OFFICER),
    # Without a signing key, as here, nothing is taken along.
    "POST /quan-ly/kiem-tra": page(OFFICER, ok=409, form={"batch": "{batch_id}"}),
    "GET /quan-ly/epcis": own(*MAKES, mark="{lot}"),
    "GET /quan-ly/epcis/lo/<uuid:lot_id>/su-kien.jsonld": own(*MAKES),
    "GET /quan-ly/epcis/lo/<uuid:lot_id>/du-lieu.csv": own(*MAKES),
    "GET /quan-ly/epcis/tem/<uuid:batch_id>/su-kien.jsonld": own(*MAKES),
    "GET /quan-ly/ket-noi": page(OFFICER),
    "GET /quan-ly/ket-noi/ma-truy-cap/moi": page(OFFICER),
    "POST /quan-ly/ket-noi/ma-truy-cap/moi": page(
        OFFICER, form={"note": "Sàn", "scopes": "catalogue:read", "reach": "*"}
    ),
    "POST /quan-ly/ket-noi/ma-truy-cap/<uuid:token_id>/thu-hoi": page(OFFICER, ok=303),
    "GET /quan-ly/ket-noi/webhook/moi": page(OFFICER),
    "POST /quan-ly/ket-noi/webhook/moi": page(
        OFFICER,
        form={"note": "Kho", "url": "https://kho.example.vn/a", "events": "order.placed"},
    ),
    "GET /quan-ly/ket-noi/webhook/<uuid:webhook_id>": page(OFFICER),
    "POST /quan-ly/ket-noi/webhook/<uuid:webhook_id>/khoa-moi": page(OFFICER),
    "POST /quan-ly/ket-noi/webhook/<uuid:webhook_id>/bat-tat": page(OFFICER, ok=303),
    "POST /quan-ly/ket-noi/webhook/<uuid:webhook_id>/thu": page(OFFICER, ok=303),
    "POST /quan-ly/ket-noi/lan-gui/<uuid:delivery_id>/gui-lai": page(OFFICER, ok=303),
}

TABLE: dict[str, Row] = (
    SHOP
    | AFTER_SALES
    | MEMBERS
    | PAYMENTS
    | INVOICES
    | TILL
    | STOCK
    | PROGRAMME
    | CATALOGUE
    | TRACEABILITY
    | CONNECTIONS
)
