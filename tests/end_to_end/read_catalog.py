"""read_catalog.py DOCUMENT SNAPSHOT: reads a snapshot's seal, catalog and chunks as the document (docs/store-format.md)
says, without HDF5, and compares every dataset with what h5py reads. Prints the number of datasets."""
import pathlib
import sys
import zlib

import h5py
import numpy as np
import xxhash

from store_format import Bytes, Format

FORMAT = 4
TYPES = ["<f8", "<i8", "<i4", None]


def read_seal(data):
    seal = Bytes(data[-40:])
    assert seal.take(8) == b"MEMSTORE" and seal.number("i64") == FORMAT, "seal"
    size, catalog, checksum = (int(seal.number("u64")) for _ in range(3))
    assert size == len(data) - 40 and catalog <= size, "sizes"
    assert xxhash.xxh3_64_intdigest(data[:-8]) == checksum, "checksum"
    return data[catalog:size], catalog


def read_chunk(data, address, size, shape, kind, width):
    planes = np.frombuffer(zlib.decompress(data[address : address + size]), np.uint8).reshape(width, -1)
    values = np.ascontiguousarray(planes.T).reshape(-1)
    return values.view(kind or f"S{width}").reshape(shape)


def main():
    form = Format(sys.argv[1])
    data = pathlib.Path(sys.argv[2]).read_bytes()
    content, end = read_seal(data)
    catalog = Bytes(content)
    jobs = [catalog.fields(form.fields["Job"], FORMAT) for _ in range(catalog.number("u32"))]
    command_line, trials = catalog.text(), int(catalog.number("u64"))
    compared = 0
    with h5py.File(sys.argv[2]) as store:
        assert len(store["trials/trial_id"]) == trials, "trials"
        assert store["cost"].attrs["command_line"].decode() == command_line, "command line"
        for name, kind, _ in form.fields["Job"]:
            found = [v.decode() if kind == "text" else v for v in store["jobs/" + name][:]]
            assert found == [job[name] for job in jobs], "job " + name
        for _ in range(catalog.number("u32")):
            name, code, width = catalog.text(), int(catalog.number("i32")), int(catalog.number("u32"))
            rows, columns, high, wide = (int(catalog.number("u64")) for _ in range(4))
            across = -(-columns // wide)
            dataset = store[name]
            kind = TYPES[code]
            found = dataset[:].reshape(rows, columns)
            expected = np.full((rows, columns), dataset.fillvalue, kind or f"S{width}")
            for _ in range(catalog.number("u32")):
                place, address, size = int(catalog.number("u64")), int(catalog.number("u64")), int(catalog.number("u32"))
                assert address + size <= end, "a chunk behind HDF5's end"
                row, column = place // across * high, place % across * wide
                chunk = read_chunk(data, address, size, (high, wide), kind, width)
                expected[row : row + high, column : column + wide] = chunk[: rows - row, : columns - column]
            assert dataset.dtype == expected.dtype, name
            assert expected.tobytes() == found.tobytes(), name
            compared += 1
        assert catalog.at == len(content), "surplus bytes"
        wanted = {f"trials/{n}" + "_id" * (k == "enum") for p in ("Trial", "Result") for n, k, _ in form.fields[p]}
        wanted |= {f"traces/{n}" for n, _, _ in form.fields["Trace"]} | {f"cost/{n}" for n, _, _ in form.fields["Cost"]}
        wanted |= {"trials/trial_id", "trials/digest", "recall/recovered", "failures/trial_id", "failures/message"}
    assert compared == len(wanted), f"{compared} datasets in the catalog, not {len(wanted)}"
    print(compared)


if __name__ == "__main__":
    main()
