"""Execute the notebook of the tutorial again and keep its outputs, when API or data changed.

python tools/notebook.py
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

NOTEBOOK = Path(__file__).parents[1] / "docs" / "tutorials" / "first-questions.ipynb"


def execute(notebook: Any) -> None:  # noqa: ANN401 - nbformat has no types
    """Run the cells in an empty folder; raise CellExecutionError where one fails."""
    with tempfile.TemporaryDirectory() as folder:
        place = {"metadata": {"path": folder}}
        NotebookClient(notebook, resources=place, record_timing=False).execute()


def main() -> None:
    """Execute and write."""
    notebook: Any = nbformat.read(NOTEBOOK, as_version=4)
    execute(notebook)
    notebook.metadata.pop("language_info", None)
    NOTEBOOK.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
