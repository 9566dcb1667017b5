"""Reads the catalogue of errors out of the C tables that the program answers from."""
import re
from pathlib import Path

TABLE = re.compile(r"^(?:static )?const struct error (\w+)\[\] = \{$(.*?)^\};$", re.M | re.S)
TEXT = r'"((?:[^"\\]|\\.)*)"'
ROW = re.compile(rf"\{{ {TEXT}, (\d+), {TEXT},\s+{TEXT},\s+{TEXT} \}},")


def read(paths):
    """{table: [{"code", "status", "title", "meaning", "remedy"}]}, each sorted by status and code."""
    found = {}
    for path in paths:
        for name, table in TABLE.findall(Path(path).read_text(encoding="utf-8")):
            rows = [dict(zip(("code", "status", "title", "meaning", "remedy"), map(_unescaped, row)))
                    for row in ROW.findall(table)]
            assert len(rows) == table.count("\n\t{ \""), f"{path}: a row of {name} is not as the others"
            found[name] = sorted(rows, key=lambda row: (int(row["status"]), row["code"]))
    return found


def _unescaped(text):
    return re.sub(r"\\(.)", r"\1", text)
