from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

from ...models.call_line_page import CallLinePage
from ...models.list_calls_audience import check_list_calls_audience
from ...models.list_calls_audience import ListCallsAudience
from ...models.list_calls_end_reason import check_list_calls_end_reason
from ...models.list_calls_end_reason import ListCallsEndReason
from ...models.list_calls_mode import check_list_calls_mode
from ...models.list_calls_mode import ListCallsMode
from ...models.list_calls_outcome import check_list_calls_outcome
from ...models.list_calls_outcome import ListCallsOutcome
from ...models.list_calls_sort import check_list_calls_sort
from ...models.list_calls_sort import ListCallsSort
from ...models.list_calls_state import check_list_calls_state
from ...models.list_calls_state import ListCallsState
from ...models.problem import Problem
from ...types import UNSET, Unset
from typing import cast
from uuid import UUID
import datetime



def _get_kwargs(
    *,
    agent: UUID | Unset = UNSET,
    audience: ListCallsAudience | Unset = UNSET,
    cursor: str | Unset = UNSET,
    end_reason: ListCallsEndReason | Unset = UNSET,
    from_number: str | Unset = UNSET,
    limit: int | Unset = 25,
    max_seconds: int | Unset = UNSET,
    min_seconds: int | Unset = UNSET,
    mode: ListCallsMode | Unset = UNSET,
    outcome: ListCallsOutcome | Unset = UNSET,
    said: str | Unset = UNSET,
    since: datetime.datetime | Unset = UNSET,
    sort: ListCallsSort | Unset = '-started_at',
    state: ListCallsState | Unset = UNSET,
    to_number: str | Unset = UNSET,
    tool: str | Unset = UNSET,
    until: datetime.datetime | Unset = UNSET,
    version: UUID | Unset = UNSET,

) -> dict[str, Any]:
    

    

    params: dict[str, Any] = {}

    json_agent: str | Unset = UNSET
    if not isinstance(agent, Unset):
        json_agent = str(agent)
    params["agent"] = json_agent

    json_audience: str | Unset = UNSET
    if not isinstance(audience, Unset):
        json_audience = audience

    params["audience"] = json_audience

    params["cursor"] = cursor

    json_end_reason: str | Unset = UNSET
    if not isinstance(end_reason, Unset):
        json_end_reason = end_reason

    params["end_reason"] = json_end_reason

    params["from_number"] = from_number

    params["limit"] = limit

    params["max_seconds"] = max_seconds

    params["min_seconds"] = min_seconds

    json_mode: str | Unset = UNSET
    if not isinstance(mode, Unset):
        json_mode = mode

    params["mode"] = json_mode

    json_outcome: str | Unset = UNSET
    if not isinstance(outcome, Unset):
        json_outcome = outcome

    params["outcome"] = json_outcome

    params["said"] = said

    json_since: str | Unset = UNSET
    if not isinstance(since, Unset):
        json_since = since.isoformat()
    params["since"] = json_since

    json_sort: str | Unset = UNSET
    if not isinstance(sort, Unset):
        json_sort = sort

    params["sort"] = json_sort

    json_state: str | Unset = UNSET
    if not isinstance(state, Unset):
        json_state = state

    params["state"] = json_state

    params["to_number"] = to_number

    params["tool"] = tool

    json_until: str | Unset = UNSET
    if not isinstance(until, Unset):
        json_until = until.isoformat()
    params["until"] = json_until

    json_version: str | Unset = UNSET
    if not isinstance(version, Unset):
        json_version = str(version)
    params["version"] = json_version


    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}


    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/calls",
        "params": params,
    }


    return _kwargs



