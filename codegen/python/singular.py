"""The singular of a table's name, for its class: `users` → `User`. Unsure means unchanged."""

from __future__ import annotations

import re
from typing import Final

from .names import pascal_case

_IRREGULAR: Final = {
    "children": "child",
    "people": "person",
    "men": "man",
    "women": "woman",
    "mice": "mouse",
    "feet": "foot",
    "teeth": "tooth",
    "geese": "goose",
    "indices": "index",
    "vertices": "vertex",
    "matrices": "matrix",
    "appendices": "appendix",
    "criteria": "criterion",
    "phenomena": "phenomenon",
    "analyses": "analysis",
    "axes": "axis",
    "bases": "base",
    "crises": "crisis",
    "diagnoses": "diagnosis",
    "hypotheses": "hypothesis",
    "syntheses": "synthesis",
    "theses": "thesis",
    "parentheses": "parenthesis",
    "quizzes": "quiz",
    "knives": "knife",
    "lives": "life",
    "wives": "wife",
    "wolves": "wolf",
    "shelves": "shelf",
    "halves": "half",
    "menus": "menu",
    "apis": "api",
    "kpis": "kpi",
    "uis": "ui",
    "urls": "url",
    "gpus": "gpu",
    "cpus": "cpu",
    "skus": "sku",
    "ids": "id",
    "buses": "bus",
    "gases": "gas",
    "caches": "cache",
    "niches": "niche",
    "headaches": "headache",
    "avalanches": "avalanche",
    "psyches": "psyche",
    "excuses": "excuse",
    "fuses": "fuse",
    "shoes": "shoe",
    "toes": "toe",
    "canoes": "canoe",
    "does": "doe",
    "movies": "movie",
    "cookies": "cookie",
    "calories": "calorie",
    "zombies": "zombie",
    "selfies": "selfie",
    "rookies": "rookie",
    "brownies": "brownie",
    "ties": "tie",
    "pies": "pie",
    "lies": "lie",
    "aliases": "alias",
    "canvases": "canvas",
    "atlases": "atlas",
    "biases": "bias",
}
_SAME: Final = frozenset(
    [
        "series",
        "species",
        "news",
        "media",
        "data",
        "metadata",
        "status",
        "alias",
        "canvas",
        "atlas",
        "bias",
        "gas",
        "lens",
        "chaos",
        "cosmos",
        "pos",
        "ios",
        "aws",
        "sms",
        "css",
        "https",
        "tls",
        "dns",
        "os",
        "gps",
        "cors",
        "sass",
        "graphics",
        "analytics",
        "statistics",
        "logistics",
        "physics",
        "economics",
        "mathematics",
        "politics",
        "ethics",
        "basics",
        "diabetes",
        "sales",
        "settings",
        "preferences",
        "credentials",
        "goods",
        "clothes",
        "thanks",
        "means",
        "premises",
        "headquarters",
        "earnings",
        "savings",
        "plus",
        "minus",
    ]
)
_LAST_WORD: Final = re.compile(r"[A-Z]?[a-z]+\d*$|[A-Z]+\d*$")
# Of words in -uses only these few kinds drop -es: bonuses, statuses, viruses, campuses.
_DROPS_ES: Final = re.compile(r"(ss|sh|ch|x|zz|[^ao]us)es$")


def singular(word: str) -> str:
    """The singular of one lower-case English word, or the word itself when unsure."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word in _SAME or len(word) < 3 or not word.endswith("s"):
        return word
    if word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if _DROPS_ES.search(word) and len(word) > 4:
        return word[:-2]
    if word.endswith("oes"):
        return word[:-2]
    return word[:-1]


def singular_class(name: str) -> str:
    """`agentSessions` → `AgentSession`: the class of one of what `name` holds many of."""
    whole = pascal_case(name)
    last = _LAST_WORD.search(whole)
    if last is None:
        return whole
    word = last.group()
    one = singular(word.lower())
    return whole[: last.start()] + one[:1].upper() + one[1:]
