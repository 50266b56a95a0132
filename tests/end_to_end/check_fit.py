"""Checks memscale-fit's files against the store: cell means exactly, exponents as least squares in log d."""
import csv
import json
import sys
from collections import defaultdict

import h5py
import numpy as np

store_path, folder, expected_trials = sys.argv[1], sys.argv[2], int(sys.argv[3])
with h5py.File(store_path, "r") as store:
    trials = {name: column[()] for name, column in store["trials"].items()}
if len(trials["d"]) != expected_trials:
    sys.exit(f"{len(trials['d'])} trials, not {expected_trials}")


def rows(name):
    with open(f"{folder}/{name}", newline="") as file:
        return list(csv.DictReader(file))


cells = defaultdict(list)
for row in range(expected_trials):
    key = tuple(trials[name][row] for name in ("optimizer", "orthogonalizer", "alpha", "d"))
    cells[key].append(trials["capacity"][row])

table = rows("cells.csv")
if len(table) != len(cells):
    sys.exit(f"cells.csv has {len(table)} cells, not {len(cells)}")
for row in table:
    key = (row["optimizer"].encode(), row["orthogonalizer"].encode(), float(row["alpha"]), int(row["d"]))
    if not np.isclose(float(row["mean_capacity"]), np.mean(cells[key]), rtol=1e-14):
        sys.exit(f"{key}: mean capacity {row['mean_capacity']}, not {np.mean(cells[key])}")
    if int(row["seeds"]) != len(cells[key]):
        sys.exit(f"{key}: {row['seeds']} seeds, not {len(cells[key])}")

means = defaultdict(list)
for row in table:
    means[row["method"], row["alpha"]].append((float(row["d"]), float(row["mean_capacity"])))
exponents = rows("exponents.csv")
if len(exponents) != len(means):
    sys.exit(f"exponents.csv has {len(exponents)} lines, not {len(means)}")
for row in exponents:
    low, value, high = (float(row[name]) for name in ("low", "C", "high"))
    if not low <= value <= high:
        sys.exit(f"the interval [{low}, {high}] does not hold {value}")
    log_d, log_capacity = np.log(np.array(means[row["method"], row["alpha"]])).T
    if not low - 0.1 <= np.polyfit(log_d, log_capacity, 1)[0] <= high + 0.1:
        sys.exit(f"{row}: plain least squares give {np.polyfit(log_d, log_capacity, 1)[0]}")
if len(rows("laws.csv")) != len({row["method"] for row in table}):
    sys.exit("laws.csv lacks a method")
with open(f"{folder}/fit.json") as file:
    json.load(file)
