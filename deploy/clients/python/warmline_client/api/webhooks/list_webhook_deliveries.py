from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.list_webhook_deliveries_event_type import check_list_webhook_deliveries_event_type
from ...models.list_webhook_deliveries_event_type import ListWebhookDeliveriesEventType
from ...models.list_webhook_deliveries_state import check_list_webhook_deliveries_state
from ...models.list_webhook_deliveries_state import ListWebhookDeliveriesState
from ...models.problem import Problem
from ...models.webhook_delivery_page import WebhookDeliveryPage
from ...types import UNSET, Unset
from typing import cast
from uuid import UUID



def _get_kwargs(
    endpoint_id: UUID,
    *,
    cursor: str | Unset = UNSET,
    event_type: ListWebhookDeliveriesEventType | Unset = UNSET,
    limit: int | Unset = 25,
    state: ListWebhookDeliveriesState | Unset = UNSET,

) -> dict[str, Any]:
    

    

    params: dict[str, Any] = {}

    params["cursor"] = cursor

    json_event_type: str | Unset = UNSET
    if not isinstance(event_type, Unset):
        json_event_type = event_type

    params["event_type"] = json_event_type

    params["limit"] = limit

    json_state: str | Unset = UNSET
    if not isinstance(state, Unset):
        json_state = state

    params["state"] = json_state


    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}


    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/webhooks/{endpoint_id}/deliveries".format(endpoint_id=quote(str(endpoint_id), safe=""),),
        "params": params,
    }


    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Problem | WebhookDeliveryPage | None:
    if response.status_code == 200:
        response_200 = WebhookDeliveryPage.from_dict(response.json())



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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Problem | WebhookDeliveryPage]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    endpoint_id: UUID,
    *,
    client: AuthenticatedClient,
    cursor: str | Unset = UNSET,
    event_type: ListWebhookDeliveriesEventType | Unset = UNSET,
    limit: int | Unset = 25,
    state: ListWebhookDeliveriesState | Unset = UNSET,

) -> Response[Problem | WebhookDeliveryPage]:
    """ List what was sent to a webhook endpoint in the last 30 days, the latest first.

     List what was sent to a webhook endpoint in the last 30 days, the latest first.

    Args:
        endpoint_id (UUID):
        cursor (str | Unset):
        event_type (ListWebhookDeliveriesEventType | Unset):
        limit (int | Unset):  Default: 25.
        state (ListWebhookDeliveriesState | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | WebhookDeliveryPage]
     """


    kwargs = _get_kwargs(
        endpoint_id=endpoint_id,
cursor=cursor,
event_type=event_type,
limit=limit,
state=state,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    endpoint_id: UUID,
    *,
    client: AuthenticatedClient,
    cursor: str | Unset = UNSET,
    event_type: ListWebhookDeliveriesEventType | Unset = UNSET,
    limit: int | Unset = 25,
    state: ListWebhookDeliveriesState | Unset = UNSET,

) -> Problem | WebhookDeliveryPage | None:
    """ List what was sent to a webhook endpoint in the last 30 days, the latest first.

     List what was sent to a webhook endpoint in the last 30 days, the latest first.

    Args:
        endpoint_id (UUID):
        cursor (str | Unset):
        event_type (ListWebhookDeliveriesEventType | Unset):
        limit (int | Unset):  Default: 25.
        state (ListWebhookDeliveriesState | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | WebhookDeliveryPage
     """


    return sync_detailed(
        endpoint_id=endpoint_id,
client=client,
cursor=cursor,
event_type=event_type,
limit=limit,
state=state,

    ).parsed

async def asyncio_detailed(
    endpoint_id: UUID,
    *,
    client: AuthenticatedClient,
    cursor: str | Unset = UNSET,
    event_type: ListWebhookDeliveriesEventType | Unset = UNSET,
    limit: int | Unset = 25,
    state: ListWebhookDeliveriesState | Unset = UNSET,

) -> Response[Problem | WebhookDeliveryPage]:
    """ List what was sent to a webhook endpoint in the last 30 days, the latest first.

     List what was sent to a webhook endpoint in the last 30 days, the latest first.

    Args:
        endpoint_id (UUID):
        cursor (str | Unset):
        event_type (ListWebhookDeliveriesEventType | Unset):
        limit (int | Unset):  Default: 25.
        state (ListWebhookDeliveriesState | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | WebhookDeliveryPage]
     """


    kwargs = _get_kwargs(
        endpoint_id=endpoint_id,
cursor=cursor,
event_type=event_type,
limit=limit,
state=state,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    endpoint_id: UUID,
    *,
    client: AuthenticatedClient,
    cursor: str | Unset = UNSET,
    event_type: ListWebhookDeliveriesEventType | Unset = UNSET,
    limit: int | Unset = 25,
    state: ListWebhookDeliveriesState | Unset = UNSET,

) -> Problem | WebhookDeliveryPage | None:
    """ List what was sent to a webhook endpoint in the last 30 days, the latest first.

     List what was sent to a webhook endpoint in the last 30 days, the latest first.

    Args:
        endpoint_id (UUID):
        cursor (str | Unset):
        event_type (ListWebhookDeliveriesEventType | Unset):
        limit (int | Unset):  Default: 25.
        state (ListWebhookDeliveriesState | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | WebhookDeliveryPage
     """


    return (await asyncio_detailed(
        endpoint_id=endpoint_id,
client=client,
cursor=cursor,
event_type=event_type,
limit=limit,
state=state,

    )).parsed
