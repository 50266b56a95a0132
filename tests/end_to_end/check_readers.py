"""check_readers.py STORE COUNT: compares what COUNT readers of docs/reading.md printed (0.printed, 1.printed, ...) with
the store: the number of trials, the largest capacity, the optimizer that had it, and that trial's trace."""
import re
import sys

import h5py

with h5py.File(sys.argv[1]) as store:
    capacity = store["trials/capacity"][:]
    best = capacity.argmax()
    # By code: that its name is right as well is one more check.
    optimizer = store["labels/optimizer"][store["trials/optimizer_id"][best]].decode()
    trace = list(store["traces/capacity"][best][: store["trials/steps_done"][best]])
    first = store["traces/capacity"][0][0]
assert len(trace) >= 2 and max(trace) > 0, "a store on which nothing can be seen"

for number in range(int(sys.argv[2])):
    text = open(f"{number}.printed", encoding="utf-8").read()
    if "HDF5" in text:
        found = [int(n) for n in re.search(r"DATA \{\s*([-\d,\s]+)\}", text).group(1).split(",")]
        assert found == list(capacity), f"h5dump: {text}"
        assert float(re.search(r"\(0,0\): (\S+)", text).group(1)) == first, f"h5dump: {text}"
        continue
    head, numbers = text.strip().split("\n")
    trials, most, name = head.split()
    assert int(trials) == len(capacity) and int(most) == capacity[best] and name == optimizer, text
    assert [float(n) for n in numbers.split()] == trace, text
