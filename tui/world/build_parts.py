"""The parts of a world file, one at a time, made ready."""

from __future__ import annotations

from tui.cards.worldfile import (
    EndingFile,
    EventFile,
    ExitFile,
    HintFile,
    ImproviseFile,
    Named,
    PersonFile,
    PlaceFile,
    RuleFile,
    SecretFile,
    StepFile,
    TopicFile,
    Variant,
    VerbFile,
    WantFile,
    WorldFile,
    parse_clock,
)
from tui.world.conditions import tests_in
from tui.world.model import (
    EndingRule,
    Event,
    Exit,
    GoalStep,
    Hint,
    Knack,
    LookText,
    OwnVerb,
    Person,
    Place,
    Plea,
    Rule,
    Secret,
    Topic,
    Want,
)
from tui.world.names import Name, name_of
from tui.world.problems import Report
from tui.world.spelling_effects import parse_pattern
from tui.world.verbs import HANDLING, ROLES

DAY = 24 * 60
ADVERBS = {"in": "inside", "out": "outside", "up": "up", "down": "down"}
COMPASS = frozenset(
    [
        "north",
        "south",
        "east",
        "west",
        "northeast",
        "northwest",
        "southeast",
        "southwest",
        "up",
        "down",
    ]
)
SPEECHLESS = frozenset({"use", *HANDLING})


def is_verb(verb: str) -> bool:
    """Whether phrases may be given for a verb."""
    return verb in ROLES or verb in {"enter", "say", "go"}


def named(id_: str, item: Named, field: str, report: Report, pronoun: str | None = None) -> Name:
    """The Name of a place, thing or person, with what is wrong with it."""
    for verb in item.phrases:
        if not is_verb(verb) and verb not in report.ids.verbs:
            report.add(f"{field}.phrases.{verb}", f"there is no verb '{verb}'")
    return name_of(id_, item, pronoun)


def looks(items: list[Variant], field: str, report: Report) -> tuple[LookText, ...]:
    """The wordings of a look."""
    return tuple(
        LookText(item.text, report.conditions(f"{field}.{index}.when", item.when))
        for index, item in enumerate(items)
    )


def place(id_: str, item: PlaceFile, file: WorldFile, report: Report) -> Place:
    """A place and its exits."""
    field = f"places.{id_}"
    name = named(id_, item, field, report)
    exits = tuple(_exit(id_, key, way, file, report) for key, way in item.exits.items())
    where = f"{item.preposition} {name.the}"
    return Place(id_, name, item, looks(item.look, f"{field}.look", report), exits, where)


def _exit(place_id: str, key: str, item: ExitFile, file: WorldFile, report: Report) -> Exit:
    field = f"places.{place_id}.exits.{key}"
    report.need(f"{field}.to", item.to, "places")
    if (
        item.door is not None
        and report.need(f"{field}.door", item.door, "things")
        and file.things[item.door].open is None
    ):
        report.add(f"{field}.door", f"'{item.door}' does not open", "give it `open: false`")
    if item.blocked_by is not None:
        report.need(f"{field}.blocked_by", item.blocked_by, "things", "folk")
    target = name_of(item.to, file.places[item.to]).the if item.to in file.places else item.to
    return Exit(
        place=place_id,
        key=key,
        to=item.to,
        by=item.by or _by(key, item, file),
        shown=item.name or (f"{key} to {target}" if key in COMPASS else target),
        door=item.door,
        when=report.conditions(f"{field}.when", item.when),
        refuse=item.refuse,
        blocked_by=item.blocked_by,
        minutes=item.minutes,
        phrases=tuple(item.phrases),
        hidden_key=f"{place_id}.{key}.hidden",
    )


def _by(key: str, item: ExitFile, file: WorldFile) -> str:
    if item.door is not None and item.door in file.things and key not in COMPASS:
        return f"through {name_of(item.door, file.things[item.door]).the}"
    if key in COMPASS or key in ADVERBS:
        return ADVERBS.get(key, key)
    return f"by {item.name}" if item.name else "on"


def person(id_: str, item: PersonFile, file: WorldFile, report: Report) -> Person:
    """A person, what they know and want, and how they move."""
    field = f"folk.{id_}"
    name = named(id_, item, field, report, item.pronoun or ("they" if item.plural else None))
    for where in item.route:
        report.need(f"{field}.route", where, "places")
    return Person(
        id=id_,
        name=name,
        file=item,
        looks=looks(item.look, f"{field}.look", report),
        topics={
            key: _topic(key, topic, f"{field}.knows.{key}", file, report)
            for key, topic in item.knows.items()
        },
        wants={
            key: _want(key, want, f"{field}.wants.{key}", report)
            for key, want in item.wants.items()
        },
        fears={
            key: _want(key, fear, f"{field}.fears.{key}", report)
            for key, fear in item.fears.items()
        },
        pleas={
            key: Plea(
                id=key,
                to=plea.to,
                when=report.conditions(f"{field}.persuade.{key}.when", plea.when),
                say=plea.say,
                unwilling=plea.unwilling,
                effects=report.effects(f"{field}.persuade.{key}.do", plea.do),
                phrases=tuple(plea.phrases),
            )
            for key, plea in item.persuade.items()
        },
        schedule=_schedule(item, f"{field}.schedule", report),
        moves=report.conditions(f"{field}.moves", item.moves),
    )


