"""What is sold: producers, products, SKUs, prices, recognitions.

It never learns what stock is: a shopper's page is composed in `app.storefront`.
"""
