"""The register of recognitions: decisions over many products, renewals, papers with their files."""

from uuid import UUID

from flask import Blueprint, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.accounts.access import Permission
from app.accounts.guards import access, actor_id, requires
from app.core import clock
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.paging import page_number
from app.core.web import message_of, read_session, see_other, settings, status_of
from catalog import evidence, files, overview, recognitions
from catalog import products as product_verbs
from catalog.evidence import PaperFile
from catalog.forms import DecisionForm
from catalog.models import Product
from catalog.recognition_models import Decision, IssuerLevel, Recognition
from catalog.recognitions import UnknownDecision, UnknownRecognition
from catalog.register_forms import CoveredForm, FiledForm, PaperForm

bp = Blueprint("register", __name__)

EDIT = Permission.CATALOG_EDIT


@bp.get("/quyet-dinh")
@requires(Permission.CATALOG_VIEW)
def decisions() -> str:
    """All decisions, newest first."""
    page = overview.decisions(read_session(), page_number(request.args.get("page")))
    return render_template("catalog/decisions.html", page=page, may_edit=access().may(EDIT))


@bp.get("/quyet-dinh/moi")
@requires(EDIT)
def new_decision() -> str:
    """Enter a decision."""
    form = DecisionForm(clock.local_day(clock.now()))
    return render_template("catalog/new_decision.html", form=form)


@bp.post("/quyet-dinh/moi")
@requires(EDIT)
def create_decision() -> Response:
    """Keep the decision."""
    now = clock.now()
    form = DecisionForm(clock.local_day(now))
    if not form.validate():
        return make_response(render_template("catalog/new_decision.html", form=form), 422)
    with transaction() as db:
        made = recognitions.record_decision(
            db,
            number=form.number.data,
            issuer=form.issuer.data,
            issuer_level=IssuerLevel.parse(form.issuer_level.data),
            issued_on=form.issued_on.data,
            legal_basis=form.legal_basis.data,
            now=now,
            actor_id=actor_id(),
        )
    flash(_("The decision is kept. Now add the products that it recognises."), "ok")
    return see_other(url_for("register.decision", decision_id=made.id))


def _decision(session: Session, decision_id: UUID) -> Decision:
    found = session.get(Decision, decision_id)
    if found is None:
        raise UnknownDecision
    return found


def _covered_form() -> CoveredForm:
    # Drafts of others are nobody's business who cannot add them.
    return CoveredForm(overview.all_products(read_session()) if access().may(EDIT) else [])


def _decision_page(decision: Decision, form: CoveredForm) -> str:
    mine = access().keys(Permission.CATALOG_VIEW, "producer")
    rows = [
        row
        for row in overview.covered(read_session(), decision.id)
        if mine is None or row.product.producer_id in mine
    ]
    return render_template(
        "catalog/decision.html",
        decision=decision,
        rows=rows,
        may_edit=access().may(EDIT),
        form=form,
        state_on=recognitions.state_on,
        day=clock.local_day(clock.now()),
    )


@bp.get("/quyet-dinh/<uuid:decision_id>")
@requires(Permission.CATALOG_VIEW)
def decision(decision_id: UUID) -> str:
    """One decision with the products that it recognises."""
    return _decision_page(_decision(read_session(), decision_id), _covered_form())


@bp.post("/quyet-dinh/<uuid:decision_id>")
@requires(EDIT)
def cover(decision_id: UUID) -> Response:
    """Add a product to the decision."""
    found, form = _decision(read_session(), decision_id), _covered_form()
    if not form.validate():
        return make_response(_decision_page(found, form), 422)
    try:
        with transaction() as db:
            recognitions.grant(
                db,
                product_verbs.get(db, UUID(form.product.data)),
                _decision(db, decision_id),
                int(form.stars.data),
                score=form.score.data,
                criteria=form.criteria.data or None,
                valid_until=form.valid_until.data,
                now=clock.now(),
                actor_id=actor_id(),
            )
    except DomainError as error:
        form.form_errors.append(message_of(error))
        return make_response(_decision_page(found, form), status_of(error))
    flash(_("The product is recognised."), "ok")
    return see_other(url_for("register.decision", decision_id=decision_id))


def _recognition(session: Session, recognition_id: UUID) -> Recognition:
    found = session.get(Recognition, recognition_id)
    if found is None:
        raise UnknownRecognition
    return found


@bp.get("/cong-nhan/<uuid:recognition_id>/ho-so")
@requires(EDIT)
def ask_when_filed(recognition_id: UUID) -> str:
    """Ask when the dossier for the next period was filed."""
    found = _recognition(read_session(), recognition_id)
    form = FiledForm(on=clock.local_day(clock.now()))
    return render_template("catalog/filed.html", recognition=found, form=form)


@bp.post("/cong-nhan/<uuid:recognition_id>/ho-so")
@requires(EDIT)
def note_filed(recognition_id: UUID) -> Response:
    """Note that it was filed and waits for an answer."""
    found, form = _recognition(read_session(), recognition_id), FiledForm()
    if not form.validate():
        page = render_template("catalog/filed.html", recognition=found, form=form)
        return make_response(page, 422)
    with transaction() as db:
        row = _recognition(db, recognition_id)
        recognitions.file_renewal(db, row, on=form.on.data, now=clock.now(), actor_id=actor_id())
    flash(_("Noted. Until it is answered, the stars end as before."), "ok")
    return see_other(url_for("catalog.product", product_id=found.product_id))


@bp.get("/san-pham/<uuid:product_id>/giay-to")
@requires(EDIT)
def new_paper(product_id: UUID) -> str:
    """File a paper."""
    found = product_verbs.get(read_session(), product_id)
    return render_template("catalog/new_paper.html", product=found, form=PaperForm())


@bp.post("/san-pham/<uuid:product_id>/giay-to")
@requires(EDIT)
def file_paper(product_id: UUID) -> Response:
    """Keep the paper and its file."""
    found, form = product_verbs.get(read_session(), product_id), PaperForm()
    if not form.validate():
        return _paper_page(found, form, 422)
    try:
        # The file is judged and written before the transaction: drawing a picture takes its time.
        kept = _kept_file()
        with transaction() as db:
            evidence.attach(
                db,
                product_verbs.get(db, product_id),
                form.to_paper(),
                kept,
                for_producer=form.for_producer.data,
                now=clock.now(),
                actor_id=actor_id(),
            )
    except DomainError as error:
        form.form_errors.append(message_of(error))
        return _paper_page(found, form, status_of(error))
    flash(_("The paper is filed."), "ok")
    return see_other(url_for("catalog.product", product_id=product_id))


def _paper_page(product: Product, form: PaperForm, status: int) -> Response:
    page = render_template("catalog/new_paper.html", product=product, form=form)
    return make_response(page, status)


def _kept_file() -> PaperFile | None:
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return None
    accepted = files.accept(sent.stream.read(files.MAX_BYTES + 1))
    key = files.keep(settings().instance_dir / "papers", accepted)
    return PaperFile(key, accepted.media_type, sent.filename[:120])
