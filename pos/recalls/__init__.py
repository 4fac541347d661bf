"""Recalls from the side of those who hold goods: whom one reaches, who was told, what came home.

May import everything below it: aftersales, sales, stock, traceability, catalogue.
"""
