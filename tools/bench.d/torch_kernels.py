"""memscale's kernels in PyTorch on the CPU: the algorithms of numpy_kernels.py."""
import numpy as np
import torch

import companion
from companion import FIRST_CHUNK, QUERY_BLOCK, TILE


class PyTorch:
    version = torch.__version__

    def describe_blas(self):
        return companion.openblas_cores() + (["MKL"] if torch.backends.mkl.is_available() else [])

    def set_threads(self, threads):
        torch.set_num_threads(threads)
        companion.set_openblas_threads(threads)  # Debian's PyTorch multiplies with it, and does not tell it

    def load(self, inputs):
        self.u, self.v = torch.from_numpy(inputs.u), torch.from_numpy(inputs.v)
        self.w = torch.from_numpy(inputs.w)
        self.ordered = self.u[torch.from_numpy(inputs.order)]
        self.place = torch.from_numpy(inputs.place)

    def capacity_full(self, inputs, rows):
        """Which of the first `rows` items are recovered, by all of their scores."""
        u = self.u
        x = self.v[:rows] @ self.w.float().T
        own = (x * u[:rows]).sum(dim=1)
        best = torch.full((rows,), -torch.inf)
        for first in range(0, rows, QUERY_BLOCK):
            block = slice(first, min(first + QUERY_BLOCK, rows))
            for begin in range(0, len(u), TILE):
                tile = u[begin : begin + TILE]
                s = x[block] @ tile.T
                common = torch.arange(max(first, begin), max(first, begin, min(block.stop, begin + len(tile))))
                s[common - first, common - begin] = -torch.inf
                torch.maximum(best[block], s.amax(dim=1), out=best[block])
        return (own > best).numpy()

    def capacity_early(self, inputs):
        """Which items are recovered: competitors in chunks, and a query leaves after the first chunk with a winner."""
        return early_termination(self.u, self.v, self.w, self.ordered, self.place)

    def softmax_gradient(self, inputs, items, q):
        """sum_i q_i (u_i - sum_j pi_ij u_j) v_i^T, the softmax online over tiles of competitors j != i."""
        u = self.u
        items, q = torch.from_numpy(items), torch.from_numpy(q)
        w = self.w.float()
        gradient = torch.zeros(inputs.d, inputs.d, dtype=torch.float64)
        for first in range(0, len(items), QUERY_BLOCK):
            own = items[first : first + QUERY_BLOCK]
            v = self.v[own]
            x = v @ w.T
            largest = torch.full((len(own), 1), -torch.inf)
            total = torch.zeros(len(own), 1)
            mean = torch.zeros(len(own), inputs.d)
            scores = torch.empty(len(own), TILE)
            for begin in range(0, len(u), TILE):
                tile = u[begin : begin + TILE]
                s = torch.mm(x, tile.T, out=scores) if len(tile) == TILE else x @ tile.T
                rows = torch.nonzero((own >= begin) & (own < begin + len(tile)))[:, 0]
                s[rows, own[rows] - begin] = -torch.inf
                now = torch.maximum(largest, s.amax(dim=1, keepdim=True))
                s.sub_(now).exp_()
                rescale = (largest - now).exp_()
                largest = now
                total.mul_(rescale).add_(s.sum(dim=1, keepdim=True))
                mean.mul_(rescale).addmm_(s, tile)
            log_odds = largest + total.log() - (x * u[own]).sum(dim=1, keepdim=True)  # log((1 - pi_ii) / pi_ii)
            scale = q[first : first + QUERY_BLOCK, None] * log_odds.double().sigmoid()
            gradient.addmm_(((u[own] - mean / total) * scale).T, v.double())
        return gradient.numpy()

    def trial(self, d, items, alpha):
        """Seconds by phase of one population step of Muon from W = 0 and its capacity, with embeddings of its own."""
        phases = companion.Phases()
        random = torch.Generator().manual_seed(1)
        u, v = (torch.randn(items, d, generator=random).mul_(d**-0.5) for _ in range(2))
        phases.end("embeddings")
        p = torch.from_numpy(companion.zipf(items, alpha))
        mean = u.mean(dim=0, dtype=torch.float64)
        gradient = torch.zeros(d, d, dtype=torch.float64)
        for first in range(0, items, 8192):
            block = slice(first, first + 8192)
            gradient.addmm_(((u[block] - mean) * p[block, None]).T, v[block].double())
        phases.end("gradient")
        left, _, right = torch.linalg.svd(gradient)
        w = left @ right
        phases.end("update")
        order = torch.from_numpy(companion.competitor_order((u * u).sum(dim=1).numpy()))
        place = torch.empty(items, dtype=torch.int64)
        place[order] = torch.arange(items)
        early_termination(u, v, w, u[order], place)
        phases.end("capacity")
        return phases.seconds


def early_termination(u, v, w, ordered, place):
    x = v @ w.float().T
    own = (x * u).sum(dim=1)
    alive = torch.arange(len(u))
    begin, size, chunks = 0, FIRST_CHUNK, 0
    while begin < len(u) and len(alive) > 0:
        chunk = ordered[begin : begin + size].T
        best = torch.empty(len(alive))
        own_column = place[alive] - begin
        block_rows = max(64, 2**20 // size)  # 4 MB of scores
        for first in range(0, len(alive), block_rows):
            s = x[first : first + block_rows] @ chunk
            columns = own_column[first : first + block_rows]
            rows = torch.nonzero((columns >= 0) & (columns < s.shape[1]))[:, 0]
            s[rows, columns[rows]] = -torch.inf
            best[first : first + block_rows] = s.amax(dim=1)
        stays = torch.nonzero(own > best)[:, 0]
        if len(stays) < len(alive):
            alive, x, own = alive[stays], x[stays], own[stays]
        begin += size
        chunks += 1
        if chunks % 2 == 0:
            size *= 2
    recovered = np.zeros(len(u), bool)
    recovered[alive.numpy()] = True
    return recovered


if __name__ == "__main__":
    torch.set_flush_denormal(True)
    torch.set_grad_enabled(False)
    companion.serve(PyTorch())
