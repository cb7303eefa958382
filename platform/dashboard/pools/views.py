"""The pools; their cards are rendered here only, with the page or alone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from dashboard.pools.cards import pool_cards
from tenants.web import operator_view
from warmline.kernel import clock

PAGE = "dashboard/pools/pools.html"
PARTS = {"cards": "dashboard/pools/_cards.html"}


@operator_view
def pools(request: HttpRequest) -> HttpResponse:
    """Every pool of the platform; `part=cards` gives the cards alone."""
    template = PARTS.get(request.GET.get("part", ""), PAGE)
    return render(request, template, {"section": "pools", "cards": pool_cards(at=clock.now())})