def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> CallLinePage | Problem | None:
    if response.status_code == 200:
        response_200 = CallLinePage.from_dict(response.json())



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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[CallLinePage | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    agent: UUID | Unset = UNSET,
    audience: ListCallsAudience | Unset = UNSET,
    cursor: str | Unset = UNSET,
    end_reason: ListCallsEndReason | Unset = UNSET,
    from_number: str | Unset = UNSET,
    limit: int | Unset = 25,
    max_seconds: int | Unset = UNSET,
    min_seconds: int | Unset = UNSET,
    mode: ListCallsMode | Unset = UNSET,
    outcome: ListCallsOutcome | Unset = UNSET,
    said: str | Unset = UNSET,
    since: datetime.datetime | Unset = UNSET,
    sort: ListCallsSort | Unset = '-started_at',
    state: ListCallsState | Unset = UNSET,
    to_number: str | Unset = UNSET,
    tool: str | Unset = UNSET,
    until: datetime.datetime | Unset = UNSET,
    version: UUID | Unset = UNSET,

) -> Response[CallLinePage | Problem]:
    """ List the company's calls, newest first or as sorted.

     List the company's calls, newest first or as sorted.

    Any filters together; each page costs the same, wherever it is.

    Args:
        agent (UUID | Unset):
        audience (ListCallsAudience | Unset):
        cursor (str | Unset):
        end_reason (ListCallsEndReason | Unset):
        from_number (str | Unset):
        limit (int | Unset):  Default: 25.
        max_seconds (int | Unset):
        min_seconds (int | Unset):
        mode (ListCallsMode | Unset):
        outcome (ListCallsOutcome | Unset):
        said (str | Unset):
        since (datetime.datetime | Unset):
        sort (ListCallsSort | Unset):  Default: '-started_at'.
        state (ListCallsState | Unset):
        to_number (str | Unset):
        tool (str | Unset):
        until (datetime.datetime | Unset):
        version (UUID | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[CallLinePage | Problem]
     """


    kwargs = _get_kwargs(
        agent=agent,
audience=audience,
cursor=cursor,
end_reason=end_reason,
from_number=from_number,
limit=limit,
max_seconds=max_seconds,
min_seconds=min_seconds,
mode=mode,
outcome=outcome,
said=said,
since=since,
sort=sort,
state=state,
to_number=to_number,
tool=tool,
until=until,
version=version,

    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)

def sync(
    *,
    client: AuthenticatedClient,
    agent: UUID | Unset = UNSET,
    audience: ListCallsAudience | Unset = UNSET,
    cursor: str | Unset = UNSET,
    end_reason: ListCallsEndReason | Unset = UNSET,
    from_number: str | Unset = UNSET,
    limit: int | Unset = 25,
    max_seconds: int | Unset = UNSET,
    min_seconds: int | Unset = UNSET,
    mode: ListCallsMode | Unset = UNSET,
    outcome: ListCallsOutcome | Unset = UNSET,
    said: str | Unset = UNSET,
    since: datetime.datetime | Unset = UNSET,
    sort: ListCallsSort | Unset = '-started_at',
    state: ListCallsState | Unset = UNSET,
    to_number: str | Unset = UNSET,
    tool: str | Unset = UNSET,
    until: datetime.datetime | Unset = UNSET,
    version: UUID | Unset = UNSET,

) -> CallLinePage | Problem | None:
    """ List the company's calls, newest first or as sorted.

     List the company's calls, newest first or as sorted.

    Any filters together; each page costs the same, wherever it is.

    Args:
        agent (UUID | Unset):
        audience (ListCallsAudience | Unset):
        cursor (str | Unset):
        end_reason (ListCallsEndReason | Unset):
        from_number (str | Unset):
        limit (int | Unset):  Default: 25.
        max_seconds (int | Unset):
        min_seconds (int | Unset):
        mode (ListCallsMode | Unset):
        outcome (ListCallsOutcome | Unset):
        said (str | Unset):
        since (datetime.datetime | Unset):
        sort (ListCallsSort | Unset):  Default: '-started_at'.
        state (ListCallsState | Unset):
        to_number (str | Unset):
        tool (str | Unset):
        until (datetime.datetime | Unset):
        version (UUID | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        CallLinePage | Problem
     """


    return sync_detailed(
        client=client,
agent=agent,
audience=audience,
cursor=cursor,
end_reason=end_reason,
from_number=from_number,
limit=limit,
max_seconds=max_seconds,
min_seconds=min_seconds,
mode=mode,
outcome=outcome,
said=said,
since=since,
sort=sort,
state=state,
to_number=to_number,
tool=tool,
until=until,
version=version,

    ).parsed

