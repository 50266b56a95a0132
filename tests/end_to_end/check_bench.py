"""Checks what memscale-bench --json wrote: rates are positive, NumPy found the same as memscale, stores
held everything.

check_bench.py FILE [mpi4py]: whether mpi4py had to be measured
"""
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


def check_runner():
    check_numbers(("leader_share", "pauses", "load"))
    trials = measured["trials"]
    for row in measured["two"]:
        check((row["trials"], row["ranks"]) == (trials, 2), "not all empty trials ran on two ranks")
        check(0 < row["leader_share"] <= 1, "a rank ran more trials than there are")
        check(300 < row["bytes"] / trials < 2000, "a record without steps has another size")
        check(row["master_seconds"] <= row["cpu_seconds"] + 0.01, "a thread took more time than its process")
    for row in measured["serial"]:
        check((row["trials"], row["ranks"], row["leader_share"]) == (trials, 1, 1), "one rank did not run all trials")
    for case in ("two", "serial", "tiny", "alone", "at_once"):
        check(len(measured[case]) == 1, f"{case} was not measured in one round")
    settings = {(row["ranks"], row["chunksize"], row["pauses"]) for row in measured["mpi4py"]}
    every = {(ranks, size, pauses) for ranks in (2, 3) for size in (1, 100) for pauses in (0, 1)}
    expected = every if "mpi4py" in sys.argv[2:] else set()
    check(settings == expected, f"mpi4py was measured in {len(settings)} settings")
    check({len(measured["grid"][case]) for case in ("one", "two", "pair")} == {1}, "a grid did not run in one round")
    judged = {row["verdict"] for row in everything["rows"] if row["aim"]}
    check(judged <= {"not judged", "not measured"}, "targets of another size are judged")


def check_schedule():
    check_numbers(("idle", "again", "deviation", "latency", "send", "send_trial", "receive", "receive_record", "load"))
    for case, trials in (("fig2", 2000), ("tenth", 200), ("pareto", 2000)):
        check([row["ranks"] for row in measured[case]] == [4, 64], f"{case} lacks a number of ranks")
        for row in measured[case]:
            name = f"{case}, {row['ranks']} ranks"
            check(trials <= row["trials"] < trials + 32, f"{name}: another number of trials")
            bound = max(row["total"] / row["ranks"], row["longest"])
            check(math.isclose(row["bound"], bound, rel_tol=1e-9), f"{name}: another bound")
            check(row["efficiency"] <= 1 + 1e-9, f"{name}: faster than possible")
            # Each rank waits for a trial at most once, and then nothing is left to hand out.
            slowest = (1 + row["again"]) * row["total"] / row["ranks"] + row["longest"]
            leading = 1e-6 * row["leader_micro"] * row["trials"]
            check(row["makespan"] <= 2 * slowest + leading, f"{name}: ranks wait for nothing")
            check(row["dispatch_micro"] < row["leader_micro"], f"{name}: messages are free")
            check(row["idle"] < 1, f"{name}: nobody worked")
    check([row["d"] for row in measured["costs"]["rows"]] == [64, 96], "the costs lack a dimension")
    verdicts = {row["verdict"] for row in everything["rows"] if row["aim"]}
    check(verdicts == {"not measured"}, "targets of another size are judged")


def check_fit():
    check([(shape.pop("name"), shape.pop("key"))[1] for shape in measured["shapes"]] == ["seeds", "cells", "batches", "steps"], "a shape is missing")
    check_numbers(("difference", "load"))
    for place, shape in enumerate(measured["shapes"]):
        check(shape["records"] == measured["records"], f"shape {place}: another number of trials")
        if "pandas" not in sys.argv[2:]:
            continue
        check(shape["pandas"]["exponents"] > 0, f"shape {place}: no exponent")
        check(shape["pandas"]["difference"] < 1e-9, f"shape {place}: pandas finds other exponents")
    judged = {row["verdict"] for row in everything["rows"] if row["aim"]}
    check(judged == {"not judged"}, "targets of another size are judged")


def check_orthogonal():
    reduced = [(row.pop("name"), row["items"], row["groups"]) for row in measured["reduced"]]
    check(len(set(reduced)) == 7, f"reduced memories are missing: {reduced}")
    dense = [(row.pop("name"), row["threads"]) for row in measured["dense"]]
    check(len(set(dense)) == 8, f"dense memories are missing: {dense}")
    check_numbers(("difference", "load"))
    for row in measured["reduced"]:
        check(row["groups"] < row["items"], "as many groups as items")
        check(row["seconds"] <= row["seconds_median"], "the best is slower than the median")
    others = [(row, "dense") for row in measured["reduced"][:-1]] + [(row, "numpy") for row in measured["dense"]]
    for row, other in others:
        check(row[f"{other}_difference"] < 1e-9, f"{other} finds another loss: {row}")
        check(math.isclose(row[f"{other}_times"], row[other] / row["seconds"], rel_tol=1e-9), f"another ratio: {row}")
        check(row["loss"] < math.log(row["items"]), f"nothing was learned: {row}")


if "trace" in measured:
    check_store()
elif "reduced" in measured:
    check_orthogonal()
elif "shapes" in measured:
    check_fit()
elif "pareto" in measured:
    check_schedule()
elif "grid" in measured:
    check_runner()
else:
    check_kernels()
if wrong:
    sys.exit("\n".join(wrong))
