"""check_dump.py DUMP [STORE ID]: checks `memscale replay --dump` against definitions, in NumPy and float64 alone.

Rows are output coordinates: score_ij = u_j . (W v_i). Recomputes the last step's gradient, update and weights, the
recovered items and all that is measured from the dumped embeddings, weights and frequencies (theory: arXiv 2603.26554).
"""
import sys

import h5py
import numpy as np
from definitions import EPS, Polar, Scores, expected_update, predicted_rank, spectrum, text

TRACES = ("capacity", "prefix", "accuracy", "train_loss", "gradient_norm")
ORTHOGONAL_TRACES = ("gap", "min_probability", "max_probability")  # empty for gaussian trials


def check(name, found, expected, tolerance, scale=None):
    """Within `tolerance` of the largest number, or of `scale`; NaN and infinity must stand where they are expected."""
    found, expected = np.atleast_1d(found).astype(float), np.atleast_1d(expected).astype(float)
    finite = np.isfinite(expected)
    if not np.array_equal(found[~finite], expected[~finite], equal_nan=True):
        sys.exit(f"{name}: {found}, not {expected}")
    if not finite.any():
        return
    scale = np.abs(expected[finite]).max() if scale is None else scale
    error = np.abs(found[finite] - expected[finite]).max() / (scale if scale > 0 else 1)
    if not error <= tolerance:
        sys.exit(f"{name}: relative error {error:.3g} is more than {tolerance:.3g}")


def check_threshold(a, seen, kept, before):
    """Of the items seen, those that the rule drops are not in the batch; items at the very threshold may go either way."""
    rule, value = text(a["threshold"]), a["threshold_value"]
    gap = before.own - before.best
    if rule == "argmax":
        dropped, doubtful = gap > 0, before.margin < 1e-12
    elif rule == "margin":
        dropped, doubtful = gap > value, np.abs(gap - value) < 1e-9 * np.abs(before.own)
    elif rule == "probability":
        probability = np.exp(before.own - before.log_sum)
        dropped, doubtful = probability >= value, np.abs(probability - value) < 1e-3
    else:
        rank = np.arange(1, len(gap) + 1)
        last = predicted_rank(a, int(a["steps_done"]) - 1)
        dropped, doubtful = rank <= last, np.abs(rank - last) < 1e-9 * last
    wrong = seen & (kept == dropped) & ~doubtful
    if wrong.any():
        sys.exit(f"threshold {rule}: items {np.flatnonzero(wrong)[:10]} are dropped or kept wrongly")
    return int((seen & dropped).sum())


def check_batch(a, p, q, items, before):
    """The weights q of what the last step saw; returns the dropped items' number."""
    if not np.array_equal(items, np.flatnonzero(q)):
        sys.exit("batch_items are not the items with q > 0")
    thresholded = text(a["gradient"]) == "thresholded" and a["steps_done"] > 1
    if np.isinf(a["batch"]):
        check("q", q[items], p[items], 0)
        if not thresholded and len(items) != len(p):
            sys.exit("the population gradient does not see all items")
        return check_threshold(a, np.ones(len(p), bool), q > 0, before) if thresholded else 0
    counts = q * a["batch"]
    if not np.allclose(counts, np.round(counts), rtol=0, atol=1e-6):
        sys.exit("q are not counts of a batch")
    if thresholded:  # what was drawn and dropped is not in the dump: nothing kept may be droppable
        check_threshold(a, q > 0, q > 0, before)
    elif abs(counts.sum() - a["batch"]) > 1e-6 * a["batch"]:
        sys.exit(f"the batch has {counts.sum()} draws, not {a['batch']}")
    return 0


def check_spectrum(a, which, matrix):
    s = np.linalg.svd(matrix, compute_uv=False)
    for name, expected in spectrum(s).items():
        if name == "smallest":
            check(f"{which}_{name}", a[f"{which}_{name}"], expected, 100 * EPS, s[0])
        elif name == "quartile_ratio" and expected > 1e10:
            pass  # the lower quartile is rounding
        else:
            check(f"{which}_{name}", a[f"{which}_{name}"], expected, 1e-9)


