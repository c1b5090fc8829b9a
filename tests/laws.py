"""Laws of one world, week by week: no holding below zero, no cent lost, and reports that agree."""

import numpy as np

from sim.engine.constants import MAX_RAILS, POLICIES, Found, Status
from sim.model import Model
from sim.rules.books import imbalance
from tests.worlds import content

_NEVER_NEGATIVE = {
    "cells": ("funds", "chest", "arriving", "spent", "fighters", "former", "arrears", "capacity", "rate", "income"),
    "appeals": ("arriving", "audience", "visible", "yields", "sent", "seized"),
    "agencies": ("custody", "budget", "backlog", "staff", "effort", "evidence"),
    "intermediaries": ("exposure", "pool"),
    "communities": ("sympathy", "risk", "leaders_lost", "oil_damage"),
    "levers": POLICIES,
}
_SHARES = (("communities", "sympathy"), ("communities", "risk"), ("communities", "leaders_lost"), ("cells", "arrears"))


def check_week(model: Model) -> None:
    """No purse, stock or share below zero, no share above one."""
    for population, names in _NEVER_NEGATIVE.items():
        rows = getattr(model, population)
        for name in names:
            assert not (rows[name] < 0).any(), (model.week, population, name)
    for population, name in _SHARES:
        assert not (getattr(model, population)[name] > 1.0 + 1e-12).any(), (model.week, population, name)


def check_sums(model: Model, men: int) -> None:
    """Numbers that are reported twice agree, to the cent and to the man."""
    book, gifts = model.book, content(model, "ledger")
    for name in book.dtype.names or ():
        if name not in ("price", "due", "found"):
            assert not (book[name] < 0).any(), name
    now = men + np.cumsum(book["recruits"] - book["left"] - book["killed"])
    assert (book["fighters"].sum(axis=1) == now).all()
    assert now[-1] == model.cells["fighters"][1:].sum()
    spent = book["pay"] + book["operations"] + book["outflow"]
    assert (book["spent"].sum(axis=1) == spent).all()
    assert (book["custody"][-1] == model.agencies["custody"].sum(axis=0)).all()
    assert (book["converted_in"].sum(axis=1) == book["converted_out"].sum(axis=1)).all()
    passed, blocked = gifts["status"] != Status.BLOCKED, gifts["status"] == Status.BLOCKED
    for name, chosen in (("given", passed | blocked), ("blocked", blocked)):
        by_rail = np.zeros((len(book), MAX_RAILS), dtype=np.int64)
        np.add.at(by_rail, (gifts["week"][chosen], gifts["rail"][chosen]), gifts["amount"][chosen])
        assert (by_rail == book[name]).all(), name
    assert model.donors["given"].sum() == book["given"].sum()
    assert model.attempts().sum() == book["attempts"].sum() >= book["gifts"].sum() == len(gifts)
    assert model.donors["arrested"].sum() == book["arrests"].sum() == (book["arrested"][-1] if len(book) else 0)
    assert (gifts["found"] != Found.HIDDEN).sum() == book["true_attributions"].sum()
    assert not gifts["found"][blocked].any()
    assert (book["attacks_core"] <= book["attacks"].sum(axis=1)).all()
    for name in ("capacity", "rate"):
        np.testing.assert_allclose(book[name].sum(axis=1), book[f"{name}_core"] + book[f"{name}_network"], rtol=1e-12)


def checked_run(model: Model, number: int) -> Model:
    """Run a model to its end and check every law in every week; return the model."""
    men = int(model.cells["fighters"][1:].sum())
    core = model.cells["core"][1:] == 1
    for week in range(model.config.horizon.weeks):
        model.step()
        check_week(model)
        attacks = model.cells["history"][1:, 0]
        assert model.book["attacks"][week].sum() == attacks.sum(), (number, week)
        assert model.book["attacks_core"][week] == attacks[core].sum(), (number, week)
    assert not imbalance(model.book).any(), number
    check_sums(model, men)
    return model
