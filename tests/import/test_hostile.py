"""Files that are made to do harm, or came to harm: a clear refusal, soon, and within bounded memory."""
import io
import resource
import time
import zipfile

import pytest

from support import programs

RELS = ('<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="http://x/officeDocument" Target="{}"/></Relationships>')
WORKBOOK = '<workbook xmlns:r="http://x"><sheets><sheet name="A" r:id="r1"/></sheets></workbook>'
SHEETS = RELS.replace("officeDocument", "worksheet").format("sheet1.xml")
MB = 1024 * 1024


def packed(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(name, text)
    return out.getvalue()


def docx(document):
    return packed({"_rels/.rels": RELS.format("word/document.xml"), "word/document.xml": document})


def xlsx(sheet, **more):
    return packed({"_rels/.rels": RELS.format("xl/workbook.xml"), "xl/workbook.xml": WORKBOOK,
                   "xl/_rels/workbook.xml.rels": SHEETS, "xl/sheet1.xml": sheet, **more})


TABLE = "<tbl>" + "".join("<tr>" + "".join(f"<tc><p><r><t>{cell}</t></r></p></tc>" for cell in row) + "</tr>" for row in (
    ["No", "Recommendation", "Action", "Lead", "Timescale"], ["1", "A", "Do it", "Clerk", "May 2022"])) + "</tbl>"
DOCUMENT = f"<document><body>{TABLE}</body></document>"
ENTITIES = ('<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {b} "{"&" + a + ";" * 1}{("&" + a + ";") * 9}">' for a, b in zip("abcdefgh", "bcdefghi")) + "]>")
FILE = '<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def broken(part):
    at = len(part) // 2
    return part[:at]


def row(n, text):
    return f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>{text}</t></is></c></row>'


CASES = {
    "a bomb in a document": (lambda: docx("<document><body>" + " " * (200 * MB) + "</body></document>"), "broken_file"),
    "a bomb in a workbook": (lambda: xlsx("<worksheet>" + "<a/>" * (40 * MB) + "</worksheet>"), "broken_file"),
    "a text without end": (lambda: docx("<document><body><p><r><t>" + "a" * (9 * MB) + "</t></r></p></body></document>"),
                           "cell_too_long"),
    "entities": (lambda: docx(ENTITIES + DOCUMENT.replace("Do it", "&i;")), "broken_file"),
    "a file of the server": (lambda: docx(FILE + DOCUMENT.replace("Do it", "&a;")), "broken_file"),
    "an entity of nobody": (lambda: docx(DOCUMENT.replace("Do it", "&nobody;")), "broken_file"),
    "elements too deep": (lambda: docx("<document>" + "<a>" * 100000), "broken_file"),
    "cut off": (lambda: docx(DOCUMENT)[:-200], "broken_file"),
    "a part cut off": (lambda: docx(broken(DOCUMENT)), "broken_file"),
    "no main part": (lambda: packed({"a.txt": "a"}), "unknown_form"),
    "a main part that is missing": (lambda: packed({"_rels/.rels": RELS.format("word/document.xml")}), "broken_file"),
    "another kind of document": (lambda: packed({"_rels/.rels": RELS.format("ppt/presentation.xml")}), "unknown_form"),
    "too many rows": (lambda: xlsx("<worksheet>" + "".join(row(n, "x") for n in range(1, 10100)) + "</worksheet>"),
                      "too_many_rows"),
    "a merge of everything": (lambda: xlsx("<worksheet>" + row(1, "y" * 100000) + "".join(row(n, "x") for n in range(2, 9000))
                                           + '<mergeCells><mergeCell ref="A1:A9000"/></mergeCells></worksheet>'),
                              "too_much_text"),
    "a column too far": (lambda: xlsx('<worksheet><row r="1"><c r="XFD1"><v>1</v></c></row></worksheet>'), "too_many_cells"),
    "a line of 15 MiB": (lambda: b"Action\tLead\tWhen\n" + b"x" * (15 * MB), "cell_too_long"),
    "a file of 100 MiB": (lambda: b"x" * (100 * MB), "file_too_big"),
    "a quotation without end": (lambda: b"Action,Lead,When\n\"" + b"x\n" * (2 * MB), "quote_open"),
    "nothing but quotes": (lambda: b"Action,Lead,When\n1,2,3\n" + b'"' * (8 * MB), "cell_too_long"),
    "nothing but tabs": (lambda: b"\t" * (15 * MB), "too_many_cells"),
    "nothing but pipes": (lambda: b"Action | Lead | When |\n" + b"|" * (15 * MB), "too_many_cells"),
    "an old document": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "unknown_form"),
}


@pytest.mark.parametrize("name", CASES)
def test_it_is_refused(name, tmp_path):
    make, code = CASES[name]
    file = tmp_path / ("plan.csv" if "quot" in name else "plan")
    file.write_bytes(make())
    start = time.monotonic()
    done = programs.run("goldenthread-api", "import", str(file), "--dry-run", status=1,
                        settings={"GT_LOG_FORMAT": "text"})
    assert code in done.stderr
    assert time.monotonic() - start < 30, "it took too long"
    # the sanitizers' shadow and quarantine included; without them it is a third of that
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 1024 * 1024


def test_the_document_without_the_harm(tmp_path):
    file = tmp_path / "plan"
    file.write_bytes(docx(DOCUMENT))
    printed = programs.run("goldenthread-api", "import", str(file), "--dry-run", settings={"GT_LOG_FORMAT": "text"}).stdout
    assert "Do it" in printed and "31 May 2022" in printed
