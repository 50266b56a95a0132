#!/usr/bin/env bash
# merge, prune, export, verify and status on stores that runs have made, one of which is still at work.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# verb ARGUMENT...: memscale, which must succeed; its output goes to verb.out.
verb() {
  "$bin/memscale" "$@" >verb.out 2>verb.err || fail "memscale $* ended with status $?: $(cat verb.err)"
}

# refused MESSAGE ARGUMENT...: memscale says MESSAGE in its one line and ends with status 2.
refused() {
  local message=$1 status=0
  shift
  "$bin/memscale" "$@" >verb.out 2>verb.err || status=$?
  [ "$status" -eq 2 ] || fail "memscale $*: exit status $status, not 2: $(cat verb.err)"
  [ "$(wc -l <verb.err)" -eq 1 ] || fail "memscale $*: not one line: $(cat verb.err)"
  grep -qF -- "$message" verb.err || fail "memscale $*: expected '$message' in: $(cat verb.err)"
  [ ! -s verb.out ] || fail "memscale $*: stdout is not empty"
}

expect_line() {
  [ "$(tail -n 1 verb.out)" = "$1" ] || fail "expected '$1', found: $(cat verb.out)"
}

listing() {
  find . -not -name 'verb.*' -printf '%p %s %T@\n' | grep -v '^\. ' | sort
}

cat >job.cfg <<'JOB'
[grid]
d = 16, 32
alpha = 1.5, 2
batch = 500, inf
optimizer = gd, muon
seed = 1:4
[problem]
items = 2000
[train]
steps = 4
eta = sqrt(d)
JOB
trials=64
run 2 job.cfg whole.h5

# Two halves that overlap, merged in either order, are the whole.
run 2 job.cfg a.h5 --grid.seed 1:3
run 0 job.cfg b.h5 --grid.seed 3,4
verb merge a.h5 b.h5 -o ab.h5
expect_line "merged 2 stores: $trials trials (48 + 32, 16 in both)"
verb merge b.h5 a.h5 -o ba.h5
expect_same_trials whole.h5 ab.h5
expect_same_trials whole.h5 ba.h5
run 0 job.cfg ab.h5
expect_counts "$trials $trials 0" "a run on the merged store"
before=$(listing)
refused "exists" merge a.h5 b.h5 -o ab.h5
refused "does not exist" merge a.h5 none.h5 -o c.h5
[ "$(listing)" = "$before" ] || fail "a refused merge wrote something"

# Under mpirun one rank does it.
launch 3 "$bin/memscale" merge a.h5 -o copy.h5 >verb.out 2>verb.err || fail "merge on 3 ranks ended with status $?"
expect_line "merged 1 store: 48 trials"
[ "$(wc -l <verb.out)" -eq 1 ] || fail "merge on 3 ranks: $(cat verb.out)"

# Other parameters are refused, or recorded.
run 0 job.cfg other.h5 --train.steps 3 --grid.seed 1
refused "train.steps: 4 -> 3" merge a.h5 other.h5 -o forced.h5
[ ! -e forced.h5 ] && [ ! -e forced.h5.journal ] || fail "a refused merge wrote something"
verb merge a.h5 other.h5 -o forced.h5 --force
expect_line "merged 2 stores: 64 trials (48 + 16, 0 in both)"
verb export forced.h5 --csv --table jobs
grep -q "train.steps: 4 -> 3" verb.out || fail "the difference is not recorded: $(cat verb.out)"

# What is pruned and run again is as it was, byte for byte but for its costs.
verb prune ab.h5 --where d=16 --where batch=5e2 --dry-run
expect_line "would prune 16 of $trials trials (16 ok)"
verb prune ab.h5 --where d=16 --where batch=5e2
expect_line "pruned 16 of $trials trials (16 ok)"
run 2 job.cfg ab.h5
expect_counts "$trials 48 16" "a run after prune"
expect_same_trials whole.h5 ab.h5
cp -p ab.h5 kept.h5
verb prune ab.h5 --failed
expect_line "nothing to prune: none of $trials trials matches"
cmp -s ab.h5 kept.h5 || fail "prune of nothing changed the store"
refused "unknown field alhpa (did you mean alpha?)" prune ab.h5 --where alhpa=2
refused "must be one of gd, muon" prune ab.h5 --where optimizer=sgd
refused "missing --failed, --diverged or --where" prune ab.h5

# Every table reads back in pandas.
if "$python" -c 'import pandas' 2>/dev/null; then
  mkdir tables
  for table in trials traces recall groups cost failures jobs; do
    verb export whole.h5 --csv --table $table -o tables/$table.csv
    "$bin/memscale" export whole.h5 --csv --table $table | cmp - tables/$table.csv || fail "$table differs on stdout"
  done
  "$python" "$here/check_export.py" whole.h5 tables || fail "the exported tables are wrong"
  [ "$(ls -A tables | wc -l)" -eq 7 ] || fail "export left something: $(ls -A tables)"
