"""orthogonal_reference.py STORE: simulates every trial of the store again, in NumPy and raw coordinates, and compares.

All K^2 numbers of W, the bases E and E~ as matrices, the softmax and the probabilities by definition (arXiv 2602.05725,
2509.26030). Trials in random bases are compared where the optimizer does not see the basis.
"""
import sys

import h5py
import numpy as np

EPS = (("rho_0_5", 0.5), ("rho_0_1", 0.1), ("rho_0_01", 0.01), ("rho_0_001", 0.001))


def rotation(a, b, c):
    ca, sa, cb, sb, cc, sc = np.cos(a), np.sin(a), np.cos(b), np.sin(b), np.cos(c), np.sin(c)
    return np.array([[ca * cb * cc - sa * sc, -ca * cb * sc - sa * cc, ca * sb],
                     [sa * cb * cc + ca * sc, -sa * cb * sc + ca * cc, sa * sb],
                     [-sb * cc, sb * sc, cb]])


def frequencies(t):
    k = t["d"]
    if t["frequencies"] == "two-groups":
        head = min(max(int(np.floor(t["head_share"] * k + 0.5)), 1), k - 1)
        sizes = [head, k - head]
        masses = [t["head_mass"], 1 - t["head_mass"]]
    else:
        m = t["groups"]
        sizes = [k // m] * m
        masses = np.arange(1, m + 1) ** -t["alpha"]
        masses = masses / masses.sum()
    return np.repeat(np.array(masses) / sizes, sizes), sizes


def probabilities(w, e, e_tilde):
    """pi[i, j] = probability of output i for input j."""
    scores = e_tilde.T @ w @ e
    x = np.exp(scores - scores.max(axis=0))
    return x / x.sum(axis=0)


def polar(g):
    u, s, vt = np.linalg.svd(g)
    keep = s > max(8, np.sqrt(len(s))) * np.finfo(float).eps * s[0]
    return u @ np.diag(keep.astype(float)) @ vt


def newton_schulz(g, steps):
    x = g / np.linalg.norm(g)
    for _ in range(steps):
        a = x @ x.T
        x = 3.4445 * x + (-4.7750 * a + 2.0315 * a @ a) @ x
    return x


class Optimizer:
    def __init__(self, t):
        self.t, self.step, self.m, self.v = t, 0, 0, 0

    def update(self, g, e, e_tilde):
        t, self.step = self.t, self.step + 1
        kind = t["optimizer"]
        if kind == "gd":
            return g
        if kind == "ngd":
            return g / np.linalg.norm(g)
        if kind == "signgd":
            return np.sign(g)
        if kind == "tra-signgd":
            return e_tilde @ np.sign(e_tilde.T @ g @ e) @ e.T
        if kind == "adam":
            self.m = t["beta1"] * self.m + (1 - t["beta1"]) * g
            self.v = t["beta2"] * self.v + (1 - t["beta2"]) * g**2
            m, v = self.m / (1 - t["beta1"] ** self.step), self.v / (1 - t["beta2"] ** self.step)
            return m / (np.sqrt(v) + t["epsilon"])
        self.m = t["momentum"] * self.m + g
        # Columns of the gradient sum to 0 in the task basis: what rounding leaves there is no direction to msgn.
        one = e_tilde.sum(axis=1) / np.sqrt(len(g))
        self.m = self.m - np.outer(one, one @ self.m)
        if t["orthogonalizer"] == "svd":
            return polar(self.m)
        if t["orthogonalizer"] == "regularized":
            u, s, vt = np.linalg.svd(self.m)
            return u @ np.diag(s / np.hypot(s, t["lambda"])) @ vt
        return newton_schulz(self.m, t["ns_steps"])


def eta(t, step):
    units = {"absolute": 1, "sqrt-d": np.sqrt(t["d"]), "log-d-over-steps": np.log(t["d"]) / t["steps"]}
    return t["eta"] * units[t["eta_scale"]] * (t["eta_growth"] * units[t["eta_growth_scale"]]) ** (step - 1)


def rho(update, eps):
    """By bisection on log eta for the largest correct probability, which grows until it turns at most once."""
    def correct(x):
        return np.diag(probabilities(x * update, np.eye(len(update)), np.eye(len(update))))
    grid = np.geomspace(1e-3, 1e7, 4000) / np.abs(update).max()
    for low, high in zip(grid[:-1], grid[1:]):
        if correct(high).max() >= 1 - eps:
            for _ in range(60):
                middle = (low + high) / 2
                low, high = (low, middle) if correct(middle).max() >= 1 - eps else (middle, high)
            return correct(high).min()
    return np.nan


def simulate(t):
    k, a = t["d"], t["label_noise"]
    e = e_tilde = np.eye(k)
    if t["task_basis"] == "coupled":
        e = np.kron(np.eye(k // 3), rotation(1.715, 0.876, 3.098))
        e_tilde = np.kron(np.eye(k // 3), rotation(3.638, 2.949, 5.218))
    p, sizes = frequencies(t)
    target = (1 - a) * np.eye(k) + a / k
    floor = -np.sum(target[:, 0] * np.log(np.where(target[:, 0] > 0, target[:, 0], 1)))
    w, optimizer, found = np.zeros((k, k)), Optimizer(t), {}
    traces = {name: [] for name in ("capacity", "train_loss", "gradient_norm", "gap", "min_probability",
                                    "max_probability")}

    def losses(pi):
        return -np.sum(np.where(target > 0, target * np.log(pi), 0), axis=0)

    pi = probabilities(w, e, e_tilde)
    for step in range(1, t["steps"] + 1):
        g = e_tilde @ ((target - pi) * p) @ e.T
        traces["train_loss"].append(p @ losses(pi))
        traces["gradient_norm"].append(np.linalg.norm(g))
        update = optimizer.update(g, e, e_tilde)
        w = w + eta(t, step) * update
        pi = probabilities(w, e, e_tilde)
        scores = e_tilde.T @ w @ e
        others = scores - np.diag(np.full(k, np.inf))
        traces["capacity"].append(np.sum(np.diag(scores) > others.max(axis=0)))
        traces["gap"].append(p @ losses(pi) - floor)
        traces["min_probability"].append(np.diag(pi).min())
        traces["max_probability"].append(np.diag(pi).max())
    found["group_loss"] = [part.mean() for part in np.split(losses(pi), np.cumsum(sizes)[:-1])]
    found["loss_floor"], found["loss"] = floor, p @ losses(pi)
    found["imbalance"] = np.ptp(np.diag(pi))
    for name, eps in EPS:
        if t["steps"] == 1:
            found[name] = rho(e_tilde.T @ update @ e, eps)
        else:
            after = np.flatnonzero(np.array(traces["max_probability"]) >= 1 - eps)
            found[name] = traces["min_probability"][after[0]] if len(after) else np.nan
    if k > 1:  # without what all outputs share
        task = e_tilde.T @ update @ e
        centered = np.linalg.svd(task - task.mean(axis=0), compute_uv=False)
        found["centered_largest"], found["centered_smallest"] = centered[0], centered[-2]
    for which, matrix in (("update", update), ("weights", w)):
        s = np.linalg.svd(matrix, compute_uv=False)
        q = s[s > 1e-12 * s[0]] ** 2 / np.sum(s**2)
        found[f"{which}_largest"] = s[0]
        found[f"{which}_effective_rank"] = np.exp(-np.sum(q * np.log(q)))
    return found, traces


def check(where, found, expected, tolerance):
    if not np.allclose(found, expected, rtol=tolerance, atol=1e-12, equal_nan=True):
        sys.exit(f"{where}: {found}, not {expected}")


checked = 0
with h5py.File(sys.argv[1]) as store:
    trials = {name: data[:] for name, data in store["trials"].items()}
    traces = {name: data[:] for name, data in store["traces"].items()}
for row in range(len(trials["trial_id"])):
    t = {name: v[row].decode() if isinstance(v[row], bytes) else v[row] for name, v in trials.items()}
    if t["task_basis"] == "haar" and t["optimizer"] in ("signgd", "adam"):
        continue
    found, trace = simulate(t)
    where = " ".join(str(t[name]) for name in ("trial_id", "optimizer", "orthogonalizer", "task_basis", "representation",
                                               "frequencies", "groups", "steps"))
    for name, expected in found.items():
        if name == "group_loss":
            bins = len(expected)  # up to nine groups, so that each has a bin of its own
            row_of_trial = traces[name][row]
            check(f"{where} {name}", row_of_trial[~np.isnan(row_of_trial)][-bins:], expected, 1e-7)
        else:
            check(f"{where} {name}", t[name], expected, 1e-7)
    for name, expected in trace.items():
        check(f"{where} trace {name}", traces[name][row][: t["steps"]], expected, 1e-7)
    checked += 1
print(f"{checked} orthogonal trials agree with NumPy")
