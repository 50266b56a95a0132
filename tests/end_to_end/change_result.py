"""change_result.py STORE COLUMN VALUE: another result for the store's first trial."""
import sys

from sealed_store import changed

with changed(sys.argv[1]) as store:
    column = store["trials"][sys.argv[2]]
    column[0] = column.dtype.type(sys.argv[3])
