"""Update the golden numbers: ``.venv/bin/python tests/golden/update.py --reason "what changed and why"``.

With ``--messages`` update the golden messages of errors instead; they need no reason.

The golden numbers are the results of six named scenarios: with them no change of the model passes unnoticed. An update
needs a reason, which is stored in tests/golden/CHANGES.md. Results that users see have then changed, so it belongs in
CHANGELOG.md as well.
"""

import argparse
import hashlib
import json
import shlex
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from sim.config import Request, load, validate  # noqa: E402
from sim.engine.constants import POLICIES  # noqa: E402
from sim.model import Model  # noqa: E402
from sim.output.provenance import mathematics  # noqa: E402

FOLDER = ROOT / "tests" / "golden"
MESSAGES = FOLDER / "messages.txt"
_GOLDEN = tomllib.loads((FOLDER / "scenarios.toml").read_text(encoding="utf-8"))
SCENARIOS = {
    name: tuple(one.replace("ALL", ",".join(POLICIES)) for one in overrides)
    for name, overrides in _GOLDEN["scenarios"].items()
}


def measure(overrides: tuple[str, ...]) -> dict[str, Any]:
    """A run of a scenario: hash of its weekly book, its sums and last values."""
    model = Model(load(*overrides))
    book = model.run()
    numbers = {f"sum of {name}": book[name].sum().item() for name in _GOLDEN["sums"]}
    numbers |= {f"last {name}": book[name][-1].sum().item() for name in _GOLDEN["last"]}
    return {
        "overrides": list(overrides),
        "mathematics": mathematics(),
        "sha256": hashlib.sha256(book.tobytes()).hexdigest(),
        "numbers": numbers,
    }


def messages(text: str) -> str:
    """Return the golden messages: each typed line of a text, and below it every error of that line."""
    found = []
    for line in (one for one in text.splitlines() if not one.startswith(" ")):
        words = shlex.split(line, comments=True)
        sweep = words[:1] == ["-m"]
        errors = validate(Request(words[sweep:], sweep=sweep)).errors if words else []
        found += [line, *(f"    {error}" for error in errors)]
    return "\n".join(found) + "\n"


def stored(name: str, folder: Path = FOLDER) -> dict[str, Any] | None:
    """The stored numbers of a scenario, or None."""
    path = folder / f"{name}.json"
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else None


def main(arguments: list[str] | None = None, folder: Path = FOLDER) -> int:
    """Measure, print what changed, write; refuse without a reason."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--reason", default="", help="what changed in the model, and why: goes to CHANGES.md")
    parser.add_argument("--messages", action="store_true", help="update the golden messages of errors instead")
    typed = parser.parse_args(arguments)
    if typed.messages:
        MESSAGES.write_text(messages(MESSAGES.read_text(encoding="utf-8")), encoding="utf-8")
        return 0
    reason = " ".join(typed.reason.split())
    if len(reason.split()) < 3:
        parser.error("--reason needs a sentence: what changed in the model, and why")
    measured = {name: measure(overrides) for name, overrides in SCENARIOS.items()}
    changed = {name: one for name, one in measured.items() if one != stored(name, folder)}
    if not changed:
        print("Nothing changed; nothing was written.")
        return 0
    folder.mkdir(parents=True, exist_ok=True)
    for name, one in changed.items():
        before = (stored(name, folder) or {"numbers": {}})["numbers"]
        lines = [f"    {key}: {before.get(key, 'nothing')} -> {value}" for key, value in one["numbers"].items()
                 if value != before.get(key)]  # fmt: skip
        print(f"{name}: {len(lines)} of {len(one['numbers'])} numbers changed", *lines[:5], sep="\n")
        (folder / f"{name}.json").write_text(json.dumps(one, indent=1) + "\n", encoding="utf-8")
    changes = folder / "CHANGES.md"
    text = changes.read_text(encoding="utf-8") if changes.exists() else "# Why the golden numbers changed\n\n"
    today = datetime.now(UTC).date().isoformat()
    changes.write_text(f"{text}- {today} ({', '.join(changed)}): {reason}\n", encoding="utf-8")
    print("Written, with the reason in tests/golden/CHANGES.md. Results changed: say so in CHANGELOG.md.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