def check_shapes(a, data):
    n, d, steps = int(a["items"]), int(a["d"]), int(a["steps_done"])
    bins = len(data["recall"])
    shapes = dict(u=(n, d), v=(n, d), p=(n,), q=(n,), recovered=(n,), batch_items=(len(data["batch_items"]),))
    shapes.update({name: (d, d) for name in ("weights_before", "gradient", "update", "weights")})
    shapes.update({f"trace_{name}": (steps,) for name in TRACES})
    shapes.update({f"trace_{name}": (0,) for name in ORTHOGONAL_TRACES})
    shapes.update(trace_group_loss=(0, 0), group_loss_step=(0,), group_lo=(0,), group_hi=(0,))
    shapes.update({name: (bins,) for name in ("recall", "recall_rank_lo", "recall_rank_hi")})
    types = dict(u="f4", v="f4", recovered="u1", batch_items="i8", recall="i8", recall_rank_lo="i8", recall_rank_hi="i8")
    types.update(group_loss_step="i8", group_lo="i8", group_hi="i8")
    if set(shapes) != set(data):
        sys.exit(f"arrays {sorted(set(shapes) ^ set(data))} are missing or unknown")
    for name, shape in shapes.items():
        if data[name].shape != shape or data[name].dtype != np.dtype(types.get(name, "f8")):
            sys.exit(f"{name}: {data[name].shape} {data[name].dtype}, not {shape} {types.get(name, 'f8')}")


def check_embeddings(a, u, v, p):
    n, d = u.shape
    ranks = np.arange(1, n + 1, dtype=np.float64) ** -a["alpha"]
    check("p", p, ranks / ranks.sum(), 1e-12)  # pow and a sum of n terms round by a few eps
    # Means and variances of n d normal numbers, within 6 standard errors.
    scale = np.arange(1, d + 1, dtype=np.float64) ** -a["kappa"]
    scale /= scale.sum()
    for name, sample in (("u", u * np.sqrt(d)), ("v", v / np.sqrt(scale))):
        if not abs(sample.mean()) < 6 / np.sqrt(n * d) or not abs(sample.var() - 1) < 6 * np.sqrt(2 / (n * d)):
            sys.exit(f"{name}: mean {sample.mean()}, variance {sample.var()} are not those of normal numbers")


def check_last_step(a, data, u, v, p):
    q, g, update = data["q"], data["gradient"], data["update"]
    steps = int(a["steps_done"])
    before = Scores(data["weights_before"], u, v)
    dropped = check_batch(a, p, q, data["batch_items"], before)
    at_zero = ((u - u.mean(axis=0)) * q[:, None]).T @ v
    thresholded = text(a["gradient"]) == "thresholded" and steps > 1
    if steps == 1:
        check("weights_before", data["weights_before"], np.zeros_like(g), 0)
    if steps == 1 or thresholded:
        check("gradient", g, at_zero, 1e-12)  # sums of n terms round by about sqrt(n) eps of the largest
    else:
        exact = ((u - before.mean_output) * q[:, None]).T @ v
        error = np.linalg.norm(g - exact) / np.linalg.norm(exact)
        if not error < 1e-4:  # scores are float32
            sys.exit(f"gradient: ||error|| / ||G|| = {error:.3g}")
    train_loss = np.nan if thresholded else (q * (before.log_sum - before.own)).sum()
    check("train_loss", data["trace_train_loss"][-1], train_loss, 1e-4)
    check("gradient_norm", data["trace_gradient_norm"][-1], np.linalg.norm(g), 1e-12)

    # Momentum and adam need the gradients before: of two steps, that at W = 0.
    population = np.isinf(a["batch"])
    first = ((u - u.mean(axis=0)) * p[:, None]).T @ v if population else None
    check("first train_loss", data["trace_train_loss"][0], np.log(len(p)), 1e-12)
    if population:
        check("first gradient_norm", data["trace_gradient_norm"][0], np.linalg.norm(first), 1e-12)
    known = population and steps == 2
    direction = g
    if a["momentum"] > 0:
        direction = a["momentum"] * first + g if known else None
    polar = Polar(direction) if direction is not None else None
    expected, tolerance = None, 0
    if polar is not None and (known or text(a["optimizer"]) != "adam"):
        expected, tolerance = expected_update(a, g, first, polar, u, v, p)
    if expected is not None:
        check("update", update, expected, tolerance)
    eta = a["eta"] * (np.sqrt(a["d"]) if text(a["eta_scale"]) == "sqrt-d" else 1)
    growth = a["eta_growth"] * (np.sqrt(a["d"]) if text(a["eta_growth_scale"]) == "sqrt-d" else 1)
    check("weights", data["weights"], data["weights_before"] + eta * growth ** (steps - 1) * update, 1e-14)
    if text(a["spectra_measure"]) == "final":
        check_spectrum(a, "update", update)
        check_spectrum(a, "weights", data["weights"])
        if polar is not None:
            o, norm = polar.factor, np.linalg.norm
            loose = max(1e-9, 100 * a["d"] * polar.condition * EPS)
            check("polar_distance", a["polar_distance"], norm(update - o) / np.sqrt(a["d"]), loose, 1)
            check("polar_cosine", a["polar_cosine"], (update * o).sum() / norm(update) / norm(o), loose, 1)
    return dropped


