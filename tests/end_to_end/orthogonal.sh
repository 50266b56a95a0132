#!/usr/bin/env bash
# Orthogonal memories: every trial agrees with an independent NumPy simulation in raw coordinates; one rank, several, and
# ranks that share trials give the same bytes; a killed run goes on; bad input is refused in a line.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

cat >several.cfg <<'JOB'
[problem]
model = orthogonal
groups = 4
label-noise = 0, 0.2
representation = auto, dense
[grid]
d = 24
alpha = 1.5
optimizer = gd, ngd, signgd, tra-signgd, adam, muon
task-basis = identity, coupled, haar
[train]
steps = 6
eta = 0.7, 3*log(d)/steps
[adam]
eta = 0.3
[muon]
orthogonalizer = svd, regularized, newton-schulz
lambda = 1e-3
momentum = 0, 0.5
JOB
# adam has no first step of its own
sed 's/, adam//; s/^steps = .*/steps = 1/; s/^groups = .*/frequencies = two-groups/' several.cfg >one.cfg

for job in several one; do
  run 0 $job.cfg $job.h5
  "$python" "$here/orthogonal_reference.py" $job.h5 || fail "$job.cfg differs from the reference"
  for ranks in 1 2 3; do
    run "$ranks" $job.cfg $job.$ranks.h5
    expect_same_but_cost $job.h5 $job.$ranks.h5
  done
  run 3 $job.cfg $job.shared.h5 --ranks-per-trial 2
  expect_same_but_cost $job.h5 $job.shared.h5
done

# Both models in one store, and a replay with its dump.
write_small_job small.cfg
run 2 small.cfg several.h5 --force
expect_complete several.h5
id=$("$python" - <<'PYTHON'
import h5py
with h5py.File("several.h5") as store:
    trials = store["trials"]
    print(next(i.decode() for i, m, r in zip(trials["trial_id"], trials["model"], trials["representation"])
               if m == b"orthogonal" and r == b"dense"))
PYTHON
)
"$bin/memscale" replay "$id" several.h5 --dump dump.h5 >replay.out 2>replay.err || fail "replay: $(cat replay.err)"
grep -q "the same result as stored" replay.err || fail "replay does not agree: $(cat replay.err)"
"$python" - <<'PYTHON' || fail "the dump has not what it should"
import h5py, numpy as np
with h5py.File("dump.h5") as dump:
    assert "u" not in dump and dump["weights"].shape == (24, 24) and len(dump["recovered"]) == 24
    steps = dump.attrs["steps_done"]
    assert len(dump["trace_gap"]) == steps and np.isclose(dump["trace_gap"][-1], dump.attrs["gap"])
PYTHON
"$bin/memscale" explain "$id" several.h5 >explain.out || fail "explain: $(cat explain.out)"
"$bin/memscale" verify several.h5 --sample 5 >verify.out 2>&1 || fail "verify: $(cat verify.out)"

# A killed run goes on to the same bytes, long trials from their checkpoints.
cat >long.cfg <<'JOB'
[problem]
model = orthogonal
groups = 60
label-noise = 0.1
[grid]
d = 120
alpha = 2
optimizer = muon
[train]
steps = 400, 800
eta = log(d)/steps
JOB
run 0 long.cfg long.h5
for attempt in $(seq 40); do
  "$bin/memscale" run long.cfg -o killed.h5 --checkpoint 0.05s >killed.out 2>&1 &
  pid=$!
  sleep "0.$((attempt % 5 + 2))"
  kill -KILL $pid 2>/dev/null || true
  status=0
  wait $pid || status=$?
  [ "$status" -ne 0 ] || break
done
run 0 long.cfg killed.h5
expect_same_but_cost long.h5 killed.h5

# Bad input: one line, on one rank, exit status 2, nothing written.
refuse() {
  local message=$1 status=0
  shift
  launch 2 "$bin/memscale" run one.cfg -o refused.h5 "$@" >refused.out 2>refused.err || status=$?
  [ "$status" -eq 2 ] || fail "$*: exit status $status, not 2: $(cat refused.err)"
  [ "$(wc -l <refused.err)" -eq 1 ] || fail "$*: not one line: $(cat refused.err)"
  grep -qF -- "$message" refused.err || fail "$*: expected '$message' in: $(cat refused.err)"
  [ ! -e refused.h5 ] && [ ! -e refused.h5.journal ] || fail "$* wrote a store"
}
refuse "invalid d=25 (must be a multiple of 3 for the coupled task basis)" --grid.d 25
refuse "invalid d=1 (must be at least 2 for frequencies = two-groups)" --grid.d 1
refuse "invalid groups=5 (must divide d=24, or be each: every item its own group)" --problem.frequencies zipf --problem.groups 5
refuse "invalid head-mass=1 (must be between 0 and 1, both excluded)" --problem.head-mass 1
refuse "invalid label-noise=1 (must be from 0 to below 1)" --problem.label-noise 1
refuse "invalid batch=100 (must be inf for model = orthogonal)" --grid.batch 100
refuse "invalid optimizer=newton" --grid.optimizer newton
refuse "invalid problem.items=24 (must not be given for model = orthogonal: its items are grid.d)" --problem.items 24
refuse "invalid representation=reduced" --problem.representation reduced --grid.optimizer signgd
refuse "invalid task-basis=euler" --grid.task-basis euler
echo "orthogonal: $(counts_of_run) trials of the last run"
