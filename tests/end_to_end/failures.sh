#!/usr/bin/env bash
# Trials that fail, take too long or kill their rank: what each costs its run, and what the store says of it.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
deadly_svd=$2 # a library in which singular value decompositions of some size kill, or are slow

# run_to STATUS RANKS ARGUMENT...: a run of job.cfg to a.h5 that must end so; its messages go to run.err.
run_to() {
  local expected=$1 ranks=$2 status=0
  shift 2
  launch "$ranks" "$bin/memscale" run job.cfg -o a.h5 "$@" >run.out 2>run.err || status=$?
  [ "$status" -eq "$expected" ] || fail "run $* on $ranks ranks: status $status, not $expected: $(cat run.err)"
}

said() { grep -q -- "$1" run.err || fail "not said: $1: $(cat run.err)"; }

# counts OK FAILED PENDING of a.h5
expect_status() {
  local line
  line=$("$bin/memscale" status a.h5 | grep '^trials:')
  [[ $line == "trials: $1 ok, 0 diverged, $2 failed, $3 pending" ]] || fail "expected $*: $line"
}

remove_store() { rm -rf a.h5 a.h5.journal; }

cat >job.cfg <<'JOB'
[grid]
d = 16, 24, 32
optimizer = gd, muon
seed = 1:4
[problem]
items = 500
[measure]
spectra = none
JOB
trials=24 # 12 of them muon, 4 of these at each d
run 0 job.cfg whole.h5

# A trial that kills its rank: the run dies with it, three times; then it is set apart, and all others are complete.
for ranks in 3 0; do
  remove_store
  # Four deadly trials: each run ends with the first of them, and what was at work then is suspected. Where the leading
  # rank dies, those are innocent ones too, which must not be condemned in the end.
  for attempt in $(seq 60); do
    status=0
    LD_PRELOAD=$deadly_svd DEADLY_ROWS=24 OMPI_MCA_orte_execute_quiet=1 \
      launch "$ranks" "$bin/memscale" run job.cfg -o a.h5 >run.out 2>run.err || status=$?
    [ "$status" -gt 1 ] || break
  done
  [ "$status" -eq 1 ] || fail "quarantine on $ranks ranks: status $status after $attempt runs: $(cat run.err)"
  [ "$attempt" -gt 3 ] || fail "quarantine on $ranks ranks came with run $attempt"
  echo "$ranks ranks: four deadly trials were set apart after $attempt runs"
  expect_status $((trials - 4)) 4 0
  "$bin/memscale" status a.h5 | grep -q 'quarantined: its rank died 3 times while it ran' ||
    fail "the quarantine is not told: $("$bin/memscale" status a.h5)"
  expect_complete a.h5
  # They stay apart until more deaths are allowed, or the records are removed.
  run_to 1 "$ranks"
  said "$trials trials, $trials already stored, 0 to run"
  cp a.h5 apart.h5
  run_to 0 "$ranks" --quarantine 4
  said "20 already stored, 4 to run"
  expect_same_trials whole.h5 a.h5
  cp apart.h5 a.h5
  "$bin/memscale" prune a.h5 --failed >/dev/null
  run_to 0 "$ranks"
  expect_same_trials whole.h5 a.h5
done

# Whoever ends a run in the usual ways, nobody is to blame.
cat >long.cfg <<'JOB'
[grid]
d = 64
optimizer = gd, muon
seed = 1:2
[problem]
items = 20000
[train]
steps = 1000
JOB
for how in TERM INT HUP ranks; do
  mpirun -n 3 "$bin/memscale" run long.cfg -o "$how.h5" >run.out 2>run.err &
  pid=$!
  for _ in $(seq 200); do
    if [ "$(grep -c '^here' "$how.h5.journal/attempts" 2>/dev/null)" = 3 ]; then break; fi
    sleep 0.05
  done
  if [ "$how" = ranks ]; then
    # shellcheck disable=SC2046
    kill -TERM $(pgrep -P "$pid" memscale)
  else
    kill -s "$how" "$pid"
  fi
  wait "$pid" || true
  timeout 60 "$bin/memscale" run long.cfg -o "$how.h5" --walltime 2s --grace 1.9s >run.out 2>run.err || true
  grep -q '^at-work' "$how.h5.journal/attempts" || fail "$how: there is no log of who was at work"
  ! grep '^deaths' "$how.h5.journal/attempts" || fail "$how blames trials (see above)"
