"""read_journal.py DOCUMENT JOURNAL EXPECTED: reads a journal's segments as the document (docs/store-format.md) says, and
compares every value with what h5py reads from EXPECTED, a snapshot that memscale made of the same journal, or (a name in
.tsv.gz) with what it once read from one. Prints the number of trials."""
import gzip
import pathlib
import sys

import h5py
import numpy as np
import xxhash

from store_format import Bytes, Format, Torn, crc32c, digest, read_record, trial_id

FAILED = 2


def read_segment(form, data):
    """What the first frame says, and (id, record, digest) of each whole record behind it."""
    legacy = data[:4] == b"MSJH"
    magics, head = ((b"MSJH", b"MSJR"), 20) if legacy else ((b"MSHD", b"MSRC"), 24)
    header, records, at = None, [], 0
    while at + head <= len(data):
        frame = Bytes(data[at:])
        magic, length, trial = frame.take(4), int(frame.number("u32")), int(frame.number("u64"))
        checksum = int(frame.number("u32" if legacy else "u64"))
        if magic != magics[header is not None]:
            break
        try:
            payload = frame.take(length)
            covered = data[at : at + 16] + payload
            if checksum != (crc32c(covered) if legacy else xxhash.xxh3_64_intdigest(covered)):
                break
            if header is None:
                header = read_header(form, payload)
            else:
                record = read_record(form, payload, header["format"], header["physics"])
                if header["format"] >= 3 and trial_id(form, record["Trial"]) != trial:
                    sys.exit(f"trial {trial:016x}: its parameters have the id {trial_id(form, record['Trial']):016x}")
                records.append((trial, record, digest(record)))
        except Torn:
            break
        at += head + length
    return header, records, len(data) - at


def read_header(form, payload):
    data = Bytes(payload)
    header = {"format": int(data.number("i64")), "physics": int(data.number("i64"))}
    if header["format"] >= 3:
        header["job"] = data.fields(form.fields["Job"], header["format"])
    else:
        header["job"] = {"version": data.text(), "text": data.text()}
    header["command_line"] = data.text()
    return header


def read_journal(form, folder):
    """{id: (record, digest)}, and what the segments' first frames say."""
    held, headers = {}, []
    for segment in sorted(pathlib.Path(folder).glob("journal-*")):
        header, records, _ = read_segment(form, segment.read_bytes())
        if header is not None:
            headers.append(header)
        for trial, record, own in records:
            before = held.get(trial)
            if before is None or before[0]["Result"]["status"] == FAILED:
                held[trial] = (record, own)
            elif record["Result"]["status"] != FAILED and own != before[1]:
                sys.exit(f"trial {trial:016x} has two results that differ")
    return held, headers


def same(a, b):
    a, b = np.asarray(a), np.asarray(b)
    if a.dtype.kind == "f" or b.dtype.kind == "f":
        return np.array_equal(a.astype("<f8").view("<u8"), b.astype("<f8").view("<u8"))
    return np.array_equal(a, b)


def compare_with_snapshot(form, held, headers, path):
    compared = 0
    with h5py.File(path) as store:
        ids = [int(i, 16) for i in store["trials/trial_id"][:]]
        assert ids == sorted(held), "other trials"
        columns = {name: {k: d[:] for k, d in store[name].items()} for name in ("trials", "traces", "cost", "recall")}
        messages = dict(zip(store["failures/trial_id"][:], store["failures/message"][:]))
        for row, trial in enumerate(ids):
            record, own = held[trial]
            assert int(columns["trials"]["digest"][row], 16) == own, "digest"
            for part, group in (("Trial", "trials"), ("Result", "trials"), ("Cost", "cost")):
                for name, kind, _ in form.fields[part]:
                    value, found = record[part][name], columns[group][name][row]
                    if kind == "enum":
                        assert columns[group][name + "_id"][row] == value, name
                        assert found.decode() == form.names[name][value], name
                    elif kind == "text":
                        assert found.decode() == value, name
                    else:
                        assert same(value, found), name
                    compared += 1
            for name, _, _ in form.fields["Trace"]:
                found, trace = columns["traces"][name][row], record["Trace"][name]
                assert same(trace, found[: len(trace)]) and np.isnan(found[len(trace) :]).all(), name
                compared += 1
            recovered = columns["recall"]["recovered"][row]
            assert same(record["recall"], recovered[recovered >= 0]), "recall"
            assert messages.get(b"%016x" % trial, b"").decode() == record["message"], "message"
        for name, kind, _ in form.fields["Job"]:
            found = store["jobs/" + name][:]
            wrote = [header["job"][name] for header in headers]
            assert {v.decode() if kind == "text" else v for v in found} == set(wrote), "job " + name
    assert " run " in headers[-1]["command_line"], "command line"
    return compared


def compare_with_text(form, held, path):
    """Rows of the stored fixtures, see tests/store/formats."""
    lines = [line.split("\t") for line in gzip.open(path, "rt", encoding="utf-8").read().splitlines()]
    start = next(i for i, cells in enumerate(lines) if cells[0] == "trials/trial_id")
    rows = [dict(zip(lines[start], cells)) for cells in lines[start + 1 :]]
    assert [int(row["trials/trial_id"], 16) for row in rows] == sorted(held), "other trials"
    compared = 0
    for row in rows:
        record, _ = held[int(row["trials/trial_id"], 16)]
        for part, group in (("Trial", "trials"), ("Result", "trials"), ("Cost", "cost")):
            for name, kind, _ in form.fields[part]:
                if f"{group}/{name}" not in row:
                    assert name == "physics" or name not in record[part], name
                    continue
                value, found = record[part][name], row[f"{group}/{name}"]
                if kind == "enum":
                    value = form.names[name][value]
                assert value == found if kind in ("enum", "text") else same(value, type(value)(found)), name
                compared += 1
        for name, values in record.get("Trace", {}).items():
            assert same(values, np.array(row["traces/" + name].split(), "<f8")), name
        if "recall" in record:
            assert same(record["recall"], np.array(row["recall"].split(), "<i8")), "recall"
        assert record["message"] == row["message"], "message"
    return compared


def main():
    document, journal, expected = sys.argv[1:]
    form = Format(document)
    held, headers = read_journal(form, journal)
    if expected.endswith(".tsv.gz"):
        compared = compare_with_text(form, held, expected)
    else:
        compared = compare_with_snapshot(form, held, headers, expected)
    if compared < 30 * len(held):
        sys.exit("hardly anything was compared")
    print(len(held))


if __name__ == "__main__":
    main()
