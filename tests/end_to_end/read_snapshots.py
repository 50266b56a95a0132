"""read_snapshots.py FOLDER: a reader that knows nothing of memscale, in a loop until FOLDER/stop is there, or its parent
process is not.

Reads all of /trials and /traces of the last FOLDER/store-N.h5 with h5py as it comes. Prints the number of reads; what
went wrong goes to stderr, and makes the exit status 1. A store that was there must stay, and never hold fewer trials.
"""
import os
import sys
import time

import h5py

folder = sys.argv[1]
parent = os.getppid()
reads = errors = rows_before = 0
number = 1
seen = False


def name(n):
    return os.path.join(folder, f"store-{n}.h5")


def check(path):
    with h5py.File(path, "r") as store:
        trials = {column: data[()] for column, data in store["trials"].items()}
        traces = {column: data[()] for column, data in store["traces"].items()}
    rows = len(trials["trial_id"])
    if rows < rows_before:
        raise ValueError(f"{rows} trials after {rows_before}")
    if {len(values) for values in [*trials.values(), *traces.values()]} != {rows}:
        raise ValueError("columns of different lengths")
    ids = list(trials["trial_id"])
    if ids != sorted(set(ids)):
        raise ValueError("ids out of order")
    for column, table in traces.items():
        for steps, row in zip(trials["steps_done"], table):
            if (row[steps:] == row[steps:]).any():
                raise ValueError(f"{column}: a number behind the last step")
    return rows


while os.getppid() == parent and not os.path.exists(os.path.join(folder, "stop")):
    while os.path.exists(name(number + 1)):
        number += 1
        rows_before = 0
        seen = True
    if not seen and not os.path.exists(name(number)):
        time.sleep(0.01)
        continue
    seen = True
    try:
        rows_before = check(name(number))
    except Exception as error:  # whatever it is, a reader must not see it
        errors += 1
        print(f"{name(number)}: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
    reads += 1
    time.sleep(0.05)
print(reads)
sys.exit(errors > 0)
