"""Every table, imported for migrations and nothing else."""

import app.core.outbox
import app.core.series
import app.storefront.models
import catalog.recognition_models
import pos.counter.models
import pos.sales.models
from app.core.db import Model

__all__ = ["Model"]

_LOADED = (
    app.core.outbox,
    app.core.series,
    app.storefront.models,
    catalog.recognition_models,
    pos.counter.models,
    pos.sales.models,
)
