"""The report on the claims: every checkable one, its verdict and its series; HTML or Markdown.

No sentence of a document is in it: claims go by our own words.
"""

from __future__ import annotations

from html import escape
from itertools import groupby
from string import Template
from typing import TYPE_CHECKING, NamedTuple

from govkg.assessment import UNDECIDED, checks, facts, listing
from govkg.namespaces import local

if TYPE_CHECKING:
    from collections.abc import Iterator

    from govkg.assessment import AssessmentLine, Fact
    from govkg.store import Store

_SIZE = (220, 56)
_HEADINGS = {True: ("有结论的主张", "Decided"), False: ("无从核对的主张", "Not checkable")}
_PAGE = Template("""<!doctype html>
<html lang="zh"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>govkg: 主张评估 / Claims judged</title>
<style>
body { font: 15px/1.55 "Noto Sans", "Noto Sans CJK SC", "Source Han Sans SC", sans-serif;
  max-width: 62rem; margin: 2rem auto; padding: 0 1rem; color: #1d2430; background: #fafaf8; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.05rem; margin: 0 0 .3rem; }
table { border-collapse: collapse; margin: 1rem 0 2rem; }
th, td { padding: .25rem .8rem; text-align: right; vertical-align: top;
  border-bottom: 1px solid #ddd; }
th:first-child, td:first-child { text-align: left; }
article { background: #fff; border: 1px solid #e2e2dc; border-left: 5px solid var(--tone);
  border-radius: 4px; padding: .8rem 1rem; margin: .8rem 0; }
.row { display: flex; gap: 1rem; justify-content: space-between; align-items: flex-start;
  border-top: 1px dotted #ddd; padding-top: .5rem; margin-top: .5rem; }
.row p { margin: .15rem 0; } small, .en { color: #5a6472; }
.tag { background: var(--tone); color: #fff; border-radius: 3px; padding: .05rem .45rem;
  font-size: .85rem; white-space: nowrap; }
.corroborated { --tone: #2e7d4f; } .contradicted { --tone: #b3372f; }
.superseded { --tone: #b26a00; } .inconsistent { --tone: #7a3e9d; }
.not-checkable { --tone: #7b8490; }
section > h2 { font-size: 1.2rem; border-bottom: 2px solid #1d2430; }
section > h2 { margin-top: 2.2rem; padding-bottom: .2rem; }
td:first-child { min-width: 26rem; }
td small { display: block; line-height: 1.35; }
@page { size: A4; margin: 18mm 16mm; }
@media print {
  body { font-size: 9.5pt; background: none; max-width: none; margin: 0; padding: 0; }
  article, tr { break-inside: avoid; } h2 { break-after: avoid; }
  article { padding: .4rem .7rem; margin: .4rem 0; }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
svg { flex: none; } svg text { font-size: 10px; fill: #5a6472; }
</style></head><body>
<h1>主张评估 <span lang="en" class="en">Claims judged</span></h1>
<p>每条主张都用本库自己的话转述；每个结论只依据所列事实。
<br><span lang="en" class="en">Claims are told in our own words; each verdict rests
on the facts listed and on nothing else.</span></p>
$tally
$claims
</body></html>
""")


class Entry(NamedTuple):
    """An assessment in both languages with its facts."""

    zh: AssessmentLine
    en: AssessmentLine
    facts: tuple[Fact, ...]

    @property
    def verdict(self) -> str:
        """Give the local name of the verdict."""
        return self.zh.verdict.partition(":")[2]

    @property
    def series(self) -> list[tuple[str, float]]:
        """Give years and values where the facts are counts of one thing."""
        points = [(f.when, float(f.value)) for f in self.facts if f.when.isdigit() and f.value]
        return points if len({year for year, _ in points}) == len(points) > 2 else []


def write(store: Store, form: str) -> str:
    """Write the report of a build as `html` or `md`; claims of no checkable kind are counted."""
    found = listing(store, "zh")
    english = {one.assessment: one for one in listing(store, "en")}
    entries = [
        Entry(one, english[one.assessment], tuple(facts(store, one.assessment, "zh")))
        for one in found
    ]
    shown = _decided_first([e for e in entries if e.zh.check != "check:kind-of-claim"])
    if form == "md":
        return _markdown(entries, shown)
    return _PAGE.substitute(tally=_table(entries), claims=_sections(shown))


def _decided_first(entries: list[Entry]) -> list[Entry]:
    """Put the claims of which something is decided first, and so the verdicts of one claim."""
    decided = {entry.zh.claim for entry in entries if entry.verdict != UNDECIDED}
    return sorted(
        entries,
        key=lambda e: (e.zh.claim not in decided, e.zh.claim, e.verdict == UNDECIDED),
    )


