from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.document_line import DocumentLine
from ...models.new_document import NewDocument
from ...models.new_file import NewFile
from ...models.problem import Problem
from ...types import UNSET, Unset
from typing import cast



def _get_kwargs(
    *,
    body:    NewDocument  |     NewFile  | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,

) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key



    

    

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/knowledge/documents",
    }

    if isinstance(body, NewDocument):
        
        if not isinstance(body, Unset):
            _kwargs["json"] = body.to_dict()

        headers["Content-Type"] = "application/json"
    if isinstance(body, NewFile):
        if not isinstance(body, Unset):
            _kwargs["files"] = body.to_multipart()

        headers["Content-Type"] = "multipart/form-data; boundary=+++"

    _kwargs["headers"] = headers
    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> DocumentLine | Problem | None:
    if response.status_code == 201:
        response_201 = DocumentLine.from_dict(response.json())



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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[DocumentLine | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body:    NewDocument  |     NewFile  | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,

) -> Response[DocumentLine | Problem]:
    """ Add a text, a file, a page or a site map; the jobs index it, `state` says how far.

     Add a text, a file, a page or a site map; the jobs index it, `state` says how far.

    The same title and content again is the document that is there already.

    Args:
        idempotency_key (str | Unset):
        body (NewDocument | Unset): A document to be added; without a title it takes its content's
            own.
        body (NewFile | Unset): A file to be added; without a title it takes its own.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DocumentLine | Problem]
     """


    kwargs = _get_kwargs(
        body=body,
idempotency_key=idempotency_key,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    *,
    client: AuthenticatedClient,
    body:    NewDocument  |     NewFile  | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,

) -> DocumentLine | Problem | None:
    """ Add a text, a file, a page or a site map; the jobs index it, `state` says how far.

     Add a text, a file, a page or a site map; the jobs index it, `state` says how far.

    The same title and content again is the document that is there already.

    Args:
        idempotency_key (str | Unset):
        body (NewDocument | Unset): A document to be added; without a title it takes its content's
            own.
        body (NewFile | Unset): A file to be added; without a title it takes its own.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DocumentLine | Problem
     """


    return sync_detailed(
        client=client,
body=body,
idempotency_key=idempotency_key,

    ).parsed

async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body:    NewDocument  |     NewFile  | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,

) -> Response[DocumentLine | Problem]:
    """ Add a text, a file, a page or a site map; the jobs index it, `state` says how far.

     Add a text, a file, a page or a site map; the jobs index it, `state` says how far.

    The same title and content again is the document that is there already.

    Args:
        idempotency_key (str | Unset):
        body (NewDocument | Unset): A document to be added; without a title it takes its content's
            own.
        body (NewFile | Unset): A file to be added; without a title it takes its own.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DocumentLine | Problem]
     """


    kwargs = _get_kwargs(
        body=body,
idempotency_key=idempotency_key,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    *,
    client: AuthenticatedClient,
    body:    NewDocument  |     NewFile  | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,

) -> DocumentLine | Problem | None:
    """ Add a text, a file, a page or a site map; the jobs index it, `state` says how far.

     Add a text, a file, a page or a site map; the jobs index it, `state` says how far.

    The same title and content again is the document that is there already.

    Args:
        idempotency_key (str | Unset):
        body (NewDocument | Unset): A document to be added; without a title it takes its content's
            own.
        body (NewFile | Unset): A file to be added; without a title it takes its own.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DocumentLine | Problem
     """


    return (await asyncio_detailed(
        client=client,
body=body,
idempotency_key=idempotency_key,

    )).parsed
