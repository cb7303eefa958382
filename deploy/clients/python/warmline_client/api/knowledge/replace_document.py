from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.content import Content
from ...models.document_line import DocumentLine
from ...models.file_content import FileContent
from ...models.problem import Problem
from ...types import UNSET, Unset
from typing import cast
from uuid import UUID



def _get_kwargs(
    document_id: UUID,
    *,
    body:    Content  |     FileContent  | Unset = UNSET,
    if_match: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,

) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(if_match, Unset):
        headers["If-Match"] = if_match

    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key



    

    

    _kwargs: dict[str, Any] = {
        "method": "put",
        "url": "/api/v1/knowledge/documents/{document_id}/content".format(document_id=quote(str(document_id), safe=""),),
    }

    if isinstance(body, Content):
        
        if not isinstance(body, Unset):
            _kwargs["json"] = body.to_dict()

        headers["Content-Type"] = "application/json"
    if isinstance(body, FileContent):
        if not isinstance(body, Unset):
            _kwargs["files"] = body.to_multipart()

        headers["Content-Type"] = "multipart/form-data; boundary=+++"

    _kwargs["headers"] = headers
    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> DocumentLine | Problem | None:
    if response.status_code == 202:
        response_202 = DocumentLine.from_dict(response.json())



        return response_202

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[DocumentLine | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    document_id: UUID,
    *,
    client: AuthenticatedClient,
    body:    Content  |     FileContent  | Unset = UNSET,
    if_match: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,

) -> Response[DocumentLine | Problem]:
    """ Give a document another content: what it says now answers until the new one is ready.

     Give a document another content: what it says now answers until the new one is ready.

    Args:
        document_id (UUID):
        if_match (str | Unset):
        idempotency_key (str | Unset):
        body (Content | Unset): A document's content: one of `text` and `url`; a file is sent as
            multipart/form-data.
        body (FileContent | Unset): A document's content as a file.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DocumentLine | Problem]
     """


    kwargs = _get_kwargs(
        document_id=document_id,
body=body,
if_match=if_match,
idempotency_key=idempotency_key,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    document_id: UUID,
    *,
    client: AuthenticatedClient,
    body:    Content  |     FileContent  | Unset = UNSET,
    if_match: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,

) -> DocumentLine | Problem | None:
    """ Give a document another content: what it says now answers until the new one is ready.

     Give a document another content: what it says now answers until the new one is ready.

    Args:
        document_id (UUID):
        if_match (str | Unset):
        idempotency_key (str | Unset):
        body (Content | Unset): A document's content: one of `text` and `url`; a file is sent as
            multipart/form-data.
        body (FileContent | Unset): A document's content as a file.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DocumentLine | Problem
     """


    return sync_detailed(
        document_id=document_id,
client=client,
body=body,
if_match=if_match,
idempotency_key=idempotency_key,

    ).parsed

async def asyncio_detailed(
    document_id: UUID,
    *,
    client: AuthenticatedClient,
    body:    Content  |     FileContent  | Unset = UNSET,
    if_match: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,

) -> Response[DocumentLine | Problem]:
    """ Give a document another content: what it says now answers until the new one is ready.

     Give a document another content: what it says now answers until the new one is ready.

    Args:
        document_id (UUID):
        if_match (str | Unset):
        idempotency_key (str | Unset):
        body (Content | Unset): A document's content: one of `text` and `url`; a file is sent as
            multipart/form-data.
        body (FileContent | Unset): A document's content as a file.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DocumentLine | Problem]
     """


    kwargs = _get_kwargs(
        document_id=document_id,
body=body,
if_match=if_match,
idempotency_key=idempotency_key,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    document_id: UUID,
    *,
    client: AuthenticatedClient,
    body:    Content  |     FileContent  | Unset = UNSET,
    if_match: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,

) -> DocumentLine | Problem | None:
    """ Give a document another content: what it says now answers until the new one is ready.

     Give a document another content: what it says now answers until the new one is ready.

    Args:
        document_id (UUID):
        if_match (str | Unset):
        idempotency_key (str | Unset):
        body (Content | Unset): A document's content: one of `text` and `url`; a file is sent as
            multipart/form-data.
        body (FileContent | Unset): A document's content as a file.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DocumentLine | Problem
     """


    return (await asyncio_detailed(
        document_id=document_id,
client=client,
body=body,
if_match=if_match,
idempotency_key=idempotency_key,

    )).parsed
