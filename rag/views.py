"""POST /internal/calls/{call}/knowledge: what the agent may know for the caller's question."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated

import msgspec
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from rag.errors import KnowledgeUnavailable
from rag.queries import search_collection
from rag.types import KnowledgeHandle
from tenants import call_tokens
from tenants.call_tokens import CallClaims
from warmline.kernel.call import Passage
from warmline.kernel.errors import WarmlineError
from warmline.kernel.ids import CallId
from warmline.kernel.json_bodies import decoded_body

# A search is 10 ms of one core; two at a time leave the event loop its share, and a hundred waiting
# are a second.
_THREADS = 2
_WAITING = 100
_TIMEOUT_S = 2.0
_places = threading.BoundedSemaphore(_WAITING)
_threads = ThreadPoolExecutor(max_workers=_THREADS, thread_name_prefix="knowledge")


class KnowledgeRequest(msgspec.Struct, frozen=True):
    """The body."""

    query: Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
    k: Annotated[int, msgspec.Meta(ge=1, le=10)] = 3


_decode = msgspec.json.Decoder(KnowledgeRequest).decode


@csrf_exempt
@require_POST
async def knowledge(request: HttpRequest, call_id: str) -> JsonResponse:
    """The passages for a query, for the holder of the call's token, or an error with its reason."""
    bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
    try:
        claims = call_tokens.verify(bearer, CallId(call_id))
        body = decoded_body(request.body, _decode)
        passages = await _search(CallId(call_id), claims, body)
    except WarmlineError as error:
        return JsonResponse({"error": str(error)}, status=error.http_status)
    return JsonResponse({"passages": [msgspec.to_builtins(passage) for passage in passages]})


def _found(call_id: CallId, claims: CallClaims, body: KnowledgeRequest) -> tuple[Passage, ...]:
    call_tokens.require_open(call_id, claims)
    handle = KnowledgeHandle(claims.knowledge)
    return search_collection(claims.tenant_id, handle=handle, query=body.query, k=body.k)


async def _search(
    call_id: CallId, claims: CallClaims, body: KnowledgeRequest
) -> tuple[Passage, ...]:
    if not _places.acquire(blocking=False):
        raise KnowledgeUnavailable(f"{_WAITING} searches wait already")
    work = _threads.submit(_found, call_id, claims, body)
    work.add_done_callback(lambda _: _places.release())
    try:
        async with asyncio.timeout(_TIMEOUT_S):
            return await asyncio.wrap_future(work)
    except TimeoutError:
        raise KnowledgeUnavailable(f"no answer within {_TIMEOUT_S} s") from None
