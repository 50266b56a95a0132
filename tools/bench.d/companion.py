"""What memscale-bench asks of a Python process: one JSON request a line on standard input, one JSON reply a line back.

A request {"do": NAME, "budget": SECONDS, ...} runs a kernel again and again until `budget` seconds have passed, at
least once, and is answered with the seconds of each run and with how the result compares with memscale's.
"""
import ctypes
import json
import os
import re
import sys
import time

import numpy as np

QUERY_BLOCK, TILE = 512, 2048  # rows and competitors of a tile of scores, 4 MB: as fast as any (measured)
FIRST_CHUNK = 64  # competitors of the first chunk of an early-termination scan; sizes double at every second chunk
MOST_FREQUENT = 256  # competitors tried first, before the others by descending norm


def openblas_functions(name, result=None):
    """The function of this name in each OpenBLAS that this process has loaded, however its symbols are decorated."""
    with open("/proc/self/maps", encoding="utf-8") as maps:
        libraries = sorted(set(re.findall(r"(/\S*openblas\S*\.so\S*)", maps.read())))
    for path in libraries:
        library = ctypes.CDLL(path)
        for decorated in (p + name + s for p in ("", "scipy_") for s in ("", "64_", "_64", "_64_")):
            function = getattr(library, decorated, None)
            if function is not None:
                function.restype = result
                yield function


def openblas_cores():
    """The kernels that the OpenBLAS in this process runs, or several: ["SkylakeX"]."""
    return sorted({function().decode() for function in openblas_functions("openblas_get_corename", ctypes.c_char_p)})


def set_openblas_threads(threads):
    for function in openblas_functions("openblas_set_num_threads"):
        function(threads)


def competitor_order(norms):
    """Competitors in the order in which they win most: the most frequent items, then by descending norm."""
    head = min(MOST_FREQUENT, len(norms))
    return np.concatenate([np.arange(head), head + np.argsort(-norms[head:], kind="stable")])


class Inputs:
    """What memscale-bench wrote into its folder: W is (d, d), rows are output coordinates."""

    def __init__(self, folder, d, items):
        self.folder, self.d, self.items = folder, d, items
        self.u = self.read("u", np.float32).reshape(items, d)
        self.v = self.read("v", np.float32).reshape(items, d)
        self.w = self.read("weights", np.float64).reshape(d, d)
        self.order = competitor_order(np.einsum("ij,ij->i", self.u, self.u))
        self.place = np.empty(items, np.int64)
        self.place[self.order] = np.arange(items)

    def read(self, name, kind):
        return np.fromfile(os.path.join(self.folder, name + ".bin"), kind)

    def batch(self, name):
        return self.read(name + "-items", np.int64), self.read(name + "-q", np.float64)


def check_recovered(inputs, recovered):
    """Items 0 .. on which float32 here and memscale disagree, and how many of them memscale has wrong by float64."""
    theirs = inputs.read("recovered", np.uint8)[: len(recovered)].astype(bool)
    disputed = np.nonzero(theirs != recovered)[0]
    wrong = 0
    for i in disputed:
        x = inputs.w @ inputs.v[i].astype(np.float64)
        scores = np.concatenate([inputs.u[f : f + 65536].astype(np.float64) @ x for f in range(0, inputs.items, 65536)])
        own, scores[i] = scores[i], -np.inf
        wrong += bool(own > scores.max()) != bool(theirs[i])
    return {"capacity": int(recovered.sum()), "disputed": len(disputed), "memscale_wrong": wrong}


def check_gradient(inputs, batch, gradient):
    """||G - memscale's G||_F / ||G||_F."""
    theirs = inputs.read(batch + "-gradient", np.float64).reshape(inputs.d, inputs.d)
    return {"difference": float(np.linalg.norm(gradient - theirs) / np.linalg.norm(gradient))}


def serve(library):
    """Answers requests with the kernels of `library` until standard input ends."""
    replies = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # nothing else may print between the replies
    inputs = None

    def answer(request):
        nonlocal inputs
        task = request["do"]
        if task == "describe":
            return {"version": library.version, "blas": library.describe_blas()}
        library.set_threads(request.get("threads", 1))
        if task == "load":
            inputs = Inputs(request["folder"], request["d"], request["items"])
            library.load(inputs)
            return {}
        if task == "train":
            seconds, spent = [], 0
            while not seconds or spent < request["budget"]:
                step, loss = library.train(request)
                seconds.append(step)
                spent += step * request["steps"]
            return {"seconds": seconds, "loss": loss}
        if task == "trial":
            return {"phases": library.trial(request["d"], request["items"], request["alpha"])}
        if task == "capacity_full":
            run = lambda: library.capacity_full(inputs, request["rows"])
            check = lambda result: check_recovered(inputs, result)
        elif task == "capacity_early":
            run = lambda: library.capacity_early(inputs)
            check = lambda result: check_recovered(inputs, result)
        else:
            name, rows = request["batch"], request["rows"]
            items, q = inputs.batch(name)
            run = lambda: library.softmax_gradient(inputs, items[:rows], q[:rows])
            check = lambda result: check_gradient(inputs, name, result) if rows == len(items) else {}
        seconds = []
        while not seconds or sum(seconds) < request["budget"]:
            start = time.perf_counter()
            result = run()
            seconds.append(time.perf_counter() - start)
        return {"seconds": seconds, **(check(result) if request.get("check") else {})}

    for line in sys.stdin:
        replies.write(json.dumps(answer(json.loads(line))) + "\n")
        replies.flush()


class Phases:
    """Seconds between calls, by name."""

    def __init__(self):
        self.seconds = {}
        self.before = time.perf_counter()

    def end(self, name):
        now = time.perf_counter()
        self.seconds[name] = now - self.before
        self.before = now


def coupled_rotations():
    """What E and E~ of task-basis = coupled do to each three coordinates (arXiv 2509.26030)."""

    def rotation(a, b, c):
        ca, sa, cb, sb, cc, sc = np.cos(a), np.sin(a), np.cos(b), np.sin(b), np.cos(c), np.sin(c)
        return np.array(
            [
                [ca * cb * cc - sa * sc, -ca * cb * sc - sa * cc, ca * sb],
                [sa * cb * cc + ca * sc, -sa * cb * sc + ca * cc, sa * sb],
                [-sb * cc, sb * sc, cb],
            ]
        )

    return rotation(1.715, 0.876, 3.098), rotation(3.638, 2.949, 5.218)


def coupled_bases(k):
    """E and E~, (k, k) each."""
    return [np.kron(np.eye(k // 3), rotation) for rotation in coupled_rotations()]


def zipf(items, alpha):
    p = np.arange(1, items + 1, dtype=np.float64) ** -alpha
    return p / p.sum()
