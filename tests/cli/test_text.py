"""Names, numbers and lists in words: small numbers are not shown as zero, and messages name what was meant."""

import math

import pytest

from sim.engine.text import capital, close, listed, nearest, number, paragraph, plural, span, usd


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (1234.5, "+1,234"), (123.45, "+123.5"), (1.234, "+1.23"), (0.5, "+0.500"), (0.00014, "+0.00014"),
        (0.0, "+0.000"), (-0.0033, "-0.00330"), (-51730.2, "-51,730"), (math.nan, "-"), (None, "-"), (math.inf, "+inf"),
    ],
)  # fmt: skip
def test_a_small_number_is_not_shown_as_zero(value, words):
    assert number(value) == words
    assert number(value, False) == words.removeprefix("+")


def test_a_range_may_be_one_sided():
    assert span(1.0, 2.0) == "1.00 to 2.00"
    assert span(1.0, 1.0) == "1.00"
    assert span(1.0, math.inf) == "above 1.00"
    assert span(-math.inf, 2.0, lambda value: f"{value:g}") == "below 2"


def test_money_has_a_plus_only_if_asked():
    assert [usd(one, sign=True) for one in (2.7e6, -2.7e6, 0.0, 0.5)] == ["+2.7m", "-2.7m", "0", "+0.5"]
    assert usd(2.7e6) == "2.7m"


def test_lists_and_counts():
    assert [listed(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]
    assert [plural(count, "draw") for count in (0, 1, 2)] == ["draws", "draw", "draws"]
    assert capital("kYC of exchanges") == "KYC of exchanges" and capital("") == ""


def test_an_unknown_name_is_answered_by_the_nearest_else_by_all_if_they_are_few():
    rails = ["bank", "cash", "monero"]
    assert close("monera", rails) == nearest("monera", rails) == "; nearest: monero"
    assert close("xyz", rails) == "" and nearest("xyz", rails) == "; known: bank, cash, monero"
    assert nearest("xyz", [f"rail{one}" for one in range(17)]) == "" == nearest("xyz", [])


@pytest.mark.parametrize("before", range(100, 118))
def test_a_number_stays_with_its_per_cent(before):
    lines = paragraph(f"{'x' * before} 12 % of draws").split("\n")
    assert max(map(len, lines)) <= 116 or before > 116
    assert any("12 %" in line for line in lines) and all(line.startswith("  ") for line in lines[1:])
    assert "\u00a0" not in "".join(lines)
