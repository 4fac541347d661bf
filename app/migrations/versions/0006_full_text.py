"""Full-text search: FTS5 on SQLite, GIN and trigrams (GiST) on PostgreSQL.

A later migration that copies the table `product` on SQLite must make the triggers anew.
"""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

SQLITE = (
    "CREATE VIRTUAL TABLE product_search USING fts5("
    "product_id UNINDEXED, words, tokenize = 'unicode61 remove_diacritics 0', prefix = '2 3')",
    "CREATE VIRTUAL TABLE product_word USING fts5vocab(product_search, row)",
    "CREATE TRIGGER product_search_new AFTER INSERT ON product BEGIN "
    "INSERT INTO product_search (product_id, words) VALUES (new.id, new.search_text); END",
    "CREATE TRIGGER product_search_changed AFTER UPDATE OF search_text ON product "
    "WHEN old.search_text <> new.search_text BEGIN "
    "DELETE FROM product_search WHERE product_id = old.id; "
    "INSERT INTO product_search (product_id, words) VALUES (new.id, new.search_text); END",
    "CREATE TRIGGER product_search_gone AFTER DELETE ON product BEGIN "
    "DELETE FROM product_search WHERE product_id = old.id; END",
    "INSERT INTO product_search (product_id, words) SELECT id, search_text FROM product",
)
# Words are added in one order, so that two transactions that add the same ones never deadlock.
ADD_WORDS = (
    "INSERT INTO search_word SELECT DISTINCT word FROM unnest(tsvector_to_array("
    "to_tsvector('simple', {text}))) AS word ORDER BY word ON CONFLICT DO NOTHING"
)
POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX product_search ON product USING gin (to_tsvector('simple', search_text))",
    "CREATE TABLE search_word (word text PRIMARY KEY)",
    "CREATE INDEX search_word_trigrams ON search_word USING gist (word gist_trgm_ops)",
    "CREATE FUNCTION add_search_words() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    + ADD_WORDS.format(text="new.search_text")
    + "; RETURN NULL; END $$",
    "CREATE TRIGGER product_words AFTER INSERT OR UPDATE OF search_text ON product "
    "FOR EACH ROW EXECUTE FUNCTION add_search_words()",
    "INSERT INTO search_word SELECT DISTINCT word FROM product, unnest(tsvector_to_array("
    "to_tsvector('simple', search_text))) AS word ORDER BY word",
)


def upgrade() -> None:
    product = sa.table("product", sa.column("id"), sa.column("search_text"))
    bind = op.get_bind()
    for key, text in bind.execute(sa.select(product.c.id, product.c.search_text)).all():
        bare = " ".join(re.findall(r"[^\W_]+", unicodedata.normalize("NFC", text)))
        if bare != text:
            bind.execute(product.update().where(product.c.id == key).values(search_text=bare))
    for statement in SQLITE if bind.dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name in ("new", "changed", "gone"):
            op.execute(f"DROP TRIGGER product_search_{name}")
        op.execute("DROP TABLE product_word")
        op.execute("DROP TABLE product_search")
    else:
        op.execute("DROP TRIGGER product_words ON product")
        op.execute("DROP FUNCTION add_search_words")
        op.execute("DROP TABLE search_word")
        op.execute("DROP INDEX product_search")
