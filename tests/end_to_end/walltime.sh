#!/usr/bin/env bash
# Runs that must end in time: nothing starts that cannot end, long trials go on from their checkpoints, and what comes
# out in the end is what an undisturbed run gives.
. "$(dirname "${BASH_SOURCE[0]}")/fault.sh"

cat >job.cfg <<'JOB'
[grid]
d = 32, 48
alpha = 1.5, 2
optimizer = muon, adam
seed = 1:2
[problem]
items = 4000
[train]
steps = 60
eta = 2
[muon]
momentum = 0.9
JOB
run 2 job.cfg whole.h5

# run_again STORE ARGUMENT...: one run in the series; sets `status`.
run_again() {
  local store=$1 ranks=$2
  shift 2
  status=0
  launch "$ranks" "$bin/memscale" run job.cfg -o "$store" "$@" >run.out 2>run.err || status=$?
  [ "$status" -eq 0 ] || [ "$status" -eq 75 ] || fail "run of $store: status $status: $(cat run.err)"
}

# Cut by the time limit again and again, each piece shorter than the whole.
for ranks in 0 3; do
  pieces=0
  status=75
  while [ "$status" -eq 75 ]; do
    run_again "pieces-$ranks.h5" "$ranks" --walltime 3s --grace 1s
    pieces=$((pieces + 1))
    [ "$pieces" -le 60 ] || fail "no end after $pieces pieces: $(cat run.err)"
  done
  expect_complete "pieces-$ranks.h5"
  expect_same_trials whole.h5 "pieces-$ranks.h5"
  [ "$pieces" -gt 1 ] || fail "the time limit cut nothing"
done

# The same by signals, on ranks that share trials: checkpoints from one number of ranks go on with another.
for ranks in 1 2 3 5; do
  for round in 1 2 3; do
    begin "$ranks" run job.cfg -o shared.h5 --ranks-per-trial "$ranks"
    for ((rank = 0; rank < ranks; ++rank)); do
      if ! wait_for_rank "$rank"; then
        [ "$rank" -gt 0 ] || fail "no rank came up: $(cat run.err)"
        break # it was over before
      fi
      until handles_signals "$found" || [ ! -d "/proc/$session" ]; do sleep 0.02; done
    done
    sleep "$(random_seconds 100 400)"
    kill -USR1 "$session" 2>/dev/null || true
    end_of_session
    expect_gone 5
    [ "$status" -eq 0 ] || [ "$status" -eq 75 ] || fail "USR1 on $ranks ranks: status $status: $(cat run.err)"
  done
done
run_again shared.h5 2 --ranks-per-trial 2
[ "$status" -eq 0 ] || fail "the last run: status $status: $(cat run.err)"
expect_complete shared.h5
expect_same_trials whole.h5 shared.h5

# A first signal waits for the step at hand, a second one does not wait.
cat >long.cfg <<'JOB'
[grid]
d = 256
optimizer = gd
[problem]
items = 200000
[train]
steps = 20
JOB
begin 0 run long.cfg -o long.h5
until handles_signals "$session"; do sleep 0.02; done
sleep 1
kill -INT "$session"
for _ in $(seq 100); do
  if grep -q 'waiting for those at work' run.err; then break; fi
  sleep 0.05
done
grep -q 'waiting for those at work' run.err || fail "the first signal is not answered: $(cat run.err)"
kill -INT "$session"
before=$(now_milliseconds)
end_of_session
[ "$status" -eq 75 ] || fail "a second signal: status $status: $(cat run.err)"
[ $(($(now_milliseconds) - before)) -lt 5000 ] || fail "the second signal had to wait"
grep -q '^left 0$' long.h5.journal/attempts || fail "who left at a second signal would be blamed"

# A limit that no trial can meet, known from trials that were run, is an error, not a reason to submit again for ever.
cat >steps.cfg <<'JOB'
[grid]
d = 256
optimizer = muon
seed = 1:3
[problem]
items = 60000
JOB
run 0 steps.cfg none.h5 --grid.seed 1
status=0
"$bin/memscale" run steps.cfg -o none.h5 --walltime 0.3s --grace 0.25s >run.out 2>run.err || status=$?
[ "$status" -eq 1 ] || fail "a limit that nothing fits into: status $status: $(cat run.err)"
grep -q 'none of which can be begun within the time limit' run.err || fail "it is not said: $(cat run.err)"

status=0
"$bin/memscale" run steps.cfg -o other.h5 --walltime slurm >run.out 2>run.err || status=$?
[ "$status" -eq 2 ] || fail "walltime slurm outside SLURM: status $status"
[ ! -e other.h5.journal ] || fail "bad input wrote something"
SLURM_JOB_END_TIME=$(($(date +%s) + 3600)) "$bin/memscale" run steps.cfg -o other.h5 --walltime slurm >run.out 2>run.err ||
  fail "walltime slurm: status $?: $(cat run.err)"
echo "walltime: pieces, signals, checkpoints of shared trials"
