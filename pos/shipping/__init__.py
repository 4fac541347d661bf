"""Parcels: carriers, zones and weights, tracking, money collected at the door."""
