"""The explorer in the system's Chromium, with the network off and no request or error allowed."""

import csv
import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pandas as pd
import pytest

from experiments.brief import explorer
from experiments.brief.explorer.data import data_of
from experiments.messages import languages, speaking
from experiments.stats import contrasts
from experiments.study import tables as of_plan
from tests.browser.made_up import study

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), ""
)
pytestmark = [pytest.mark.slow, pytest.mark.skipif(not CHROMIUM, reason="no Chromium is installed")]
HOSTILE = '<img src=x onerror="document.title=1">'


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder, plan, answers = study(tmp_path_factory.mktemp("study"))
    found = data_of(plan, folder, answers)
    (folder.path / "explorer.html").write_bytes(explorer.page(found))
    return folder, plan, answers, found


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


class Explorer:
    """An opened explorer, with what the console said and what it asked for."""

    def __init__(self, browser: Any, file: Path, fragment: str = "", width: int = 1100) -> None:
        self.context = browser.new_context(offline=True, viewport={"width": width, "height": 900})
        self.page = self.context.new_page()
        self.wrong: list[str] = []
        self.page.on("console", lambda message: self.wrong.append(message.text))
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("dialog", lambda dialog: self.wrong.append(dialog.message))
        self.page.on("request", lambda one: self.wrong.append(one.url) if not one.url.startswith("file:") else None)
        self.page.goto(f"file://{file}{fragment}")
        self.page.wait_for_selector("#policies tbody tr")

    def __enter__(self) -> "Explorer":
        return self

    def __exit__(self, *error: object) -> None:
        self.context.close()
        assert error[0] or self.wrong == []

    @property
    def sentence(self) -> str:
        return str(self.page.inner_text("#sentence"))

    def table(self) -> list[list[str]]:
        """The CSV of the view."""
        href = self.page.get_attribute("#csv", "href")
        return list(csv.reader(io.StringIO(unquote(href.partition(",")[2]))))


def opened(made: Any, browser: Any, *fragment: str, width: int = 1100) -> Explorer:
    return Explorer(browser, made[0].path / "explorer.html", "#" + "&".join(fragment) if fragment else "", width)


def of_attacks(made: Any, group: str = "donor_funded") -> Any:
    """The switch effect of each draw, with its drawn parameters, from the runs."""
    folder, plan, *_ = made
    runs = pd.read_parquet(folder.path / "runs.parquet")
    runs = runs[(runs["group.routing"] == 0.1) & (runs["world"] == "as_it_was") & (runs["loop"] == "on")]
    effects = contrasts.by_draw(runs, plan.factors, of_plan.reference(plan), "rate")
    some = effects[
        (effects["contrast"] == "switch") & (effects["arm"] == "announcement") & (effects["profile"] == group)
    ]
    some = some[some["policy"] == "status_quo"].set_index("draw")
    own = runs[(runs["profile"] == group) & (runs["arm"] == "announcement")].groupby("draw").first()
    return some.join(own[["rails.monero.gap", "combat.money"]])


def test_the_sentence_of_each_finding_is_the_briefs_in_each_language(made: Any, browser: Any) -> None:
    for language in languages():
        for one in [*made[2].of("switch", group="donor_funded"), *made[2].of("policy", group="is_core")][:4]:
            if one.policy in ("", *made[3]["policy"]):
                chosen = f"policy={one.policy or 'status_quo'}"
                with opened(
                    made, browser, f"language={language}", f"group={one.group}", f"arm={one.arm}", chosen
                ) as page:
                    with speaking(language):
                        assert page.sentence == one.sentence()
                    direction = page.page.get_attribute("html", "dir")
                    assert direction == made[3]["languages"][language]["direction"]


def test_the_keyboard_alone_reaches_everything(made: Any, browser: Any) -> None:
    with opened(made, browser, "group=donor_funded") as page:
        wanted = page.page.eval_on_selector_all(
            "select:enabled, input:enabled, button, a[href], summary", "all => all.map(one => one.id || one.tagName)"
        )
        reached, seen, active = [], [], "document.activeElement"
        for _ in range(3 * len(wanted)):
            page.page.keyboard.press("Tab")
            focus = f"[{active}.id || {active}.tagName, getComputedStyle({active}).outlineStyle]"
            name, outline = page.page.evaluate(focus)
            reached.append(name)
            seen += [outline] if name in wanted else []
        assert {*wanted} <= {*reached}
        assert "none" not in seen
        before = page.sentence
        page.page.focus("#p-2")
        page.page.keyboard.press("Enter")
        assert page.sentence != before
        assert page.page.evaluate("document.activeElement.id") == "p-2"  # the focus stays where it was
        assert page.page.get_attribute("#p-2", "aria-pressed") == "true"


