"""Demonstration data: real products, producers and places; everything else visibly made up.

Decision numbers begin with DEMO-, GTINs carry the GS1 prefix 952 (demonstrations), every page says
so. All of it is made through the verbs, and comes out the same for the same day.
"""
