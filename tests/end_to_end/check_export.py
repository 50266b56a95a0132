"""check_export.py STORE FOLDER: FOLDER's TABLE.csv, as pandas reads them, are the store's datasets number for number."""
import sys

import h5py
import numpy as np
import pandas as pd

store_path, folder = sys.argv[1:]


def read(name):
    texts = {"trial_id": str, "message": str, "text": str, "flags": str, "forced": str}
    return pd.read_csv(f"{folder}/{name}.csv", float_precision="round_trip", dtype=texts, keep_default_na=True)


def expect_same(name, found, stored):
    """Equal, NaN where NaN; a column of whole numbers is one of integers to pandas, too."""
    stored = np.asarray(stored)
    if stored.dtype.kind == "S":
        same = list(found.fillna("")) == [text.decode() for text in stored]
    elif stored.dtype.kind == "i":
        same = found.dtype.kind == "i" and np.array_equal(found, stored)
    else:
        same = found.dtype.kind in "if" and np.array_equal(found.astype(float), stored, equal_nan=True)
    if not same:
        sys.exit(f"{name}: pandas reads {list(found)[:5]}, h5py {list(stored)[:5]}")


with h5py.File(store_path, "r") as store:
    trials = read("trials")
    columns = [name for name in store["trials"] if name != "digest" and not name.endswith("_id") or name == "trial_id"]
    if set(trials.columns) != set(columns):
        sys.exit(f"trials: columns {set(trials.columns) ^ set(columns)} are in one only")
    for name in columns:
        expect_same(f"trials/{name}", trials[name], store["trials"][name][()])

    ids = store["trials/trial_id"][()]
    steps = store["trials/steps_done"][()]
    traces = read("traces")
    done = np.arange(store["traces/capacity"].shape[1]) < steps[:, None]
    expect_same("traces/trial_id", traces["trial_id"], np.repeat(ids, steps))
    expect_same("traces/step", traces["step"], np.concatenate([np.arange(1, n + 1) for n in steps]))
    if set(traces.columns) != set(store["traces"]) - {"group_loss"} | {"trial_id", "step"}:
        sys.exit(f"traces: columns {list(traces.columns)}")
    for name in set(store["traces"]) - {"group_loss"}:
        expect_same(f"traces/{name}", traces[name], store["traces"][name][()][done])
    losses = read("groups")
    stored = store["traces/group_loss"][()]
    orthogonal = store["trials/model"].asstr()[()] == "orthogonal"
    lengths = losses.groupby("trial_id").size().reindex([i.decode() for i in ids], fill_value=0).to_numpy()
    if (lengths[~orthogonal] > 0).any() or (lengths[orthogonal & (steps > 0)] == 0).any():
        sys.exit("groups: there are losses of other trials")
    entries = np.arange(stored.shape[1]) < lengths[:, None]
    expect_same("groups/loss", losses["loss"].astype(float), stored[entries])
    if not np.isnan(stored[~entries]).all():
        sys.exit("traces/group_loss has numbers behind a trial's own")

    recall = read("recall")
    recovered = store["recall/recovered"][()]
    rows, bins = np.nonzero(recovered >= 0)
    expect_same("recall/trial_id", recall["trial_id"], ids[rows])
    expect_same("recall/rank_lo", recall["rank_lo"], store["recall/rank_lo"][()][bins])
    high = np.minimum(store["recall/rank_hi"][()][bins], store["trials/items"][()][rows])
    expect_same("recall/rank_hi", recall["rank_hi"], high)
    expect_same("recall/recovered", recall["recovered"].astype(np.int32), recovered[rows, bins])

    cost = read("cost")
    for name in store["cost"]:
        expect_same(f"cost/{name}", cost[name], store["cost"][name][()])
    failures = read("failures")
    for name in store["failures"]:
        expect_same(f"failures/{name}", failures[name], store["failures"][name][()])
    jobs = read("jobs")
    for name in store["jobs"]:
        expect_same(f"jobs/{name}", jobs[name], store["jobs"][name][()])
print(f"{len(trials)} trials, {len(traces)} steps, {len(recall)} bins agree")