def test_a_range_leaves_the_sets_that_pandas_counts(made: Any, browser: Any) -> None:
    truth = of_attacks(made)
    gap = truth["rails.monero.gap"]
    with opened(made, browser, "group=donor_funded", "x=rails.monero.gap") as page:
        page.page.focus("#x0")
        for _ in range(50):
            page.page.keyboard.press("ArrowRight")
        inside = truth[gap >= gap.min() + 0.5 * (gap.max() - gap.min())]["change"]
        below, above = int((inside < -1.0).sum()), int((inside > 1.0).sum())
        counts = f"attacks fall in {below}, rise in {above}, hardly change in {len(inside) - below - above}."
        assert page.sentence.endswith(counts)
        assert f"({len(inside)} of {len(truth)})" in page.sentence
        page.page.focus("#x0")
        page.page.keyboard.press("End")
        assert page.page.inner_text("#few")
        page.page.click("#reset")
        assert page.sentence == made[2].of("switch", group="donor_funded", arm="announcement")[0].sentence()
        assert not page.page.inner_text("#few")


def test_the_csv_is_the_view(made: Any, browser: Any) -> None:
    truth = of_attacks(made)
    with opened(made, browser, "group=donor_funded", "x=combat.money", "x0=40") as page:
        head, *rows = page.table()
    assert head[:2] == ["set", "combat.money"]
    money = truth["combat.money"]
    inside = truth[money >= money.min() + 0.4 * (money.max() - money.min())]
    assert [int(row[0]) for row in rows] == list(inside.index)
    changes = [float(row[head.index("switch")]) for row in rows]
    assert changes == pytest.approx(list(inside["change"]), abs=0.01)


def test_the_address_holds_the_view_and_a_malformed_one_is_ignored(made: Any, browser: Any) -> None:
    with opened(made, browser) as page:
        page.page.select_option("#group", "donor_funded")
        page.page.select_option("#window", "79")
        page.page.click("#p-1")
        address, sentence = page.page.url, page.page.inner_text("#now")
    with Explorer(browser, made[0].path / "explorer.html", "#" + address.partition("#")[2]) as again:
        assert again.page.inner_text("#now") == sentence
        again.page.evaluate("location.hash = 'group=is_core'")
        again.page.wait_for_function("document.getElementById('group').value === 'is_core'")
    bad = ("group=__proto__", "x0=-4", "x1=%E0%A4%A", "y0=1e9", "policy=<b>", "window=NaN", "language=xx", "a", "==&&")
    with opened(made, browser, *bad) as page, opened(made, browser) as usual:
        assert page.sentence == usual.sentence


def test_names_of_users_are_text(made: Any, browser: Any, tmp_path: Path) -> None:
    hostile = json.loads(json.dumps(made[3]))
    for language in hostile["languages"].values():
        language["profile"] = [HOSTILE] * 2
        language["study"] = HOSTILE
        language["policy"] = [HOSTILE] * len(language["policy"])
        language["axes"] = [HOSTILE] * 2
    hostile["policy"] = ["status_quo", *[f"={HOSTILE}{place}" for place in range(len(hostile["policy"]) - 1)]]
    hostile["about"]["command"] = hostile["about"]["title"] = HOSTILE
    (tmp_path / "explorer.html").write_bytes(explorer.page(hostile))
    with Explorer(browser, tmp_path / "explorer.html") as page:
        assert page.page.locator("img").count() == 0
        assert HOSTILE in page.page.inner_text("#chosen")
        assert all(not name.startswith("=") for name in page.table()[0])


def test_a_narrow_screen_needs_no_scrolling_to_the_side(made: Any, browser: Any) -> None:
    for language in languages():
        with opened(made, browser, f"language={language}", "group=donor_funded", width=360) as page:
            assert page.page.evaluate("document.documentElement.scrollWidth") <= 360


