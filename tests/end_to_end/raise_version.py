"""raise_version.py STORE ATTRIBUTE: adds 1 to a version of a store."""
import sys

from sealed_store import changed

with changed(sys.argv[1]) as store:
    store.attrs[sys.argv[2]] += 1
