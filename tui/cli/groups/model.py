"""`fabletop model ...`: models found, fetched, converted, quantised and measured."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from tui.cli.setting import program

app = typer.Typer(
    help="Find models, fetch them, convert, quantise and measure them.", no_args_is_help=True
)

Model = Annotated[str, typer.Argument(metavar="FILE", help="A model's path or name.")]
Force = Annotated[bool, typer.Option("--force", help="Write over a file that is there.")]
Json = Annotated[bool, typer.Option("--json", help="Write JSON, for scripts.")]


MOST_THREADS = 512
"""llama.cpp's own limit (`GGML_MAX_N_THREADS`)."""


class Method(StrEnum):
    """How a perplexity is measured."""

    GPTQ = "gptq"
    LLAMA_CPP = "llama.cpp"
    BOTH = "both"


@app.command("list")
def list_(as_json: Json = False) -> None:
    """List the models on this machine, other programs' too, and those that can be fetched by name."""
    from tui.cli import modelwork

    modelwork.listed(program(), as_json=as_json)


@app.command()
def show(file: Model, as_json: Json = False) -> None:
    """Say what a model is, how it is spoken to, and whether it fits into this machine's memory."""
    from tui.cli import modelwork

    modelwork.shown(program(), file, as_json=as_json)


@app.command()
def fetch(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", help="A name from the list, org/repo, org/repo:file or an address."
        ),
    ],
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Answer yes to what would be asked.")
    ] = False,
) -> None:
    """Fetch a model into models/; the same command goes on where it stopped."""
    from tui.cli import fetching

    fetching.fetch(program(), name, yes=yes)


@app.command()
def convert(
    source: Annotated[
        Path, typer.Argument(metavar="IN", help="A GGML file, a Hugging Face, XOR or LoRA folder.")
    ],
    target: Annotated[
        Path | None, typer.Argument(metavar="OUT", help="A .gguf file; in models/ if none.")
    ] = None,
    base: Annotated[
        Path | None, typer.Option(metavar="PATH", help="The model that XOR files or a LoRA are of.")
    ] = None,
    type_: Annotated[
        str, typer.Option("--type", metavar="TYPE", help="f16, bf16 or f32, for what are floats.")
    ] = "",
    force: Force = False,
) -> None:
    """Make a GGUF file of a model of another kind, and score a page of plain English with it."""
    from tui.cli import modelwork

    modelwork.converted(program(), source, target, base=base, type_=type_, force=force)


@app.command()
def merge(
    adapter: Annotated[Path, typer.Argument(metavar="LORA", help="An adapter of any form.")],
    base: Annotated[str, typer.Argument(metavar="MODEL", help="Its model: GGUF of f16 or f32.")],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="The .gguf file to write.")],
    scale: Annotated[float, typer.Option(help="How strongly it is added.")] = 1.0,
    force: Force = False,
) -> None:
    """Add a LoRA adapter to its model for good, and score a page of plain English with it."""
    from tui.cli import decoding

    decoding.merged(program(), adapter, base, target, scale=scale, force=force)


@app.command()
def decode(
    source: Annotated[Path, typer.Argument(metavar="XOR", help="The folder of XOR files.")],
    base: Annotated[Path, typer.Argument(metavar="BASE", help="The folder they were made with.")],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="The folder to write.")],
) -> None:
    """Decode XOR files against LLaMA's own, and check what comes of it; 1 where it is not right."""
    from tui.cli import decoding

    if not decoding.decoded(program(), source, base, target):
        raise typer.Exit(1)


@app.command()
def check(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A model's folder.")],
    md5: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A list of sums; else the cards' own.")
    ] = None,
) -> None:
    """Hold a folder's files against their published MD5 sums; 1 where one differs."""
    from tui.cli import decoding

    if not decoding.checked(program(), folder, md5):
        raise typer.Exit(1)


@app.command()
def quantise(
    source: Annotated[str, typer.Argument(metavar="IN", help="A GGUF file's path or name.")],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="The file to write.")],
    type_: Annotated[
        str, typer.Argument(metavar="TYPE", help="Any type of llama.cpp's: q4_0, q4_k_m, q8_0, ...")
    ],
    force: Force = False,
) -> None:
    """Write a GGUF file anew in fewer bits."""
    from tui.cli import modelwork

    modelwork.quantised(program(), source, target, type_, force=force)


@app.command()
def perplexity(
    files: Annotated[list[str], typer.Argument(metavar="FILE", help="Models, side by side.")],
    text: Annotated[Path, typer.Option(metavar="FILE", help="The text to measure on.")],
    method: Annotated[Method, typer.Option(help="Whose method.")] = Method.BOTH,
    as_json: Json = False,
) -> None:
    """Measure how well models foretell a text; 1 where one gives garbage."""
    from tui.cli import modelwork

    methods = ("gptq", "llama.cpp") if method is Method.BOTH else (str(method),)
    if not modelwork.measured(program(), files, text, methods, as_json=as_json):
        raise typer.Exit(1)


@app.command()
def bench(
    file: Model,
    threads: Annotated[
        list[int] | None,
        typer.Option(metavar="N", min=1, max=MOST_THREADS, help="Numbers of threads to try."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Measure how fast a model reads and writes here."""
    from tui.cli import modelwork

    modelwork.benched(program(), file, threads or (), as_json=as_json)
