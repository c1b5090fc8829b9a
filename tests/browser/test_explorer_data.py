"""The data and the file of an explorer, without a browser."""

import base64
import hashlib
import re
from importlib.resources import files
from typing import Any

import numpy as np
import pandas as pd
import pytest

from experiments.brief import explorer
from experiments.brief.explorer.data import PARTS, Part, data_of, has_explorer
from experiments.messages import languages, speaking
from experiments.stats import contrasts
from experiments.study import tables as of_plan
from tests.browser.made_up import study
from tests.study_helpers import planned

VENDOR = {
    "d3.min.js": "912111098ea99503a6f4967361d2bbdc9dbf58cf9c678c8e27e5b02d1a07f0c1",
    "plot.min.js": "4358086467740777dd788d6b27a95cebdbaefdd50c730a3060117073bd7134cb",
    "fluent.js": "08fc26d9b0d7e43c8c96eeb4757a94cc48ce2b4c36b5547ebc415dc7dc94f39c",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return study(tmp_path_factory.mktemp("study"))


@pytest.fixture(scope="module")
def found(made: Any) -> dict[str, Any]:
    folder, plan, answers = made
    return data_of(plan, folder, answers)


def places(found: dict[str, Any], *levels: str) -> list[int]:
    return [found[name].index(level) for name, level in zip(("profile", "arm", "policy"), levels, strict=True)]


def test_changes_are_those_of_the_effects_table_and_none_crosses_the_margin(made: Any, found: dict[str, Any]) -> None:
    folder, plan, _ = made
    runs = pd.read_parquet(folder.path / "runs.parquet")
    runs = runs[(runs["group.routing"] == 0.1) & (runs["world"] == "as_it_was") & (runs["loop"] == "on")]
    views = {tuple(view[:6]): view for view in found["views"]}
    effects = contrasts.by_draw(runs, plan.factors, of_plan.reference(plan), "rate")
    some = effects[
        (effects["contrast"] == "policy") & (effects["arm"] == "announcement") & (effects["intensity"] == 1.0)
    ]
    assert len(some)
    for (group, policy), own in some.groupby(["profile", "policy"]):
        place = [
            found[name].index(one) for name, one in (("profile", group), ("arm", "announcement"), ("policy", policy))
        ]
        *_, edge, step, whole = views[*place, 1.0, "rate", 52]
        assert np.allclose(np.array(whole) * step, own["change"], atol=step)
        for above, truly in (
            (np.array(whole) > edge, own["change"] > 1.0),
            (np.array(whole) < -edge, own["change"] < -1.0),
        ):
            assert (above == truly.to_numpy()).all()


def test_harm_that_is_not_modelled_has_no_view(found: dict[str, Any]) -> None:
    of = {found["policy"][view[2]] for view in found["views"] if view[4] == "hindered" and view[2] != found["quo"]}
    assert of == {"hawala_licensing", "privacy_delisting"}


def test_few_draws_offer_only_the_conditions_that_are_named_beforehand(found: dict[str, Any]) -> None:
    assert found["few"]
    assert list(found["axes"]) == ["rails.monero.gap", "combat.money"]


def test_sentences_are_those_of_the_findings_in_every_language(made: Any, found: dict[str, Any]) -> None:
    one = made[2].of("policy", group="donor_funded", policy="hawala_licensing")[0]
    place = [*places(found, one.group, one.arm, one.policy), 52]
    for language in languages():
        with speaking(language):
            assert found["languages"][language]["sentences"][" ".join(map(str, place))][0] == one.sentence()


def test_a_smaller_part_leaves_out_what_it_says(made: Any) -> None:
    folder, plan, answers = made
    least = data_of(plan, folder, answers, PARTS[-1])
    assert (least["paths"], least["arm"], {view[5] for view in least["views"]}) == ({}, ["announcement"], {52})
    assert least["about"]["left"] == PARTS[-1].left == ["paths", "outcomes", "windows", "arms"]
    assert Part().left == []


def test_held_parameters_have_no_explorer(made: Any) -> None:
    assert has_explorer(made[1])
    assert not has_explorer(planned("study=privacy_switch", "replications=4", "uncertain=none"))


def test_the_file_is_small_the_same_each_time_and_allows_its_own_scripts_alone(made: Any) -> None:
    folder, plan, answers = made
    folder.write = lambda name, whole: (folder.path / name).write_bytes(whole)  # no mirror
    assert explorer.write(folder, plan, answers) == ["explorer.html"]
    whole = (folder.path / "explorer.html").read_bytes()
    assert len(whole) <= explorer.MOST
    assert explorer.page(data_of(plan, folder, answers)) == whole
    page = whole.decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy
    allowed = policy[1].replace("&#39;", "'")
    assert "default-src 'none'" in allowed
    assert "unsafe" not in allowed
    for script in re.findall(r"<script>(.*?)</script>", page, re.DOTALL):
        assert base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() in allowed


def test_a_title_is_text(found: dict[str, Any]) -> None:
    hostile = {**found, "about": {**found["about"], "title": "</title><script>alert(1)</script>"}}
    assert b"<script>alert" not in explorer.page(hostile)


def test_the_script_sets_no_html_and_evaluates_nothing() -> None:
    app = files(explorer).joinpath("app.js").read_text(encoding="utf-8")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|Function\(", app)


@pytest.mark.parametrize("name", VENDOR)
def test_libraries_are_those_that_were_published_and_have_their_licences(name: str) -> None:
    folder = files(explorer).joinpath("vendor")
    assert hashlib.sha256(folder.joinpath(name).read_bytes()).hexdigest() == VENDOR[name]
    assert folder.joinpath(f"{name.split('.')[0]}.LICENSE").is_file()


def test_sums_of_money_are_rounded_to_a_power_of_ten_and_have_no_margin(found: dict[str, Any]) -> None:
    sums = {(edge, step) for *_, outcome, _, edge, step, _ in found["views"] if outcome in ("hindered", "delivered")}
    assert sums == {(0, 10.0), (0, 1.0)}


def test_policies_with_force_and_groups_that_are_real_are_named(found: dict[str, Any]) -> None:
    assert dict(zip(found["policy"], found["force"], strict=True)) == {
        policy: policy == "kinetic_pressure" for policy in found["policy"]
    }
    assert found["real"] == [True, False]


def test_axes_that_matter_are_those_of_the_drivers_beyond_chance(made: Any) -> None:
    rows = [("switch", "status_quo", "combat.money", 0.6), ("switch", "status_quo", "rails.monero.gap", 0.1)]
    table = pd.DataFrame(rows, columns=["contrast", "policy", "parameter", "share"])
    table = table.assign(arm="announcement", profile="donor_funded", outcome="rate", word_share=0.0, chance=0.2)
    table.to_csv(file := made[0].path / "drivers.csv", index=False)
    found = data_of(made[1], made[0], made[2])
    file.unlink()
    view = " ".join(map(str, places(found, "donor_funded", "announcement", "status_quo")))
    assert {view: [[*found["axes"]].index("combat.money")]} == found["drivers"]
