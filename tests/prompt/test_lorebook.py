"""Lorebooks: what brings a fact in, what keeps it out, and that each fate is told."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tui.cards.lorebook import Lorebook
from tui.prompt.decorators import undecorated
from tui.prompt.lorebook import Fate, Found, Scene, facts_of, scanned, within


def entry(keys: list[str], content: str = "", **more: Any) -> dict[str, Any]:
    return {"keys": keys, "content": content or f"fact of {keys}", "name": keys[0], **more}


def found_in(entries: list[dict[str, Any]], *texts: str, **book: Any) -> Found:
    seed = book.pop("seed", 1)
    replies = book.pop("replies", 0)
    made = Lorebook.model_validate({"entries": entries, **book})
    return scanned(made, facts_of(made), Scene(texts, seed=seed, replies=replies))


def fired(found: Found) -> list[str]:
    return [fact.name for fact in found.facts]


@pytest.mark.parametrize(
    ("one", "text", "fires"),
    [
        (entry(["lamp"]), "The LAMPLIGHT falls.", True),
        (entry(["lamp"], case_sensitive=True), "The LAMP.", False),
        (entry(["lamp"], extensions={"match_whole_words": True}), "Lamplight.", False),
        (entry(["lamp"], extensions={"match_whole_words": True}), "A lamp.", True),
        (entry(["/l[ae]mp/i"]), "A LEMP.", True),
        (entry(["/l[ae]mp/"]), "A LEMP.", False),
        (entry(["l.mp"], use_regex=True), "A lymp.", True),
        (entry(["l.mp"]), "A lymp.", False),
        (entry(["lamp"], enabled=False), "A lamp.", False),
        (entry([" "], "x"), "A lamp.", False),
    ],
)
def test_keys(one: dict[str, Any], text: str, fires: bool) -> None:
    assert bool(fired(found_in([one], text))) is fires


@pytest.mark.parametrize(
    ("logic", "none", "one", "both"),
    [
        (0, False, True, True),
        (1, True, True, False),
        (2, True, False, False),
        (3, False, False, True),
    ],
)
def test_the_four_logics_of_secondary_keys(logic: int, none: bool, one: bool, both: bool) -> None:
    book = [
        entry(
            ["lamp"],
            selective=True,
            secondary_keys=["oil", "wick"],
            extensions={"selectiveLogic": logic},
        )
    ]
    texts = ("lamp", "lamp oil", "lamp oil wick")
    assert [bool(fired(found_in(book, text))) for text in texts] == [none, one, both]


def test_the_order_is_that_of_the_book_and_the_word_is_told() -> None:
    found = found_in(
        [entry(["b"], insertion_order=2), entry(["a"], insertion_order=1), entry(["zz"])],
        "a and b",
    )
    assert fired(found) == ["a", "b"]
    assert found.fates == (
        Fate(1, "a", "fired", "a"),
        Fate(0, "b", "fired", "b"),
        Fate(2, "zz", "silent", why="none of its words came up"),
    )


def test_only_the_last_turns_are_searched() -> None:
    texts = ("now", "before", "lamp")
    assert not fired(found_in([entry(["lamp"])], *texts, scan_depth=2))
    assert fired(found_in([entry(["lamp"])], *texts, scan_depth=3))
    assert fired(found_in([entry(["lamp"], "@@scan_depth 3\nx")], *texts, scan_depth=1))
    assert not fired(found_in([entry(["lamp"])], *texts, scan_depth=0))


def test_facts_bring_in_facts_where_the_book_wants_it() -> None:
    chain = [entry(["lamp"], "It burns oil."), entry(["oil"], "From whales."), entry(["whale"])]
    assert fired(found_in(chain, "lamp")) == ["lamp"]
    assert fired(found_in(chain, "lamp", recursive_scanning=True)) == ["lamp", "oil", "whale"]
    chain[1]["extensions"] = {"prevent_recursion": True}
    assert fired(found_in(chain, "lamp", recursive_scanning=True)) == ["lamp", "oil"]
    chain[1]["extensions"] = {"exclude_recursion": True}
    assert fired(found_in(chain, "lamp", recursive_scanning=True)) == ["lamp"]
    late = [entry(["lamp"], "Oil."), entry(["oil"], extensions={"delay_until_recursion": True})]
    assert fired(found_in(late, "lamp oil", recursive_scanning=True)) == ["lamp", "oil"]
    assert fired(found_in(late, "oil", recursive_scanning=True)) == []


def test_chance_is_the_turns_and_is_told() -> None:
    book = [entry(["lamp"], extensions={"probability": 30})]
    came = [bool(fired(found_in(book, "lamp", seed=seed))) for seed in range(400)]
    assert 80 < sum(came) < 160
    assert came == [bool(fired(found_in(book, "lamp", seed=seed))) for seed in range(400)]
    out = next(seed for seed, one in enumerate(came) if not one)
    assert found_in(book, "lamp", seed=out).fates[0].why == "its chance of 30 % did not come up"


def test_the_budget_drops_the_least_worth_first() -> None:
    found = found_in([entry(["a"], priority=1), entry(["b"], priority=9), entry(["c"])], "a b c")
    left = within(found, [10, 10, 10], 15)
    assert fired(left) == ["b"]
    dropped = [fate for fate in left.fates if fate.state == "dropped"]
    assert [fate.entry for fate in dropped] == ["a", "c"]
    assert "15 tokens were full" in dropped[0].why


def test_decorators() -> None:
    said = undecorated("@@depth 2\n@@nonsense 7\n@@@scan_depth 3\n@@@other 1\nThe fact.\n@@not one")
    assert said.text == "The fact.\n@@not one"
    assert said.said == {"depth": "2", "scan_depth": "3"}
    assert undecorated("@@depth 4\n@@@depth 9\nx").said == {"depth": "4"}
    book = [entry(["lamp"], "@@additional_keys oil, wick\n@@exclude_keys gas\nx")]
    assert [bool(fired(found_in(book, text))) for text in ("wick", "lamp gas", "x")] == [
        True,
        False,
        False,
    ]
    after = [entry(["lamp"], "@@activate_only_after 3\nx")]
    assert not fired(found_in(after, "lamp", replies=2))
    assert fired(found_in(after, "lamp", replies=3))
    assert fired(found_in([entry(["zz"], "@@activate\nx")], "nothing"))
    assert not fired(found_in([entry(["lamp"], "@@dont_activate\nx")], "lamp"))


def test_a_fact_stays_or_comes_once_where_its_decorator_says_so() -> None:
    stays = [entry(["lamp"], "@@keep_activate_after_match\nx")]
    assert fired(found_in(stays, "a", "b", "c", "d", "e", "f", "the lamp"))
    assert not fired(found_in(stays, "a", "b"))
    once = [entry(["lamp"], "@@dont_activate_after_match\nx")]
    assert fired(found_in(once, "the lamp", "a", "b"))
    assert fired(found_in(once, "a", "the lamp", "b"))
    late = found_in(once, "the lamp", "a", "the lamp again")
    assert fired(late) == []
    assert late.fates[0].why == "it comes in once, and did"


def test_a_fact_has_a_role_and_belongs_to_a_greeting() -> None:
    book = [entry(["a"], "@@role user\nx"), entry(["b"], "@@role assistant\nx"), entry(["c"], "x")]
    assert [fact.role for fact in found_in(book, "a b c").facts] == ["player", "model", "system"]
    made = Lorebook.model_validate({"entries": [entry(["lamp"], "@@is_greeting 2\nx")]})
    facts = facts_of(made)
    assert not scanned(made, facts, Scene(("lamp",), greeting=1)).facts
    assert scanned(made, facts, Scene(("lamp",), greeting=2)).facts


@pytest.mark.parametrize(
    "name", ["instruct_depth", "disable_ui_prompt", "is_user_icon", "reverse_instruct_depth", "x_y"]
)
def test_a_decorator_that_is_not_known_leaves_the_text(name: str) -> None:
    said = undecorated(f"@@{name} 3\n@@@depth 5\nThe fact.")
    assert said.text == "The fact."
    assert said.said == {"depth": "5"}


@pytest.mark.parametrize("pattern", ["/(a+)+$/", "/(.*)*x/", "/((a{99}){99}){99}/", "/(/", "/a**/"])
def test_a_bad_expression_is_told_and_the_others_go_on(pattern: str) -> None:
    began = time.process_time()
    found = found_in([entry([pattern]), entry(["lamp"])], "a" * 40 + "! lamp")
    assert "lamp" in fired(found)
    bad = next(fate for fate in found.fates if fate.entry == pattern)
    assert bad.state in ("dropped", "silent")
    assert time.process_time() - began < 1


def test_a_book_of_ten_thousand_entries_takes_under_a_second() -> None:
    entries = [entry([f"word{number}", f"other{number}"]) for number in range(10_000)]
    entries += [entry(["/(a+)+$/"]) for _ in range(100)]
    made = Lorebook.model_validate({"entries": entries})
    facts = facts_of(made)
    text = "a" * 30 + "! word77 and a lot more of it. " * 200
    began = time.process_time()
    found = scanned(made, facts, Scene((text, text)))
    assert time.process_time() - began < 1
    assert {"word7", "word77"} <= {fact.name for fact in found.facts}


def test_a_constant_entry_has_its_fate_too() -> None:
    found = found_in([entry(["x"], constant=True)], "nothing")
    assert found.fates == (Fate(0, "x", "constant"),)
    assert found.facts == ()
