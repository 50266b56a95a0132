"""Records written with h5py as people do: one resizable dataset a column, a row at a time, a flush every 1000 rows."""
import time

import h5py

from store_rival import serve

FLUSH = 1000


def write(records, file, seconds, most):
    columns = {"trial_id": records.ids, **records.scalars, **records.arrays}
    start = time.perf_counter()
    with h5py.File(file, "w") as out:
        datasets = [
            (out.create_dataset(name, (0, *values.shape[1:]), values.dtype, maxshape=(None, *values.shape[1:])), values)
            for name, values in columns.items()
        ]
        rows = 0
        while rows < most and time.perf_counter() - start < seconds:
            row = rows % len(records)
            for dataset, values in datasets:
                dataset.resize(rows + 1, axis=0)
                dataset[rows] = values[row]
            rows += 1
            if rows % FLUSH == 0:
                out.flush()
    return rows, time.perf_counter() - start


serve(f"{h5py.version.version}, HDF5 {h5py.version.hdf5_version}", write)
