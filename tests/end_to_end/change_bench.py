"""Writes what memscale-bench store --json wrote as if it were of the full size, with every target reached or missed.

change_bench.py IN OUT yes|no
"""
import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    everything = json.load(file)
reached = sys.argv[3] == "yes"
trace = everything["measured"]["trace"]
trace["records"], trace["steps"] = 1000000, 30
for phase in ("journal", "resume", "snapshot", "finish", "resume_snapshot"):
    trace[phase]["peak"] = 2.0**30 if reached else 2.0**31
trace["journal"]["rate"] = 1.0e5 if reached else 9.99e4
for phase in ("resume", "resume_snapshot"):
    trace[phase]["seconds"] = 2.99 if reached else 3.0
trace["snapshot"]["seconds"] = 14.9 if reached else 15.0
with open(sys.argv[2], "w", encoding="utf-8") as file:
    json.dump(everything, file)
