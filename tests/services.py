"""The real services under test: where they are, told to the settings before Django reads them.

A pytest plugin (`-p tests.services` in pyproject.toml), since pytest-django loads the settings
before any conftest. It names addresses in a temporary home; `tests/conftest.py` starts what a test
asks for.
"""

import atexit
import json
import os
import secrets
import shutil
import tempfile
from pathlib import Path

from inference.provisioners.local import FIRST_PORT, PORT_COUNT
from tenants.names import LOGIN_ROLES
from tenants.postgres.roles import RoleUrls, bootstrap_roles, role_urls
from tests.workers import worker_number
from verticals.discovery import vertical_schemas
from warmline.embedded.home import Home, open_home
from warmline.embedded.ports import choose_port
from warmline.embedded.stores import chroma, postgres, valkey
from warmline.kernel import configuration, env
from warmline.kernel.weights import weights_folder

DATABASE = "warmline_test"
REGIONS = ("us-east", "eu-west")

# Installed once by `make test`, in the project's home; everything else lives in a home of the
# tests' own.
weights = weights_folder()
engine_python = configuration.ENGINE_PYTHON.given() or env.home() / "engine" / "bin" / "python"
home: Home = open_home(Path(tempfile.mkdtemp(prefix="warmline-tests-")))
superuser_password = secrets.token_urlsafe(16)
passwords = {role: secrets.token_urlsafe(16) for role in LOGIN_ROLES}
superuser_dsn = postgres.dsn(
    home, user=postgres.SUPERUSER, password=superuser_password, database="postgres"
)
urls: RoleUrls = role_urls(superuser_dsn, database=DATABASE, passwords=passwords)
chroma_port = choose_port("WARMLINE_TEST_CHROMA_PORT", taken=set())

os.environ |= {
    **urls.environment(),
    "WARMLINE_HOME": str(home.root),
    # A worker's replicas never reach for another's port, nor for one of a whole machine under
    # test, which has the first ones.
    "WARMLINE_FIRST_REPLICA_PORT": str(FIRST_PORT + PORT_COUNT * (1 + worker_number())),
    "WARMLINE_ENGINE_PYTHON": str(engine_python),
    "WARMLINE_WEIGHTS": str(weights),
    "WARMLINE_SECRET_KEY": secrets.token_urlsafe(50),
    "WARMLINE_PUBLIC_URL": "http://testserver",
    "WARMLINE_INTERNAL_URL": "http://testserver",
    "WARMLINE_ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "REDIS_URL": valkey.url(home, database=0),
    "CHROMA_URL": chroma.url(chroma_port),
    "WARMLINE_REGIONS_REDIS": json.dumps(
        {
            region: valkey.url(home, database=valkey.FIRST_REGION_DATABASE + n)
            for n, region in enumerate(REGIONS)
        }
    ),
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKENS": "token-of-the-tests",
    # No test asks Twilio itself: those that need it start one on loopback.
    "TWILIO_API_GATEWAY": "http://127.0.0.1:9",
    "WARMLINE_CARRIERS": str(env.REPOSITORY / "tests" / "fakes" / "carriers"),
    "TANDEM_SECRET": "secret-of-the-tests",
}


def bootstrap() -> RoleUrls:
    """Make the login roles and the empty database on the running Postgres; their addresses."""
    schemas = vertical_schemas()
    return bootstrap_roles(superuser_dsn, database=DATABASE, passwords=passwords, schemas=schemas)


@atexit.register
def remove_home() -> None:
    """Remove the temporary home; every service ended with its fixture."""
    shutil.rmtree(home.root, ignore_errors=True)
    shutil.rmtree(home.run, ignore_errors=True)
