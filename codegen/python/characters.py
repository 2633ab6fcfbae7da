"""What single characters do to a line of source: which must be escaped, which are wide.

Both sets are frozen here and not asked of `unicodedata`: the same schema must give the
same bytes under every version of Python.
"""

from __future__ import annotations

import re
from functools import cache

_SHORT_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def escaped(text: str) -> str:
    """`text` with escapes for backslashes and for all that can't be seen in print.

    Those are control and format characters, spaces other than U+0020, surrogates, private
    use. Quotes are left alone.
    """
    if text.isascii() and text.isprintable() and "\\" not in text:
        return text
    return _unsafe().sub(lambda match: _escape(match[0]), text)


def _escape(char: str) -> str:
    short = _SHORT_ESCAPES.get(char)
    if short:
        return short
    point = ord(char)
    if point <= 0xFF:
        return f"\\x{point:02x}"
    return f"\\u{point:04x}" if point <= 0xFFFF else f"\\U{point:08x}"


def width(text: str) -> int:
    """The columns that escaped `text` takes by Black's count: East Asian wide ones take 2."""
    if text.isascii():
        return len(text)
    return len(text) + len(_wide().findall(text))


@cache
def _unsafe() -> re.Pattern[str]:
    return re.compile(
        r"[\\\x00-\x1f\x7f-\xa0\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2"
        r"\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ud800-\uf8ff\ufeff"
        r"\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3"
        r"\U0001d173-\U0001d17a\U000e0000-\U0010ffff]"
    )


@cache
def _wide() -> re.Pattern[str]:
    return re.compile(
        r"[\u1100-\u115f\u231a\u231b\u2329\u232a\u23e9-\u23ec\u23f0\u23f3\u25fd\u25fe"
        r"\u2614\u2615\u2630-\u2637\u2648-\u2653\u267f\u268a-\u268f\u2693\u26a1"
        r"\u26aa\u26ab\u26bd\u26be\u26c4\u26c5\u26ce\u26d4\u26ea\u26f2\u26f3\u26f5\u26fa"
        r"\u26fd\u2705\u270a\u270b\u2728\u274c\u274e\u2753-\u2755\u2757\u2795-\u2797"
        r"\u27b0\u27bf\u2b1b\u2b1c\u2b50\u2b55\u2e80-\u2e99\u2e9b-\u2ef3\u2f00-\u2fd5"
        r"\u2ff0-\u3029\u3030-\u303e\u3041-\u3096\u309b-\u30ff\u3105-\u312f\u3131-\u318e"
        r"\u3190-\u31e5\u31ef-\u321e\u3220-\u3247\u3250-\ua48c\ua490-\ua4c6\ua960-\ua97c"
        r"\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe52\ufe54-\ufe66\ufe68-\ufe6b"
        r"\uff01-\uff60\uffe0-\uffe6\U00016fe0-\U00016fe3\U00016ff2-\U00016ff6"
        r"\U00017000-\U00018cd5\U00018cff-\U00018d1e\U00018d80-\U00018df2"
        r"\U0001aff0-\U0001aff3\U0001aff5-\U0001affb\U0001affd\U0001affe"
        r"\U0001b000-\U0001b122\U0001b132\U0001b150-\U0001b152\U0001b155"
        r"\U0001b164-\U0001b167\U0001b170-\U0001b2fb\U0001d300-\U0001d356"
        r"\U0001d360-\U0001d376\U0001f004\U0001f0cf\U0001f18e\U0001f191-\U0001f19a"
        r"\U0001f200-\U0001f202\U0001f210-\U0001f23b\U0001f240-\U0001f248"
        r"\U0001f250\U0001f251\U0001f260-\U0001f265\U0001f300-\U0001f320"
        r"\U0001f32d-\U0001f335\U0001f337-\U0001f37c\U0001f37e-\U0001f393"
        r"\U0001f3a0-\U0001f3ca\U0001f3cf-\U0001f3d3\U0001f3e0-\U0001f3f0\U0001f3f4"
        r"\U0001f3f8-\U0001f3fa\U0001f400-\U0001f43e\U0001f440\U0001f442-\U0001f4fc"
        r"\U0001f4ff-\U0001f53d\U0001f54b-\U0001f54e\U0001f550-\U0001f567\U0001f57a"
        r"\U0001f595\U0001f596\U0001f5a4\U0001f5fb-\U0001f64f\U0001f680-\U0001f6c5"
        r"\U0001f6cc\U0001f6d0-\U0001f6d2\U0001f6d5-\U0001f6d8\U0001f6dc-\U0001f6df"
        r"\U0001f6eb\U0001f6ec\U0001f6f4-\U0001f6fc\U0001f7e0-\U0001f7eb\U0001f7f0"
        r"\U0001f90c-\U0001f93a\U0001f93c-\U0001f945\U0001f947-\U0001f9ff"
        r"\U0001fa70-\U0001fa7c\U0001fa80-\U0001fa8a\U0001fa8e-\U0001fac6\U0001fac8"
        r"\U0001facd-\U0001fadc\U0001fadf-\U0001faea\U0001faef-\U0001faf8"
        r"\U00020000-\U0002fffd\U00030000-\U0003fffd]"
    )
