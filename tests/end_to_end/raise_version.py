"""raise_version.py STORE: STORE as a later memscale would seal it, of the next format.

The seal ends a store: "MEMSTORE", i64 format, u64 bytes before it, u64 where among them the catalog begins, u64 checksum.
"""
import struct
import sys

SEAL_SIZE = 40

with open(sys.argv[1], "r+b") as file:
    file.seek(-SEAL_SIZE, 2)
    magic, version = struct.unpack("<8sq", file.read(16))
    if magic != b"MEMSTORE":
        sys.exit(f"{sys.argv[1]}: its seal is not what it should be")
    file.seek(-SEAL_SIZE, 2)
    file.write(struct.pack("<8sq", magic, version + 1))
