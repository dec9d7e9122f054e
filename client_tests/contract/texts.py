"""What people and models say: texts in many scripts, with emoji, code, blanks and what only looks special.

A scenario tells the model what to say: who asks as one of the `SPEAKERS` is answered by that one's text, who asks as
`echo` by what was said. Anybody else is answered by what the model makes up.
"""

import json

from hypothesis import strategies as st

PIECES = (
    "Hello",
    " world",
    ".",
    "\n",
    "\n\n\n",
    "   \t ",
    " the",
    "don't",
    "HTTPServer",
    "Straße",
    "Привет, мир",
    "Ελληνικά",
    "שלום",
    "مرحبا",
    "नमस्ते दुनिया",
    "สวัสดี",
    "你好, 世界",
    "こんにちは",
    "한국어",
    "e\u0301\u0323",
    "👍🏽",
    "👩‍👩‍👧‍👦",
    "🏳️‍🌈🇳🇴",
    "\U0001d518\U0001d52b\U0001d526",
    "\u200b\u2028\ufeff",
    "12345678",
    "3.14159e-10",
    "def f(x):\n    return {\"a\": [x, 'b']}  # ∀x\n",
    "<p class='x'>&amp;</p>",
    "<|endoftext|>",
    "What are you?",
    "\\ud83d\\n%s\0",
)
SPEAKERS = {
    "brief": "Yes.",
    "silent": "",
    "merry": "👩‍👩‍👧‍👦 and 👍🏽, 🏳️‍🌈🇳🇴! " * 3,
    "learned": "Καλημέρα. 你好, 世界。नमस्ते दुनिया।\n\n" * 4,
    "coding": "for i in range(10):\n\tprint(f'{i:>3}', \"∑\")\n\n\n" * 3,
    "endless": "The 🦊 jumps over the lazy dog, снова и снова.\n" * 400,
}
SCENARIO = json.dumps(
    {
        "version": 1,
        "clock": {"rate": 0},
        "replies": [
            *({"match": {"user": name}, "reply": {"text": text}} for name, text in SPEAKERS.items()),
            {"match": {"user": "echo"}, "reply": {"echo": True}},
        ],
    },
    ensure_ascii=False,
)

SHORT = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), min_size=1, max_size=12).map("".join)
LONG = st.builds(lambda piece, times: piece * times, st.sampled_from(PIECES), st.integers(100, 1200))
TEXT = st.sampled_from([*10 * [SHORT], LONG, st.just("")]).flatmap(lambda texts: texts)
