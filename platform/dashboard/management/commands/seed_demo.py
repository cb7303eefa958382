"""`manage.py seed_demo`: the demo's two companies and the regions of one machine."""

from typing import Any

from django.core.management.base import BaseCommand

from dashboard.demo.seeding import seed


class Command(BaseCommand):
    """Safe to run again."""

    help = "Put the demo's regions, companies, agents, numbers and knowledge into the database."

    def handle(self, *args: Any, **options: Any) -> None:
        """Seed, and say who can sign in."""
        for sign_in in seed():
            self.stdout.write(f"{sign_in.name}: {sign_in.email}")
