"""The baseline: a page of Flask and SQLAlchemy that reads 24 rows and renders 24 cards, no more; and
a form that becomes one row.

PHOHIEN_DATABASE_URL=… granian --interface wsgi benchmarks.bare:app
"""

import os
from uuid import uuid4

from flask import Flask, redirect, render_template_string, request
from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from catalog.models import Product, ProductStatus

INSERT = text("INSERT INTO bench_row (id, at) VALUES (:id, :at)")

PAGE = """<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><title>Bare</title></head><body>
<h1>Products</h1>
{% for p in products %}<article>
<img src="/static/{{ p.illustration }}.svg" alt="" width="400" height="300">
<h2><a href="{{ url_for('listing') }}?p={{ p.slug }}">{{ p.name_vi }}</a></h2>
<p>{{ p.area_text or "" }}</p><p>{{ p.summary_vi or "" }}</p></article>
{% endfor %}
</body></html>"""

app = Flask("bare")
_engine = create_engine(os.environ["PHOHIEN_DATABASE_URL"], isolation_level="AUTOCOMMIT")
_writing = create_engine(os.environ["PHOHIEN_DATABASE_URL"])
_CARDS = (
    select(
        Product.slug, Product.name_vi, Product.illustration, Product.area_text, Product.summary_vi
    )
    .where(Product.status == ProductStatus.PUBLISHED)
    .order_by(Product.status, Product.category_id, Product.id)
    .limit(24)
)


@app.get("/")
def listing() -> str:
    """24 products."""
    with Session(_engine) as session:
        return render_template_string(PAGE, products=session.execute(_CARDS).all())


@app.post("/row")
def row() -> Response:
    """What was sent, kept as one row in a transaction."""
    with Session(_writing) as session:
        session.execute(INSERT, {"id": str(uuid4()), "at": request.form["at"]})
        session.commit()
    return redirect("/hello", code=303)


@app.get("/hello")
def hello() -> str:
    """Nothing at all."""
    return "hello"
