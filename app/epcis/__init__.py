"""EPCIS 2.0: our facts as events, events of others, both to be asked for.

Owns the repository of events. May import whatever lies below, the API's tokens included; only the
composition root imports it.
"""
