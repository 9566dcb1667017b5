"""Workbooks of several sheets: those with the same headings are one plan, others are told."""
import zipfile

import pytest

from support import programs

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
HEADINGS = ["No", "Recommendation", "Action", "Timescale"]


def sheet(rows):
    cells = ("".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in row) for row in rows)
    return f'<worksheet xmlns="{MAIN}"><sheetData>' + "".join(f"<row>{row}</row>" for row in cells) + "</sheetData></worksheet>"


@pytest.fixture
def preview(tmp_path):
    """What the command prints of a workbook, by its sheets' names."""
    def run(**sheets):
        names = list(sheets)
        file = tmp_path / "plan.xlsx"
        with zipfile.ZipFile(file, "w") as package:
            package.writestr("[Content_Types].xml", f'<Types xmlns="{PACKAGE}/content-types"/>')
            package.writestr("_rels/.rels", f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="a" '
                             f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>')
            package.writestr("xl/workbook.xml", f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>' + "".join(
                f'<sheet name="{name}" sheetId="{i + 1}" r:id="r{i}"/>' for i, name in enumerate(names)) + "</sheets></workbook>")
            package.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{PACKAGE}/relationships">' + "".join(
                f'<Relationship Id="r{i}" Type="{RELATIONS}/worksheet" Target="s{i}.xml"/>' for i in range(len(names)))
                + "</Relationships>")
            for i, name in enumerate(names):
                package.writestr(f"xl/s{i}.xml", sheet(sheets[name]))
        return programs.run("goldenthread-api", "import", str(file), "--dry-run", settings={"GT_LOG_FORMAT": "text"}).stdout
    return run


def test_numbers_that_start_again_in_each_sheet(preview):
    printed = preview(Homes=[HEADINGS, ["1", "A", "Do it", "May 2022"]], Roads=[HEADINGS, ["1", "B", "Do that", "June 2022"]])
    assert "sheets_joined" in printed and "numbers_grouped" in printed
    assert "Recommendation Homes 1, row 2" in printed and "Recommendation Roads 1, row 2" in printed


def test_a_sheet_a_section(preview):
    printed = preview(Homes=[["Action", "Lead", "When"], ["Do it", "Clerk", "May 2022"]],
                      Roads=[["Action", "Lead", "When"], ["Do that", "Clerk", "June 2022"]])
    assert "  Roads\n  2.1  Do that" in printed


def test_a_sheet_with_other_headings(preview):
    printed = preview(Plan=[HEADINGS, ["1", "A", "Do it", "May 2022"]],
                      Risks=[["Risk", "Action", "Owner"], ["Fire", "Run", "Clerk"]])
    assert "sheet_ignored" in printed and "Run" not in printed
