"""Exits with 0 if /trials of two stores are the same: names, order, types, attributes and bytes of every dataset."""
import sys

import h5py


def contents(path):
    with h5py.File(path, "r") as store:
        return [
            (name, data.dtype.str, data.shape, data[()].tobytes(), sorted((k, str(v)) for k, v in data.attrs.items()))
            for name, data in store["trials"].items()
        ]


first, second = (contents(path) for path in sys.argv[1:3])
if not first:
    sys.exit(f"{sys.argv[1]}: /trials is empty")
if [column[0] for column in first] != [column[0] for column in second]:
    sys.exit(f"other columns: {[c[0] for c in first]} and {[c[0] for c in second]}")
different = [a[0] for a, b in zip(first, second) if a != b]
if different:
    sys.exit(f"other contents: {', '.join(different)}")
