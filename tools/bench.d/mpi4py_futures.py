"""What a task costs mpi4py.futures: run with `mpirun -n RANKS python3 -m mpi4py.futures mpi4py_futures.py TASKS`.

Maps an empty task, whose result is a small tuple, TASKS times with chunksize 100 and a twentieth as often with
chunksize 1, over the ranks but the first, which leads. Prints one line of JSON: for each the seconds a task, with the
executor's own pauses between polls (1) and without any (0).
"""
import json
import sys
import time

import mpi4py
from mpi4py.futures import MPIPoolExecutor


def task(number):
    return number, 0.5, 0


def seconds_a_task(executor, tasks, chunksize):
    start = time.perf_counter()
    results = sum(1 for _ in executor.map(task, range(tasks), chunksize=chunksize))
    seconds = time.perf_counter() - start
    if results != tasks:
        sys.exit("results are missing")
    return seconds / tasks


if __name__ == "__main__":
    most = int(sys.argv[1])
    reply = {"version": mpi4py.__version__, "rows": []}
    for pauses, options in ((1, {}), (0, {"backoff": 0})):
        with MPIPoolExecutor(**options) as executor:
            seconds_a_task(executor, 100, 1)  # the workers are there, and have the task
            for chunksize, tasks in ((1, max(most // 20, 1)), (100, most)):
                seconds = seconds_a_task(executor, tasks, chunksize)
                reply["rows"].append({"chunksize": chunksize, "pauses": pauses, "seconds": seconds})
    print(json.dumps(reply), flush=True)