fi
echo mine >mine.csv
refused "exists" export whole.h5 --csv -o mine.csv
[ "$(cat mine.csv)" = mine ] || fail "export overwrote a file"
refused "missing --csv" export whole.h5
refused "must be one of trials, traces" export whole.h5 --csv --table trails
status=0
"$bin/memscale" export whole.h5 --csv --table recall >/dev/full 2>verb.err || status=$?
[ "$status" -eq 1 ] && [ "$(wc -l <verb.err)" -eq 1 ] || fail "a full disk: status $status, $(cat verb.err)"
grep -q "No space left" verb.err || fail "a full disk is not named: $(cat verb.err)"
# A reader that leaves, by SIGPIPE and without.
set +o pipefail
for trap in '' 'trap "" PIPE'; do
  (
    eval "$trap"
    "$bin/memscale" export whole.h5 --csv --table recall 2>pipe.err
    echo $? >pipe.status
  ) | head -n 1 >/dev/null
  case $(cat pipe.status) in 0 | 141) ;; *) fail "a closed pipe: status $(cat pipe.status)" ;; esac
  [ ! -s pipe.err ] || fail "a closed pipe is complained about: $(cat pipe.err)"
done
set -o pipefail

# What was computed here is computed so again.
verb verify ab.h5 --sample 20 --seed 7
expect_line "verified 20 of $trials trials: all the same"
verb verify forced.h5 --sample 0
expect_line "verified 0 of 64 trials: none run again"
head -c 3000 whole.h5 >cut.h5
refused "cut.h5" verify cut.h5
refused "cut.h5" status cut.h5
refused "does not exist" status none.h5

# field NAME: of the line "trials: 12 ok, 0 diverged, 0 failed, 20 pending".
field() {
  sed -nE "s/^trials: (.*, )?([0-9]+) $1(,.*)?\$/\2/p" verb.out
}

# status during a run disturbs nothing, and what it says only grows.
cat >long.cfg <<'JOB'
[grid]
d = 24, 32
alpha = 1.5, 2
optimizer = gd, muon
seed = 1:60
[problem]
items = 6000
JOB
run 0 long.cfg undisturbed.h5
for ranks in 0 2; do
  rm -f live.h5
  launch "$ranks" "$bin/memscale" run long.cfg -o live.h5 >run.out 2>run.err &
  runner=$!
  last=0 looks=0 at_work=0
  while kill -0 "$runner" 2>/dev/null; do
    if ! "$bin/memscale" status live.h5 >verb.out 2>verb.err; then
      # Not there yet.
      grep -q "does not exist" verb.err && [ "$last" -eq 0 ] || fail "status during a run: $(cat verb.err)"
      continue
    fi
    now=$(field ok)
    [ "$now" -ge "$last" ] || fail "status went from $last to $now"
    [ "$now" -eq 0 ] || [ $((now + $(field pending))) -eq 480 ] || fail "not 480 trials: $(cat verb.out)"
    if grep -q '^run: at work: process [0-9]* on [^ ]*, since ....-..-..T' verb.out; then at_work=$((at_work + 1)); fi
    last=$now looks=$((looks + 1))
  done
  wait "$runner" || fail "the run that was looked at ended with status $?: $(cat run.err)"
  [ "$at_work" -gt 0 ] || fail "in $looks looks the run was never seen at work"
  expect_complete live.h5
  expect_same_trials undisturbed.h5 live.h5
  verb status live.h5
  [ "$(field ok) $(field pending)" = "480 0" ] || fail "a complete store: $(cat verb.out)"
  grep -qx "run: none" verb.out || fail "a complete store is at work: $(cat verb.out)"
done

# A run that was killed: what it kept is there for all verbs.
"$bin/memscale" run long.cfg -o killed.h5 >run.out 2>run.err &
runner=$!
until "$bin/memscale" status killed.h5 >verb.out 2>/dev/null && [ "$(field ok)" -gt 20 ]; do sleep 0.01; done
refused "is in use by another run" prune killed.h5 --where d=24
kill -9 "$runner"
wait "$runner" 2>/dev/null || true
verb status killed.h5
kept=$(field ok)
[ "$kept" -gt 20 ] && [ "$kept" -lt 480 ] || fail "$kept of 480 trials kept by a killed run"
grep -q "^run: none (the last, process $runner on .*, left a journal)" verb.out || fail "a dead run: $(cat verb.out)"
verb merge killed.h5 -o rescued.h5
expect_line "merged 1 store: $kept trials"
verb verify killed.h5 --sample 5
verb prune killed.h5 --where optimizer=gd
expect_complete killed.h5
run 2 long.cfg killed.h5
expect_same_trials undisturbed.h5 killed.h5
run 0 long.cfg rescued.h5
expect_same_trials undisturbed.h5 rescued.h5
echo "verbs: merge, prune, export, verify, status; $kept trials rescued"
