"""The training of memscale's orthogonal memories in NumPy, all K^2 numbers in float64, as one writes it down."""
import time

import numpy as np

import companion


class NumPy:
    version = np.__version__

    def describe_blas(self):
        return companion.openblas_cores()

    def set_threads(self, threads):
        companion.set_openblas_threads(threads)

    def train(self, trial):
        """Trains from W = 0; row j of W, and of the scores E^T W E~, belongs to input j."""
        p = np.repeat(trial["p"], trial["sizes"])
        basis = BASES[trial["basis"]](len(p))
        w = np.zeros((len(p), len(p)))
        loss, gradient = look(basis.to_task(w), p)
        start = time.perf_counter()
        for _ in range(trial["steps"]):
            w += trial["eta"] * update(trial["optimizer"], basis.to_raw(gradient))
            loss, gradient = look(basis.to_task(w), p)
        return (time.perf_counter() - start) / trial["steps"], float(loss)


class Identity:
    def __init__(self, k):
        pass

    def to_raw(self, x):
        return x

    def to_task(self, x):
        return x


class Coupled:
    """By products with the matrices E and E~."""

    def __init__(self, k):
        self.e, self.e_tilde = companion.coupled_bases(k)

    def to_raw(self, x):
        return self.e @ x @ self.e_tilde.T

    def to_task(self, x):
        return self.e.T @ x @ self.e_tilde


class CoupledByThrees:
    """By products with the rotations that they consist of, for whoever sees that."""

    def __init__(self, k):
        self.e, self.e_tilde = companion.coupled_rotations()

    def to_raw(self, x):
        return turn(self.e, x, self.e_tilde.T)

    def to_task(self, x):
        return turn(self.e.T, x, self.e_tilde)


def turn(left, x, right):
    k = len(x)
    turned = np.matmul(left, x.reshape(k // 3, 3, k))
    return (turned.reshape(-1, 3) @ right).reshape(k, k)


BASES = {"identity": Identity, "coupled": Coupled, "coupled-by-threes": CoupledByThrees}


def look(scores, p):
    """Loss and negative gradient."""
    x = scores - scores.max(axis=1, keepdims=True)
    correct = x.diagonal().copy()
    np.exp(x, out=x)
    total = x.sum(axis=1)
    loss = p @ (np.log(total) - correct)
    x *= -(p / total)[:, None]
    x[np.diag_indices_from(x)] += p
    return loss, x


def update(optimizer, gradient):
    if optimizer == "gd":
        return gradient
    if optimizer == "signgd":
        return np.sign(gradient)
    left, _, right = np.linalg.svd(gradient)
    return left @ right


if __name__ == "__main__":
    companion.serve(NumPy())
