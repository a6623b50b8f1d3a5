"""Claims held against facts: checks `assess-*.rq`, their verdicts in a graph of their own."""

from govkg.assessment.read import AssessmentLine, Fact, facts, listing
from govkg.assessment.record import record
from govkg.assessment.run import UNDECIDED, Assessment, assess, checks, tally

__all__ = [
    "UNDECIDED",
    "Assessment",
    "AssessmentLine",
    "Fact",
    "assess",
    "checks",
    "facts",
    "listing",
    "record",
    "tally",
]
