"""What a GGUF file says of a LLaMA network and of its vocabulary, whatever it is made from."""

from __future__ import annotations

from dataclasses import dataclass, field

from tui.modelfiles.convert.gguf_out import Encoded, Value

NORMAL, UNKNOWN, CONTROL, USER_DEFINED, UNUSED, BYTE = 1, 2, 3, 4, 5, 6
"""The types of vocabulary pieces, as SentencePiece numbers them."""

FILE_TYPES = {"F32": 0, "F16": 1, "BF16": 32}


@dataclass(frozen=True, slots=True)
class LlamaShape:
    """The sizes and constants of a network."""

    n_vocab: int
    n_embd: int
    n_layer: int
    n_ff: int
    n_head: int
    n_head_kv: int
    head_width: int
    n_ctx: int
    eps: float
    rope_base: float = 10000.0
    rope_factor: float = 1.0
    """Linear stretching of positions."""

    def keys(self, name: str, file_type: int) -> dict[str, Value | Encoded]:
        """The keys of a model's file, but for the vocabulary's."""
        keys: dict[str, Value | Encoded] = {
            "general.architecture": "llama",
            "general.type": "model",
            "general.name": name,
            "llama.vocab_size": self.n_vocab,
            "llama.context_length": self.n_ctx,
            "llama.embedding_length": self.n_embd,
            "llama.block_count": self.n_layer,
            "llama.feed_forward_length": self.n_ff,
            "llama.attention.head_count": self.n_head,
            "llama.attention.head_count_kv": self.n_head_kv,
            "llama.attention.key_length": self.head_width,
            "llama.attention.value_length": self.head_width,
            "llama.rope.dimension_count": self.head_width,
            "llama.rope.freq_base": self.rope_base,
            "llama.attention.layer_norm_rms_epsilon": self.eps,
            "general.file_type": file_type,
            "general.quantization_version": 2,
        }
        if self.rope_factor != 1.0:
            keys["llama.rope.scaling.type"] = "linear"
            keys["llama.rope.scaling.factor"] = self.rope_factor
        return keys

    def tensor_shapes(self) -> dict[str, tuple[int, ...]]:
        """Every tensor that the network has in a GGUF file, slowest dimension first."""
        queries, keys = self.n_head * self.head_width, self.n_head_kv * self.head_width
        shapes: dict[str, tuple[int, ...]] = {
            "token_embd.weight": (self.n_vocab, self.n_embd),
            "output_norm.weight": (self.n_embd,),
            "output.weight": (self.n_vocab, self.n_embd),
        }
        for layer in range(self.n_layer):
            block: dict[str, tuple[int, ...]] = {
                "attn_norm": (self.n_embd,),
                "attn_q": (queries, self.n_embd),
                "attn_k": (keys, self.n_embd),
                "attn_v": (keys, self.n_embd),
                "attn_output": (self.n_embd, queries),
                "ffn_norm": (self.n_embd,),
                "ffn_gate": (self.n_ff, self.n_embd),
                "ffn_up": (self.n_ff, self.n_embd),
                "ffn_down": (self.n_embd, self.n_ff),
            }
            shapes |= {f"blk.{layer}.{name}.weight": shape for name, shape in block.items()}
        return shapes


@dataclass(slots=True)
class Vocabulary:
    """Pieces with their scores and types, and what is special about them."""

    pieces: list[str]
    scores: list[float]
    types: list[int]
    model: str = "llama"
    """`llama` is SentencePiece's BPE, `gpt2` byte-level BPE."""
    pre: str = "default"
    merges: list[str] = field(default_factory=list[str])
    bos: int | None = 1
    eos: int | None = 2
    unk: int | None = 0
    add_bos: bool = True
    add_space_prefix: bool = True
    chat_template: str | None = None

    def add(self, piece: str, score: float, kind: int) -> None:
        """Put a piece at the end."""
        self.pieces.append(piece)
        self.scores.append(score)
        self.types.append(kind)

    def pad_to(self, count: int) -> None:
        """Name the rows of the network that the vocabulary has no piece for."""
        while len(self.pieces) < count:
            self.add(f"<unused_{len(self.pieces)}>", 0.0, UNUSED)

    def cut_to(self, count: int) -> None:
        """Forget pieces that the network has no row for."""
        for values in (self.pieces, self.scores, self.types):
            del values[count:]
        self.bos, self.eos, self.unk = (
            None if token is None or token >= count else token
            for token in (self.bos, self.eos, self.unk)
        )

    @property
    def lacks_bytes(self) -> bool:
        """Whether some text cannot be written in it, by which llama.cpp would be ended."""
        if self.model != "llama":
            return False
        known = set(self.pieces)
        return any(
            f"<0x{byte:02X}>" not in known and (byte > 127 or chr(byte) not in known)
            for byte in range(256)
        )

    def part_twins(self) -> None:
        """Rename pieces that occur a second time, since llama.cpp wants each once."""
        seen: set[str] = set()
        for place, piece in enumerate(self.pieces):
            if piece in seen:
                self.pieces[place], self.types[place] = f"<unused_{place}>", UNUSED
            seen.add(self.pieces[place])

    def keys(self) -> dict[str, Value | Encoded]:
        """The vocabulary's keys."""
        self.part_twins()
        keys: dict[str, Value | Encoded] = {
            "tokenizer.ggml.model": self.model,
            "tokenizer.ggml.pre": self.pre,
            "tokenizer.ggml.tokens": self.pieces,
            "tokenizer.ggml.token_type": self.types,
        }
        if self.model == "llama":
            keys["tokenizer.ggml.scores"] = self.scores
        else:
            keys["tokenizer.ggml.merges"] = self.merges
        for name, token in (("bos", self.bos), ("eos", self.eos), ("unknown", self.unk)):
            if token is not None:
                keys[f"tokenizer.ggml.{name}_token_id"] = token
        keys["tokenizer.ggml.add_bos_token"] = self.add_bos and self.bos is not None
        keys["tokenizer.ggml.add_eos_token"] = False
        if self.model == "llama":
            keys["tokenizer.ggml.add_space_prefix"] = self.add_space_prefix
        if self.chat_template:
            keys["tokenizer.chat_template"] = self.chat_template
        return keys
