"""A Llama decoder for training:
rotary positions, SwiGLU, tied embeddings, biases on queries, keys and values.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

EPSILON = 1e-6


@dataclass(frozen=True, slots=True)
class Shape:
    """The network's dimensions."""

    vocabulary: int = 8192
    width: int = 256
    layers: int = 7
    heads: int = 4
    inner: int = 512
    rope_base: float = 1_000_000.0
    positions: int = 2048

    @property
    def head_width(self) -> int:
        """The width of one attention head."""
        return self.width // self.heads


def rotary(shape: Shape) -> tuple[Tensor, Tensor]:
    """Cosines and sines for every position: [positions, head_width]."""
    half = shape.head_width // 2
    frequency = shape.rope_base ** (-torch.arange(half, dtype=torch.float64) / half)
    angle = torch.outer(torch.arange(shape.positions, dtype=torch.float64), frequency)
    angle = torch.cat((angle, angle), dim=1)
    return angle.cos().float(), angle.sin().float()


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Rotary positions on [batch, heads, tokens, head_width]."""
    half = x.shape[-1] // 2
    return x * cos + torch.cat((-x[..., half:], x[..., :half]), dim=-1) * sin


class Layer(nn.Module):
    """Attention and a gated feed-forward, each on a normalised input and added to the stream."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        width, inner = shape.width, shape.inner
        self.heads = shape.heads
        self.before_attention = nn.Parameter(torch.ones(width))
        self.before_feed = nn.Parameter(torch.ones(width))
        self.q, self.k, self.v = (nn.Linear(width, width) for _ in range(3))
        self.o = nn.Linear(width, width, bias=False)
        self.gate, self.up = (nn.Linear(width, inner, bias=False) for _ in range(2))
        self.down = nn.Linear(inner, width, bias=False)

    def attend(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        """The attention's addition to the stream [batch, tokens, width]."""
        batch, tokens, width = x.shape
        normal = functional.rms_norm(x, (width,), self.before_attention, EPSILON)
        q, k, v = (
            part(normal).view(batch, tokens, self.heads, -1).transpose(1, 2)
            for part in (self.q, self.k, self.v)
        )
        mixed = functional.scaled_dot_product_attention(
            rotate(q, cos, sin), rotate(k, cos, sin), v, is_causal=True
        )
        return self.o(mixed.transpose(1, 2).reshape(batch, tokens, width))

    def feed(self, x: Tensor) -> Tensor:
        """The feed-forward's addition to the stream, for any leading shape."""
        normal = functional.rms_norm(x, (x.shape[-1],), self.before_feed, EPSILON)
        return self.down(functional.silu(self.gate(normal)) * self.up(normal))


class Network(nn.Module):
    """The whole decoder."""

    cos: Tensor
    sin: Tensor

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.embedding = nn.Parameter(torch.randn(shape.vocabulary, shape.width) / shape.width**0.5)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.final = nn.Parameter(torch.ones(shape.width))
        cos, sin = rotary(shape)
        self.register_buffer("cos", cos, persistent=False)
        self.register_buffer("sin", sin, persistent=False)

    def forward(self, tokens: Tensor, wanted: Tensor) -> Tensor:
        """Logits [positions, vocabulary] at the positions of [batch,
        tokens] where `wanted` is true.
        """
        x = self.embedding[tokens]
        cos, sin = self.cos[: tokens.shape[1]], self.sin[: tokens.shape[1]]
        last = len(self.layers) - 1
        for index, layer in enumerate(self.layers):
            assert isinstance(layer, Layer)
            x = x + layer.attend(x, cos, sin)
            if index == last:
                x = x[wanted]
            x = x + layer.feed(x)
        return functional.rms_norm(x, (x.shape[-1],), self.final, EPSILON) @ self.embedding.T
