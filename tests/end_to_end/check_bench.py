"""Checks what memscale-bench --json wrote: rates are positive, and NumPy found the same as memscale."""
import json
import math
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    everything = json.load(file)
measured = everything["measured"]
wrong = []


def check(holds, what):
    if not holds:
        wrong.append(what)


def numbers(value, path):
    if isinstance(value, dict):
        for key, item in value.items():
            yield from numbers(item, path + "." + key)
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from numbers(item, f"{path}[{place}]")
    elif isinstance(value, (int, float)):
        yield path, value
    else:
        wrong.append(f"{path} is {value!r}")


may_be_zero = ("disputed", "memscale_wrong", "difference", "capacity")
for path, value in numbers(measured, "measured"):
    check(math.isfinite(value), f"{path} is {value}")
    check(value > 0 or (value == 0 and path.endswith(may_be_zero)), f"{path} is {value}, not positive")

for case in ("capacity", "products", "softmax", "minibatch", "trial"):
    check([row["d"] for row in measured.get(case, [])] == [24, 32], f"{case} lacks a dimension")
for row in measured["capacity"]:
    for scan in ("early", "full"):
        check(row[f"numpy_{scan}_memscale_wrong"] == 0, f"d = {row['d']}: memscale's set is wrong")
        # float32 scores may lose or find items within rounding of a tie: each one is a disputed item
        difference = abs(row[f"numpy_{scan}_capacity"] - row["capacity"])
        check(difference <= row[f"numpy_{scan}_disputed"], f"d = {row['d']}: capacity differs from NumPy's")
        check(row[f"numpy_{scan}_disputed"] <= 2, f"d = {row['d']}: too many disputed items for rounding alone")
    check(row["capacity"] > 0, f"d = {row['d']}: nothing is recovered")
for case in ("softmax", "minibatch"):
    for row in measured[case]:
        # float32 scores of size ~ 10 have errors ~ 1e-6, and so have the probabilities
        check(row["numpy_difference"] < 1e-4, f"{case}, d = {row['d']}: gradients differ by {row['numpy_difference']}")
check(measured["memory"]["peak"] > measured["memory"]["embeddings"], "less memory than the embeddings take")
check(len(everything["targets"]) == 7, "the targets are not all there")
judged = [target["what"] for target in everything["targets"] if target["verdict"] != "not measured"]
check(not judged, f"targets of another size are judged: {judged}")
if wrong:
    sys.exit("\n".join(wrong))
