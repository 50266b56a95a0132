"""compare_trials.py [--all] FIRST OTHER...: exits with 0 if all stores hold the same as the first.

Compares names, order, types, attributes and bytes of every dataset: of what trials are and found, or with --all of
everything but /cost, which may differ between two runs of one job.
"""
import sys

import h5py

RESULTS = ("trials", "labels", "failures", "traces", "recall")


def attributes(thing):
    return sorted((name, str(value)) for name, value in thing.attrs.items())


def contents(path, whole):
    found = []

    def add(name, thing):
        if isinstance(thing, h5py.Dataset):
            found.append((name, thing.dtype.str, thing.shape, thing[()].tobytes(), attributes(thing)))
        else:
            found.append((name, attributes(thing)))

    with h5py.File(path, "r") as store:
        if whole:
            found.append(("/", attributes(store)))
        for group in [name for name in store if name != "cost"] if whole else RESULTS:
            add(group, store[group])
            store[group].visititems(lambda name, thing: add(f"{group}/{name}", thing))
        if store["trials/trial_id"].shape == (0,):
            sys.exit(f"{path}: /trials is empty")
    return found


paths = sys.argv[1:]
whole = paths[0] == "--all"
if whole:
    del paths[0]
first = contents(paths[0], whole)
for path in paths[1:]:
    other = contents(path, whole)
    if [part[0] for part in first] != [part[0] for part in other]:
        sys.exit(f"{path}: other datasets: {[part[0] for part in first]} and {[part[0] for part in other]}")
    different = [a[0] for a, b in zip(first, other) if a != b]
    if different:
        sys.exit(f"{path}: other contents: {', '.join(different)}")
