"""check_fit.py STORE FOLDER TRIALS: checks memscale-fit's files against the store: cell means exactly, exponents as least
squares in log d, and that CSV, JSON and HDF5 hold the same."""
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
    with open(f"{folder}/{name}", newline="", encoding="utf-8") as file:
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
fits = rows("fits.csv")
exponents = [row for row in fits if row["key"] == "capacity-d"]
if len(exponents) != len(means):
    sys.exit(f"fits.csv has {len(exponents)} exponents, not {len(means)}")
for row in exponents:
    low, value, high = (float(row[name]) for name in ("low", "value", "high"))
    if not low <= value <= high:
        sys.exit(f"the interval [{low}, {high}] does not hold {value}")
    log_d, log_capacity = np.log(np.array(means[row["method"], row["alpha"]])).T
    slope, factor = np.polyfit(log_d, log_capacity, 1)
    if abs(slope - value) > 1e-9 or abs(factor - float(row["log_factor"])) > 1e-9:
        sys.exit(f"{row}: least squares give {slope} and {factor}")
    if row["theory"] and (row["verdict"] == "consistent") != (low <= float(row["theory"]) <= high):
        sys.exit(f"{row}: a verdict that its numbers do not bear out")
laws = [row for row in fits if row["key"] == "exponent-alpha"]
if sorted((row["method"], row["parameter"]) for row in laws) != sorted(
    (method, term) for method in {row["method"] for row in table} for term in ("c1", "c2")
):
    sys.exit("fits.csv lacks a law")

slopes = [row for row in rows("local_slopes.csv") if row["d_high"] != "inf"]
for row in slopes:
    point = dict(means[row["method"], row["alpha"]])
    low, high = float(row["d_low"]), float(row["d_high"])
    if abs(np.log(point[high] / point[low]) / np.log(high / low) - float(row["slope"])) > 1e-9:
        sys.exit(f"{row}: not the slope between these two")
if len(slopes) != 2 * len(means):
    sys.exit("local_slopes.csv lacks slopes")


def same(text, value):
    if text == "":
        return value is None or value == "" or value != value
    return text == value if isinstance(value, str) else float(text) == value


with open(f"{folder}/fit.json", encoding="utf-8") as file:
    fit = json.load(file)
for name, listed in (("fits", fits), ("local_slopes", rows("local_slopes.csv"))):
    if len(fit[name]) != len(listed):
        sys.exit(f"fit.json has other {name}")
    for one, other in zip(fit[name], listed):
        if not all(same(other[key], value) for key, value in one.items()):
            sys.exit(f"{name}: fit.json has {one}, the CSV {other}")
with h5py.File(f"{folder}/fits.h5") as file:
    for key in {row["key"] for row in fits}:
        group, listed = file["fits"][key], [row for row in fits if row["key"] == key]
        assert group.attrs["law"].decode() == listed[0]["law"] and "finite-size" in group.attrs["verdict_rule"].decode()
        for name, column in group.items():
            values = column.asstr()[:] if column.dtype.kind == "S" else column[:]
            if len(values) != len(listed) or not all(same(row[name], value) for row, value in zip(listed, values)):
                sys.exit(f"{key}/{name}: fits.h5 and fits.csv differ")
    if list(file["cells/mean_capacity"][:]) != [float(row["mean_capacity"]) for row in table]:
        sys.exit("fits.h5 has other cells")
    if file["stores/store"].asstr()[0] != store_path:
        sys.exit("fits.h5 has another store")
    if not file["cells/d"].dtype == np.int64:
        sys.exit("d is no int64")
