"""The site is built without a warning, and its tutorials run cell by cell with warnings as errors."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
NOTEBOOKS = [*sorted((DOCS / "tutorials").glob("*.md")), DOCS / "gallery.md"]
STRICT = "import warnings; warnings.simplefilter('error'); warnings.filterwarnings('default', module='ipykernel')"
pytestmark = pytest.mark.slow


@pytest.mark.parametrize("page", NOTEBOOKS, ids=lambda page: page.stem)
@pytest.mark.filterwarnings("default")  # those of the machinery of notebooks; in cells all are errors
def test_every_cell_runs(page: Path, tmp_path: Path) -> None:
    nbclient = pytest.importorskip("nbclient")
    nbformat = pytest.importorskip("nbformat")
    reader = pytest.importorskip("myst_nb.core.read")
    settings = pytest.importorskip("myst_parser.config.main").MdParserConfig()
    text = page.read_text(encoding="utf-8")
    notebook = reader.read_myst_markdown_notebook(text, settings, "{code-cell}", "{raw-cell}")
    notebook.cells.insert(0, nbformat.v4.new_code_cell(STRICT))
    assert sum(cell.cell_type == "code" for cell in notebook.cells) > 3
    where = {"metadata": {"path": str(tmp_path)}}
    nbclient.NotebookClient(notebook, timeout=300, kernel_name="python3", resources=where).execute()


def test_pages_lead_somewhere_and_are_listed(tmp_path: Path) -> None:
    pytest.importorskip("myst_nb")
    quick = ["-D", "nb_execution_mode=off", "-D", "suppress_warnings=myst-nb.lexer"]  # cells are tried above
    command = [
        sys.executable,
        "-m",
        "sphinx",
        "-W",
        "--keep-going",
        "-q",
        "-b",
        "html",
        *quick,
        "docs",
        tmp_path / "html",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    pages = {page.relative_to(DOCS).with_suffix(".html") for page in DOCS.rglob("*.md") if "_build" not in page.parts}
    made = {page.relative_to(tmp_path / "html") for page in (tmp_path / "html").rglob("*.html")}
    assert pages <= made
    loaded = [page for page in made if 'src="http' in (tmp_path / "html" / page).read_text(encoding="utf-8")]
    assert not loaded, "the site works without a network"
