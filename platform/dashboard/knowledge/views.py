"""The pages of what agents may know."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dashboard.knowledge.forms import (
    ChangeForm,
    CollectionForm,
    FileForm,
    FilterForm,
    KnowledgeForm,
    PageForm,
    QuestionForm,
    ReplaceForm,
    SiteForm,
    TextForm,
)
from dashboard.layout.forms import ActionForm
from rag import actions, collection_actions, queries, quotas
from tenants.permissions import Permission
from tenants.web import TenantRequest, tenant_view
from warmline.kernel.errors import BadInput, Conflict

FOLDER: Final = "dashboard/knowledge"
_KINDS: Final[dict[str, tuple[str, type[KnowledgeForm]]]] = {
    "file": ("File", FileForm),
    "text": ("Text", TextForm),
    "page": ("Web page", PageForm),
    "site-map": ("Site map", SiteForm),
}
_TABS: Final = tuple((kind, label) for kind, (label, _) in _KINDS.items())


@require_GET
@tenant_view(Permission.KNOWLEDGE_READ)
def knowledge(request: TenantRequest) -> HttpResponse:
    """The company's documents, newest first; `part=rows` gives the table alone."""
    form = FilterForm(request.GET if "state" in request.GET else None)
    chosen: dict[str, Any] = {}
    if form.is_bound and form.is_valid():
        chosen = {name: value for name, value in form.cleaned_data.items() if value}
    if "collection_id" in chosen:
        chosen["collection_id"] = UUID(chosen["collection_id"])
    page = queries.documents_page(cursor=request.GET.get("cursor") or None, **chosen)
    parameters = request.GET.copy()
    parameters.pop("part", None)
    context = {
        "section": "knowledge",
        "page": page,
        "form": form,
        "filtered": bool(chosen),
        "parameters": parameters.urlencode(),
        "unfinished": any(document.is_unfinished for document in page.items),
        "quota": quotas.quota(),
    }
    template = "_rows.html" if request.GET.get("part") == "rows" else "knowledge.html"
    return render(request, f"{FOLDER}/{template}", context)


@require_http_methods(["GET", "POST"])
@tenant_view(Permission.KNOWLEDGE_WRITE)
def add(request: TenantRequest, kind: str = "file") -> HttpResponse:
    """Add a document: a file, a text, a page or a site map."""
    if kind not in _KINDS:
        raise Http404("there is no such kind of document")
    label, form_class = _KINDS[kind]
    form = form_class(request.POST or None, request.FILES or None)
    if request.method == "POST" and _done(form, lambda given: _add(kind, **given)):
        messages.success(request, "Added. It answers as soon as it is ready, which is shown here.")
        return redirect("knowledge")
    context = {"section": "knowledge", "form": form, "kind": kind, "label": label, "tabs": _TABS}
    return render(request, f"{FOLDER}/add.html", context, status=_status(form))


@require_GET
@tenant_view(Permission.KNOWLEDGE_READ)
def document(request: TenantRequest, document_id: UUID) -> HttpResponse:
    """One document with its passages; `part=state` gives what changes meanwhile."""
    return _document_page(request, document_id)


@require_POST
@tenant_view(Permission.KNOWLEDGE_WRITE)
def change(request: TenantRequest, document_id: UUID) -> HttpResponse:
    """Change a document's title or collection."""
    form = ChangeForm(request.POST)
    if _done(form, lambda given: _change(document_id, **given)):
        messages.success(request, "Saved.")
        return redirect("document", document_id=document_id)
    return _document_page(request, document_id, change_form=form)


@require_POST
@tenant_view(Permission.KNOWLEDGE_WRITE)
def replace(request: TenantRequest, document_id: UUID) -> HttpResponse:
    """Give a document another content."""
    form = ReplaceForm(request.POST, request.FILES)
    if _done(form, lambda given: _replace(document_id, **given)):
        messages.success(request, "Taken. What was there answers until the new content is ready.")
        return redirect("document", document_id=document_id)
    return _document_page(request, document_id, replace_form=form)


@require_POST
@tenant_view(Permission.KNOWLEDGE_WRITE)
def retry(request: TenantRequest, document_id: UUID) -> HttpResponse:
    """Have a document tried again that failed."""
    try:
        actions.retry_document(document_id)
        messages.success(request, "It is tried again.")
    except Conflict as error:
        messages.error(request, str(error))
    return redirect("document", document_id=document_id)


@require_POST
@tenant_view(Permission.KNOWLEDGE_WRITE)
def fetch_again(request: TenantRequest, document_id: UUID) -> HttpResponse:
    """Have a page or site map read as it is now."""
    actions.replace_with_page(document_id)
    messages.success(request, "It is fetched again. What was there answers until then.")
    return redirect("document", document_id=document_id)


@require_POST
@tenant_view(Permission.KNOWLEDGE_WRITE)
def remove(request: TenantRequest, document_id: UUID) -> HttpResponse:
    """Forget a document."""
    actions.remove_document(document_id)
    messages.success(request, "Removed. It does not answer any more.")
    return redirect("knowledge")


