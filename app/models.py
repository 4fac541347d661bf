"""Every table, imported for migrations and nothing else."""

import app.api.models
import app.content.models
import app.core.outbox
import app.core.series
import app.epcis.models
import app.storefront.consent_models
import app.storefront.models
import app.storefront.voice_models
import catalog.offer_models
import catalog.recognition_models
import pos.aftersales.models
import pos.counter.models
import pos.invoicing.models
import pos.promotions.models
import pos.recalls.models
import pos.sales.models
import pos.sales.payment_models
import pos.shipping.models
import traceability.foreign_models
import traceability.history_models
import traceability.print_models
import traceability.resolver_models
import traceability.return_models
import traceability.scan_models
from app.core.db import Model

__all__ = ["Model"]

_LOADED = (
    app.api.models,
    app.content.models,
    app.epcis.models,
    app.storefront.consent_models,
    app.storefront.voice_models,
    catalog.offer_models,
    app.core.outbox,
    app.core.series,
    app.storefront.models,
    catalog.recognition_models,
    pos.aftersales.models,
    pos.counter.models,
    pos.invoicing.models,
    pos.promotions.models,
    pos.recalls.models,
    pos.sales.models,
    pos.shipping.models,
    pos.sales.payment_models,
    traceability.print_models,
    traceability.resolver_models,
    traceability.return_models,
)
