"""What operators set: every environment variable that the product reads, in one table.

`PUBLIC_URL.value()` is the setting's value, typed and looked at. `checks.py` looks at all that a
process reads when it starts; deploy/README.md has the table. A carrier's own settings are declared
in its folder.
"""

from pathlib import Path
from typing import Any, Final

from warmline.kernel.configuration import accounts, kinds, speech, webrtc
from warmline.kernel.configuration.setting import DJANGO, Process, Setting

FIRST_REGIONS: Final = ("us-east", "eu-west")
_EVERY: Final[frozenset[Process]] = frozenset({*DJANGO, "media"})
_WARMER: Final[frozenset[Process]] = frozenset({"jobs", "commands"})
_HERE: Final[frozenset[Process]] = frozenset({"serve"})
_REPOSITORY: Final = Path(__file__).resolve().parents[4]
LARGEST_PORT: Final = 65_535
REPLICA_PORTS: Final = 290

PUBLIC_URL: Final = Setting(
    "WARMLINE_PUBLIC_URL",
    kinds.ORIGIN,
    "the address that carriers and browsers use; carriers' signatures and the pages' forms are "
    "checked against it",
    DJANGO,
    default="http://127.0.0.1:8000",
)
INTERNAL_URL: Final = Setting(
    "WARMLINE_INTERNAL_URL",
    kinds.ORIGIN,
    "the address at which media processes reach the web plane's internal listener",
    _EVERY,
    default="http://127.0.0.1:8001",
)
SECRET_KEY: Final = Setting(
    "WARMLINE_SECRET_KEY",
    kinds.SECRET,
    "signs sessions and call tokens",
    DJANGO,
    required=True,
    secret=True,
)
SEALING_KEYS: Final = Setting(
    "WARMLINE_SEALING_KEYS",
    kinds.listed(kinds.SEALING_KEY),
    "seal what companies entrust and the product must read again, as webhooks' secrets: the first "
    "seals, each opens, and so does `WARMLINE_SECRET_KEY`; put a new one in front, and once "
    "`manage.py reseal` has run drop the last",
    DJANGO,
    default=(),
    shown_default="`WARMLINE_SECRET_KEY`",
    secret=True,
)
ALLOWED_HOSTS: Final = Setting(
    "WARMLINE_ALLOWED_HOSTS",
    kinds.listed(kinds.ALLOWED_HOST),
    "hosts that web answers to, beside this machine and those of the two addresses above; one that "
    "begins with a dot stands for all below it",
    DJANGO,
    default=(),
)
DEBUG: Final = Setting(
    "WARMLINE_DEBUG",
    kinds.FLAG,
    "errors are shown with their frames; never set it where others reach the pages",
    DJANGO,
    default=False,
)
DATABASE_URL: Final = Setting(
    "DATABASE_URL",
    kinds.POSTGRES,
    "the database as the app role; libpq's parameters, TLS among them, are taken as they stand",
    DJANGO,
    required=True,
    secret=True,
)
DATABASE_CONTROL_URL: Final = Setting(
    "DATABASE_CONTROL_URL",
    kinds.POSTGRES,
    "the same as the control role: pools and fleet",
    DJANGO,
    default="",
    shown_default="`DATABASE_URL`",
    secret=True,
)
DATABASE_OWNER_URL: Final = Setting(
    "DATABASE_OWNER_URL",
    kinds.POSTGRES,
    "the same as the owner; `migrate` and `check_isolation` alone are given it",
    frozenset({"commands"}),
    default="",
    shown_default="`DATABASE_URL`",
    secret=True,
)
SUPERUSER_URL: Final = Setting(
    "WARMLINE_SUPERUSER_URL",
    kinds.POSTGRES,
    "a superuser's address, for `manage.py bootstrap_roles` alone",
    frozenset({"bootstrap"}),
    required=True,
    secret=True,
)
DATABASE_POOL: Final = Setting(
    "WARMLINE_DATABASE_POOL",
    kinds.whole(1, 1000),
    "connections that a web or jobs process keeps at most",
    DJANGO,
    default=8,
)
PGBOUNCER: Final = Setting(
    "WARMLINE_PGBOUNCER",
    kinds.FLAG,
    "`DATABASE_URL` and `DATABASE_CONTROL_URL` lead through PgBouncer in transaction mode",
    DJANGO,
    default=False,
)
REDIS_URL: Final = Setting(
    "REDIS_URL",
    kinds.REDIS,
    "broker and live views, and in the next numbered database the cache; `rediss://` checks the "
    "certificate, `?ssl_ca_certs=FILE` names who signed it",
    DJANGO,
    required=True,
    secret=True,
)
REGIONS_REDIS: Final = Setting(
    "WARMLINE_REGIONS_REDIS",
    kinds.mapping(keys=kinds.REGION, values=kinds.REDIS),
    "each region's own Redis, as the process that reads this may use it",
    _EVERY,
    default={},
    shown_default="no region",
    secret=True,
)
API_LIMITS: Final = Setting(
    "WARMLINE_API_LIMITS",
    kinds.FLAG,
    "requests of the API are limited by key and company, as the plan says; off where a gateway in "
    "front of web does that",
    DJANGO,
    default=True,
)
RECORDINGS: Final = Setting(
    "WARMLINE_RECORDINGS",
    kinds.STORE,
    "where recordings lie: a folder, or an S3-compatible bucket, which several web processes need; "
    "its keys and endpoint are `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_REGION` and "
    "`AWS_ENDPOINT_URL`",
    DJANGO,
    default="",
    shown_default="`state/recordings` in the home",
)
RECORDINGS_OVER_HTTP: Final = Setting(
    "AWS_ALLOW_HTTP",
    kinds.FLAG,
    "the buckets may be spoken to without TLS, inside a cluster",
    DJANGO,
    default=False,
)
DOCUMENTS: Final = Setting(
    "WARMLINE_DOCUMENTS",
    kinds.STORE,
    "where uploaded documents and the indexes of their words lie: a folder, or a bucket as for "
    "recordings, which several web or jobs processes need",
    DJANGO,
    default="",
    shown_default="`state/documents` in the home",
)
DOCUMENT_MB: Final = Setting(
    "WARMLINE_DOCUMENT_MB",
    kinds.whole(1, 1000),
    "how large an uploaded document may be, in MB",
    DJANGO,
    default=50,
)
KNOWLEDGE_DOCUMENTS: Final = Setting(
    "WARMLINE_KNOWLEDGE_DOCUMENTS",
    kinds.whole(1, 1_000_000),
    "how many documents a company may have",
    DJANGO,
    default=5000,
)
KNOWLEDGE_PASSAGES: Final = Setting(
    "WARMLINE_KNOWLEDGE_PASSAGES",
    kinds.whole(1, 10_000_000),
    "how many passages a company's documents may have in all",
    DJANGO,
    default=200_000,
)
WORD_INDEX_MB: Final = Setting(
    "WARMLINE_WORD_INDEX_MB",
    kinds.whole(1, 100_000),
    "memory in which a process keeps the indexes of words that were asked last; 100,000 passages "
    "take about 40 MB",
    DJANGO,
    default=256,
)
CHROMA_URL: Final = Setting(
    "CHROMA_URL",
    kinds.ORIGIN,
    "knowledge; it has no authentication, so bind it privately",
    DJANGO,
    default="http://127.0.0.1:8900",
)
OUTBOUND_NETWORKS: Final = Setting(
    "WARMLINE_OUTBOUND_NETWORKS",
    kinds.listed(kinds.NETWORK),
    "private networks that companies' webhooks and the pages they give as knowledge may reach, at "
    "any port; all others are refused",
    DJANGO,
    default=(),
    shown_default="none: the public internet alone",
)
CARRIERS: Final = Setting(
    "WARMLINE_CARRIERS",
    kinds.FOLDERS,
    "folders that hold further carriers' folders, by their whole paths",
    _EVERY,
    default=(),
)
THINK_URL: Final = Setting(
    "WARMLINE_THINK_URL",
    kinds.ENDPOINT,
    "any OpenAI-compatible endpoint in place of the own pools",
    _EVERY,
    default="",
)
THINK_MODEL: Final = Setting(
    "WARMLINE_THINK_MODEL",
    kinds.TEXT,
    "the model's name there; without such an endpoint the folder of weights that replicas of this "
    "machine load",
    _EVERY,
    default="",
)
THINK_KEY: Final = Setting(
    "WARMLINE_THINK_KEY",
    kinds.KEY,
    "the key that goes to that address only; without one, to each fixed think endpoint that has no "
    "key of its own",
    _EVERY,
    default="",
    secret=True,
)
POOL_KEYS: Final = Setting(
    "WARMLINE_POOL_KEYS",
    kinds.mapping(keys=kinds.POOL, values=kinds.KEY),
    "the keys of pools at a fixed URL; they stand in no row, plan, event or log",
    _EVERY,
    default={},
    secret=True,
)
MEDIA_SLOTS: Final = Setting(
    "WARMLINE_MEDIA_SLOTS",
    kinds.whole(1, 10_000),
    "calls that a media process takes",
    frozenset({"media"}),
    default=200,
)
MEDIA_DRAIN_S: Final = Setting(
    "WARMLINE_MEDIA_DRAIN_S",
    kinds.seconds(0, 86_400),
    "the time that a media process gives its calls when it is told to end",
    frozenset({"media"}),
    default=20.0,
)
PROVISIONER: Final = Setting(
    "WARMLINE_PROVISIONER",
    kinds.PROVISIONER,
    "who starts replicas: this machine, or a cluster",
    _WARMER,
    default="local",
)
POOL_PROVISIONERS: Final = Setting(
    "WARMLINE_POOL_PROVISIONERS",
    kinds.mapping(keys=kinds.POOL, values=kinds.PROVISIONER),
    "the same for single pools",
    _WARMER,
    default={},
)
KUBERNETES_NAMESPACE: Final = Setting(
    "WARMLINE_KUBERNETES_NAMESPACE",
    kinds.NAMESPACE,
    "the Deployments' namespace",
    _WARMER,
    default="warmline",
)
KUBERNETES_CONTEXTS: Final = Setting(
    "WARMLINE_KUBERNETES_CONTEXTS",
    kinds.mapping(keys=kinds.REGION, values=kinds.TEXT),
    "regions in clusters of their own, by the kubeconfig's contexts",
    _WARMER,
    default={},
    shown_default="the cluster that the jobs run in, else the kubeconfig's current context",
)
KUBERNETES_FLOORS: Final = Setting(
    "WARMLINE_KUBERNETES_FLOORS",
    kinds.mapping(keys=kinds.POOL, values=kinds.one_of("hpa", "keda")),
    "pools that an autoscaler of the same name scales, of which the warmer writes the floor",
    _WARMER,
    default={},
)
STARTS_AT_ONCE: Final = Setting(
    "WARMLINE_STARTS_AT_ONCE",
    kinds.whole(1, 100),
    "replicas that may start side by side on one machine; two would slow each other down",
    _WARMER,
    default=1,
)
FIRST_REPLICA_PORT: Final = Setting(
    "WARMLINE_FIRST_REPLICA_PORT",
    kinds.whole(1024, LARGEST_PORT + 1 - REPLICA_PORTS),
    f"the first of the {REPLICA_PORTS} loopback ports from which replicas of one machine are given "
    "theirs; where two homes run on one machine, another for the second",
    _WARMER,
    default=28_700,
)
ENGINE_PYTHON: Final = Setting(
    "WARMLINE_ENGINE_PYTHON",
    kinds.PATH,
    "the Python of vLLM's environment",
    _WARMER,
    shown_default="`engine/bin/python` in the home",
)
SUPERVISOR: Final = Setting(
    "WARMLINE_SUPERVISOR",
    kinds.PATH,
    "the socket of the supervisor that starts replicas; `make serve` sets it",
    _WARMER,
    shown_default="no supervisor",
)
HOME: Final = Setting(
    "WARMLINE_HOME",
    kinds.PATH,
    "the folder of all state and environments",
    frozenset({*_EVERY, *_HERE}),
    default=_REPOSITORY / ".warmline",
    shown_default="`.warmline` beside the code",
)
DEMO_PASSWORD: Final = Setting(
    "WARMLINE_DEMO_PASSWORD",
    kinds.SECRET,
    "the password of the demo's sign-ins",
    frozenset({"commands"}),
    default="",
    shown_default="one drawn for this machine",
    secret=True,
)
REGIONS: Final = Setting(
    "WARMLINE_REGIONS",
    kinds.listed(kinds.REGION),
    "the regions of one machine, each with a media process",
    _HERE,
    default=FIRST_REGIONS,
    shown_default="`us-east,eu-west`",
)


