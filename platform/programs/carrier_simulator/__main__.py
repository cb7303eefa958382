"""One machine's own carrier: `python -m programs.carrier_simulator --port 8950 --state FILE`.

It gives out numbers that are kept for fiction, through Twilio's API, to the account in
TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKENS and to its sub-accounts; `manage.py place_call` rings
them.
"""

import argparse
import logging
import sys
from pathlib import Path

from aiohttp import web

from programs.carrier_simulator.provisioning.api import ProvisioningApi
from programs.carrier_simulator.provisioning.offers import offer_fictional_numbers
from programs.carrier_simulator.provisioning.routing import REGIONS
from programs.carrier_simulator.provisioning.server import provisioning_app
from programs.carrier_simulator.provisioning.state import keep_in
from warmline.kernel.configuration import kinds
from warmline.kernel.configuration.setting import Setting
from warmline.kernel.errors import ConfigurationError

_ACCOUNT_SID = Setting("TWILIO_ACCOUNT_SID", kinds.SECRET, "", frozenset())
_AUTH_TOKEN = Setting("TWILIO_AUTH_TOKENS", kinds.SECRET, "", frozenset())


def main() -> int:
    """Serve until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="python -m programs.carrier_simulator")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--state", type=Path, required=True, help="where its accounts are kept")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    sid, token = _ACCOUNT_SID.given(), _AUTH_TOKEN.given()
    if not sid or not token:
        sys.stderr.write("TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKENS: expected the account\n")
        return 2
    api = ProvisioningApi()
    offer_fictional_numbers(api)
    try:
        keep_in(options.state, api)
    except ConfigurationError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    # What this machine's secrets say counts, whatever was kept.
    api.add_account(sid, token=token, name="This machine's own carrier", regions=REGIONS)
    web.run_app(
        provisioning_app(api), host="127.0.0.1", port=options.port, access_log=None, print=None
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
