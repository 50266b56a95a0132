"""pandas_fit.py STORE FITS_CSV FOUND: what memscale-fit is compared with: cells by groupby, exponents by np.polyfit.

Writes to FOUND the number of exponents and the largest difference from those of FITS_CSV.
"""
import json
import sys

import h5py
import numpy as np
import pandas as pd

AXES = ["optimizer_id", "ns_steps", "batch", "alpha"]

with h5py.File(sys.argv[1], "r") as store:
    trials = pd.DataFrame({name: store["trials"][name][:] for name in AXES + ["d", "capacity"]})
cells = trials.groupby(AXES + ["d"], sort=True).capacity.agg(["mean", "sem"]).reset_index()
found = [
    np.polyfit(np.log(series.d), np.log(series["mean"]), 1)[0] for _, series in cells.groupby(AXES, sort=True)
]
fits = pd.read_csv(sys.argv[2])
listed = fits[fits.key == "capacity-d"].value
# Both by value: methods need not come in the same order.
difference = np.abs(np.sort(found) - np.sort(listed)).max() if len(found) == len(listed) else float("inf")
with open(sys.argv[3], "w", encoding="utf-8") as out:
    json.dump({"exponents": len(found), "difference": float(difference)}, out)
