import pytest

from network.carrier.rules import segments as of_the_carrier
from network.messaging.rules.segments import segments


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 1), ("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3), ("a" * 159 + "€", 2),
        ("á" + "a" * 69, 1), ("á" + "a" * 70, 2), ("😀" * 35, 1), ("😀" * 36, 2),
        ("a" * 66 + "😀" * 5 + "b" * 60, 3), ("éñü¿¡" * 32, 1),
    ],
)  # fmt: skip
def test_parts_are_counted_as_the_carrier_counts_them(text, parts):
    assert segments(text).parts == parts == of_the_carrier(text)
