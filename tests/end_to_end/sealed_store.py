"""Changes a store and seals it anew, as another memscale would.

The seal is behind the HDF5 file's own end: "MEMSCALE", u64 bytes before it, u32 their CRC-32C, u32 zero.
"""
import contextlib
import struct
import sys

import h5py

SEAL_SIZE = 24


def crc32c(data):
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
        table.append(byte)
    crc = 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ table[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


def seal(content):
    return struct.pack("<8sQII", b"MEMSCALE", len(content), crc32c(content), 0)


@contextlib.contextmanager
def changed(path):
    """The store's HDF5 content, open for writing."""
    with open(path, "rb") as file:
        data = file.read()
    content = data[:-SEAL_SIZE]
    if data[-SEAL_SIZE:] != seal(content):
        sys.exit(f"{path}: its seal is not what it should be")
    with open(path, "wb") as file:
        file.write(content)
    with h5py.File(path, "r+") as store:
        yield store
    with open(path, "rb") as file:
        content = file.read()
    with open(path, "ab") as file:
        file.write(seal(content))
