"""Tables as text: on a terminal nothing is wider than it and nothing is left out; elsewhere they are not cut."""

import shutil
import sys

import pandas as pd
import pytest

from experiments import text as of_text
from sim.cli import show
from sim.output import columns as layout
from sim.output import tables
from sim.output.columns import aligned
from sim.windows import window_of

WIDTHS = (40, 60, 80, 100, 200)
HEADS = ("", "with switch", "without", "difference", "per cent", "")
ROWS = [
    HEADS,
    ("attack capacity", "49.09", "49.09", "+0.0000", "+0.0000 %", "attacks/week"),
    ("lawful money blocked, stranded, delisted or made dearer", "744,534", "744,535", "-1.0", "-0.0001 %", "USD/week"),
]  # fmt: skip


@pytest.fixture
def terminal(monkeypatch):
    def wide(columns):
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
        monkeypatch.setenv("COLUMNS", str(columns))

    return wide


def words(lines):
    return " ".join(lines).split()


@pytest.mark.parametrize("width", WIDTHS)
def test_a_table_fits_the_terminal_and_is_whole(terminal, width):
    whole = aligned(ROWS, range(1, 5))
    terminal(width)
    found = aligned(ROWS, range(1, 5))
    assert max(map(len, found)) <= width
    assert set(words(whole)) == set(words(found))
    fits = max(map(len, whole)) <= width
    assert (found == whole) == fits
    assert all(word in " ".join(found) for word in ("744,534", "-0.0001 %", "USD/week"))


@pytest.mark.parametrize("width", WIDTHS)
def test_keys_are_repeated_in_every_block(terminal, width):
    heads = ["profile", "arm", *(f"column {number}" for number in range(12))]
    rows = [[f"group{row}", f"arm{row}", *(f"{row}.{number}" for number in range(12))] for row in range(3)]
    terminal(width)
    found = aligned([heads, *rows], range(2, 14), keys=2)
    blocks = "\n".join(found).split("\n\n")
    assert max(map(len, found)) <= width and (len(blocks) > 1) == (width < 150)
    assert all(block.count("profile") == 1 and block.count("group2   arm2") == 1 for block in blocks)
    assert all(sum(f"{row}.{number}" in words(found) for number in range(12)) == 12 for row in range(3))


@pytest.mark.parametrize("width", WIDTHS)
def test_many_keys_give_way_to_numbers_of_rows(terminal, width):
    rows = [[f"{name}{row}" for name in ("one", "two", "three", "four", "five", "six")] for row in range(2)]
    heads = [f"the factor that is called {word}" for word in ("a", "b", "c", "d", "e", "f")]
    terminal(width)
    found = aligned(
        [
            heads,
            *rows,
        ],
        (5,),
        keys=5,
    )
    assert max(map(len, found)) <= width
    assert {*rows[0], *rows[1]} <= set(words(found))
    numbered = [line for line in found if line.startswith(("1 ", "2 "))]
    assert bool(numbered) == (width < 100)


def test_long_tables_keep_what_is_said_of_a_row_together(terminal):
    rows = [[f"row{number}", "x" * 30, "y" * 30] for number in range(70)]
    terminal(60)
    found = aligned([["", "xs", "ys"], *rows])
    places = [place for place, line in enumerate(found) if line.startswith("row0 ")]
    assert len(places) == 2 and places[1] - places[0] < 40
    assert sum("y" * 30 in line for line in found) == 70


def test_elsewhere_a_table_is_as_wide_as_it_is(monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    assert layout.terminal_width() is None
    assert len(aligned(ROWS, range(1, 5))) == 3
    assert layout.folded("word " * 50) == "word " * 50


def test_a_terminal_that_says_nothing_of_its_width(terminal, monkeypatch):
    terminal(0)
    monkeypatch.setattr(shutil.os, "get_terminal_size", lambda *_: (_ for _ in ()).throw(OSError))
    assert layout.terminal_width() == 80
    for width in (1, 5, 12):
        terminal(width)
        assert set("".join("".join(aligned(ROWS)).split())) <= set("".join("".join(map("".join, ROWS)).split()))


@pytest.mark.parametrize("width", WIDTHS)
def test_what_the_commands_print_fits(terminal, capsys, width, monkeypatch):
    import sim

    scenario = sim.load()
    over = window_of(scenario, 52)
    row = {"outcome": "lawful_hindered", "label": ROWS[2][0], "unit": "USD/week", "better": "lower"}
    row |= {"with": 1.0, "without": 2.0, "difference": -1.0, "percent": -50.0, **over.cells}
    measure = {"measure": "switch_effect_52", "label": "switch effect on attack capacity, 52 weeks after, loop cut"}
    measure |= {"unit": "%", "value": 1.0, **over.cells}
    effect = {"arm": "announcement", "policy": "channel_takedown+exchange_kyc", "unit": "%", "low": -1.0, "high": 1.0}
    effect |= {"median": 0.1, "mean": 0.1, "mc_low": 0.0, "mc_high": 0.2, "n": 40, "verdict": "negligible"}
    effect |= {"draws": 20, "lower": 0.3, "higher": 0.7}
    growth = {"theatre": "central_africa", "period": "2020 Q1", "published": 566.0, "simulated": 568.0}
    growth |= dict.fromkeys(("men", "money", "know_how", "opportunity"), 0.1)
    terminal(width)
    texts = [
        str(tables.outcomes_shown(pd.DataFrame([row]), "with switch", "without", over)),
        str(tables.measures_shown(pd.DataFrame([measure]))),
        str(tables.growth_shown(pd.DataFrame([growth]))),
        of_text.effects_table(pd.DataFrame([effect]), ["arm", "policy"]),
    ]
    capsys.readouterr()
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert show.show_parameters("traceability") == 0
    texts.append(capsys.readouterr().out)
    for text in texts:
        assert max(map(len, text.splitlines())) <= width, text
    assert ("rails.*.traceability.false_link" in texts[-1]) == (width > 40) and "Grades: A, B" in " ".join(
        texts[-1].split()
    )


def test_parameters_are_printed_whole_on_a_pipe(capsys):
    assert show.show_parameters() == 0
    out = capsys.readouterr().out
    from sim.engine.parameters import table
    from sim.scenario import Scenario

    assert all(row.doc in out for row in table(Scenario)), "nothing is cut off"
