"""Records written with SQLite as people do: WAL, synchronous=NORMAL, a transaction for every 1000 rows."""
import sqlite3
import time

from store_rival import serve

BATCH = 1000
MASK = (1 << 64) - 1
ROUND = 0x9E3779B97F4A7C15  # odd: what is added to ids when the records come again


def rows_of(records):
    """One tuple a record, without its id."""
    columns = [
        [value.decode() if isinstance(value, bytes) else value for value in column.tolist()]
        for column in records.scalars.values()
    ] + [[row.tobytes() for row in table] for table in records.arrays.values()]
    return list(zip(*columns))


def batches_of(records, most):
    """The records as batches of tuples, each with an id of its own; no more than `most` in all."""
    rows, ids = rows_of(records), [int(text, 16) for text in records.ids]
    for first in range(0, most, BATCH):
        batch = []
        for place in range(first, min(first + BATCH, most)):
            again, row = divmod(place, len(rows))
            batch.append((f"{(ids[row] + again * ROUND) & MASK:016x}", *rows[row]))
        yield batch


def write(records, file, seconds, most):
    names = [*records.scalars, *records.arrays]
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("CREATE TABLE trials (trial_id TEXT PRIMARY KEY, " + ", ".join(f'"{n}"' for n in names) + ")")
    insert = f"INSERT INTO trials VALUES ({', '.join('?' * (len(names) + 1))})"
    written, spent = 0, 0.0
    for batch in batches_of(records, most):
        start = time.perf_counter()
        connection.execute("BEGIN")
        connection.executemany(insert, batch)
        connection.execute("COMMIT")
        spent += time.perf_counter() - start
        written += len(batch)
        if spent >= seconds:
            break
    start = time.perf_counter()
    connection.close()  # also a checkpoint: everything is in the file then
    return written, spent + time.perf_counter() - start


serve(sqlite3.sqlite_version, write)
