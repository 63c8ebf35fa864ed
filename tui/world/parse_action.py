"""From the id of an action, as a save or a reader gives it, to the Action."""

from __future__ import annotations

from tui.world.model import Model
from tui.world.values import Action
from tui.world.verbs import ROLES, SHORTER


def parse_action(model: Model, id_: str) -> Action:
    """The Action of an id; raises `ValueError` saying what is wrong with it."""
    action = Action(id_)
    verb, args = action.verb, action.args
    if verb in {"say", "improvise"}:
        if len(args) != 2 or (verb == "say" and args[0] and args[0] not in model.folk):
            raise ValueError(f"'{id_}' is not an action of this world")
        return action
    if verb in model.verbs and (not args or (len(args) == 1 and args[0] in model.start_at)):
        return action
    roles = ROLES.get(verb)
    if roles is None:
        raise ValueError(f"'{id_}' has no verb of this world")
    least = len(roles) - 1 if verb in SHORTER else len(roles)
    most = 1 if verb == "search" else len(roles)
    if not least <= len(args) <= most and not (verb == "search" and not args):
        raise ValueError(f"'{id_}' has too many or too few parts")
    for role, arg in zip(roles, args, strict=False):
        if not _fits(model, role, arg):
            raise ValueError(f"'{id_}': there is no {role} '{arg}'")
    return action


def _fits(model: Model, role: str, arg: str) -> bool:
    """Whether a part may stand there; giving Marta to the bread is refused in play, not here."""
    return arg in model.start_at if role in {"thing", "person", "any"} else bool(arg)
