"""The catalogue of errors against the sources: every code that is given is in it, and every code in it is given."""
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = [ROOT / "api" / "errors.c", ROOT / "api" / "errors_import.c"]
CODE = r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*"
# The functions that take a code, and which of their arguments it is.
C_CALLS = {"reply_problem": 1, "faults_add": 2, "finding_add": 1, "fault": 0, "fail": 1, "doubt_value": 1}
C_PLACES = [rf"\.code\s*=\s*\"({CODE})\"", rf"\bcode\s*=\s*\"({CODE})\"", rf"\breturn\s+\"({CODE}_{CODE})\"",
            rf"\{{\s*\"{CODE}\",\s*4\d\d,\s*\"({CODE})\"", rf"\?\s*\"({CODE})\"\s*:\s*NULL"]
SQL_PLACES = [rf"\brefuse\(\d+,\s*'({CODE})'", rf"\bimport_finding\('({CODE})'", rf"SELECT '({CODE})' AS code"]


def arguments(text):
    """What stands between the commas of a call, from after its opening bracket to its end."""
    depth, one, quoted = 0, "", False
    for at, char in enumerate(text):
        quoted ^= char == '"' and text[at - 1] != "\\"
        depth += 0 if quoted else (char in "({[") - (char in ")}]")
        if depth < 0:
            break
        if char == "," and depth == 0 and not quoted:
            yield one.strip()
            one = ""
        else:
            one += char
    yield one.strip()


def given_in_c(text):
    for function, place in C_CALLS.items():
        for call in re.finditer(rf"\b{function}\s*\(", text):
            code = re.fullmatch(rf"\"({CODE})\"", dict(enumerate(arguments(text[call.end():]))).get(place, ""))
            if code:
                yield code[1]
    for place in C_PLACES:
        yield from re.findall(place, text)


def main():
    catalogue = [code for path in CATALOGUE for code in re.findall(rf"^\t\{{ \"({CODE})\", \d+,", path.read_text(), re.M)]
    sources = [path for path in (ROOT / "api").rglob("*.c") if path not in CATALOGUE]
    c = {path: path.read_text(encoding="utf-8") for path in sources}
    sql = {path: path.read_text(encoding="utf-8") for path in (ROOT / "sql" / "functions").glob("*.sql")}
    given = {(code, path) for path, text in c.items() for code in given_in_c(text)}
    given |= {(code, path) for path, text in sql.items() for place in SQL_PLACES for code in re.findall(place, text)}
    faults = [f"{path.relative_to(ROOT)} gives {code}, which the catalogue lacks"
              for code, path in sorted(given) if code not in catalogue]
    everything = "\n".join([*c.values(), *sql.values()])
    faults += [f"the catalogue has {code}, which nothing gives" for code in catalogue
               if f'"{code}"' not in everything and f"'{code}'" not in everything]
    faults += [f"the catalogue has {code} twice" for code in sorted({one for one in catalogue if catalogue.count(one) > 1})]
    print("\n".join(faults))
    return len(catalogue) > 100 and not faults


if __name__ == "__main__":
    sys.exit(not main())