def _schedule(item: PersonFile, field: str, report: Report) -> tuple[tuple[int, str], ...]:
    """Minutes of the day, and where somebody goes then."""
    found: list[tuple[int, str]] = []
    for when, where in item.schedule.items():
        try:
            minute = parse_clock(when)
        except ValueError as error:
            report.add(f"{field}.{when}", str(error))
            continue
        known = where == "nowhere" or report.need(f"{field}.{when}", where, "places")
        found.append((minute, where if known else "nowhere"))
    return tuple(sorted(found))


def _topic(key: str, item: TopicFile, field: str, file: WorldFile, report: Report) -> Topic:
    named_file = file.things.get(key) or file.places.get(key) or file.folk.get(key)
    name = item.name or (
        name_of(key, named_file).the if named_file is not None else f"the {key.replace('_', ' ')}"
    )
    return Topic(
        id=key,
        name=name,
        words=tuple(item.words),
        answer=item.answer,
        when=report.conditions(f"{field}.when", item.when),
        withheld=item.withheld,
        offered=report.conditions(f"{field}.offered", item.offered),
        effects=report.effects(f"{field}.do", item.do),
        phrases=tuple(item.phrases),
    )


def _want(key: str, item: WantFile, field: str, report: Report) -> Want:
    report.need(field, key, "things")
    for given in item.gives:
        report.need(f"{field}.gives", given, "things")
    return Want(
        thing=key,
        when=report.conditions(f"{field}.when", item.when),
        gives=tuple(item.gives),
        keeps=item.keeps,
        say=item.say,
        effects=report.effects(f"{field}.do", item.do),
        phrases=tuple(item.phrases),
    )


def rule(index: int, item: RuleFile, report: Report) -> Rule:
    """A rule; its id comes from its place in the list where it has none."""
    field = f"rules.{index}"
    patterns = [
        report.attempt(f"{field}.on", lambda text=text: parse_pattern(text, report.ids))
        for text in item.on
    ]
    found = tuple(pattern for pattern in patterns if pattern is not None)
    if not (item.say or item.refuse) and any(
        pattern.verb in SPEECHLESS or pattern.verb in report.ids.verbs for pattern in found
    ):
        report.add(field, "says nothing of what comes of it", "add `say:`")
    if item.refuse and (item.say or item.do):
        report.add(field, "both refuses and does", "make it two rules")
    return Rule(
        id=item.id or f"rule_{index}",
        patterns=found,
        when=report.conditions(f"{field}.when", item.when),
        effects=report.effects(f"{field}.do", item.do),
        say=item.say,
        refuse=item.refuse,
        instead=item.instead,
        once=item.once,
        minutes=item.minutes,
        phrases=tuple(item.phrases),
    )


def event(id_: str, item: EventFile, file: WorldFile, report: Report) -> Event:
    """An event; a time of day before the start is meant for the next day."""
    at = item.at
    if at is not None:
        start = file.clock.start or 0
        at += (item.day - 1) * DAY if item.day is not None else (DAY if at < start else 0)
    for where in item.seen:
        report.need(f"events.{id_}.seen", where, "places")
    timed = sum(value is not None for value in (item.at, item.after, item.every))
    if timed == 0 and not item.when:
        report.add(f"events.{id_}", "never happens", "give it `at:`, `after:`, `every:` or `when:`")
    return Event(
        id=id_,
        at=at,
        after=item.after,
        every=item.every,
        when=report.conditions(f"events.{id_}.when", item.when),
        seen=tuple(item.seen),
        say=item.say,
        effects=report.effects(f"events.{id_}.do", item.do),
    )


def step(index: int, item: StepFile, report: Report) -> GoalStep:
    """A step of the goal."""
    when = report.conditions(f"goal.steps.{index}.when", item.when)
    return GoalStep(item.id or f"step_{index}", item.text, when, item.done, tuple(item.hints))


def ending(id_: str, item: EndingFile, report: Report) -> EndingRule:
    """An ending."""
    when = report.conditions(f"endings.{id_}.when", item.when)
    return EndingRule(
        id_,
        item.title,
        item.text,
        item.kind,
        when,
        bool(item.when),
        len(tests_in(when)),
        item.missed,
    )


def own_verb(id_: str, item: VerbFile) -> OwnVerb:
    """A verb of the tale's own."""
    return OwnVerb(id_, tuple(item.words), item.alone, tuple(item.phrases), item.say)


def hint(index: int, item: HintFile, report: Report) -> Hint:
    """A hint."""
    return Hint(item.text, report.conditions(f"hints.{index}.when", item.when))


def secret(index: int, item: SecretFile, report: Report) -> Secret:
    """Words that are not to be said yet."""
    return Secret(tuple(item.words), report.conditions(f"secrets.{index}.until", item.until))


def knack(id_: str, item: ImproviseFile, report: Report) -> Knack:
    """A kind of free deed that may succeed."""
    field = f"improvise.{id_}"
    when = report.conditions(f"{field}.when", item.when)
    return Knack(
        id_,
        tuple(item.words),
        when,
        item.say,
        report.effects(f"{field}.do", item.do),
        tuple(item.phrases),
    )