def test_two_policies_are_compared_by_draw(made: Any, browser: Any) -> None:
    with opened(made, browser, "group=is_core", "a=kinetic_pressure", "b=hawala_licensing") as page:
        assert " 20 of 20" in page.page.inner_text("#beats")


def test_the_view_opens_on_the_first_real_group_and_words_tell_that_nothing_changes(made: Any, browser: Any) -> None:
    with opened(made, browser) as page:
        assert page.page.input_value("#group") == "is_core"
        assert page.page.input_value("#arm") == "announcement"
        assert "All 20 sets: attacks hardly change." in page.page.inner_text("#map")
        assert page.page.is_hidden("#conditions")
        page.page.click("#go")
        assert page.page.input_value("#group") == "donor_funded"
        assert page.page.is_visible("#map svg")


def test_axes_follow_what_is_chosen_unless_a_range_is_set(made: Any, browser: Any) -> None:
    rows = "id,contrast,arm,policy,profile,outcome,parameter,share,word_share,chance\n"
    rows += "a,switch,announcement,status_quo,donor_funded,rate,combat.money,0.6,0.1,0.2\n"
    rows += "b,policy,announcement,kinetic_pressure,donor_funded,rate,rails.monero.gap,0.1,0.5,0.2\n"
    (file := made[0].path / "drivers.csv").write_text(rows, encoding="utf-8")
    found = data_of(made[1], made[0], made[2])
    file.unlink()
    (made[0].path / "driven.html").write_bytes(explorer.page(found))
    with Explorer(browser, made[0].path / "driven.html", "#group=donor_funded") as page:
        marked = "document.querySelector('#x optgroup option').value"
        assert page.page.input_value("#x") == page.page.evaluate(marked) == "combat.money"
        assert page.page.input_value("#y") == "change"
        page.page.click(f"#p-{found['policy'].index('kinetic_pressure')}")
        assert page.page.input_value("#x") == page.page.evaluate(marked) == "rails.monero.gap"
        page.page.focus("#x0")
        page.page.keyboard.press("ArrowRight")
        page.page.click(f"#p-{found['quo']}")
        assert page.page.input_value("#x") == "rails.monero.gap"


def test_the_two_strongest_policies_without_force_or_those_last_chosen_are_compared(made: Any, browser: Any) -> None:
    with opened(made, browser, "group=is_core") as page:
        pins = [page.page.input_value("#a"), page.page.input_value("#b")]
        assert pins == ["hawala_licensing", "privacy_delisting"]
        page.page.click(f"#p-{made[3]['policy'].index('kinetic_pressure')}")
        pins = [page.page.input_value("#a"), page.page.input_value("#b")]
        assert pins == ["kinetic_pressure", "hawala_licensing"]
        assert page.page.locator("#choice .key b").count() == 2


def test_a_policy_that_was_not_run_at_a_strength_is_counted_and_not_listed(made: Any, browser: Any) -> None:
    some = json.loads(json.dumps(made[3]))
    kinetic = some["policy"].index("kinetic_pressure")
    some["views"] = [view for view in some["views"] if view[2] != kinetic or view[3] != 1.0]
    few = [one if place < 8 else None for place, one in enumerate(some["views"][-1][8])]
    hawala = some["policy"].index("hawala_licensing")
    some["views"] = [[*view[:8], few] if view[2] == hawala and view[1] == 1 else view for view in some["views"]]
    (made[0].path / "fewer.html").write_bytes(explorer.page(some))
    with Explorer(browser, made[0].path / "fewer.html", "#group=is_core&strength=1") as page:
        assert page.page.locator(f"#p-{kinetic}").count() == 0
        assert "One more policy was run at a strength of 50%" in page.page.inner_text("#elsewhere")
        assert page.page.inner_text(f"tr:has(#p-{hawala}) small >> nth=0") == "of 8 sets"


def test_sums_of_money_have_no_margin(made: Any, browser: Any) -> None:
    with opened(made, browser, "group=is_core", "outcome=hindered", "policy=privacy_delisting") as page:
        assert page.page.inner_text("#within") == "No change"
        assert "fall in 0, rise in 20, hardly change in 0" not in page.sentence
        assert "USD a week" in page.page.inner_text("#beside")
