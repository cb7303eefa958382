"""Makes a replica warm: its region's prompt prefixes, and a canary answered as it is stored."""

from typing import Final, cast

import httpx
import msgspec
import structlog

from inference import models
from inference.fleet import queries, replica_actions
from inference.fleet.credentials import key_of, model_at
from inference.fleet.prompt_prefixes import Prefix, digest_of
from inference.provisioners.registry import provisioner
from inference.warming import record
from inference.warming.observe import region_prefixes
from inference.warming.prime import asking, prime, run_prefixes
from warmline.kernel import roles
from warmline.kernel.roles import Role

log = structlog.get_logger()

PREFIXES_S: Final = 30.0


class WarmedUp(msgspec.Struct, frozen=True):
    """A replica's canary answered rightly after the prefixes with this digest had run."""

    answer: str
    ttft_ms: float
    prefixes: int
    digest: str


def warm_up(pool: models.Pool, replica: models.Replica) -> WarmedUp:
    """Run the prefixes and the canary, as a caller would meet them.

    `PrimingFailed` says what the replica did instead.
    """
    prefixes = _prefixes(pool)
    fingerprint = _fingerprint(pool, replica)
    primed = prime(
        cast("Role", pool.role),
        replica.base_url,
        model_at(replica.base_url, pool.model),
        prefixes=prefixes,
        stored=queries.canary_answer(pool.model, fingerprint) if fingerprint else None,
        key=_key(pool, replica),
    )
    return WarmedUp(primed.answer, primed.first_word_ms, len(prefixes), digest_of(prefixes))


def keep_answer(pool: models.Pool, replica: models.Replica, warmed: WarmedUp) -> None:
    """Store the canary's answer of a replica that has just started, for later ones to match.

    Only such a one surely runs the weights that lie there now.
    """
    if fingerprint := _fingerprint(pool, replica):
        record.keep_canary(pool.model, fingerprint, warmed.answer)


def run_new_prefixes(pool: models.Pool, replica: models.Replica) -> None:
    """Run the prompts of agent versions that went live since it is warm, while calls go on."""
    prefixes = _prefixes(pool)
    if not prefixes or digest_of(prefixes) == replica.primed:
        return
    try:
        limits = httpx.Timeout(PREFIXES_S)
        with asking(replica.base_url, key=_key(pool, replica), timeout=limits) as client:
            run_prefixes(client, model_at(replica.base_url, pool.model), prefixes)
    except httpx.HTTPError as error:
        log.warning("prefixes not run", pool=pool.name, replica=str(replica.pk), why=str(error))
        return
    replica_actions.note_replica(replica, primed=digest_of(prefixes))
    log.info("prefixes run", pool=pool.name, replica=str(replica.pk), prefixes=len(prefixes))


def _prefixes(pool: models.Pool) -> tuple[Prefix, ...]:
    """What a think pool's replicas run before calls.

    A hosted provider's cache is not ours to fill, at its price.
    """
    if pool.role != roles.LLM or pool.purpose == "hosted":
        return ()
    return region_prefixes(pool.region_id)


def _key(pool: models.Pool, replica: models.Replica) -> str | None:
    return key_of(pool.name, replica.base_url) if replica.provisioner == "fixed" else None


def _fingerprint(pool: models.Pool, replica: models.Replica) -> str:
    """What makes two replicas of a think pool answer the same; empty where that is not known."""
    if pool.role != roles.LLM:
        return ""
    return provisioner(replica.provisioner).fingerprint(pool.model)
