"""The addresses of the API: one table for the views, the document and the page about it."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import BaseModel

from app.api import schemas
from app.api.models import Scope
from app.core.text import N_

PREFIX = "/api/v1"


@dataclass(frozen=True)
class Endpoint:
    """One address. `public`: without a token too, less often. `asks` is an example's tail."""

    name: str
    method: str
    path: str
    scope: Scope
    public: bool
    summary: str
    query: type[BaseModel]
    answer: type[BaseModel]
    errors: Sequence[int] = ()
    body: type[BaseModel] | None = None
    detail: str = ""
    asks: str = ""
    sends: str = ""


PRODUCTS = Endpoint(
    "listProducts",
    "GET",
    "/products",
    Scope.CATALOGUE,
    True,
    N_("Products on offer"),
    schemas.ProductQuery,
    schemas.ProductPage,
    detail=N_(
        "Ordered by name. What is withdrawn is no longer listed; its own address then answers 410."
    ),
    asks="?q=nhan&limit=20",
)
PRODUCT = Endpoint(
    "getProduct",
    "GET",
    "/products/{slug}",
    Scope.CATALOGUE,
    True,
    N_("One product"),
    schemas.NoQuery,
    schemas.ProductDetail,
    (404, 410),
)
AVAILABILITY = Endpoint(
    "getAvailability",
    "GET",
    "/availability",
    Scope.AVAILABILITY,
    True,
    N_("What is in stock now"),
    schemas.SkuQuery,
    schemas.AvailabilityList,
    detail=N_("Only what can still be promised: goods set aside for others are not in it."),
    asks="?sku=NHAN-500&sku=MAT-ONG-250",
)
ORDERS = Endpoint(
    "listOrders",
    "GET",
    "/orders",
    Scope.ORDERS,
    False,
    N_("Orders within the reach of the token"),
    schemas.OrderQuery,
    schemas.OrderPage,
    detail=N_("A token reaches all orders, those of one place, or the lines of one producer."),
    asks="?status=accepted",
)
ORDER = Endpoint(
    "getOrder",
    "GET",
    "/orders/{number}",
    Scope.ORDERS,
    False,
    N_("One order"),
    schemas.NoQuery,
    schemas.Order,
    (404,),
)
STAMP = Endpoint(
    "getStamp",
    "GET",
    "/stamps/{serial}",
    Scope.STAMPS,
    True,
    N_("What is known of a stamp"),
    schemas.NoQuery,
    schemas.Stamp,
    detail=N_(
        "The answer is a word in `answer`, for unknown and malformed codes too. It says that a stamp"
        " was issued, never what is in the pack, and it is not counted as a scan."
    ),
)
VERIFY = Endpoint(
    "verifyStamps",
    "POST",
    "/stamps/verify",
    Scope.STAMPS,
    True,
    N_("What is known of many stamps"),
    schemas.NoQuery,
    schemas.StampList,
    body=schemas.StampQuestion,
    detail=N_("Up to 100 at once; not counted as scans."),
    sends='{"serials": ["7K3D 9QWM 2X8R 5TBN"]}',
)

ENDPOINTS = (PRODUCTS, PRODUCT, AVAILABILITY, ORDERS, ORDER, STAMP, VERIFY)

PARAMETERS = {
    "slug": N_("Key of the product, as in its address"),
    "number": N_("Number of the order"),
    "serial": N_("The code on the stamp, in any form in which people type it"),
}

# What any address can answer besides.
ALWAYS = (401, 403, 422, 429, 500, 503)
