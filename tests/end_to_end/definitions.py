"""The definitions that check_dump.py compares with, in NumPy and float64 (arXiv 2603.26554, 2509.26030)."""
import sys

import numpy as np

EPS = np.finfo(np.float64).eps


def text(value):
    return value.decode() if isinstance(value, bytes) else str(value)


class Polar:
    """msgn(x) and the condition number that amplifies rounding; singular values that are 0 are left out."""

    def __init__(self, x):
        left, self.s, right = np.linalg.svd(x)
        kept = self.s > 8 * EPS * self.s[0]
        self.left, self.right, self.kept = left, right, kept
        self.factor = left[:, kept] @ right[kept]
        self.condition = self.s[0] / self.s[kept][-1]


def expected_update(a, g, first_gradient, polar, u, v, p):
    """The optimizer's update, and the relative error that rounding of its input may bring; None: cannot be told."""
    optimizer = text(a["optimizer"])
    d = len(g)
    if optimizer == "gd":
        return g, EPS
    if optimizer == "ngd":
        return g / np.linalg.norm(g), 10 * EPS
    if optimizer == "signgd":
        return np.sign(g), 0
    if optimizer == "adam":
        beta1, beta2 = a["beta1"], a["beta2"]
        m = v2 = np.zeros_like(g)
        for one in (first_gradient, g):
            m, v2 = beta1 * m + (1 - beta1) * one, beta2 * v2 + (1 - beta2) * one**2
        m, v2 = m / (1 - beta1**2), v2 / (1 - beta2**2)
        return m / (np.sqrt(v2) + a["epsilon"]), 1e-6  # numbers far below the largest have lost digits
    if optimizer == "newton":
        centred = u - u.mean(axis=0)
        c_u = centred.T @ centred / len(u)
        second_moment = (v * p[:, None]).T @ v + a["ridge"] * np.eye(d)
        update = np.linalg.solve(c_u, np.linalg.solve(second_moment, g.T).T)
        return update, max(1e-12, 100 * d * np.linalg.cond(c_u) * np.linalg.cond(second_moment) * EPS)
    if optimizer != "muon":
        sys.exit(f"no check for optimizer {optimizer}")
    orthogonalizer = text(a["orthogonalizer"])
    if orthogonalizer == "svd":
        return polar.factor, max(1e-12, 100 * d * polar.condition * EPS)
    if orthogonalizer == "regularized":
        s = polar.s / np.sqrt(polar.s**2 + a["lambda"] ** 2)
        return (polar.left * s) @ polar.right, max(1e-12, 100 * d * polar.s[0] / a["lambda"] * EPS)
    sets = {"jordan": (3.4445, -4.7750, 2.0315), "cubic": (1.5, -0.5, 0), "quintic": (15 / 8, -10 / 8, 3 / 8)}
    s = polar.s / np.linalg.norm(polar.s)
    if text(a["ns_coefficients"]) not in sets:
        return None, 0
    one, three, five = sets[text(a["ns_coefficients"])]
    for _ in range(int(a["ns_steps"])):
        s = one * s + three * s**3 + five * s**5
    return (polar.left * s) @ polar.right, 1e-9  # steps amplify what is small by up to 3.4 each


def scores_of(w, u, v):
    """Blocks of score rows: first item, scores (block, N)."""
    for start in range(0, len(u), 500):
        yield start, (v[start : start + 500] @ w.T) @ u.T


class Scores:
    """Own scores, best competitors, log-partition and softmax-weighted outputs of every item, by a full scan."""

    def __init__(self, w, u, v):
        n = len(u)
        self.own, self.best, self.log_sum = np.zeros(n), np.zeros(n), np.zeros(n)
        self.mean_output = np.zeros_like(u)
        for start, s in scores_of(w, u, v):
            block = slice(start, start + len(s))
            rows = np.arange(len(s))
            self.own[block] = s[rows, start + rows]
            top = s.max(axis=1)
            e = np.exp(s - top[:, None])
            self.log_sum[block] = top + np.log(e.sum(axis=1))
            self.mean_output[block] = e @ u / e.sum(axis=1)[:, None]
            s[rows, start + rows] = -np.inf
            self.best[block] = s.max(axis=1)
        # Relative to the largest that rounding could make of a score.
        x = np.linalg.norm(v @ w.T, axis=1) * np.linalg.norm(u, axis=1).max()
        self.margin = np.abs(self.own - self.best) / np.where(x > 0, x, 1)


def predicted_rank(a, steps):
    """Theory's capacity after so many steps, times the threshold's value."""
    x = 1 / (2 * a["alpha"])
    e = 1.0 if text(a["optimizer"]) == "muon" else 0.0
    for _ in range(steps):
        e += (min(1, 2 - e) if text(a["optimizer"]) == "gd" else 2 - e) * x
    return a["threshold_value"] * min(float(a["d"]) ** e, a["batch"] ** (1 / a["alpha"]))


def spectrum(s):
    energy = s**2 / (s**2).sum()
    logs = np.log(energy, out=np.zeros_like(energy), where=energy > 0)
    entropy = -(energy * logs).sum()
    low, high = np.quantile(s**2, [0.25, 0.75])
    return dict(
        largest=s[0],
        smallest=s[-1],
        entropy=entropy / np.log(len(s)),
        effective_rank=np.exp(entropy),
        top_energy=energy[: -(-len(s) // 10)].sum(),
        quartile_ratio=high / low if low > 0 else np.inf,
    )
