"""Every table, imported for migrations and nothing else."""

import app.content.models
import app.core.outbox
import app.core.series
import app.storefront.models
import app.storefront.voice_models
import catalog.offer_models
import catalog.recognition_models
import pos.counter.models
import pos.sales.models
from app.core.db import Model

__all__ = ["Model"]

_LOADED = (
    app.content.models,
    app.storefront.voice_models,
    catalog.offer_models,
    app.core.outbox,
    app.core.series,
    app.storefront.models,
    catalog.recognition_models,
    pos.counter.models,
    pos.sales.models,
)
