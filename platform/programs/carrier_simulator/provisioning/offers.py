"""Numbers that this carrier gives out: kept for fiction, so that nobody real has them.

Sources: the North American Numbering Plan keeps 555-0100 to 555-0199 of each area code, Ofcom a
thousand numbers of each of some cities, and the Australian authority some of each state.
"""

from typing import Final

from programs.carrier_simulator.provisioning.api import ProvisioningApi

# Of America not those of the demo's own companies, callers and people: 212 and 617.
_PLACES: Final = {
    ("US", "local"): {
        "+1303555": "Denver, CO",
        "+1312555": "Chicago, IL",
        "+1415555": "San Francisco, CA",
        "+1702555": "Las Vegas, NV",
        "+1808555": "Honolulu, HI",
    },
    ("GB", "local"): {
        "+441144960": "Sheffield",
        "+441214960": "Birmingham",
        "+441614960": "Manchester",
    },
    ("AU", "local"): {"+61255500": "Sydney, NSW"},
}
_EACH: Final = 20
_DIGITS_AFTER_PLUS: Final = {"US": 11, "GB": 12, "AU": 11}
_FIRST: Final = 100


def offer_fictional_numbers(api: ProvisioningApi) -> None:
    """Have them offered, with their places and for nothing."""
    for (country, kind), places in _PLACES.items():
        length = _DIGITS_AFTER_PLUS[country] + 1
        api.offered[country, kind] = [
            prefix + str(number).zfill(length - len(prefix))
            for number in range(_FIRST, _FIRST + _EACH)
            for prefix in places
        ]
        api.places |= places
        api.prices[kind] = 0.0
