"""None: a browser's calls begin at pages, which are signed in or have a key."""

from typing import Final

from django.urls import URLPattern

urlpatterns: Final[list[URLPattern]] = []
