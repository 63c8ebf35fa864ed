"""What a question is about that nobody has heard of: a thing, or somebody, with a name."""

from __future__ import annotations

import re

_ASKS = re.compile(
    r"\?|^(?:ask|tell me|i heard|what|who|why|where|when|how|do you|are you|did you|have you)\b",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"(?:\b(?:about|know of|heard of|think of|believe in|"
    r"you (?:know|like|love|hate|fear|want|remember|miss|own|see|seen|met|ever seen|ever met))"
    r"|^and(?=[^?]*\?$)|^what of)"
    r"\s+(?!about\b|of\b)((?:the|a|an|your|my|this|that|any|some)\s+(?=\w))?"
    r"((?:(?:mr|mrs|ms|dr|st)\.\s)?[\w’'-]+(?:\s[\w’'-]+){0,3})",
    re.IGNORECASE,
)
_NO_THING = re.compile(
    r"(?:how|what|who|whose|whom|which|why|where|when|whether|if|to|that|this|these|those|such|"
    r"i|we|us|you|they|he|she|yours?|(?:your|my|him|her|it|our|them)sel(?:f|ves)|from|with|"
    r"is|are|was|were|do|does|did|has|have|can|could|will|would|"
    r"being|doing|going|having|(?:every|any|some|no)(?:thing|body|one|where)|all|then|so)\b",
    re.IGNORECASE,
)
"""What begins as no name of a thing does."""
_BESIDE = re.compile(
    r"\s*\b(?:it|him|her|them|me|here|there|today|yesterday|now|then|please|at all|very much)\b.*$",
    re.IGNORECASE,
)
"""Words with which what is asked about is over, or has no name."""
_BARE = frozenset({"", "any", "some"})


def subject_of(words: str) -> str:
    """What `words` ask about, as a noun phrase; empty for plain talk."""
    said = words.strip()
    match = _ABOUT.search(said) if _ASKS.search(said) else None
    if match is None or _NO_THING.match(match[2]):
        return ""
    subject = _BESIDE.sub("", f" {match[2]}").strip()
    if not subject:
        return ""
    return subject if (match[1] or "").strip().lower() in _BARE else f"the {subject}"