@require_http_methods(["GET", "POST"])
@tenant_view(Permission.KNOWLEDGE_WRITE)
def collections(request: TenantRequest) -> HttpResponse:
    """The collections, and a form for another one."""
    form = CollectionForm(request.POST or None)
    if request.method == "POST" and _done(
        form, lambda given: collection_actions.create_collection(**given)
    ):
        messages.success(request, "The collection is there.")
        return redirect("collections")
    context = {"section": "knowledge", "form": form, "collections": queries.collections()}
    return render(request, f"{FOLDER}/collections.html", context, status=_status(form))


@require_http_methods(["GET", "POST"])
@tenant_view(Permission.KNOWLEDGE_WRITE)
def collection(request: TenantRequest, collection_id: UUID) -> HttpResponse:
    """One collection's name and description."""
    line = queries.collection(collection_id)
    initial = {"name": line.name, "description": line.description}
    form = CollectionForm(request.POST or None, initial=initial)
    if request.method == "POST" and _done(
        form, lambda given: collection_actions.change_collection(collection_id, **given)
    ):
        messages.success(request, "Saved.")
        return redirect("collections")
    context = {"section": "knowledge", "form": form, "collection": line}
    return render(request, f"{FOLDER}/collection.html", context, status=_status(form))


@require_POST
@tenant_view(Permission.KNOWLEDGE_WRITE)
def remove_collection(request: TenantRequest, collection_id: UUID) -> HttpResponse:
    """Remove a collection that is empty."""
    try:
        collection_actions.remove_collection(collection_id)
        messages.success(request, "The collection is removed.")
    except Conflict as error:
        messages.error(request, str(error))
    return redirect("collections")


@require_GET
@tenant_view(Permission.KNOWLEDGE_READ)
def question(request: TenantRequest) -> HttpResponse:
    """Try a question: what would go before the model, and why."""
    asked = "question" in request.GET
    form = QuestionForm(request.GET if asked else None)
    answers: tuple[Any, ...] = ()

    def ask(given: dict[str, Any]) -> None:
        nonlocal answers
        chosen = [UUID(given["collection_id"])] if given["collection_id"] else None
        answers = queries.try_question(given["question"], collection_ids=chosen)

    done = asked and _done(form, ask)
    context = {
        "section": "knowledge",
        "form": form,
        "done": done,
        "answers": answers,
        "fits": any(answer.answers for answer in answers),
    }
    return render(request, f"{FOLDER}/question.html", context, status=_status(form))


def _document_page(
    request: TenantRequest,
    document_id: UUID,
    *,
    change_form: ChangeForm | None = None,
    replace_form: ReplaceForm | None = None,
) -> HttpResponse:
    line = queries.document(document_id)
    context: dict[str, Any] = {"section": "knowledge", "document": line}
    if request.GET.get("part") == "state":
        return render(request, f"{FOLDER}/_state.html", context)
    initial = {"title": line.title, "collection_id": str(line.collection_id)}
    context |= {
        "passages": queries.passages_page(document_id, cursor=request.GET.get("cursor") or None),
        "change_form": change_form or ChangeForm(initial=initial),
        "replace_form": replace_form or ReplaceForm(),
    }
    status = max(_status(form) for form in (context["change_form"], context["replace_form"]))
    return render(request, f"{FOLDER}/document.html", context, status=status)


def _done(form: ActionForm, act: Callable[[dict[str, Any]], object]) -> bool:
    """Whether the form was right and its action did it; else its problems stand in the form."""
    if not form.is_valid():
        return False
    try:
        act(dict(form.cleaned_data))
    except BadInput as error:
        form.add_problem(error)
        return False
    except Conflict as error:
        form.add_error(None, str(error))
        return False
    return True


def _status(form: ActionForm) -> int:
    return 422 if form.is_bound and form.errors else 200


def _add(kind: str, *, collection_id: str, **given: Any) -> None:
    place = UUID(collection_id) if collection_id else None
    if kind == "file":
        file = given["file"]
        actions.queue_file(
            file,
            file_name=file.name,
            title=given["title"],
            media_type=file.content_type or "",
            collection_id=place,
        )
    elif kind == "text":
        actions.queue_text(given["title"], text=given["text"], collection_id=place)
    elif kind == "page":
        actions.queue_page(given["url"], title=given["title"], collection_id=place)
    else:
        actions.queue_site(given["url"], collection_id=place)


def _change(document_id: UUID, *, title: str, collection_id: str) -> None:
    actions.change_document(document_id, title=title, collection_id=UUID(collection_id))


def _replace(document_id: UUID, *, file: Any, text: str, url: str) -> None:
    if file:
        actions.replace_with_file(
            document_id, body=file, file_name=file.name, media_type=file.content_type or ""
        )
    elif text:
        actions.replace_with_text(document_id, text=text)
    else:
        actions.replace_with_page(document_id, url=url)
