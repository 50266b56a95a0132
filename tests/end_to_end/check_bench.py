"""Checks what memscale-bench --json wrote: rates are positive, NumPy found the same as memscale, stores held everything."""
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


def check_numbers(may_be_zero):
    for path, value in numbers(measured, "measured"):
        check(math.isfinite(value), f"{path} is {value}")
        check(value > 0 or (value == 0 and path.endswith(may_be_zero)), f"{path} is {value}, not positive")


def check_kernels():
    check_numbers(("disputed", "memscale_wrong", "difference", "capacity"))
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
            difference = row["numpy_difference"]
            check(difference < 1e-4, f"{case}, d = {row['d']}: gradients differ by {difference}")
    check(measured["memory"]["peak"] > measured["memory"]["embeddings"], "less memory than the embeddings take")
    check(len(everything["targets"]) == 7, "the targets are not all there")
    judged = [target["what"] for target in everything["targets"] if target["verdict"] != "not measured"]
    check(not judged, f"targets of another size are judged: {judged}")


def check_store():
    check_numbers(("_seconds", "pause_median", "load"))  # of a step that may be too short for a clock
    for case, steps in (("trace", 30), ("scalar", 1)):
        runs = measured[case]
        check((runs["records"], runs["steps"]) == (20000, steps), f"{case} has another size")
        for phase in ("journal", "resume", "snapshot", "finish", "resume_snapshot"):
            check(runs[phase]["records"] == 20000, f"{case}, {phase}: other records than were written")
        snapshot = runs["snapshot"]
        for pauses in (runs["journal"], snapshot["alone"], snapshot["meanwhile"]):
            ordered = pauses["pause_median"] <= pauses["pause_999"] <= pauses["pause_longest"]
            check(ordered, f"{case}: pauses are out of order")
        outcome = 8 * (5 * steps + 50)  # traces, bins of 1e5 items
        check(outcome < runs["journal"]["bytes_a_record"] < outcome + 2000, f"{case}: a record has another size")
        check(runs["finish"]["bytes_a_record"] < runs["journal"]["bytes_a_record"], f"{case}: a snapshot is larger")
    check(set(measured["rivals"]) == {"h5py", "sqlite"}, "a rival is missing")
    check(measured["rivals"]["sqlite"]["bytes_a_record"] > 8 * 5 * 30, "SQLite holds less than the traces")
    judged = [row["what"] for row in everything["rows"] if row["aim"] and row["verdict"] != "not judged"]
    check(not judged, f"targets of another size are judged: {judged}")


check_store() if "trace" in measured else check_kernels()
if wrong:
    sys.exit("\n".join(wrong))
