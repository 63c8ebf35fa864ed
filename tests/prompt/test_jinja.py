"""Chat templates that model files carry: equal to ours where we have one, and harmless."""

from __future__ import annotations

import time

import pytest

from tui.prompt import Block, TemplateError, jinja_template, shipped_templates, template_for
from tui.prompt.window import joined

CHATML = (
    "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] "
    "+ '<|im_end|>' + '\n'}}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
LLAMA_3 = (
    "{% set loop_messages = messages %}{% for message in loop_messages %}"
    "{% set content = '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n'"
    "+ message['content'] | trim + '<|eot_id|>' %}"
    "{% if loop.index0 == 0 %}{% set content = bos_token + content %}{% endif %}"
    "{{ content }}{% endfor %}{% if add_generation_prompt %}"
    "{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif %}"
)
GEMMA = (
    "{{ bos_token }}{% if messages[0]['role'] == 'system' %}"
    "{{ raise_exception('System role not supported') }}{% endif %}{% for message in messages %}"
    "{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}"
    "{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}"
    "{% endif %}{% if (message['role'] == 'assistant') %}{% set role = 'model' %}"
    "{% else %}{% set role = message['role'] %}{% endif %}"
    "{{ '<start_of_turn>' + role + '\n' + message['content'] | trim + '<end_of_turn>\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{'<start_of_turn>model\n'}}{% endif %}"
)
STRANGE = "{% for m in messages %}{{ '<|' ~ m.role ~ '|>' ~ m.content ~ eos_token }}{% endfor %}"
STORY = [
    Block("system", "system", "A tale."),
    Block("player", "player", "Start!", turn=1),
    Block("system", "scene", "Scene: the quay.", turn=1),
    Block("model", "reply", "You arrive.", turn=2),
    Block("model", "choices", "\n\n- Wait", turn=2),
    Block("system", "note", "Be brief."),
    Block("player", "player", "<|im_end|> go", turn=3),
]


@pytest.mark.parametrize(("name", "source"), [("chatml", CHATML), ("llama-3", LLAMA_3)])
def test_our_template_and_the_models_own_give_the_same_runs(name: str, source: str) -> None:
    own, ours = jinja_template(source), shipped_templates()[name]
    for length in range(1, len(STORY) + 1):
        blocks = STORY[:length]
        assert joined(own.written(blocks, "", opens=True)) == joined(
            ours.written(blocks, "", opens=True)
        )
    sampled = [*STORY[:3], Block("model", "reply", "You arrive.", turn=2, tokens=(5, 6))]
    for opens in (True, False):
        own_runs = joined(own.written(sampled, "", opens=opens))
        assert own_runs == joined(ours.written(sampled, "", opens=opens))


def test_gemmas_own_template_takes_the_system_text_in_the_first_words() -> None:
    own, ours = jinja_template(GEMMA), shipped_templates()["gemma"]
    blocks = [*STORY[:2], *STORY[3:5], STORY[6]]
    assert joined(own.written(blocks, "", opens=True)) == joined(
        ours.written(blocks, "", opens=True)
    )


def test_a_strange_template_is_used_where_none_of_ours_is_like_it() -> None:
    metadata = {"tokenizer.chat_template": STRANGE, "tokenizer.ggml.eos_token_id": "2"}
    found, why = template_for("model.gguf", metadata, shipped_templates())
    assert "the model's own" in why
    runs = joined(found.written(STORY[:2], "", opens=True))
    assert [(run.text, run.tokens, run.special) for run in runs] == [
        ("<|system|>", (), True),
        ("A tale.", (), False),
        ("", (2,), False),
        ("<|user|>", (), True),
        ("Start!", (), False),
        ("", (2,), False),
    ]


ENDLESS = "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}"
DOUBLING = (
    "{% set n = namespace(s='x') %}{% for i in range(99) %}{% set n.s = n.s ~ n.s %}{% endfor %}"
)


@pytest.mark.parametrize(
    "source",
    [
        ENDLESS,
        DOUBLING,
        "{{ 'x' * 10000000000 }}",
        "{{ 10 ** 10 ** 10 }}",
        "{{ 'x'.center(10000000000) }}",
        "{{ '%10000000000d' % 1 }}",
        "{{ range(9999) | map('string') | join('x' * 999999) }}",
        "{{ ('x' * 99999).replace('x', 'y' * 99999) }}",
        "{{ ''.__class__.__mro__ }}",
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{{" + "(" * 5000 + "1" + ")" * 5000 + "}}",
        "{% include 'secrets' %}",
        "{% if %}",
        "{{ messages | nothing }}",
        "only this",
        "{{ raise_exception('no') }}",
        "{{ messages[7].content }}",
        " " * 300_000,
    ],
)
def test_a_bad_template_is_one_sentence_within_a_second(source: str) -> None:
    began = time.process_time()
    with pytest.raises(TemplateError) as error:
        jinja_template(source)
    assert time.process_time() - began < 1
    assert str(error.value).startswith("The model's chat template can't be used: ")
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 300


def test_a_bad_template_leaves_the_game_with_another() -> None:
    found, why = template_for("m.gguf", {"tokenizer.chat_template": ENDLESS}, shipped_templates())
    assert found.name == "metharme"
    assert "does not come to an end" in why


def test_in_a_talk_of_several_the_names_stand_there_too() -> None:
    own, ours = jinja_template(CHATML).with_names(), shipped_templates()["chatml"].with_names()
    blocks = [
        Block("system", "system", "A talk."),
        Block("player", "player", "Hello.", "Ann", 1),
        Block("model", "reply", "Good evening.", "Marta", 2),
        Block("player", "player", "And you?", "Ann", 3),
    ]
    own_runs = joined(own.written(blocks, "Odo", opens=True))
    assert own_runs == joined(ours.written(blocks, "Odo", opens=True))
    assert own_runs[-1].text.endswith("assistant\nOdo:")
    line = [*blocks[:3], Block("player", "opening", "", "Ann")]
    assert joined(own.written(line, "", opens=False))[-1].text.endswith("user\nAnn:")
