"""What `memscale-bench store` asks of a Python process: one JSON request a line on standard input, one reply a line back.

A request {"do": "write", "source": STORE, "file": FILE, "seconds": S, "most": N} writes the records of a memscale store
to FILE in the library's way, again and again until S seconds have passed or N are written, and is answered with how many
they were, the seconds that writing them took and the size of the file.
"""
import json
import os
import sys

import h5py


class Records:
    """Columns by name, a row for each record: of numbers and texts, and of arrays (traces, recall)."""

    def __init__(self, store):
        with h5py.File(store, "r") as file:
            self.ids = file["trials/trial_id"][:]
            self.scalars = {
                name: column[:]
                for group in ("trials", "cost")
                for name, column in file[group].items()
                # codes repeat their names, digests the content
                if name not in ("trial_id", "digest") and not name.endswith("_id")
            }
            self.arrays = {"trace_" + name: table[:] for name, table in file["traces"].items()}
            self.arrays["recall"] = file["recall/recovered"][:]

    def __len__(self):
        return len(self.ids)


def serve(version, write):
    """Answers requests until standard input ends; write(records, file, seconds, most) returns (records, seconds)."""
    replies = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # nothing else may print between the replies
    for line in sys.stdin:
        request = json.loads(line)
        reply = {"version": version}
        if request["do"] == "write":
            file = request["file"]
            records, seconds = write(Records(request["source"]), file, request["seconds"], request["most"])
            reply = {"records": records, "seconds": seconds, "bytes": os.path.getsize(file)}
        replies.write(json.dumps(reply) + "\n")
        replies.flush()
