"""Typesets the example corpus from facts.yaml: python examples/planets/typeset.py [OUT].

The documents are committed; run this after changing `facts.yaml` or a template in `documents/`. Equal inputs and
equal versions of the libraries give equal bytes: dates are fixed, zip members are sorted and carry no time.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import logging
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import jinja2
import yaml

HERE = Path(__file__).resolve().parent
EPOCH = dt.datetime(2024, 12, 31, tzinfo=dt.UTC)
ZIP_DATE = (2024, 12, 31, 0, 0, 0)


def load_facts() -> dict[str, Any]:
    """The facts, with what follows from them: counts of known moons by planet and year."""
    facts: dict[str, Any] = yaml.safe_load((HERE / "facts.yaml").read_text(encoding="utf-8"))
    years = facts["count_years"]
    found = [("Moon", "Earth", 0, ""), *map(tuple, facts["discoveries"])]
    names = [planet["name"] for planet in facts["planets"] if planet["name"] not in {"Mercury", "Venus"}]
    facts["years"] = years
    facts["counts"] = [
        {"name": name, "values": [sum(m[1] == name and m[2] <= year for m in found) for year in years]}
        for name in names
    ]
    facts["totals"] = [sum(m[2] <= year for m in found) for year in years]
    facts["planet"] = {planet["name"]: planet for planet in facts["planets"]}
    return facts


def render(name: str, facts: dict[str, Any], **more: Any) -> str:
    """A template of `documents/`, with << >> and <% %> as marks, which none of the formats needs."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "documents"),
        variable_start_string="<<",
        variable_end_string=">>",
        block_start_string="<%",
        block_end_string="%>",
        comment_start_string="<#",
        comment_end_string="#>",
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - the facts are our own, and most formats are not HTML
    )
    return environment.get_template(f"{name}.j2").render(**facts, **more)


def slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def chart(facts: dict[str, Any], target: Path) -> None:
    """Figure 1 of the survey as a vector graphic with real text."""
    import matplotlib as mpl

    mpl.use("svg")
    # The font is in typst, which sets the text; matplotlib only measures it with its own.
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    import matplotlib.pyplot as plt

    style = {"svg.fonttype": "none", "svg.hashsalt": "planets", "font.family": "Libertinus Serif", "font.size": 10}
    with mpl.rc_context(style):
        figure, axes = plt.subplots(figsize=(4.6, 2.7))
        names = [planet["name"] for planet in facts["planets"]]
        axes.bar(names, [float(planet["density"]) for planet in facts["planets"]], color="#4477aa", width=0.6)
        axes.set_ylabel("Mean density (kg/m³)")
        axes.set_ylim(0, 6000)
        axes.tick_params(axis="x", rotation=35)
        axes.spines[["top", "right"]].set_visible(False)
        figure.tight_layout()
        figure.savefig(target, format="svg", metadata={"Date": None, "Creator": None})
        plt.close(figure)


def typst_pdf(source: str, out: Path, *, files: Path) -> None:
    """Compiles typst source; `files` is the folder of its images."""
    import typst

    main = files / "main.typ"
    main.write_text(source, encoding="utf-8")
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(
        typst.compile(str(main), root=str(files), ignore_system_fonts=True, timestamp=int(EPOCH.timestamp()))
    )


def docx(source: str, out: Path) -> None:
    """HTML with TeX maths to Word with native equations."""
    import pypandoc

    arguments = [pypandoc.get_pandoc_path(), "-f", "html+tex_math_single_backslash", "-t", "docx", "-o", str(out)]
    subprocess.run(arguments, input=source.encode(), check=True, env={"SOURCE_DATE_EPOCH": str(int(EPOCH.timestamp()))})  # noqa: S603
    normalize_zip(out)


