"""Who bears a discount."""

from app.core.enums import LabelledEnum
from app.core.text import N_


class Bearer(LabelledEnum):
    """Whose money a discount is."""

    SHOP = "shop", N_("The shop")
    PRODUCER = "producer", N_("The producer")
    PROGRAMME = "programme", N_("The programme")
