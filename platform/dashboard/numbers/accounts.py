"""From a carrier's trial account to a ringing agent, step by step; and the accounts there are."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from dashboard.numbers.forms import AccountForm, RotationForm
from telephony.carriers import registry
from telephony.numbers import accounts, queries
from telephony.numbers.accounts import CARRIER
from tenants.context import as_tenant, current_tenant_id
from tenants.permissions import Permission
from tenants.web import TenantRequest, tenant_view
from warmline.kernel.errors import BadInput, Unavailable


@tenant_view(Permission.NUMBERS_WRITE, asks_outside=True)
def connect(request: TenantRequest) -> HttpResponse:
    """The guide; its first step takes the credentials and tries them at once."""
    form = AccountForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            account = accounts.connect_account(**form.cleaned_data)
        except BadInput as error:
            form.add_problem(error)
        except Unavailable as error:
            form.add_error(None, f"{error}. Try again in a minute.")
        else:
            messages.success(request, f"Connected: {account.name or account.account_id}.")
            return redirect("number-connect")
    with as_tenant(current_tenant_id()):
        present, numbers = queries.accounts(), queries.numbers()
        answered = (number for number in numbers if number.answers_now == "agent")
        context = {
            "section": "numbers",
            "form": form,
            "accounts": present,
            "numbers": numbers,
            "answered": next(answered, None),
            "has_subaccount": any(account.kind == "subaccount" for account in present),
            "is_simulated": queries.is_simulated(),
            "offers_subaccounts": registry.provisioning(CARRIER).platform_account() is not None,
        }
        status = 422 if form.errors else 200
        return render(request, "dashboard/numbers/connect.html", context, status=status)


@require_POST
@tenant_view(Permission.NUMBERS_WRITE, asks_outside=True)
def subaccount(request: TenantRequest) -> HttpResponse:
    """Have the platform make an account for the company."""
    try:
        accounts.open_subaccount()
    except (BadInput, Unavailable) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Your company has an account of its own now.")
    return redirect("number-connect")


@tenant_view(Permission.NUMBERS_WRITE, asks_outside=True)
def rotate(request: TenantRequest, account_id: UUID) -> HttpResponse:
    """Take an account's new token, once it opens the account."""
    with as_tenant(current_tenant_id()):
        account = queries.account(account_id)
    form = RotationForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            accounts.rotate_account(account_id, **form.cleaned_data)
        except BadInput as error:
            form.add_error("auth_token", str(error))
        except Unavailable as error:
            form.add_error(None, f"{error}. Try again in a minute.")
        else:
            messages.success(request, "The new token is in use.")
            return redirect("number-connect")
    context = {"section": "numbers", "form": form, "account": account}
    status = 422 if form.errors else 200
    with as_tenant(current_tenant_id()):
        return render(request, "dashboard/numbers/rotate.html", context, status=status)


@require_POST
@tenant_view(Permission.NUMBERS_WRITE, asks_outside=True)
def remove(request: TenantRequest, account_id: UUID) -> HttpResponse:
    """Forget an account of the company's own, or close its sub-account."""
    try:
        accounts.remove_account(account_id)
    except (BadInput, Unavailable) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "The account is removed.")
    return redirect("number-connect")
