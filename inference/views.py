"""What machines read from this app."""

from django.http import HttpRequest, HttpResponse
from prometheus_client import CONTENT_TYPE_LATEST

from inference.fleet import metrics


def prometheus(request: HttpRequest) -> HttpResponse:
    """Metrics of the pools, in Prometheus' text format."""
    return HttpResponse(metrics.render(), content_type=CONTENT_TYPE_LATEST)
