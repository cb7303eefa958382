"""Databases that benches share: filled once by SQL, kept in the installation's folder between runs.

A bench sets this up before it imports what needs Django.
"""

import os

import django

from warmline.kernel import env

# Before the tests' services name a home of their own.
FOLDER = env.home() / "bench"


def set_up() -> None:
    """Name the tests' services, then let Django read its settings."""
    from tests import services

    assert services.home
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "warmline.settings")
    django.setup()
