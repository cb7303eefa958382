from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.document_page import DocumentPage
from ...models.list_documents_state import check_list_documents_state
from ...models.list_documents_state import ListDocumentsState
from ...models.problem import Problem
from ...types import UNSET, Unset
from typing import cast
from uuid import UUID



def _get_kwargs(
    *,
    collection_id: UUID | Unset = UNSET,
    cursor: str | Unset = UNSET,
    limit: int | Unset = 25,
    state: ListDocumentsState | Unset = UNSET,
    title: str | Unset = UNSET,

) -> dict[str, Any]:
    

    

    params: dict[str, Any] = {}

    json_collection_id: str | Unset = UNSET
    if not isinstance(collection_id, Unset):
        json_collection_id = str(collection_id)
    params["collection_id"] = json_collection_id

    params["cursor"] = cursor

    params["limit"] = limit

    json_state: str | Unset = UNSET
    if not isinstance(state, Unset):
        json_state = state

    params["state"] = json_state

    params["title"] = title


    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}


    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/knowledge/documents",
        "params": params,
    }


    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> DocumentPage | Problem | None:
    if response.status_code == 200:
        response_200 = DocumentPage.from_dict(response.json())



        return response_200

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[DocumentPage | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    collection_id: UUID | Unset = UNSET,
    cursor: str | Unset = UNSET,
    limit: int | Unset = 25,
    state: ListDocumentsState | Unset = UNSET,
    title: str | Unset = UNSET,

) -> Response[DocumentPage | Problem]:
    """ List the company's documents, newest first.

     List the company's documents, newest first.

    Args:
        collection_id (UUID | Unset):
        cursor (str | Unset):
        limit (int | Unset):  Default: 25.
        state (ListDocumentsState | Unset):
        title (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DocumentPage | Problem]
     """


    kwargs = _get_kwargs(
        collection_id=collection_id,
cursor=cursor,
limit=limit,
state=state,
title=title,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    *,
    client: AuthenticatedClient,
    collection_id: UUID | Unset = UNSET,
    cursor: str | Unset = UNSET,
    limit: int | Unset = 25,
    state: ListDocumentsState | Unset = UNSET,
    title: str | Unset = UNSET,

) -> DocumentPage | Problem | None:
    """ List the company's documents, newest first.

     List the company's documents, newest first.

    Args:
        collection_id (UUID | Unset):
        cursor (str | Unset):
        limit (int | Unset):  Default: 25.
        state (ListDocumentsState | Unset):
        title (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DocumentPage | Problem
     """


    return sync_detailed(
        client=client,
collection_id=collection_id,
cursor=cursor,
limit=limit,
state=state,
title=title,

    ).parsed

async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    collection_id: UUID | Unset = UNSET,
    cursor: str | Unset = UNSET,
    limit: int | Unset = 25,
    state: ListDocumentsState | Unset = UNSET,
    title: str | Unset = UNSET,

) -> Response[DocumentPage | Problem]:
    """ List the company's documents, newest first.

     List the company's documents, newest first.

    Args:
        collection_id (UUID | Unset):
        cursor (str | Unset):
        limit (int | Unset):  Default: 25.
        state (ListDocumentsState | Unset):
        title (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DocumentPage | Problem]
     """


    kwargs = _get_kwargs(
        collection_id=collection_id,
cursor=cursor,
limit=limit,
state=state,
title=title,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    *,
    client: AuthenticatedClient,
    collection_id: UUID | Unset = UNSET,
    cursor: str | Unset = UNSET,
    limit: int | Unset = 25,
    state: ListDocumentsState | Unset = UNSET,
    title: str | Unset = UNSET,

) -> DocumentPage | Problem | None:
    """ List the company's documents, newest first.

     List the company's documents, newest first.

    Args:
        collection_id (UUID | Unset):
        cursor (str | Unset):
        limit (int | Unset):  Default: 25.
        state (ListDocumentsState | Unset):
        title (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DocumentPage | Problem
     """


    return (await asyncio_detailed(
        client=client,
collection_id=collection_id,
cursor=cursor,
limit=limit,
state=state,
title=title,

    )).parsed
