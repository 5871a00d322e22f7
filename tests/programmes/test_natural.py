"""Claims about what codes say by themselves: which codes one may stand under."""

import pytest

from programmes.natural import stems


@pytest.mark.parametrize(
    ("code", "above"),
    [
        ("O4.1", ["o4", "o"]), ("O3.10.2", ["o3.10", "o3", "o"]), ("P6", ["p"]), ("P", []), ("", []), ("12", []),
        ("O4.", ["o4", "o"]), (".1", []), ("O7²", []), ("①", []), ("C٣", []), ("O7².1", ["o7²"]),
    ],
)  # fmt: skip
def test_the_codes_above_get_shorter_and_end(code, above):
    assert list(stems(code)) == above
