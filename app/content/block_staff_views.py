"""The blocks of the home page as the office arranges them."""

from uuid import UUID

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import Permission
from app.accounts.guards import actor_id, requires
from app.content import blocks
from app.content.content_forms import BlockForm
from app.content.models import Block, BlockKind
from app.core import clock
from app.core.db import transaction
from app.core.errors import DomainError, NotFound
from app.core.web import message_of, read_session, see_other, status_of

bp = Blueprint("blocks", __name__)

EDIT = Permission.CONTENT_EDIT


@bp.get("/trang-chu")
@requires(EDIT)
def index() -> str:
    """All blocks in their order."""
    rows = blocks.in_order(read_session())
    today = clock.local_day(clock.now())
    seen = blocks.shown_on(rows, today)
    return render_template(
        "content/blocks.html", rows=rows, seen=seen, kinds=list(BlockKind), default=blocks.DEFAULT
    )


def _kind(text: str) -> BlockKind:
    found = next((kind for kind in BlockKind if kind.value == text), None)
    if found is None:
        raise blocks.NoSuchBlock
    return found


def _form(kind: BlockKind, block: Block | None = None) -> BlockForm:
    return BlockForm.for_kind(kind, blocks.makers(read_session()), block)


def _page(form: BlockForm, kind: BlockKind, status: int = 200) -> ResponseReturnValue:
    return render_template("content/block.html", form=form, kind=kind), status


@bp.get("/trang-chu/moi/<kind>")
@requires(EDIT)
def new(kind: str) -> ResponseReturnValue:
    """A form for a block of a kind."""
    return _page(_form(_kind(kind)), _kind(kind))


@bp.post("/trang-chu/moi/<kind>")
@requires(EDIT)
def add(kind: str) -> ResponseReturnValue:
    """Put a block at the end."""
    which = _kind(kind)
    form = _form(which)
    if not form.validate():
        return _page(form, which, 422)
    try:
        with transaction() as session:
            blocks.add(session, which, form.to_content(), now=clock.now(), actor_id=actor_id())
    except DomainError as error:
        form.form_errors.append(message_of(error))
        return _page(form, which, status_of(error))
    return _saved()


@bp.get("/trang-chu/<uuid:block_id>")
@requires(EDIT)
def edit(block_id: UUID) -> ResponseReturnValue:
    """A block in its form."""
    block = blocks.get(read_session(), block_id)
    return _page(_form(block.kind, block), block.kind)


@bp.post("/trang-chu/<uuid:block_id>")
@requires(EDIT)
def revise(block_id: UUID) -> ResponseReturnValue:
    """Change a block."""
    kind = blocks.get(read_session(), block_id).kind
    form = _form(kind)
    if not form.validate():
        return _page(form, kind, 422)
    try:
        with transaction() as session:
            block = blocks.get(session, block_id, lock=True)
            blocks.revise(session, block, form.to_content(), now=clock.now(), actor_id=actor_id())
    except NotFound:
        raise
    except DomainError as error:
        form.form_errors.append(message_of(error))
        return _page(form, kind, status_of(error))
    return _saved()


@bp.post("/trang-chu/<uuid:block_id>/lam")
@requires(EDIT)
def act(block_id: UUID) -> ResponseReturnValue:
    """Move up or down, switch on or off, remove."""
    what, now, actor = request.form.get("act"), clock.now(), actor_id()
    with transaction() as session:
        block = blocks.get(session, block_id, lock=True)
        if what in ("up", "down"):
            blocks.move(session, block, up=what == "up", now=now, actor_id=actor)
        elif what in ("on", "off"):
            blocks.switch(session, block, active=what == "on", now=now, actor_id=actor)
        elif what == "remove":
            blocks.remove(session, block, now=now, actor_id=actor)
    return _saved()


def _saved() -> ResponseReturnValue:
    flash(_("Saved."), "ok")
    return see_other(url_for("blocks.index"))
