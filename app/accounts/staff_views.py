"""People and their rights, and the audit trail. Both need the right everywhere, not in one place."""

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import audit as trail
from app.accounts import passwords, scopes, users
from app.accounts.access import Permission
from app.accounts.forms import GrantForm, NewPersonForm, PersonForm
from app.accounts.guards import actor_id, demand, requires
from app.accounts.models import User
from app.core import clock
from app.core.db import transaction
from app.core.forms import strip
from app.core.paging import page_number
from app.core.web import read_session, see_other

bp = Blueprint("people", __name__)

P = Permission


@bp.get("/nguoi-dung")
@requires(P.USER_EDIT)
def index() -> ResponseReturnValue:
    """Accounts, searched by name, address or phone."""
    demand(P.USER_EDIT)
    text = strip(request.args.get("q", ""))
    page = users.search(read_session(), text, page_number(request.args.get("page")))
    return render_template(
        "accounts/people.html", page=page, q=text, today=clock.local_day(clock.now())
    )


@bp.get("/nguoi-dung/moi")
@requires(P.USER_EDIT)
def new() -> ResponseReturnValue:
    """The form for a new account."""
    demand(P.USER_EDIT)
    return render_template("accounts/new_person.html", form=NewPersonForm())


@bp.post("/nguoi-dung/moi")
@requires(P.USER_EDIT)
def create() -> ResponseReturnValue:
    """Open an account; rights are given on its page."""
    demand(P.USER_EDIT)
    form = NewPersonForm()
    if not form.validate():
        return render_template("accounts/new_person.html", form=form), 422
    hashed = passwords.hash_password(form.password.data)
    try:
        with transaction() as session:
            user = users.create(
                session,
                email=form.email.data,
                name=form.name.data,
                phone=form.phone.data or None,
                password_hash=hashed,
                now=clock.now(),
                actor_id=actor_id(),
            )
    except (users.BadEmail, users.EmailTaken) as error:
        form.email.errors = [_(error.message)]
        return render_template("accounts/new_person.html", form=form), 422
    flash(_("The account is open. Give it a role now."), "ok")
    return see_other(url_for("people.edit", user_id=user.id))


@bp.get("/nguoi-dung/<uuid:user_id>")
@requires(P.USER_EDIT)
def edit(user_id: UUID) -> ResponseReturnValue:
    """One account with its rights."""
    demand(P.USER_EDIT)
    user = users.get(read_session(), user_id)
    return _person_page(user, PersonForm(formdata=None, obj=user), GrantForm())


@bp.post("/nguoi-dung/<uuid:user_id>")
@requires(P.USER_EDIT)
def save(user_id: UUID) -> ResponseReturnValue:
    """Change name and phone, open or close the account."""
    demand(P.USER_EDIT)
    form = PersonForm()
    if not form.validate():
        return _person_page(users.get(read_session(), user_id), form, GrantForm()), 422
    name, phone, now, actor = form.name.data, form.phone.data or None, clock.now(), actor_id()
    with transaction() as session:
        user = users.get(session, user_id)
        users.revise(session, user, name=name, phone=phone, now=now, actor_id=actor)
        users.set_active(session, user, form.active.data, now=now, actor_id=actor)
    flash(_("Saved."), "ok")
    return see_other(url_for("people.edit", user_id=user_id))


@bp.post("/nguoi-dung/<uuid:user_id>/quyen")
@requires(P.USER_EDIT)
def give(user_id: UUID) -> ResponseReturnValue:
    """Give a role within a scope, from today on."""
    demand(P.USER_EDIT)
    form = GrantForm()
    if not form.validate():
        user = users.get(read_session(), user_id)
        return _person_page(user, PersonForm(formdata=None, obj=user), form), 422
    now = clock.now()
    with transaction() as session:
        users.grant(
            session,
            users.get(session, user_id),
            form.to_role(),
            form.scope.data,
            day=clock.local_day(now),
            now=now,
            actor_id=actor_id(),
        )
    flash(_("The role is given and holds at once."), "ok")
    return see_other(url_for("people.edit", user_id=user_id))


@bp.post("/nguoi-dung/<uuid:user_id>/quyen/<uuid:grant_id>/ket-thuc")
@requires(P.USER_EDIT)
def end(user_id: UUID, grant_id: UUID) -> ResponseReturnValue:
    """End a role at once; it stays in the history."""
    demand(P.USER_EDIT)
    now = clock.now()
    with transaction() as session:
        given = users.get_grant(session, user_id, grant_id)
        yesterday = clock.local_day(now) - timedelta(days=1)
        users.end_grant(session, given, last_day=yesterday, now=now, actor_id=actor_id())
    flash(_("The role has ended."), "ok")
    return see_other(url_for("people.edit", user_id=user_id))


@bp.get("/nhat-ky")
@requires(P.AUDIT_VIEW)
def audit() -> ResponseReturnValue:
    """Who changed what, newest first."""
    demand(P.AUDIT_VIEW)
    wanted = {
        name: strip(request.args.get(name, "")) for name in ("object_type", "object_id", "actor")
    }
    page = trail.lines(read_session(), page_number(request.args.get("page")), **wanted)
    kinds = trail.object_types(read_session())
    return render_template("accounts/audit.html", page=page, kinds=kinds, wanted=wanted)


def _person_page(user: User, form: PersonForm, grant_form: GrantForm) -> str:
    return render_template(
        "accounts/person.html",
        user=user,
        form=form,
        grant_form=grant_form,
        scope_names=scopes.names(read_session()),
        today=clock.local_day(clock.now()),
    )
