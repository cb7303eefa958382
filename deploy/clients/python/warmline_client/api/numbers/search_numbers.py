from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.available_numbers import AvailableNumbers
from ...models.problem import Problem
from ...models.search_numbers_kind import check_search_numbers_kind
from ...models.search_numbers_kind import SearchNumbersKind
from ...types import UNSET, Unset
from typing import cast
from uuid import UUID



def _get_kwargs(
    *,
    area_code: str | Unset = UNSET,
    carrier_account_id: UUID,
    contains: str | Unset = UNSET,
    country: str | Unset = 'US',
    kind: SearchNumbersKind | Unset = 'local',
    limit: int | Unset = 20,

) -> dict[str, Any]:
    

    

    params: dict[str, Any] = {}

    params["area_code"] = area_code

    json_carrier_account_id = str(carrier_account_id)
    params["carrier_account_id"] = json_carrier_account_id

    params["contains"] = contains

    params["country"] = country

    json_kind: str | Unset = UNSET
    if not isinstance(kind, Unset):
        json_kind = kind

    params["kind"] = json_kind

    params["limit"] = limit


    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}


    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/numbers/available",
        "params": params,
    }


    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> AvailableNumbers | Problem | None:
    if response.status_code == 200:
        response_200 = AvailableNumbers.from_dict(response.json())



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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[AvailableNumbers | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    area_code: str | Unset = UNSET,
    carrier_account_id: UUID,
    contains: str | Unset = UNSET,
    country: str | Unset = 'US',
    kind: SearchNumbersKind | Unset = 'local',
    limit: int | Unset = 20,

) -> Response[AvailableNumbers | Problem]:
    """ Search the carrier's numbers that take calls, with what they cost a month.

     Search the carrier's numbers that take calls, with what they cost a month.

    Args:
        area_code (str | Unset):
        carrier_account_id (UUID):
        contains (str | Unset):
        country (str | Unset):  Default: 'US'.
        kind (SearchNumbersKind | Unset):  Default: 'local'.
        limit (int | Unset):  Default: 20.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[AvailableNumbers | Problem]
     """


    kwargs = _get_kwargs(
        area_code=area_code,
carrier_account_id=carrier_account_id,
contains=contains,
country=country,
kind=kind,
limit=limit,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    *,
    client: AuthenticatedClient,
    area_code: str | Unset = UNSET,
    carrier_account_id: UUID,
    contains: str | Unset = UNSET,
    country: str | Unset = 'US',
    kind: SearchNumbersKind | Unset = 'local',
    limit: int | Unset = 20,

) -> AvailableNumbers | Problem | None:
    """ Search the carrier's numbers that take calls, with what they cost a month.

     Search the carrier's numbers that take calls, with what they cost a month.

    Args:
        area_code (str | Unset):
        carrier_account_id (UUID):
        contains (str | Unset):
        country (str | Unset):  Default: 'US'.
        kind (SearchNumbersKind | Unset):  Default: 'local'.
        limit (int | Unset):  Default: 20.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        AvailableNumbers | Problem
     """


    return sync_detailed(
        client=client,
area_code=area_code,
carrier_account_id=carrier_account_id,
contains=contains,
country=country,
kind=kind,
limit=limit,

    ).parsed

async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    area_code: str | Unset = UNSET,
    carrier_account_id: UUID,
    contains: str | Unset = UNSET,
    country: str | Unset = 'US',
    kind: SearchNumbersKind | Unset = 'local',
    limit: int | Unset = 20,

) -> Response[AvailableNumbers | Problem]:
    """ Search the carrier's numbers that take calls, with what they cost a month.

     Search the carrier's numbers that take calls, with what they cost a month.

    Args:
        area_code (str | Unset):
        carrier_account_id (UUID):
        contains (str | Unset):
        country (str | Unset):  Default: 'US'.
        kind (SearchNumbersKind | Unset):  Default: 'local'.
        limit (int | Unset):  Default: 20.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[AvailableNumbers | Problem]
     """


    kwargs = _get_kwargs(
        area_code=area_code,
carrier_account_id=carrier_account_id,
contains=contains,
country=country,
kind=kind,
limit=limit,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    *,
    client: AuthenticatedClient,
    area_code: str | Unset = UNSET,
    carrier_account_id: UUID,
    contains: str | Unset = UNSET,
    country: str | Unset = 'US',
    kind: SearchNumbersKind | Unset = 'local',
    limit: int | Unset = 20,

) -> AvailableNumbers | Problem | None:
    """ Search the carrier's numbers that take calls, with what they cost a month.

     Search the carrier's numbers that take calls, with what they cost a month.

    Args:
        area_code (str | Unset):
        carrier_account_id (UUID):
        contains (str | Unset):
        country (str | Unset):  Default: 'US'.
        kind (SearchNumbersKind | Unset):  Default: 'local'.
        limit (int | Unset):  Default: 20.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        AvailableNumbers | Problem
     """


    return (await asyncio_detailed(
        client=client,
area_code=area_code,
carrier_account_id=carrier_account_id,
contains=contains,
country=country,
kind=kind,
limit=limit,

    )).parsed
