"""`manage.py add_region ap-south --label Mumbai --latitude 19.1 --longitude 72.9 --residency in`"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from inference.fleet import actions
from warmline.kernel.errors import BadInput
from warmline.kernel.regions import redis_urls


class Command(BaseCommand):
    """Makes a region; `manage.py add_pool` gives it pools."""

    help = "Add a region: where it is, and the zone whose data may be kept there."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Its code and its place."""
        parser.add_argument("code", help="what pools, logs and settings call it, such as ap-south")
        parser.add_argument(
            "--label", required=True, help="the place as people say it, such as Mumbai"
        )
        parser.add_argument(
            "--latitude", type=float, required=True, help="degrees, north is positive"
        )
        parser.add_argument(
            "--longitude", type=float, required=True, help="degrees, east is positive"
        )
        parser.add_argument(
            "--residency", required=True, help="the zone whose data may be kept there, such as eu"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Check and make; say what it lacks."""
        place = {name: options[name] for name in ("label", "latitude", "longitude", "residency")}
        try:
            region = actions.add_region(options["code"], **place)
        except BadInput as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{region.code}: {region.label}, residency {region.residency}")
        if region.code not in redis_urls():
            self.stdout.write(
                f"{region.code} has no Redis: add its address to WARMLINE_REGIONS_REDIS everywhere."
            )
        self.stdout.write(
            "It answers once it hears, thinks and speaks: "
            f"manage.py add_pool {region.code}/think/MODEL"
        )
