"""Windows: the weeks over which numbers are averaged, and the reason why a run may not contain them."""

from dataclasses import dataclass
from datetime import date

from sim.engine.text import day, plural
from sim.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Window:
    """The weeks over which a number is averaged: their count, name, first and last day.

    ``missing`` is the reason why the run does not contain all of them; the number is then missing too.
    """

    weeks: int
    name: str
    first: date
    last: date
    missing: str = ""

    @property
    def words(self) -> str:
        """The window as text for a heading."""
        return f"{self.name} ({day(self.first)} to {day(self.last)})"

    @property
    def cells(self) -> dict[str, int | str | date]:
        """The window as columns of a table."""
        return {"weeks": self.weeks, "first": self.first, "last": self.last, "missing": self.missing}


def counted(weeks: int) -> str:
    """So many weeks in words."""
    return f"{weeks} {plural(weeks, 'week')}"


def window_of(scenario: Scenario, weeks: int) -> Window:
    """Return a window after the switch; its first week begins on the day of the switch or after.

    For a scenario without any switch, the main window is the last weeks of the run (`Scenario.switch_day`).
    """
    begins, after = scenario.week(scenario.switch_day), _after(scenario)
    if not after and weeks == scenario.report.window:
        name, short = f"the last {counted(weeks)} of the run", scenario.horizon.weeks < weeks
        missing = f"the run is {counted(scenario.horizon.weeks)} long" if short else ""
    else:
        name, missing = f"the {counted(weeks)} after {after or day(scenario.switch_day)}", _missing(scenario, weeks)
    return _window(scenario, begins, weeks, name, f"{missing}; the window is {counted(weeks)}" if missing else "")


def _missing(scenario: Scenario, weeks: int) -> str:
    """Return why a run does not contain a number of weeks after the switch; empty if it does."""
    begins, run, after = scenario.week(scenario.switch_day), scenario.horizon.weeks, _after(scenario)
    after = after or day(scenario.switch_day)
    if begins < 0:
        return f"the run begins {counted(-begins)} after {after}"
    if run < begins:
        return f"the run ends before {after}"
    return f"the run ends {counted(run - begins)} after {after}" if run - begins < weeks else ""


def _window(scenario: Scenario, begins: int, weeks: int, name: str, missing: str = "") -> Window:
    days = scenario.horizon.start.toordinal() + 7 * begins
    first, last = (date.fromordinal(min(one, date.max.toordinal())) for one in (days, days + 7 * weeks - 1))
    return Window(weeks, name, first, last, missing)


def run_of(scenario: Scenario) -> Window:
    """Return the whole run as a window."""
    return _window(scenario, 0, scenario.horizon.weeks, f"the {counted(scenario.horizon.weeks)} of the run")


def rest_of(scenario: Scenario) -> Window:
    """Return all weeks of the run after the switch as a window."""
    begins = scenario.week(scenario.switch_day)
    weeks = max(0, scenario.horizon.weeks - begins)
    name = f"the {counted(weeks)} of the run after {_after(scenario) or day(scenario.switch_day)}"
    return _window(scenario, begins, weeks, name, _missing(scenario, max(1, weeks)))


def _after(scenario: Scenario) -> str:
    """Return the event after which windows begin, in words; empty for a scenario without any switch."""
    when = day(scenario.switch_day)
    if scenario.report.switch:
        return f"{when} (report.switch)"
    if any(shock.type == "switch" and shock.at for shock in scenario.shocks.values()):
        return f"the switch of {when}" if switches(scenario) else f"{when}, the day of the disabled switch"
    return ""


def switches(scenario: Scenario) -> bool:
    """Return True if a switch happens in a scenario."""
    return any(shock.type == "switch" and shock.enabled and shock.mode != "none" for shock in scenario.shocks.values())
