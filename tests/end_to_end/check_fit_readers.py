"""check_fit_readers.py FITS_CSV COUNT: compares what COUNT readers of docs/reading.md printed (0.printed, 1.printed, ...)
with fits.csv: for each alpha C of muon by the reader's own least squares, memscale-fit's, and its verdict."""
import csv
import re
import sys

with open(sys.argv[1], newline="", encoding="utf-8") as file:
    rows = [row for row in csv.DictReader(file) if row["key"] == "capacity-d"]
muon = [row for row in rows if row["method"] == "muon"]
assert len(muon) == 2 and all(0.5 < float(row["value"]) < 3 for row in muon), "fits on which nothing can be seen"

for number in range(int(sys.argv[2])):
    text = open(f"{number}.printed", encoding="utf-8").read()
    if "HDF5" in text:
        found = [float(n) for n in re.findall(r"DATA \{\s*([^}]+)\}", text)[-1].split(",")]
        assert len(found) == len(rows), text
        assert all(abs(a - float(row["value"])) < 1e-5 for a, row in zip(found, rows)), text
        continue
    lines = text.strip().split("\n")
    assert len(lines) == len(muon), text
    for line, row in zip(lines, muon):
        alpha, own, read, verdict = line.split(maxsplit=3)
        assert float(alpha) == float(row["alpha"]), text
        for c in own, read:
            assert abs(float(c) - float(row["value"])) < 1e-6, text
        assert verdict.strip() == row["verdict"], text
