"""What a company's settings, slug and line of business must be; a refusal names its field."""

from collections.abc import Mapping
from typing import Any, Final
from zoneinfo import available_timezones

from django.apps import apps

from tenants.columns import check_columns
from tenants.models import Tenant
from tenants.types import Residency
from warmline.kernel.errors import BadInput
from warmline.kernel.phone_numbers import dialable_number

OWN: Final = ("name", "time_zone", "residency", "human_number")


def checked_settings(changes: Mapping[str, str]) -> dict[str, str]:
    """The company's own settings as they are kept; `BadInput` names the field."""
    checked = {field: value.strip() for field, value in changes.items()}
    if "name" in checked:
        _check_name(checked["name"])
    if "time_zone" in checked and checked["time_zone"] not in available_timezones():
        raise BadInput(
            f"time zone {checked['time_zone'][:40]!r}: expected one such as Europe/Berlin",
            field="time_zone",
        )
    if "residency" in checked:
        checked["residency"] = one_of(Residency, checked["residency"], field="residency")
    if checked.get("human_number"):
        checked["human_number"] = _dialable(checked["human_number"])
    check_columns(Tenant, checked)
    return checked


def one_of(choices: Any, value: str, *, field: str) -> str:
    """The value, if it is one of the choices."""
    if value not in choices.values:
        raise BadInput(
            f"{field} {value[:40]!r}: expected one of {', '.join(choices.values)}", field=field
        )
    return value


def installed_vertical(vertical: str) -> str:
    """The vertical, if it is installed."""
    if not vertical.isidentifier() or not apps.is_installed(f"verticals.{vertical}"):
        offered = [app.label for app in apps.get_app_configs() if app.name.startswith("verticals.")]
        raise BadInput(
            f"vertical {vertical[:40]!r}: expected one of {', '.join(sorted(offered))}",
            field="vertical",
        )
    return vertical


def checked_slug(slug: str) -> str:
    """The slug, if it is one: words of lower-case letters and digits with hyphens between."""
    check_columns(Tenant, {"slug": slug})
    parts = slug.split("-")
    if not all(part.isascii() and part.isalnum() and part == part.lower() for part in parts):
        raise BadInput(
            f"slug {slug[:70]!r}: expected lower-case letters, digits and single hyphens, such as "
            "rivertown-plumbing",
            field="slug",
        )
    return slug


def _check_name(name: str) -> None:
    if not name:
        raise BadInput("name: expected at least one letter", field="name")
    if len(name.splitlines()) > 1:
        raise BadInput("name: expected one line", field="name")


def _dialable(number: str) -> str:
    try:
        return dialable_number(number)
    except BadInput as error:
        raise BadInput(str(error), field="human_number") from error
