"""The live views are told that a call changed, and nothing of it."""

import asyncio
from uuid import uuid4

from channels.layers import get_channel_layer

from telephony.calls import live


async def test_both_groups_are_told_that_a_call_changed(valkey_server: str) -> None:
    """The company's list, and the call's own page; another company's list is not."""
    layer = get_channel_layer()
    assert layer is not None
    tenant_id, call_id = str(uuid4()), str(uuid4())
    groups = (live.calls_group(tenant_id), live.call_group(call_id), live.calls_group(str(uuid4())))
    channels = [await layer.new_channel() for _ in groups]
    for group, channel in zip(groups, channels, strict=True):
        await layer.group_add(group, channel)
    await asyncio.to_thread(live.announce, [live.Announcement(tenant_id, call_id)])
    expected = {"type": "call.event"}
    for channel in channels[:2]:
        assert await asyncio.wait_for(layer.receive(channel), 30) == expected
    of_another = asyncio.ensure_future(layer.receive(channels[2]))
    await asyncio.sleep(0)
    assert not of_another.done()
    of_another.cancel()
