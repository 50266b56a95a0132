"""Checks `memscale replay --dump` against definitions, in NumPy and float64 alone.

Rows are output coordinates: score_ij = u_j . (W v_i). Recomputes gradient, update, weights and the recovered items from
the dumped embeddings and frequencies (theory: arXiv 2603.26554).
"""
import sys

import h5py
import numpy as np


def text(value):
    return value.decode() if isinstance(value, bytes) else str(value)


def zipf(items, alpha):
    p = np.arange(1, items + 1, dtype=np.float64) ** -alpha
    return p / p.sum()


def expected_update(attributes, g, u, v, p):
    """The optimizer's update for the negative gradient g, and the condition number that amplifies rounding."""
    optimizer = text(attributes["optimizer"])
    if optimizer == "gd":
        return g, 1.0
    if optimizer == "muon":
        left, s, right = np.linalg.svd(g)
        return left @ right, s[0] / s[-1]
    if optimizer == "newton":
        centred = u - u.mean(axis=0)
        c_u = centred.T @ centred / len(u)
        second_moment = (v * p[:, None]).T @ v + attributes["ridge"] * np.eye(v.shape[1])
        update = np.linalg.solve(c_u, np.linalg.solve(second_moment, g.T).T)
        return update, np.linalg.cond(c_u) * np.linalg.cond(second_moment)
    sys.exit(f"no check for optimizer {optimizer}")


def recovered_items(w, u, v):
    """Brute force over all N^2 scores: s_ii > s_ij for every j != i. Also the smallest relative margin of a decision."""
    own = np.einsum("ik,ik->i", v @ w.T, u)
    recovered = np.zeros(len(u), dtype=np.uint8)
    margin = np.inf
    scale = np.linalg.norm(u, axis=1).max()
    for start in range(0, len(u), 500):
        x = v[start : start + 500] @ w.T
        scores = x @ u.T
        rows = np.arange(len(x))
        scores[rows, start + rows] = -np.inf
        best = scores.max(axis=1)
        recovered[start : start + 500] = own[start : start + 500] > best
        gaps = np.abs(own[start : start + 500] - best) / (np.linalg.norm(x, axis=1) * scale)
        margin = min(margin, gaps.min())
    return recovered, margin


def check(name, found, expected, tolerance):
    scale = np.abs(expected).max()
    error = np.abs(found - expected).max() / (scale if scale > 0 else 1)
    if not error <= tolerance:
        sys.exit(f"{name}: relative error {error:.3g} is more than {tolerance:.3g}")
    return error


path = sys.argv[1]
with h5py.File(path, "r") as dump:
    data = {name: dump[name][()] for name in dump}
    attributes = dict(dump.attrs)

n, d = int(attributes["items"]), int(attributes["d"])
shapes = dict(u=(n, d), v=(n, d), p=(n,), q=(n,), gradient=(d, d), update=(d, d), weights=(d, d), recovered=(n,))
types = dict(u="f4", v="f4", recovered="u1")
for name, shape in shapes.items():
    if data[name].shape != shape or data[name].dtype != np.dtype(types.get(name, "f8")):
        sys.exit(f"{name}: {data[name].shape} {data[name].dtype}, not {shape} {types.get(name, 'f8')}")

u, v = data["u"].astype(np.float64), data["v"].astype(np.float64)
p, q = data["p"], data["q"]
eps = np.finfo(np.float64).eps

# Frequencies: pow and a sum of n terms round by a few eps.
check("p", p, zipf(n, attributes["alpha"]), 1e-12)
check("q", q, p, 0)  # the population gradient

# Embeddings: means and variances of n d normal numbers, within 6 standard errors.
scale = np.arange(1, d + 1, dtype=np.float64) ** -attributes["kappa"]
scale /= scale.sum()
for name, sample in (("u", u * np.sqrt(d)), ("v", v / np.sqrt(scale))):
    if not abs(sample.mean()) < 6 / np.sqrt(n * d) or not abs(sample.var() - 1) < 6 * np.sqrt(2 / (n * d)):
        sys.exit(f"{name}: mean {sample.mean()}, variance {sample.var()} are not those of normal numbers")

# G: sums of n terms; each entry's rounding is at most n eps of the largest sum of moduli, in practice sqrt(n) of it.
gradient = ((u - u.mean(axis=0)) * q[:, None]).T @ v
check("gradient", data["gradient"], gradient, 1e-12)

# The update of the dumped gradient, up to the condition of the problem; then W = eta update, one rounding.
update, condition = expected_update(attributes, data["gradient"], u, v, p)
check("update", data["update"], update, max(1e-12, 100 * d * condition * eps))
eta = attributes["eta"] * (np.sqrt(d) if text(attributes["eta_scale"]) == "sqrt-d" else 1)
check("weights", data["weights"], eta * data["update"], 2 * eps)

# Recovered items, of the dumped weights: an exact decision unless a margin is within float64 rounding.
recovered, margin = recovered_items(data["weights"], u, v)
if margin < 4 * d * eps:
    sys.exit(f"the trial has a tie to rounding ({margin:.3g}): choose another for this test")
if not np.array_equal(recovered, data["recovered"]):
    sys.exit(f"recovered: {np.flatnonzero(recovered != data['recovered'])[:10]} differ")
lost = np.flatnonzero(recovered == 0)
results = dict(capacity=int(recovered.sum()), prefix=int(lost[0]) if len(lost) else n, accuracy=p[recovered == 1].sum())
for name, expected in results.items():
    if not np.isclose(attributes[name], expected, rtol=1e-12, atol=0):
        sys.exit(f"{name}: {attributes[name]}, not {expected}")
if text(attributes["status"]) != "ok":
    sys.exit(f"status {text(attributes['status'])}")

# The stored result of the same trial, where a store is given.
if len(sys.argv) > 2:
    with h5py.File(sys.argv[2], "r") as store:
        trials = {name: column[()] for name, column in store["trials"].items()}
    row = list(trials["trial_id"]).index(sys.argv[3].encode())
    for name, expected in results.items():
        if trials[name][row] != attributes[name]:
            sys.exit(f"stored {name} {trials[name][row]} is not the replayed {attributes[name]}")
    for name in ("d", "items", "alpha", "seed", "eta", "ridge"):
        if trials[name][row] != attributes[name]:
            sys.exit(f"stored {name} {trials[name][row]} is not the dumped {attributes[name]}")
print(f"{path}: {text(attributes['optimizer'])}, capacity {results['capacity']} of {n} items, checked")
