#!/usr/bin/env bash
# plan and explain before, during and after a run; neither writes anything.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# told ARGUMENT...: memscale, which must succeed; its output goes to told.out.
told() {
  "$bin/memscale" "$@" >told.out 2>told.err || fail "memscale $* ended with status $?: $(cat told.err)"
  [ ! -s told.err ] || fail "memscale $* complains: $(cat told.err)"
}

expect() {
  grep -qE -- "$1" told.out || fail "expected '$1' in: $(cat told.out)"
}

listing() {
  find . -not -name 'told.*' -printf '%p %s %T@\n' | grep -v '^\. ' | sort
}

write_small_job small.cfg
before=$(listing)
told plan small.cfg -o small.h5 --ranks 2 --threads 2
expect "^job: small.cfg, $small_job_trials trials, $small_job_trials to run$"
expect '^core-hours: about .*, estimated from a second.s calibration on this machine$'
expect '^wall time: about 0:00:0[0-9] on 2 ranks of 2 threads$'
expect '^longest trial: about .* s: [0-9a-f]{16} d='
expect '^memory: [0-9.]+ MiB a rank at most .* for a node with 2 ranks; this machine has [0-9.]+ [MGT]iB, '
[ "$(grep -c '^trial: [0-9a-f]* d=' told.out)" -eq 5 ] || fail "not 5 trials: $(cat told.out)"
first=$(sed -n 's/^trial: \([0-9a-f]*\) .*/\1/p;' told.out | head -n 1)
told explain "$first" small.cfg
expect "^trial: $first$"
expect '^parameters: d=16 alpha=1.5 seed=1 optimizer=gd, and model=gaussian items=2000 '
expect '^job: small.cfg$'
expect '^theory: capacity ~ d\^0.333 '
[ "$(listing)" = "$before" ] || fail "plan or explain wrote something: $(listing)"

# What the run then does is what was planned, and its results tell the next plan.
run 0 small.cfg small.h5 --grid.seed 1
expect_counts "16 0 16" "half the job"
before=$(listing)
told plan small.cfg -o small.h5
expect "^job: small.cfg, $small_job_trials trials, 16 in small.h5, 16 to run$"
expect '^core-hours: about .*, from 16 finished trials$'
told explain "${first:0:8}"
expect '^state: done$'
expect '^result: capacity [0-9]+, '
expect '^cost: embeddings .*; expected by 15 other trials: '
expect "^replay: memscale replay $first small.h5$"
eval "$(sed -n 's/^replay: memscale/"$bin\/memscale"/p' told.out)" >/dev/null 2>&1 || fail "the replay line does not work"
told plan small.cfg -o small.h5 --grid.seed 1
expect "^job: small.cfg, 16 trials, 16 in small.h5, 0 to run$"
told plan small.cfg -o small.h5 --train.eta 2
expect '^refused: the store was made with other parameters: train.eta: 1 -> 2'
[ "$(listing)" = "$before" ] || fail "plan or explain wrote something: $(listing)"

# A trial that waits, and one that no rank can hold.
run 0 small.cfg other.h5 --grid.seed 1 --grid.d 16
pid=0
"$bin/memscale" run small.cfg -o waits.h5 --grid.seed 1:4000 >/dev/null 2>run.err &
pid=$!
until "$bin/memscale" status waits.h5 2>/dev/null | grep -qE '^trials: [1-9]'; do sleep 0.05; done
kill -9 "$pid"
wait "$pid" 2>/dev/null || true
told plan small.cfg -o waits.h5 --grid.seed 1:4000
waiting=$(sed -n 's/^trial: \([0-9a-f]*\) .*/\1/p;' told.out | tail -n 2 | head -n 1)
told explain "$waiting" waits.h5
expect '^state: pending.* run again: memscale run small.cfg -o waits.h5 --grid.seed 1:4000$'
expect '^expected: about .* \(from [0-9]+ finished trials\), and [0-9.]+ MiB of memory$'
expect '^bundle: its embeddings .* serve 7 other trials of the job, [0-7] of which '
told plan small.cfg --problem.items 100000000 --grid.d 65536 --grid.optimizer gd
expect '^too large: 0 such ranks fit into this machine'
status=0
"$bin/memscale" run small.cfg -o large.h5 --problem.items 100000000 --grid.d 65536 --grid.optimizer gd >told.out 2>told.err ||
  status=$?
[ "$status" -eq 2 ] && [ "$(wc -l <told.err)" -eq 1 ] && [ ! -e large.h5.journal ] ||
  fail "a run that does not fit: status $status, $(cat told.err)"
grep -q 'needs [0-9]* TiB a rank' told.err || fail "the memory is not named: $(cat told.err)"
echo "plan, explain: before, between and after runs"