async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    agent: UUID | Unset = UNSET,
    audience: ListCallsAudience | Unset = UNSET,
    cursor: str | Unset = UNSET,
    end_reason: ListCallsEndReason | Unset = UNSET,
    from_number: str | Unset = UNSET,
    limit: int | Unset = 25,
    max_seconds: int | Unset = UNSET,
    min_seconds: int | Unset = UNSET,
    mode: ListCallsMode | Unset = UNSET,
    outcome: ListCallsOutcome | Unset = UNSET,
    said: str | Unset = UNSET,
    since: datetime.datetime | Unset = UNSET,
    sort: ListCallsSort | Unset = '-started_at',
    state: ListCallsState | Unset = UNSET,
    to_number: str | Unset = UNSET,
    tool: str | Unset = UNSET,
    until: datetime.datetime | Unset = UNSET,
    version: UUID | Unset = UNSET,

) -> Response[CallLinePage | Problem]:
    """ List the company's calls, newest first or as sorted.

     List the company's calls, newest first or as sorted.

    Any filters together; each page costs the same, wherever it is.

    Args:
        agent (UUID | Unset):
        audience (ListCallsAudience | Unset):
        cursor (str | Unset):
        end_reason (ListCallsEndReason | Unset):
        from_number (str | Unset):
        limit (int | Unset):  Default: 25.
        max_seconds (int | Unset):
        min_seconds (int | Unset):
        mode (ListCallsMode | Unset):
        outcome (ListCallsOutcome | Unset):
        said (str | Unset):
        since (datetime.datetime | Unset):
        sort (ListCallsSort | Unset):  Default: '-started_at'.
        state (ListCallsState | Unset):
        to_number (str | Unset):
        tool (str | Unset):
        until (datetime.datetime | Unset):
        version (UUID | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[CallLinePage | Problem]
     """


    kwargs = _get_kwargs(
        agent=agent,
audience=audience,
cursor=cursor,
end_reason=end_reason,
from_number=from_number,
limit=limit,
max_seconds=max_seconds,
min_seconds=min_seconds,
mode=mode,
outcome=outcome,
said=said,
since=since,
sort=sort,
state=state,
to_number=to_number,
tool=tool,
until=until,
version=version,

    )

    response = await client.get_async_httpx_client().request(
        **kwargs
    )

    return _build_response(client=client, response=response)

async def asyncio(
    *,
    client: AuthenticatedClient,
    agent: UUID | Unset = UNSET,
    audience: ListCallsAudience | Unset = UNSET,
    cursor: str | Unset = UNSET,
    end_reason: ListCallsEndReason | Unset = UNSET,
    from_number: str | Unset = UNSET,
    limit: int | Unset = 25,
    max_seconds: int | Unset = UNSET,
    min_seconds: int | Unset = UNSET,
    mode: ListCallsMode | Unset = UNSET,
    outcome: ListCallsOutcome | Unset = UNSET,
    said: str | Unset = UNSET,
    since: datetime.datetime | Unset = UNSET,
    sort: ListCallsSort | Unset = '-started_at',
    state: ListCallsState | Unset = UNSET,
    to_number: str | Unset = UNSET,
    tool: str | Unset = UNSET,
    until: datetime.datetime | Unset = UNSET,
    version: UUID | Unset = UNSET,

) -> CallLinePage | Problem | None:
    """ List the company's calls, newest first or as sorted.

     List the company's calls, newest first or as sorted.

    Any filters together; each page costs the same, wherever it is.

    Args:
        agent (UUID | Unset):
        audience (ListCallsAudience | Unset):
        cursor (str | Unset):
        end_reason (ListCallsEndReason | Unset):
        from_number (str | Unset):
        limit (int | Unset):  Default: 25.
        max_seconds (int | Unset):
        min_seconds (int | Unset):
        mode (ListCallsMode | Unset):
        outcome (ListCallsOutcome | Unset):
        said (str | Unset):
        since (datetime.datetime | Unset):
        sort (ListCallsSort | Unset):  Default: '-started_at'.
        state (ListCallsState | Unset):
        to_number (str | Unset):
        tool (str | Unset):
        until (datetime.datetime | Unset):
        version (UUID | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        CallLinePage | Problem
     """


    return (await asyncio_detailed(
        client=client,
agent=agent,
audience=audience,
cursor=cursor,
end_reason=end_reason,
from_number=from_number,
limit=limit,
max_seconds=max_seconds,
min_seconds=min_seconds,
mode=mode,
outcome=outcome,
said=said,
since=since,
sort=sort,
state=state,
to_number=to_number,
tool=tool,
until=until,
version=version,

    )).parsed
