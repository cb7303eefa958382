"""Starting weights that already hold the circuit of copying.

Copying in a small transformer takes two layers: one writes each token's predecessors beside it, the
next looks for places whose predecessor is the current token and copies what stands there (Olsson et
al., "In-context learning and induction heads", 2022). Left to chance, finding it costs most of a
short training run; here the first two layers begin with it, and the others begin with queries and
keys that match equal tokens (Trockman and Kolter, "Mimetic initialization", 2023).
"""

from __future__ import annotations

import torch
from torch import Tensor

from programs.frontdesk.training.network import Layer, Network

SHARP = 30.0  # the weight of each rotary pair in a fixed-offset head: one step off costs four nats
FAST_PAIRS = 12
SLOW_SHARE = 0.45  # the rotary pairs slow enough to match content 300 tokens back


def orthogonal(width: int, generator: torch.Generator) -> Tensor:
    """A random rotation."""
    q, _ = torch.linalg.qr(torch.randn(width, width, generator=generator))
    return q


def look_back(layer: Layer, head: int, *, offset: int, head_width: int, rope_base: float) -> None:
    """Make a head attend `offset` tokens back, through its biases alone."""
    rows = slice(head * head_width, (head + 1) * head_width)
    half = head_width // 2
    strength = torch.zeros(half)
    strength[:FAST_PAIRS] = SHARP**0.5
    angle = -offset * rope_base ** (-torch.arange(half) / half)
    layer.k.bias.data[rows] = torch.cat((strength, torch.zeros(half)))
    layer.q.bias.data[rows] = torch.cat((strength * angle.cos(), strength * angle.sin()))
    layer.q.weight.data[rows] *= 0.3
    layer.k.weight.data[rows] *= 0.3


@torch.no_grad()
def plant(network: Network, *, seed: int) -> None:
    """Overwrite a fresh network's weights with the starting circuit."""
    generator = torch.Generator().manual_seed(seed)
    shape = network.shape
    width, head_width = shape.width, shape.head_width
    for layer in network.layers:
        assert isinstance(layer, Layer)
        for linear in (layer.q, layer.k, layer.v):
            linear.weight.normal_(0, 0.5 * width**-0.5, generator=generator)
            linear.bias.zero_()
        layer.gate.weight.normal_(0, width**-0.5, generator=generator)
        layer.up.weight.normal_(0, width**-0.5, generator=generator)
        layer.down.weight.zero_()
    first, second, *rest = network.layers
    assert isinstance(first, Layer)
    assert isinstance(second, Layer)
    basis, turn = orthogonal(width, generator), orthogonal(width, generator)
    twice = orthogonal(width, generator)
    first.o.weight.zero_()
    for head, offset, space in ((0, 1, turn), (1, 1, turn), (2, 2, twice), (3, 1, turn)):
        look_back(first, head, offset=offset, head_width=head_width, rope_base=shape.rope_base)
        rows = slice(head * head_width, (head + 1) * head_width)
        part = basis[rows]
        first.v.weight[rows] = part
        first.o.weight[:, rows] = 0.09 * space @ part.T
    copy_matches(second, basis=basis, turn=turn, head_width=head_width, generator=generator)
    for layer in rest:
        assert isinstance(layer, Layer)
        match_equals(layer, heads=shape.heads, head_width=head_width, generator=generator)


def slow_rows(head: int, head_width: int) -> Tensor:
    """The rows of a head whose rotary pairs turn slowest."""
    half = head_width // 2
    slow = torch.arange(int(half * SLOW_SHARE), half)
    return torch.cat((slow, slow + half)) + head * head_width


def copy_matches(
    layer: Layer, *, basis: Tensor, turn: Tensor, head_width: int, generator: torch.Generator
) -> None:
    """Make heads look for places whose predecessor is the current token,
    and copy what stands there.
    """
    width = basis.shape[0]
    known = torch.cat(
        (basis[: 2 * head_width], basis[3 * head_width :])
    )  # the directions that the first layer carries over
    layer.o.weight.zero_()
    values = orthogonal(width, generator)
    for head in range(width // head_width):
        rows = slow_rows(head, head_width)
        mix = torch.randn(len(rows), known.shape[0], generator=generator) / known.shape[0] ** 0.5
        seen = mix @ known
        layer.q.weight[rows] = 2.2 * seen
        layer.k.weight[rows] = 2.2 * seen @ turn.T
        part = values[head * head_width : (head + 1) * head_width]
        layer.v.weight[head * head_width : (head + 1) * head_width] = part
        layer.o.weight[:, head * head_width : (head + 1) * head_width] = 0.25 * part.T


def match_equals(layer: Layer, *, heads: int, head_width: int, generator: torch.Generator) -> None:
    """Let queries and keys begin alike, and values pass through weakly."""
    width = heads * head_width
    values = orthogonal(width, generator)
    layer.k.weight.copy_(0.8 * layer.q.weight + 0.6 * layer.k.weight)
    layer.v.weight.copy_(values)
    layer.o.weight.copy_(0.03 * values.T)