def workbook(facts: dict[str, Any], out: Path) -> None:
    """The appropriations, with sums as formulas, and the laws that made them, on one sheet; the notes on another."""
    import openpyxl
    from openpyxl.styles import Font

    budget = facts["budget"]
    book = openpyxl.Workbook()
    book.properties.created = book.properties.modified = EPOCH.replace(tzinfo=None)
    book.properties.creator = "The kgmine example corpus"
    book.properties.title = "NASA Appropriations"
    sheet = book.active
    sheet.title = "Appropriations"
    sheet.append(["NASA appropriations by account and fiscal year"])
    sheet.append(["In thousands of US dollars"])
    sheet.append([])
    sheet.append(["Account", *(f"FY {year}" for year in budget["years"])])
    for account in budget["accounts"]:
        sheet.append([account["name"], *account["values"]])
    first, last = 5, 4 + len(budget["accounts"])
    columns = "BCDEF"
    sheet.append(["Total", *(f"=SUM({column}{first}:{column}{last})" for column in columns)])
    sheet.append([])
    sheet.append([])
    sheet.append(["Laws that made the appropriations"])
    sheet.append(["Fiscal year", "Law", "Date signed"])
    for law in budget["laws"]:
        sheet.append([law["year"], law["law"], law["signed"]])
    for row in (1, 4, last + 1, last + 4, last + 5):
        for cell in sheet[row]:
            cell.font = Font(bold=True)
    for row in sheet.iter_rows(min_row=first, max_row=last + 1, min_col=2, max_col=6):
        for cell in row:
            cell.number_format = "#,##0"
    sheet.column_dimensions["A"].width = 44
    notes = book.create_sheet("Notes")
    notes.append(["A fiscal year of the United States runs from October 1 of the year before to September 30."])
    notes.append(["The figures are those of the annual appropriations acts, before transfers and supplements."])
    notes.append([f"Source: {facts['sources']['appropriations']}"])
    book.save(out)
    stored = {f"{column}{last + 1}": total for column, total in zip(columns, budget["total"], strict=True)}
    normalize_zip(out, stored=stored)


def normalize_zip(path: Path, *, stored: dict[str, int] | None = None) -> None:
    """Rewrites a container without times; stored: values of formula cells, which openpyxl leaves out."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in sorted(archive.namelist())}
    for name, data in members.items():
        if name == "docProps/core.xml":
            text = re.sub(r"(<dcterms:modified[^>]*>)[^<]*", rf"\g<1>{EPOCH:%Y-%m-%dT%H:%M:%SZ}", data.decode())
            members[name] = text.encode()
        elif stored and name == "xl/worksheets/sheet1.xml":
            text = data.decode()
            for cell, value in stored.items():
                text = re.sub(
                    rf'(<c r="{cell}"[^>]*>\s*<f>[^<]*</f>)\s*<v\s*/>|(<c r="{cell}"[^>]*>\s*<f>[^<]*</f>)\s*<v></v>',
                    rf"\g<1>\g<2><v>{value}</v>",
                    text,
                )
            members[name] = text.encode()
    # The content types come first: some readers look there before the directory.
    order = sorted(members, key=lambda name: (name != "mimetype", name != "[Content_Types].xml", name))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in order:
            archive.writestr(zipfile.ZipInfo(name, ZIP_DATE), members[name], zipfile.ZIP_DEFLATED)


def moons_csv(facts: dict[str, Any]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["Moon", "Planet", "Year of discovery", "Discoverer"])
    writer.writerows(facts["discoveries"])
    return text.getvalue()


def main(out: Path) -> None:
    """Writes all documents into `out`."""
    facts = load_facts()
    out.mkdir(parents=True, exist_ok=True)
    for name in ("discoverers.md", "moons.tex", "telescopes.html", "dwarf-planets.html"):
        (out / name).write_text(render(name, facts), encoding="utf-8", newline="\n")
    (out / "moons.csv").write_text(moons_csv(facts), encoding="utf-8", newline="\n")
    workbook(facts, out / "nasa-appropriations.xlsx")
    docx(render("rockets.html", facts), out / "rockets.docx")
    with tempfile.TemporaryDirectory() as folder:
        files = Path(folder)
        chart(facts, files / "density.svg")
        typst_pdf(render("planets.typ", facts), out / "planets.pdf", files=files)
        for mission in facts["missions"]:
            cited = "; ".join(facts["sources"][key] for key in mission["sources"])
            source = render("report.typ", facts, m=mission, cited=cited)
            typst_pdf(source, out / "reports" / f"{slug(mission['name'])}.pdf", files=files)
    print(f"{sum(path.is_file() for path in out.rglob('*'))} documents in {out}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "corpus")