def _port(name: str, meaning: str, default: str) -> Setting[int]:
    return Setting(name, kinds.PORT, meaning, _HERE, shown_default=default)


WEB_PORT: Final = _port(
    "WARMLINE_WEB_PORT",
    "the web plane's port on one machine",
    "8000, else any",
)
INTERNAL_PORT: Final = _port(
    "WARMLINE_INTERNAL_PORT",
    "the port of the web plane's internal listener on one machine",
    "8001, else any",
)
CHROMA_PORT: Final = _port("WARMLINE_CHROMA_PORT", "Chroma's port on one machine", "8900, else any")
CARRIER_PORT: Final = _port(
    "WARMLINE_CARRIER_PORT",
    "the port of one machine's own carrier, which it has where no account of Twilio's is set",
    "8950, else any",
)
MEDIA_PORT: Final = "WARMLINE_MEDIA_PORT_"


def media_port(region: str) -> Setting[int]:
    """The port of one region's media process on one machine: WARMLINE_MEDIA_PORT_US_EAST."""
    return Setting(
        MEDIA_PORT + region.upper().replace("-", "_"),
        kinds.PORT,
        f"the port of {region}'s media process on one machine",
        _HERE,
        shown_default="from 8101, else any",
    )


SETTINGS: Final[tuple[Setting[Any], ...]] = tuple(
    value
    for room in (dict(globals()), *map(vars, (accounts, speech, webrtc)))
    for value in room.values()
    if isinstance(value, Setting)
)
