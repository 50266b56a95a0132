"""The training of orthogonal_numpy.py in PyTorch on the CPU, in float64."""
import time

import torch

import companion


class PyTorch:
    version = torch.__version__

    def describe_blas(self):
        return companion.openblas_cores() + (["MKL"] if torch.backends.mkl.is_available() else [])

    def set_threads(self, threads):
        torch.set_num_threads(threads)
        companion.set_openblas_threads(threads)  # Debian's PyTorch multiplies with it, and does not tell it

    def train(self, trial):
        p = torch.repeat_interleave(torch.tensor(trial["p"], dtype=torch.float64), torch.tensor(trial["sizes"]))
        to_raw, to_task = turns(trial["basis"], len(p))
        w = torch.zeros(len(p), len(p), dtype=torch.float64)
        loss, gradient = look(to_task(w), p)
        start = time.perf_counter()
        for _ in range(trial["steps"]):
            w += trial["eta"] * update(trial["optimizer"], to_raw(gradient))
            loss, gradient = look(to_task(w), p)
        return (time.perf_counter() - start) / trial["steps"], float(loss)


def turns(basis, k):
    """From task to raw coordinates, and back."""
    if basis == "identity":
        return lambda x: x, lambda x: x
    if basis == "coupled":
        e, e_tilde = (torch.from_numpy(matrix) for matrix in companion.coupled_bases(k))
        return lambda x: e @ x @ e_tilde.T, lambda x: e.T @ x @ e_tilde
    e, e_tilde = (torch.from_numpy(matrix) for matrix in companion.coupled_rotations())

    def turn(left, x, right):
        return (torch.matmul(left, x.reshape(k // 3, 3, k)).reshape(-1, 3) @ right).reshape(k, k)

    return lambda x: turn(e, x, e_tilde.T), lambda x: turn(e.T, x, e_tilde)


def look(scores, p):
    """Loss and negative gradient."""
    x = torch.log_softmax(scores, dim=1)
    loss = -(p @ x.diagonal())
    x.exp_().mul_(-p[:, None])
    x.diagonal().add_(p)
    return loss, x


def update(optimizer, gradient):
    if optimizer == "gd":
        return gradient
    if optimizer == "signgd":
        return torch.sign(gradient)
    left, _, right = torch.linalg.svd(gradient)
    return left @ right


if __name__ == "__main__":
    torch.set_flush_denormal(True)
    torch.set_grad_enabled(False)
    companion.serve(PyTorch())