done

# Too long: the trial fails, the others do not care; a longer time mends it.
for ranks in 0 2; do
  remove_store
  LD_PRELOAD=$deadly_svd SLOW_ROWS=32 run_to 1 "$ranks" --trial-timeout 0.2s
  expect_status $((trials - 4)) 4 0
  "$bin/memscale" status a.h5 | grep -q 'timed out after 0.2 s (--trial-timeout)' || fail "the timeout is not told"
  run_to 0 "$ranks"
  expect_same_trials whole.h5 a.h5
done

# What failures do to a run: one ends it, or so many do, or each is tried again first.
slow=(env "LD_PRELOAD=$deadly_svd" SLOW_ROWS=32)
bin_memscale() { "${slow[@]}" "$bin/memscale" run job.cfg -o a.h5 --trial-timeout 0.2s "$@" >run.out 2>run.err; }
remove_store
status=0
bin_memscale --on-error abort || status=$?
[ "$status" -eq 1 ] || fail "on-error abort: status $status: $(cat run.err)"
said 'a trial failed (on-error = abort)'
"$bin/memscale" status a.h5 | grep -qE ' [12] failed, [1-9][0-9]* pending' ||
  fail "on-error abort: $("$bin/memscale" status a.h5)"
remove_store
status=0
bin_memscale --max-fails 3 || status=$?
[ "$status" -eq 1 ] || fail "max-fails: status $status: $(cat run.err)"
"$bin/memscale" status a.h5 | grep -qE ' [34] failed' || fail "max-fails: $("$bin/memscale" status a.h5)"
remove_store
status=0
started=$SECONDS
bin_memscale --retry 2 --run.on-error continue || status=$?
[ "$status" -eq 1 ] || fail "retry: status $status: $(cat run.err)"
expect_status $((trials - 4)) 4 0
[ $((SECONDS - started)) -ge 2 ] || fail "four trials of a quarter of a second were not tried three times each"
grep -q '^24 trials: 20 ok, 0 diverged, 4 failed; 24 run' run.out || fail "retries count as trials: $(cat run.out)"

# Out of memory is that trial's failure, not the run's.
remove_store
status=0
(
  ulimit -v 1500000
  exec "$bin/memscale" run job.cfg -o a.h5 --problem.items 1000,4000000 --grid.d 64 --grid.seed 1 \
    --grid.optimizer gd >run.out 2>run.err
) || status=$?
[ "$status" -eq 1 ] || fail "out of memory: status $status: $(cat run.err)"
expect_status 1 1 0
"$bin/memscale" status a.h5 | grep -q 'out of memory' || fail "out of memory is not told: $("$bin/memscale" status a.h5)"

# Where divide and conquer does not converge, QR iteration finds the same; where neither does, the trial has failed.
remove_store
run_to 0 0 --measure.spectra final
mv a.h5 plain.h5
LD_PRELOAD=$deadly_svd STUBBORN_ROWS=24 run_to 0 0 --measure.spectra final
"$python" - <<'PYTHON' || fail "QR iteration finds something else"
import h5py, numpy as np
with h5py.File("plain.h5") as plain, h5py.File("a.h5") as qr:
    for name in ("capacity", "update_effective_rank", "update_largest", "weights_entropy", "polar_cosine"):
        assert np.allclose(plain["trials"][name], qr["trials"][name], rtol=1e-9, atol=0, equal_nan=True), name
PYTHON
remove_store
LD_PRELOAD=$deadly_svd STUBBORN_ROWS=24 HOPELESS_ROWS=24 run_to 1 0 --measure.spectra final
expect_status $((trials - 8)) 8 0
said 'the singular value decomposition did not converge (info 1)'

# A trial too big for any rank here is refused before anything is written.
remove_store
run_to 2 2 --problem.items 100000000 --grid.d 8192
said 'GiB'
[ ! -e a.h5 ] && [ ! -e a.h5.journal ] || fail "a refused run wrote something"
echo "failures: quarantine, timeouts, on-error, max-fails, retry, memory, decompositions"
