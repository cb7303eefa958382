"""Export: `python -m programs.frontdesk.training.export --folder DIR --out MODEL` writes what vLLM
loads, in bfloat16.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor

from programs.frontdesk.dialogues import render
from programs.frontdesk.training.network import EPSILON, Layer, Network, Shape

MODEL = Path(__file__).parents[4] / "inference" / "weights" / "frontdesk"


def load_network(checkpoint: Path) -> Network:
    """The network of a training checkpoint."""
    network = Network(Shape())
    network.load_state_dict(torch.load(checkpoint, weights_only=True)["network"])
    return network.eval()


def tensors(network: Network) -> dict[str, Tensor]:
    """The weights under the names that Llama gives them;
    the bias that it wants on the attention's output is nought.
    """
    found = {"model.embed_tokens.weight": network.embedding, "model.norm.weight": network.final}
    for index, layer in enumerate(network.layers):
        assert isinstance(layer, Layer)
        head = f"model.layers.{index}"
        found[f"{head}.input_layernorm.weight"] = layer.before_attention
        found[f"{head}.post_attention_layernorm.weight"] = layer.before_feed
        for name in ("q", "k", "v", "o"):
            linear = getattr(layer, name)
            found[f"{head}.self_attn.{name}_proj.weight"] = linear.weight
            found[f"{head}.self_attn.{name}_proj.bias"] = (
                torch.zeros(linear.out_features) if linear.bias is None else linear.bias
            )
        for name in ("gate", "up", "down"):
            found[f"{head}.mlp.{name}_proj.weight"] = getattr(layer, name).weight
    return {name: weight.detach().to(torch.bfloat16).contiguous() for name, weight in found.items()}


def config(shape: Shape) -> dict[str, object]:
    """The model's config.json: Llama's form,
    because transformers gives every Qwen2 the tokenizer of Qwen2 itself.
    """
    return {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "hidden_act": "silu",
        "hidden_size": shape.width,
        "intermediate_size": shape.inner,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "num_key_value_heads": shape.heads,
        "max_position_embeddings": shape.positions,
        "rms_norm_eps": EPSILON,
        "rope_theta": shape.rope_base,
        "rope_parameters": {"rope_type": "default", "rope_theta": shape.rope_base},
        "head_dim": shape.head_width,
        "tie_word_embeddings": True,
        "vocab_size": shape.vocabulary,
        "attention_bias": True,
        "mlp_bias": False,
        "attention_dropout": 0.0,
        "bos_token_id": None,
        "eos_token_id": 1,
        "pad_token_id": 0,
        "torch_dtype": "bfloat16",
        "use_cache": True,
    }


def export(checkpoint: Path, *, tokenizer: Path, out: Path) -> None:
    """Write weights, config, tokenizer and chat template to `out`."""
    out.mkdir(parents=True, exist_ok=True)
    network = load_network(checkpoint)
    save_file(tensors(network), str(out / "model.safetensors"), metadata={"format": "pt"})
    shutil.copyfile(tokenizer, out / "tokenizer.json")
    (out / "chat_template.jinja").write_text(render.TEMPLATE, encoding="utf-8")
    texts: dict[str, dict[str, object]] = {
        "config.json": config(network.shape),
        "generation_config.json": {
            "eos_token_id": 1,
            "pad_token_id": 0,
            "do_sample": False,
            "temperature": 0.0,
            "max_new_tokens": 96,
        },
        "tokenizer_config.json": {
            "tokenizer_class": "TokenizersBackend",
            "eos_token": render.END,
            "pad_token": "<|pad|>",
            "model_max_length": network.shape.positions,
            "clean_up_tokenization_spaces": False,
            "chat_template": render.TEMPLATE,
        },
    }
    for name, content in texts.items():
        (out / name).write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=MODEL)
    wanted = parser.parse_args()
    export(
        wanted.folder / "checkpoint.pt", tokenizer=wanted.folder / "tokenizer.json", out=wanted.out
    )


if __name__ == "__main__":
    main()
