from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.page_call import PageCall
from ...models.problem import Problem
from ...models.talk import Talk
from ...types import UNSET, Unset
from typing import cast
from uuid import UUID



def _get_kwargs(
    agent_id: UUID,
    *,
    body: Talk | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,

) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key



    

    

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/agents/{agent_id}/talk".format(agent_id=quote(str(agent_id), safe=""),),
    }

    
    if not isinstance(body, Unset):
        _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> PageCall | Problem | None:
    if response.status_code == 201:
        response_201 = PageCall.from_dict(response.json())



        return response_201

    if response.status_code == 400:
        response_400 = Problem.from_dict(response.json())



        return response_400

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())



        return response_401

    if response.status_code == 403:
        response_403 = Problem.from_dict(response.json())



        return response_403

    if response.status_code == 404:
        response_404 = Problem.from_dict(response.json())



        return response_404

    if response.status_code == 406:
        response_406 = Problem.from_dict(response.json())



        return response_406

    if response.status_code == 409:
        response_409 = Problem.from_dict(response.json())



        return response_409

    if response.status_code == 412:
        response_412 = Problem.from_dict(response.json())



        return response_412

    if response.status_code == 413:
        response_413 = Problem.from_dict(response.json())



        return response_413

    if response.status_code == 415:
        response_415 = Problem.from_dict(response.json())



        return response_415

    if response.status_code == 422:
        response_422 = Problem.from_dict(response.json())



        return response_422

    if response.status_code == 429:
        response_429 = Problem.from_dict(response.json())



        return response_429

    if response.status_code == 503:
        response_503 = Problem.from_dict(response.json())



        return response_503

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[PageCall | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    agent_id: UUID,
    *,
    client: AuthenticatedClient,
    body: Talk | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,

) -> Response[PageCall | Problem]:
    """ Begin a call with the agent's live version

     Begin a call with the agent's live version. A page speaks it over a WebSocket or WebRTC;
    `widget.js` does all of it. 503 while nobody can answer, 429 for who calls too often.

    Args:
        agent_id (UUID):
        idempotency_key (str | Unset):
        body (Talk | Unset): How one talks.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PageCall | Problem]
     """


    kwargs = _get_kwargs(
        agent_id=agent_id,
body=body,
idempotency_key=idempotency_key,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    agent_id: UUID,
    *,
    client: AuthenticatedClient,
    body: Talk | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,

) -> PageCall | Problem | None:
    """ Begin a call with the agent's live version

     Begin a call with the agent's live version. A page speaks it over a WebSocket or WebRTC;
    `widget.js` does all of it. 503 while nobody can answer, 429 for who calls too often.

    Args:
        agent_id (UUID):
        idempotency_key (str | Unset):
        body (Talk | Unset): How one talks.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PageCall | Problem
     """


    return sync_detailed(
        agent_id=agent_id,
client=client,
body=body,
idempotency_key=idempotency_key,

    ).parsed

async def asyncio_detailed(
    agent_id: UUID,
    *,
    client: AuthenticatedClient,
    body: Talk | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,

) -> Response[PageCall | Problem]:
    """ Begin a call with the agent's live version

     Begin a call with the agent's live version. A page speaks it over a WebSocket or WebRTC;
    `widget.js` does all of it. 503 while nobody can answer, 429 for who calls too often.

    Args:
        agent_id (UUID):
        idempotency_key (str | Unset):
        body (Talk | Unset): How one talks.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PageCall | Problem]
     """


    kwargs = _get_kwargs(
        agent_id=agent_id,
body=body,
idempotency_key=idempotency_key,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    agent_id: UUID,
    *,
    client: AuthenticatedClient,
    body: Talk | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,

) -> PageCall | Problem | None:
    """ Begin a call with the agent's live version

     Begin a call with the agent's live version. A page speaks it over a WebSocket or WebRTC;
    `widget.js` does all of it. 503 while nobody can answer, 429 for who calls too often.

    Args:
        agent_id (UUID):
        idempotency_key (str | Unset):
        body (Talk | Unset): How one talks.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PageCall | Problem
     """


    return (await asyncio_detailed(
        agent_id=agent_id,
client=client,
body=body,
idempotency_key=idempotency_key,

    )).parsed
