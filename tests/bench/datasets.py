"""Rows of a data set, without a server: 100,000 of them read, checked and kept; checking beside jsonschema and
fastjsonschema alone.

``.venv/bin/python tests/bench/datasets.py [rows]`` prints one line of JSON. Two rows in a hundred are bad.
"""
import importlib
import json
import resource
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 5
DATASET = ROOT / "addons/ctsp_trial/data/dataset/recent_trials.json"


def platform():
    """Make the addons importable; return the pure part of the data sets."""
    from odoo.modules import module
    from odoo.tools import config
    config.parse_config([f"--addons-path={ROOT / 'addons'}"], setup_logging=False)
    module.initialize_sys_path()
    names = ("definition", "intake", "json_schema", "sample", "validator")
    return {name: importlib.import_module(f"odoo.addons.ctsp_dataset.tools.{name}") for name in names}


def rows_of(sample, count):
    """Yield rows that differ in their key; one in a hundred has an unknown code, one a wrong day."""
    for number in range(count):
        row = {**sample, "ctr_no": f"CTR{number:08d}", "specialty": f"专业{number % 40}"}
        if number % 100 == 7:
            row["phase"] = "x"
        elif number % 100 == 57:
            row["start_date"] = "2026-02-30"
        yield row


def timed(function):
    """Seconds of the processor, so that other work on the machine does not count."""
    started = time.process_time()
    result = function()
    return time.process_time() - started, result


def memory():
    """Peak memory of the process in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def whole(parts, definition, folder):
    """Read, check and keep the file as the interface does."""
    with Path(folder, "sent").open("rb") as stream:
        return parts["intake"].take(definition, stream, "ndjson", f"{folder}/accepted", f"{folder}/report", 10 ** 7)


def send(sample, count, folder):
    """Write the rows to a file; return its size in MiB."""
    with Path(folder, "sent").open("wb") as stream:
        stream.writelines(json.dumps(row).encode() + b"\n" for row in rows_of(sample, count))
        return round(stream.tell() / 2 ** 20, 1)


def checked(parts, definition, rows):
    validator = parts["validator"].Validator(definition)
    return sum(not validator.check(number, row).accepted for number, row in enumerate(rows, 1))


def schema_checked(validator, rows):
    return sum(next(validator.iter_errors(row), None) is not None for row in rows)


def generated(schema):
    """The other baseline: Python made of the schema. It knows drafts up to 7 and stops at the first error; what is used
    of the newer draft means the same there. Formats are left out, as it has none by default."""
    import fastjsonschema
    return fastjsonschema.compile({**schema, "$schema": "http://json-schema.org/draft-07/schema#"})


def generated_checked(check, rows):
    from fastjsonschema import JsonSchemaValueException
    bad = 0
    for row in rows:
        try:
            check(row)
        except JsonSchemaValueException:
            bad += 1
    return bad


def measure(count):
    """Return the figures for ``count`` rows."""
    from jsonschema import Draft202012Validator
    parts = platform()
    shipped = json.loads(DATASET.read_text(encoding="utf-8"))
    del shipped["platform"]
    definition = parts["definition"].load(shipped)
    sample = parts["sample"].row(definition)
    with tempfile.TemporaryDirectory() as folder:
        figures = {"rows": count, "MiB sent": send(sample, count, folder)}
        before = memory()
        seconds, taken = timed(lambda: whole(parts, definition, folder))
        figures |= {"intake rows/s": round(count / seconds), "intake memory MiB": round(memory() - before, 1),
                    "refused": taken.refused}
    rows = list(rows_of(sample, min(count, 10_000)))
    schema = parts["json_schema"].row_schema(definition)
    slow, fast = Draft202012Validator(schema), generated(schema)
    ways = {"check": lambda: checked(parts, definition, rows), "jsonschema": lambda: schema_checked(slow, rows),
            "fastjsonschema": lambda: generated_checked(fast, rows)}
    best = dict.fromkeys(ways, float("inf"))
    for _round in range(ROUNDS):  # in turns: the machine's mood strikes all
        for name, way in ways.items():
            best[name] = min(best[name], timed(way)[0])
    figures |= {f"{name} rows/s": round(len(rows) / seconds) for name, seconds in best.items()}
    figures |= {f"ratio to {name}": round(best["check"] / best[name], 3) for name in list(ways)[1:]}
    return figures


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000), ensure_ascii=False))