def _sections(shown: list[Entry]) -> str:
    """Write the claims under two headings: decided ones, and those that nothing decides."""
    articles: dict[bool, list[str]] = {True: [], False: []}
    for _, group in groupby(shown, lambda e: e.zh.claim):
        of = list(group)
        articles[of[0].verdict != UNDECIDED].append(_article(of))
    return "\n".join(
        f'<section><h2>{zh} <span lang="en" class="en">{en}</span> '
        f"({len(articles[decided])})</h2>\n{''.join(articles[decided])}</section>"
        for decided, (zh, en) in _HEADINGS.items()
        if articles[decided]
    )


def _tally(entries: list[Entry]) -> Iterator[tuple[str, ...]]:
    verdicts = sorted({e.verdict for e in entries})
    names = {e.verdict: f"{e.zh.verdict_label} {e.en.verdict_label}" for e in entries}
    yield ("核查 Check", *(names[v] for v in verdicts))
    for check in sorted({e.zh.check for e in entries}):
        of = [e.verdict for e in entries if e.zh.check == check]
        yield (check.partition(":")[2], *(str(of.count(v) or "") for v in verdicts))


def _table(entries: list[Entry]) -> str:
    head, *rows = _tally(entries)
    cells = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    judges = {q.name.removeprefix("assess-"): q.header.judges for q in checks()}
    body = "".join(
        f"<tr><td>{escape(name)}<small>{escape(judges[name]['zh'])}</small>"
        f'<small lang="en">{escape(judges[name]["en"])}</small></td>'
        f"{''.join(f'<td>{escape(cell)}</td>' for cell in counts)}</tr>\n"
        for name, *counts in rows
    )
    return f"<table><tr>{cells}</tr>\n{body}</table>"


def _article(of: list[Entry]) -> str:
    first = of[0]
    return (
        f'<article class="{first.verdict}" id="{escape(first.zh.claim.partition(":")[2])}">'
        f"<h2>{escape(first.zh.label)}</h2>"
        f'<div lang="en" class="en">{escape(first.en.label)} '
        f"<small>{escape(first.zh.claim)}</small></div>"
        f"{''.join(_row(entry) for entry in of)}</article>"
    )


def _row(entry: Entry) -> str:
    chart = spark(entry.series) if entry.series else ""
    return (
        f'<div class="row {entry.verdict}"><div><span class="tag">'
        f"{escape(entry.zh.verdict_label)} {escape(entry.en.verdict_label)}</span> "
        f"<small>{escape(entry.zh.check)} · {escape(local(entry.zh.authority))}</small>"
        f"<p>{escape(entry.zh.explanation)}</p>"
        f'<p lang="en" class="en">{escape(entry.en.explanation)}</p></div>{chart}</div>'
    )


def spark(series: list[tuple[str, float]]) -> str:
    """Draw years and values as a small bar chart (SVG), first and last value written out."""
    width, height = _SIZE
    top, step = max(value for _, value in series) or 1.0, width / len(series)
    room = height - 26
    bars = "".join(
        f'<rect x="{i * step + 2:.1f}" y="{13 + room * (1 - value / top):.1f}" '
        f'width="{step - 4:.1f}" height="{room * value / top + 1:.1f}" fill="var(--tone)">'
        f"<title>{escape(year)}: {value:g}</title></rect>"
        f'<text x="{(i + 0.5) * step:.1f}" y="{10 + room * (1 - value / top):.1f}" '
        f'text-anchor="middle">{value:g}</text>'
        for i, (year, value) in enumerate(series)
    )
    years = f"{series[0][0]}-{series[-1][0]}"
    return (
        f'<svg width="{width}" height="{height}" role="img" aria-label="{escape(years)}">{bars}'
        f'<text x="2" y="{height - 1}">{escape(series[0][0])}</text>'
        f'<text x="{width - 2}" y="{height - 1}" text-anchor="end">'
        f"{escape(series[-1][0])}</text></svg>"
    )


def _markdown(entries: list[Entry], shown: list[Entry]) -> str:
    head, *rows = _tally(entries)
    lines = ["# 主张评估 / Claims judged", "", _cells(head), _cells(["---"] * len(head))]
    lines += [_cells(row) for row in rows]
    for claim, group in groupby(shown, lambda e: e.zh.claim):
        of = list(group)
        lines += ["", f"## {of[0].zh.label}", "", f"{of[0].en.label} `{claim}`"]
        for e in of:
            lines += ["", f"- **{e.zh.verdict_label} / {e.en.verdict_label}** "
                      f"(`{e.zh.check}`, `{local(e.zh.authority)}`)", f"  - {e.zh.explanation}",
                      f"  - {e.en.explanation}"]  # fmt: skip
            lines += [f"  - {_written(e.series)}"] if e.series else []
    return "\n".join(lines) + "\n"


def _cells(cells: list[str] | tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def _written(series: list[tuple[str, float]]) -> str:
    return ", ".join(f"{year}: {value:g}" for year, value in series)
