"""memscale's kernels in NumPy: float32 scores by BLAS in tiles that stay in the cache, float64 for G(0) and msgn."""
import numpy as np

import companion
from companion import FIRST_CHUNK, QUERY_BLOCK, TILE


class NumPy:
    version = np.__version__

    def describe_blas(self):
        return companion.openblas_cores()

    def set_threads(self, threads):
        companion.set_openblas_threads(threads)

    def load(self, inputs):
        inputs.ordered = inputs.u[inputs.order]

    def capacity_full(self, inputs, rows):
        """Which of the first `rows` items are recovered, by all of their scores."""
        u = inputs.u
        x = inputs.v[:rows] @ inputs.w.astype(np.float32).T
        own = np.einsum("ij,ij->i", x, u[:rows])
        best = np.full(rows, -np.inf, np.float32)
        scores = np.empty((QUERY_BLOCK, TILE), np.float32)
        for first in range(0, rows, QUERY_BLOCK):
            block = slice(first, min(first + QUERY_BLOCK, rows))
            for begin in range(0, len(u), TILE):
                tile = u[begin : begin + TILE]
                s = scores.reshape(-1)[: (block.stop - first) * len(tile)].reshape(-1, len(tile))
                np.matmul(x[block], tile.T, out=s)
                for i in range(max(first, begin), min(block.stop, begin + len(tile))):
                    s[i - first, i - begin] = -np.inf
                np.maximum(best[block], s.max(axis=1), out=best[block])
        return own > best

    def capacity_early(self, inputs):
        """Which items are recovered: competitors in chunks, and a query leaves after the first chunk with a winner."""
        return early_termination(inputs.u, inputs.v, inputs.w, inputs.ordered, inputs.place)

    def softmax_gradient(self, inputs, items, q):
        """sum_i q_i (u_i - sum_j pi_ij u_j) v_i^T, the softmax online over tiles of competitors j != i.

        The residual is (1 - pi_ii) (u_i - mean_i): in float32, u_i - sum_j pi_ij u_j cancels where pi_ii is near 1.
        """
        u = inputs.u
        w = inputs.w.astype(np.float32)
        gradient = np.zeros((inputs.d, inputs.d))
        scores = np.empty((QUERY_BLOCK, TILE), np.float32)
        products = np.empty((QUERY_BLOCK, inputs.d), np.float32)
        ones = np.ones(TILE, np.float32)
        for first in range(0, len(items), QUERY_BLOCK):
            own = items[first : first + QUERY_BLOCK]
            v = inputs.v[own]
            x = v @ w.T
            largest = np.full(len(own), -np.inf, np.float32)
            total = np.zeros(len(own), np.float32)
            mean = np.zeros((len(own), inputs.d), np.float32)
            for begin in range(0, len(u), TILE):
                tile = u[begin : begin + TILE]
                s = scores.reshape(-1)[: len(own) * len(tile)].reshape(-1, len(tile))
                np.matmul(x, tile.T, out=s)
                rows = np.nonzero((own >= begin) & (own < begin + len(tile)))[0]
                s[rows, own[rows] - begin] = -np.inf
                now = np.maximum(largest, s.max(axis=1))
                s -= now[:, None]
                np.exp(s, out=s)
                rescale = np.exp(largest - now)
                largest = now
                total = total * rescale + s @ ones[: len(tile)]
                mean *= rescale[:, None]
                mean += np.matmul(s, tile, out=products[: len(own)])
            log_odds = largest + np.log(total) - np.einsum("ij,ij->i", x, u[own])  # log((1 - pi_ii) / pi_ii)
            scale = q[first : first + QUERY_BLOCK] / (1 + np.exp(-log_odds.astype(np.float64)))
            gradient += ((u[own] - mean / total[:, None]) * scale[:, None]).T @ v
        return gradient

    def trial(self, d, items, alpha):
        """Seconds by phase of one population step of Muon from W = 0 and its capacity, with embeddings of its own."""
        phases = companion.Phases()
        random = np.random.Generator(np.random.SFC64(1))
        u, v = (random.standard_normal((items, d), dtype=np.float32) for _ in range(2))
        for embeddings in (u, v):
            embeddings *= np.float32(d**-0.5)
        phases.end("embeddings")
        p = companion.zipf(items, alpha)
        mean = u.mean(axis=0, dtype=np.float64)
        gradient = np.zeros((d, d))
        for first in range(0, items, 8192):
            block = slice(first, first + 8192)
            gradient += ((u[block] - mean) * p[block, None]).T @ v[block].astype(np.float64)
        phases.end("gradient")
        left, _, right = np.linalg.svd(gradient)
        w = left @ right
        phases.end("update")
        order = companion.competitor_order(np.einsum("ij,ij->i", u, u))
        place = np.empty(items, np.int64)
        place[order] = np.arange(items)
        early_termination(u, v, w, u[order], place)
        phases.end("capacity")
        return phases.seconds


def early_termination(u, v, w, ordered, place):
    x = v @ w.astype(np.float32).T
    own = np.einsum("ij,ij->i", x, u)
    alive = np.arange(len(u))
    begin, size, chunks = 0, FIRST_CHUNK, 0
    while begin < len(u) and len(alive) > 0:
        chunk = ordered[begin : begin + size].T
        best = np.empty(len(alive), np.float32)
        own_column = place[alive] - begin
        block_rows = max(64, 2**20 // size)  # 4 MB of scores
        for first in range(0, len(alive), block_rows):
            s = x[first : first + block_rows] @ chunk
            columns = own_column[first : first + block_rows]
            rows = np.nonzero((columns >= 0) & (columns < s.shape[1]))[0]
            s[rows, columns[rows]] = -np.inf
            s.max(axis=1, out=best[first : first + block_rows])
        stays = np.nonzero(own > best)[0]
        if len(stays) < len(alive):
            alive, x, own = alive[stays], x[stays], own[stays]
        begin += size
        chunks += 1
        if chunks % 2 == 0:
            size *= 2
    recovered = np.zeros(len(u), bool)
    recovered[alive] = True
    return recovered


if __name__ == "__main__":
    companion.serve(NumPy())