def check_results(a, data, u, v, p):
    after = Scores(data["weights"], u, v)
    if after.margin.min() < 4 * a["d"] * EPS:
        sys.exit(f"the trial has a tie to rounding ({after.margin.min():.3g}): choose another for this test")
    recovered = (after.own > after.best).astype(np.uint8)
    if not np.array_equal(recovered, data["recovered"]):
        sys.exit(f"recovered: {np.flatnonzero(recovered != data['recovered'])[:10]} differ")
    lost = np.flatnonzero(recovered == 0)
    results = dict(
        capacity=int(recovered.sum()), prefix=int(lost[0]) if len(lost) else len(p), accuracy=p[recovered == 1].sum()
    )
    for name, expected in results.items():
        check(name, a[name], expected, 1e-12)
        check(f"last trace_{name}", data[f"trace_{name}"][-1], expected, 1e-12)
    low, high = data["recall_rank_lo"], data["recall_rank_hi"]
    if low[0] != 1 or high[-1] != len(p) or not np.array_equal(low[1:], high[:-1] + 1):
        sys.exit("the bins of rank do not cover all items once")
    check("recall", data["recall"], [recovered[first - 1 : last].sum() for first, last in zip(low, high)], 0)
    measured = text(a["loss_measure"]) == "exact"
    check("loss", a["loss"], (p * (after.log_sum - after.own)).sum() if measured else np.nan, 1e-4)
    if text(a["status"]) != "ok":
        sys.exit(f"status {text(a['status'])}")


def check_store(path, trial_id, a, data):
    """The stored result of the same trial, bit by bit."""
    with h5py.File(path, "r") as store:
        trials = {name: column[()] for name, column in store["trials"].items()}
        row = list(trials["trial_id"]).index(trial_id.encode())
        traces = {name: store["traces"][name][row] for name in TRACES}
        recall = {name: store["recall"][name][()] for name in store["recall"]}
        for name in TRACES:
            if text(store["traces"][name].attrs["dims"]) != "trial,step":
                sys.exit(f"/traces/{name} has no dims")
    for name in set(trials) & set(a):
        stored, dumped = trials[name][row], a[name]
        if isinstance(stored, bytes):
            same = text(stored) == text(dumped)
        else:
            same = np.array_equal(stored, dumped, equal_nan=True)
        if not same:
            sys.exit(f"stored {name} {stored} is not the replayed {dumped}")
    steps = int(a["steps_done"])
    for name, trace in traces.items():
        if not np.array_equal(trace[:steps], data[f"trace_{name}"], equal_nan=True) or not np.isnan(trace[steps:]).all():
            sys.exit(f"stored trace {name} {trace} is not the replayed {data[f'trace_{name}']}")
    bins = len(data["recall"])
    counts = recall["recovered"][row]
    if not np.array_equal(counts[:bins], data["recall"]) or not (counts[bins:] == -1).all():
        sys.exit(f"stored recall {counts} is not the replayed {data['recall']}")
    if not np.array_equal(recall["rank_lo"][:bins], data["recall_rank_lo"]):
        sys.exit("stored bins of rank are not the replayed ones")


def main():
    path = sys.argv[1]
    with h5py.File(path, "r") as dump:
        data = {name: dump[name][()] for name in dump}
        a = dict(dump.attrs)
    check_shapes(a, data)
    u, v, p = data["u"].astype(np.float64), data["v"].astype(np.float64), data["p"]
    check_embeddings(a, u, v, p)
    dropped = check_last_step(a, data, u, v, p)
    check_results(a, data, u, v, p)
    if len(sys.argv) > 2:
        check_store(sys.argv[2], sys.argv[3], a, data)
    print(
        f"{path}: {text(a['optimizer'])}, step {a['steps_done']}, batch {a['batch']}, {text(a['gradient'])}"
        f" {text(a['threshold'])} ({dropped} dropped), capacity {a['capacity']} of {a['items']} items, checked"
    )


main()
