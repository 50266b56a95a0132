"""Writes what memscale-bench SUBJECT --json wrote as if it were of the full size, with every target
reached or missed.

change_bench.py IN OUT yes|no
"""
import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    everything = json.load(file)
reached = sys.argv[3] == "yes"
measured = everything["measured"]


def change_store():
    trace = measured["trace"]
    trace["records"], trace["steps"] = 1000000, 30
    for phase in ("journal", "resume", "snapshot", "finish", "resume_snapshot"):
        trace[phase]["peak"] = 2.0**30 if reached else 2.0**31
    trace["journal"]["rate"] = 1.0e5 if reached else 9.99e4
    for phase in ("resume", "resume_snapshot"):
        trace[phase]["seconds"] = 2.99 if reached else 3.0
    trace["snapshot"]["seconds"] = 14.9 if reached else 15.0


def change_runner():
    """Two microseconds a trial; a grid of 20 s."""
    measured["trials"], measured["cores"] = 100000, 2
    for row in measured["two"]:
        row["seconds"] = 0.2
    measured["mpi4py"] = [
        {"ranks": ranks, "chunksize": chunksize, "pauses": pauses, "seconds": seconds * slower}
        for chunksize, seconds in ((1, 40e-6 if reached else 39.8e-6), (100, 2.01e-6 if reached else 1.99e-6))
        for ranks, pauses, slower in ((2, 1, 2), (3, 0, 1))
    ]
    grid = measured["grid"]
    grid["one"], grid["two"] = [19, 40], [10 if reached else 10.1, 30]


def change_schedule():
    for case in ("fig2", "pareto"):
        measured[case][1].update(
            ranks=4096,
            trials=100000,
            efficiency=0.95 if reached else 0.949,
            leader_micro=19.9 if reached else 20.0,
        )


def change_fit():
    measured["records"] = 1000000
    for shape in measured["shapes"]:
        shape["fit"].update(seconds=4.99 if reached else 5.0, peak=0.99 * 2.0**30 if reached else 2.0**30)


if "trace" in measured:
    change_store()
elif "shapes" in measured:
    change_fit()
elif "pareto" in measured:
    change_schedule()
else:
    change_runner()
with open(sys.argv[2], "w", encoding="utf-8") as file:
    json.dump(everything, file)
