"""Which template a model wants, what the model cards show, and files that hold no template."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.prompt.stories import FACTS, player, reply, system
from tui.engine.sampling import Sampling
from tui.prompt import (
    Block,
    Template,
    TemplateError,
    parse_template,
    read_templates,
    shipped_templates,
    template_for,
)
from tui.prompt.window import joined

SHIPPED = shipped_templates()


def text(template: Template, blocks: list[Block], speaker: str) -> str:
    return "".join(part.text for part in template.written(blocks, speaker, opens=True))


def test_the_example_of_pygmalions_model_card() -> None:
    pygmalion = SHIPPED["pygmalion"]
    about = "Assistant is a highly intelligent language model trained to comply with user requests."
    known = replace(FACTS, char="Assistant", about=about, scenario="", persona="")
    blocks = [
        system(pygmalion, known),
        reply("Hello! How may I help you today?", 1, "Assistant"),
        player("What is Zork?", 2),
    ]
    assert text(pygmalion, blocks, "Assistant") == (
        "Assistant's Persona: Assistant is a highly intelligent language model trained to comply "
        "with user requests.\n<START>\nAssistant: Hello! How may I help you today?\n"
        "You: What is Zork?\nAssistant:"
    )


def test_the_example_of_limarps_model_card() -> None:
    limarp = SHIPPED["limarp"]
    known = replace(FACTS, user="User", char="Character", about="One.\nTwo.", persona="a reader")
    blocks = [
        system(limarp, known),
        Block("model", "reply", 'He wrote. "Not too complicated."', "Character", 1),
        Block("player", "player", '"You\'re right!" User agreed.\n\nUser smiled.', "User", 2),
    ]
    assert text(limarp, blocks, "Character") == (
        "<<SYSTEM>>\nCharacter's Persona: One. Two.\n\nUser's Persona: User is a reader.\n\n"
        "Scenario: It is night on the river.\n\nPlay the role of Character. You must engage in a "
        "roleplaying chat with User below this line. Do not write dialogues and narration for "
        "User. Character should respond with messages of medium length.\n\n"
        '<<AIBOT>>\nCharacter: He wrote. "Not too complicated."\n\n'
        '<<HUMAN>>\nUser: "You\'re right!" User agreed.\n\nUser smiled.\n\n'
        "<<AIBOT>>\nCharacter:"
    )


def test_limarp_is_drawn_as_its_card_says() -> None:
    sampling = Sampling.from_dict(SHIPPED["limarp"].sampling)
    assert (sampling.temperature, sampling.tfs_z, sampling.repeat_penalty) == (0.70, 0.85, 1.10)
    assert sampling.tfs_rule == "text-generation-webui"
    assert (sampling.top_k, sampling.top_p, sampling.typical_p, sampling.min_p) == (0, 1, 1, 0)
    assert sampling.ban_eos
    assert SHIPPED["limarp"].context == 4096
    assert SHIPPED["limarp-user"].sampling == SHIPPED["limarp"].sampling


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("metharme-7b.Q4_K_M.gguf", "metharme"),
        ("pygmalion-2-13b.Q4_K_M.gguf", "metharme"),
        ("pygmalion-7b.gguf", "pygmalion"),
        ("limarp-llama2-13b.ggmlv3.q4_0.bin", "limarp"),
        ("LimaRP-Llama2-7B-v3.gguf", "limarp-3"),
        ("airolima-chronos-grad-l2-13B.gguf", "limarp-user"),
        ("mythomax-l2-13b.gguf", "alpaca"),
        ("Wayfarer-12B-Q4_K_M.gguf", "wayfarer"),
        ("Meta-Llama-3-8B-Instruct.gguf", "llama-3"),
        ("llama-2-7b-chat.gguf", "llama-2"),
        ("mistral-7b-instruct-v0.2.gguf", "mistral"),
        ("Mistral-Nemo-Instruct-2407.gguf", "mistral-tekken"),
        ("gemma-2-2b-it.gguf", "gemma"),
        ("vicuna-13b-v1.5.gguf", "vicuna"),
        ("qwen2.5-0.5b-instruct.gguf", "chatml"),
    ],
)
def test_the_files_name_chooses(name: str, wanted: str) -> None:
    template, why = template_for(name, {}, SHIPPED)
    assert template.name == wanted
    assert "name has" in why


def test_the_marks_of_a_chat_template_choose_where_the_name_says_nothing() -> None:
    for chat, wanted in {
        "…<|im_start|>…<|im_end|>…": "chatml",
        "…<|start_header_id|>…<|eot_id|>": "llama-3",
        "[INST] <<SYS>> [/INST]": "llama-2",
        "[INST] x [/INST]": "mistral",
        "<start_of_turn>user <end_of_turn>": "gemma",
        "### Instruction: ### Response:": "alpaca",
    }.items():
        found, why = template_for("model.gguf", {"tokenizer.chat_template": chat}, SHIPPED)
        assert found.name == wanted
        assert "marks" in why


def test_what_the_file_says_of_itself_comes_first() -> None:
    found, _ = template_for("qwen.gguf", {"fabletop.template": "metharme"}, SHIPPED)
    assert found.name == "metharme"


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_foreign_text_is_never_special(name: str) -> None:
    template = SHIPPED[name]
    nasty = "".join(piece for one in SHIPPED.values() for piece in one.special)
    blocks = [
        Block("system", "system", nasty),
        Block("player", "player", nasty, nasty, 1),
        Block("system", "scene", nasty, turn=1),
        Block("model", "reply", nasty, nasty, 2),
        Block("player", "player", nasty, nasty, 3),
    ]
    parts = template.written(blocks, nasty, opens=True)
    assert all(part.text in template.special for part in parts if part.special)


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_a_sampled_reply_stands_as_its_ids(name: str) -> None:
    blocks = [
        Block("system", "system", "A."),
        Block("player", "player", "hi", "Ann", 1),
        Block("model", "reply", "x", "Marta", 2, tokens=(7, 8)),
        Block("model", "choices", "\n\n- y", turn=2, tokens=(9,)),
        Block("player", "player", "go", "Ann", 3),
    ]
    runs = joined(SHIPPED[name].written(blocks, "Marta", opens=True))
    assert [run.tokens for run in runs if run.tokens] == [(7, 8), (9,)]


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_a_longer_story_begins_as_the_shorter_one_did(name: str) -> None:
    template = SHIPPED[name]
    story = [
        system(template, FACTS),
        player("Start!", 1, unseen=True),
        reply("You wake.", 2),
        player("look", 3),
    ]
    opened = "" if template.last_model is None else "### Response: (length = medium)\nMarta:"
    before = text(template, story, "Marta").removesuffix(opened)
    after = text(template, [*story, reply("It is dark.", 4), player("wait", 5)], "Marta")
    assert after.startswith(before)


def test_a_players_template_can_be_like_one_that_ships() -> None:
    mine = parse_template(
        "like: limarp\nname: mine\ntitle: Mine\nlength: huge", "mine.yaml", SHIPPED
    )
    assert mine.player == SHIPPED["limarp"].player
    assert mine.length == "huge"
    assert mine.matches == ()


def test_a_players_template_stands_in_for_one_of_its_name() -> None:
    texts = [("a.yaml", "like: chatml\nname: chatml\ntitle: My own"), ("b.yaml", "name: [")]
    loaded = read_templates(texts, SHIPPED)
    assert loaded.templates["chatml"].title == "My own"
    assert len(loaded.problems) == 1
    assert loaded.problems[0].startswith("b.yaml is not YAML: line 1")


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("", "holds no template"),
        ("- a", "holds no template"),
        ("name: x\ntitle: X\nsystem: {}\nplayer: {}", "field model: is missing"),
        (
            "name: x\ntitle: X\nsystem: {}\nplayer: {}\nmodel: {befor: a}",
            "model.befor: is not known",
        ),
        ("like: nothing\nname: x\ntitle: X", "there is no template nothing"),
        ("like: chatml\nname: x\ntitle: X\nsampling: {temprature: 1}", "temprature"),
        ("like: limarp\nname: x\ntitle: X\nlength: endless", "length has to be one of"),
        ("like: chatml\nname: x\ntitle: X\ncontext: -1", "field context"),
        ("name: " + "[" * 5000, "not YAML"),
        ("#" * 70_000, "larger than any template"),
    ],
)
def test_a_bad_file_is_one_sentence(source: str, says: str) -> None:
    with pytest.raises(TemplateError) as error:
        parse_template(source, "mine.yaml", SHIPPED)
    assert says in str(error.value)
    assert str(error.value).startswith("mine.yaml")
    assert "\n" not in str(error.value)
