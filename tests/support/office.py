"""Makes Word and Excel files of a plan, by LibreOffice."""
import csv
import html
import shutil
import subprocess

SOFFICE = shutil.which("soffice")


def rows_of(text):
    """The rows of tab-separated text."""
    return [line.split("\t") for line in text.replace("\r\n", "\n").split("\n")]


def convert(folder, source, form, filters=""):
    """Converts a file in the folder; gives the new one."""
    done = subprocess.run(
        [SOFFICE, "--headless", f"-env:UserInstallation=file://{folder}/profile", *([f"--infilter={filters}"] if filters else []),
         "--convert-to", form, "--outdir", str(folder), str(source)],
        capture_output=True, text=True, timeout=180, check=False)
    target = source.with_suffix("." + form.split(":")[0])
    assert target.exists(), done.stdout + done.stderr
    return target


def workbook(folder, text, as_text=True):
    """The text's rows as the cells of an .xlsx; what looks like a day becomes one unless as_text."""
    source = folder / "plan.csv"
    with open(source, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows_of(text))
    return convert(folder, source, "xlsx", "CSV:44,34,76,1," + ("/".join(f"{n}/2" for n in range(1, 65)) if as_text else "") + ",2057")


def cell_html(cell):
    """A cell as its lines; a line with a bullet is an item of a list."""
    lines = [line for line in cell.split("\n") if line.strip()]
    if lines and all(line.startswith("• ") for line in lines):
        return "<ul>" + "".join(f"<li>{html.escape(line[2:])}</li>" for line in lines) + "</ul>"
    return "".join(f"<p>{html.escape(line)}</p>" for line in lines) or "<p></p>"


def document(folder, before, *tables):
    """A .docx: paragraphs, then tables of rows of cells. A cell may be (text, rows that it spans)."""
    body = "".join(f"<p>{html.escape(line)}</p>" for line in before)
    for rows in tables:
        body += "<table border=1>"
        for row in rows:
            body += "<tr>"
            for cell in row:
                text, span = cell if isinstance(cell, tuple) else (cell, 1)
                body += f'<td rowspan="{span}">{cell_html(text)}</td>'
            body += "</tr>"
        body += "</table><p></p>"
    source = folder / "plan.html"
    source.write_text(f'<html><head><meta charset="utf-8"></head><body>{body}</body></html>', encoding="utf-8")
    return convert(folder, source, "docx:MS Word 2007 XML", "HTML (StarWriter)")
