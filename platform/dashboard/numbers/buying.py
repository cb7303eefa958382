"""Numbers that a company gets: its own ones that are added, others that are searched and bought."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from dashboard.numbers.forms import OwnNumberForm, PurchaseForm, SearchForm, agent_choices
from telephony.carriers.provisioning import AvailableNumber, NumberSearch
from telephony.errors import NumberNotProven
from telephony.numbers import orders, ownership, queries
from tenants.context import as_tenant, current_tenant_id
from tenants.permissions import Permission
from tenants.web import TenantRequest, tenant_view
from warmline.kernel.errors import BadInput, NotFound, Unavailable


@dataclass(frozen=True, slots=True)
class Offer:
    """A number that may be bought, and the address of the page that buys it."""

    e164: str
    place: str
    price: str
    needs_address: bool
    address: str


@tenant_view(Permission.NUMBERS_WRITE, asks_outside=True)
def add(request: TenantRequest) -> HttpResponse:
    """Add a number that is in one of the company's carrier accounts."""
    with as_tenant(current_tenant_id()):
        accounts = queries.accounts()
        form = OwnNumberForm(request.POST if request.method == "POST" else None, accounts=accounts)
    if form.is_bound and form.is_valid():
        try:
            number = ownership.add_own_number(
                form.cleaned_data["e164"],
                account_id=form.cleaned_data["account_id"],
                agent_id=form.cleaned_data["agent_id"] or None,
            )
        except BadInput as error:
            form.add_problem(error)
        except (NumberNotProven, Unavailable) as error:
            form.add_error("e164", str(error))
        else:
            messages.success(request, "The number is yours here. Check it before you call it.")
            return redirect("number", number_id=number.pk)
    context = {"section": "numbers", "form": form, "accounts": accounts}
    status = 422 if form.errors else 200
    with as_tenant(current_tenant_id()):
        return render(request, "dashboard/numbers/add.html", context, status=status)


@tenant_view(Permission.NUMBERS_WRITE, asks_outside=True)
def search(request: TenantRequest) -> HttpResponse:
    """Numbers that may be bought, with their price; nothing is searched before it is asked for."""
    with as_tenant(current_tenant_id()):
        accounts = queries.accounts()
        form = SearchForm(request.GET if "country" in request.GET else None, accounts=accounts)
        choices = agent_choices(nobody="Nobody yet")
    found: Sequence[AvailableNumber] | None = None
    account_id = ""
    if form.is_bound and form.is_valid():
        given = dict(form.cleaned_data)
        account_id = given.pop("account_id")
        given["country"] = given["country"].upper()
        try:
            found = orders.search_numbers(account_id, NumberSearch(**given))
        except (BadInput, NotFound) as error:
            form.add_error(None, str(error))
        except Unavailable as error:
            form.add_error(None, f"{error}. Try again in a minute.")
    context: dict[str, Any] = {
        "section": "numbers",
        "form": form,
        "accounts": accounts,
        "found": None if found is None else [_offer(number, account_id) for number in found],
        "agents": choices,
    }
    with as_tenant(current_tenant_id()):
        status = 422 if form.errors else 200
        return render(request, "dashboard/numbers/search.html", context, status=status)


def _offer(number: AvailableNumber, account_id: str) -> Offer:
    price = ""
    if number.monthly_price is not None:
        price = f"{number.monthly_price / 100:.2f} {number.currency}"
    asked = urlencode({"e164": number.e164, "account_id": account_id, "price": price})
    return Offer(
        e164=number.e164,
        place=number.place or number.country,
        price=price or "by the carrier's list",
        needs_address=number.needs_address,
        address=f"{reverse('number-buy')}?{asked}",
    )


@tenant_view(Permission.NUMBERS_WRITE, asks_outside=True)
def buy(request: TenantRequest) -> HttpResponse:
    """Confirm a number that was found, with what its country asks for, and buy it."""
    with as_tenant(current_tenant_id()):
        accounts = queries.accounts()
        form = PurchaseForm(request.POST if request.method == "POST" else None, accounts=accounts)
    if form.is_bound and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            number = orders.buy_number(
                given.pop("e164"), **{**given, "agent_id": given["agent_id"] or None}
            )
        except BadInput as error:
            form.add_problem(error)
        except Unavailable as error:
            messages.warning(request, str(error))
            return redirect("numbers")
        else:
            messages.success(request, "The number is bought, and its calls come here.")
            return redirect("number", number_id=number.pk)
    if not form.is_bound:
        shown = ("e164", "account_id")
        form.initial.update({name: request.GET[name] for name in shown if name in request.GET})
    context = {
        "section": "numbers",
        "form": form,
        "price": request.GET.get("price", "")[:20],
    }
    status = 422 if form.errors else 200
    with as_tenant(current_tenant_id()):
        return render(request, "dashboard/numbers/buy.html", context, status=status)
