"""LLaMA-architecture folders of Hugging Face to GGUF, tensor by tensor."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from tui.modelfiles.convert.checkpoint import open_checkpoint
from tui.modelfiles.convert.errors import ConvertError
from tui.modelfiles.convert.gguf_out import Plan, Planned
from tui.modelfiles.convert.hf_config import Config, read_config
from tui.modelfiles.convert.llama import FILE_TYPES
from tui.modelfiles.convert.stored import Floats
from tui.modelfiles.convert.tokeniser import read_vocabulary
from tui.modelfiles.convert.weights import Weight, encoded, planned_weight

_NAMES = {
    "model.embed_tokens": "token_embd",
    "model.norm": "output_norm",
    "lm_head": "output",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm",
}
_PASSED_OVER = ("rotary_emb.inv_freq", "attn.bias", "attn.masked_bias")
_FLOATS = ("F32", "F16", "BF16", "F64")
TURNED = ("attn_q", "attn_k")
"""The tensors whose rows are in another order in GGUF."""


def plan_huggingface(folder: Path, float_type: str) -> Plan:
    """The GGUF file that a folder becomes; raises ConvertError."""
    config = read_config(folder)
    packing = str(config.quantization_config.get("quant_method", ""))
    if packing:
        raise ConvertError(
            f"{folder} is quantised by {packing[:20]}, which cannot be read; look for the model in F16, "
            "BF16 or F32, or as GPTQ."
        )
    tensors = open_checkpoint(folder)
    for tensor in tensors.values():
        if tensor.dtype not in _FLOATS and gguf_name(tensor.name) != tensor.name:
            raise ConvertError(
                f"{tensor.path} holds {tensor.name[:80]} as {tensor.dtype}, a quantisation that cannot "
                "be read; look for the model in F16, BF16 or F32."
            )
    return plan_weights(folder, config, tensors, float_type)


def plan_weights(
    folder: Path, config: Config, weights: Mapping[str, Weight], float_type: str
) -> Plan:
    """The GGUF file of a folder's weights, by Hugging Face's names; raises ConvertError."""
    found = {gguf_name(name): weight for name, weight in weights.items()}
    embedding = found.get("token_embd.weight")
    if embedding is None:
        raise ConvertError(
            f"{folder} lacks model.embed_tokens.weight; fetch all files of the model's weights."
        )
    shape, kind = config.shape(embedding.shape[0]), float_type.upper()
    vocabulary = read_vocabulary(folder)
    vocabulary.pad_to(shape.n_vocab)
    vocabulary.cut_to(shape.n_vocab)
    if vocabulary.lacks_bytes:
        raise ConvertError(
            f"{folder} has a vocabulary without pieces for single bytes, which llama.cpp cannot use; look "
            "for the same model as GGUF."
        )
    plan = Plan(shape.keys(folder.name, FILE_TYPES[kind]) | vocabulary.keys())
    for name, wanted in shape.tensor_shapes().items():
        weight = found.pop(name, None)
        if weight is None and name == "output.weight":
            continue
        plan.tensors.append(_planned(folder, name, weight, wanted, (kind, shape.head_width)))
    divisors = config.rope_divisors()
    if divisors is not None:
        plan.tensors.append(_planned_divisors(divisors))
    left = [name for name in found if not name.endswith(_PASSED_OVER)]
    if left:
        raise ConvertError(
            f"{folder} has a tensor {left[0][:80]} that a LLaMA has not, so it is another network; look "
            "for the same model as GGUF."
        )
    return plan


def _planned(
    folder: Path,
    name: str,
    weight: Weight | None,
    wanted: tuple[int, ...],
    form: tuple[str, int],
) -> Planned:
    """A tensor, if it is there and has the right shape."""
    if weight is None:
        raise ConvertError(f"{folder} lacks {name}; fetch all files of the model's weights.")
    if weight.shape != wanted:
        found, right = (" x ".join(map(str, shape)) for shape in (weight.shape, wanted))
        raise ConvertError(
            f"{folder} has {name} of {found} where its config.json says {right}; fetch its files again."
        )
    kind, head_width = form
    return planned_weight(
        name,
        weight,
        kind if len(wanted) == 2 else "F32",
        head_width if name.split(".")[-2] in TURNED else None,
    )


def _planned_divisors(divisors: Floats) -> Planned:
    """The tensor by which llama.cpp slows the turning of long waves."""
    name = "rope_freqs.weight"
    return Planned(name, divisors.shape, "F32", lambda: [encoded(name, divisors, "F32")])


def gguf_name(name: str) -> str:
    """GGUF's name of a tensor; Hugging Face's where there is none."""
    matched = re.fullmatch(r"(?:model\.layers\.(\d{1,4})\.)?([a-z_.]+)\.weight", name)
    if matched is None or matched[2] not in _NAMES:
        return name
    block = "" if matched[1] is None else f"blk.{int(matched[1])}."
    return f"{block}{_NAMES[matched[2]]}.weight"
