"""Companies as their platform's operators see and change them."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from dashboard.operators.companies.forms import NewCompanyForm, TermsForm
from dashboard.outcomes import done, see
from tenants.company import actions, queries
from tenants.company.founding import create_company
from tenants.company.types import CompanyState
from tenants.context import as_tenant
from tenants.errors import NoMail
from tenants.operators.queries import look_into
from tenants.web import operator_view
from warmline.kernel.errors import BadInput, Conflict

ON_A_PAGE: Final = 50
STEPS: Final[Mapping[str, Callable[..., object]]] = {
    "suspend": actions.suspend_company,
    "resume": actions.resume_company,
    "close": actions.close_company,
    "reopen": actions.reopen_company,
}


@operator_view
def companies(request: HttpRequest) -> HttpResponse:
    """Companies by slug, some at a time."""
    search, state = request.GET.get("search", ""), request.GET.get("state", "")
    lines = queries.companies(
        search=search, state=state, after=request.GET.get("after", ""), limit=ON_A_PAGE + 1
    )
    context = {
        "section": "operator-companies",
        "companies": lines[:ON_A_PAGE],
        "more": lines[ON_A_PAGE - 1].slug if len(lines) > ON_A_PAGE else "",
        "search": search,
        "state": state,
        "states": [str(name) for name in CompanyState],
    }
    return render(request, "dashboard/operators/companies/companies.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@operator_view
def create(request: HttpRequest) -> HttpResponse:
    """A new company, whose owner is invited."""
    form = NewCompanyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            company = create_company(given.pop("slug"), **given).company
        except BadInput as error:
            form.add_problem(error)
        except Conflict as error:
            form.add_error("slug", str(error))
        except NoMail as error:
            form.add_error("owner", str(error))
        else:
            messages.success(
                request, f"{company.name} is made; {given['owner']} is invited to own it."
            )
            return see("operator-company", slug=company.slug)
    context = {"section": "operator-companies", "form": form}
    status = 422 if form.errors else 200
    return render(request, "dashboard/operators/companies/new.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@operator_view
def company(request: HttpRequest, slug: str) -> HttpResponse:
    """One company: a look into it, which its own trail shows; a POST changes its terms."""
    form = TermsForm(request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        try:
            actions.change_terms(slug, **form.cleaned_data)
        except BadInput as error:
            form.add_problem(error)
        else:
            messages.success(request, "Saved. Its next calls go by it.")
            return see("operator-company", slug=slug)
    view = look_into(slug)
    fields = ("plan", "max_concurrent_calls", "call_weight", "warm_replicas")
    initial = {field: getattr(view.company, field) for field in fields}
    context = {
        "section": "operator-companies",
        "view": view,
        "company": view.company,
        "form": form or TermsForm(initial=initial),
    }
    status = 422 if form is not None else 200
    return render(request, "dashboard/operators/companies/company.html", context, status=status)


@require_POST
@operator_view
def step(request: HttpRequest, slug: str, step: str) -> HttpResponse:
    """Suspend, resume, close or reopen it."""
    if step not in STEPS:
        raise Http404(step)
    return done(
        request,
        lambda: _take(step, slug, request.POST),
        told=f"Done: {step}.",
        to="operator-company",
        slug=slug,
    )


def _take(step: str, slug: str, given: Mapping[str, Any]) -> None:
    if step == "suspend":
        actions.suspend_company(slug, because=str(given.get("because", "")))
    elif step == "close":
        with as_tenant(queries.company_line(slug).id):
            actions.close_company(confirmed_name=str(given.get("name", "")))
    else:
        STEPS[step](slug)
