"""`%%sparql` in a real IPython shell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from IPython.core.interactiveshell import InteractiveShell

from govkg.errors import ParameterError
from govkg.results import Result

if TYPE_CHECKING:
    from collections.abc import Iterator

    from govkg.api import KnowledgeGraph

CLAIMS = (
    "PREFIX gov: <https://w3id.org/govkg/ontology#>\nSELECT ?claim { ?claim a gov:Claim } LIMIT 3"
)


@pytest.fixture
def shell(kg: KnowledgeGraph) -> Iterator[InteractiveShell]:
    made = InteractiveShell()  # type: ignore[no-untyped-call]
    made.run_line_magic("load_ext", "govkg")
    made.user_ns["kg"] = kg
    yield made
    made.reset()  # type: ignore[no-untyped-call]
    made.history_manager.end_session()  # type: ignore[union-attr]


def cell(shell: InteractiveShell, line: str, text: str) -> object:
    return shell.run_cell_magic("sparql", line, text)  # type: ignore[no-untyped-call]


def test_a_cell_gives_its_rows(shell: InteractiveShell) -> None:
    found = cell(shell, "", CLAIMS)
    assert isinstance(found, Result)
    assert len(found) == 3
    assert "<table>" in found._repr_html_()


def test_a_ready_question_takes_parameters_and_is_kept(shell: InteractiveShell) -> None:
    assert cell(shell, "--to founded --lang zh year=2009", "cq10") is None
    founded = shell.user_ns["founded"]
    assert len(founded) > 0
    assert {str(row.year) for row in founded} == {"2009"}
    assert {row.bodyLabel.language for row in founded} == {"zh"}
    found = shell.run_line_magic("sparql", "cq01")
    assert len(found) == 3


def test_help_is_printed_beside_the_rows(
    shell: InteractiveShell, capsys: pytest.CaptureFixture[str]
) -> None:
    cell(shell, "--lang en", CLAIMS.replace("LIMIT 3", "# gov:none").replace("Claim", "Claims"))
    assert "did you mean gov:Claim?" in capsys.readouterr().out


@pytest.mark.parametrize("line", ["--kg nothing", "what", "--to"])
def test_a_line_that_is_not_understood(shell: InteractiveShell, line: str) -> None:
    with pytest.raises(ParameterError):
        cell(shell, line, CLAIMS)
