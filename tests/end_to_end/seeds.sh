#!/usr/bin/env bash
# Rounds of seeds until every interval is narrow enough: the same trials on any number of ranks, in one go or in pieces;
# what they add up to is what the fit says; targets out of reach end; bad input writes nothing.
. "$(dirname "${BASH_SOURCE[0]}")/fault.sh"

cat >job.cfg <<'JOB'
[grid]
d = 16, 32, 48
alpha = 1.5, 2
optimizer = gd, muon
seed = 1:2
[problem]
items = 6000
JOB
target=(--target-ci C=0.22)

# rounds_of: what the last run says of its rounds, whatever was stored before.
rounds_of() { sed -nE 's/, [0-9]+ of them stored$//; s/^memscale: (round [0-9]+: .*|target .*|[0-9]+ trials, .* added .*)$/\1/p' run.err; }

run 0 job.cfg whole.h5 "${target[@]}"
expect_complete whole.h5
rounds_of >rounds
grep -q '^target met after [0-9]* rounds: C +-0.22$' rounds || fail "the target is not met: $(cat run.err)"
[ "$(grep -c '^round [0-9]*: ' rounds)" -ge 3 ] || fail "fewer rounds than the test needs: $(cat rounds)"
for ranks in 1 2 3; do
  run "$ranks" job.cfg "ranks-$ranks.h5" "${target[@]}"
  expect_complete "ranks-$ranks.h5"
  cmp -s rounds <(rounds_of) || fail "other rounds on $ranks ranks: $(diff rounds <(rounds_of))"
done
expect_same_but_cost whole.h5 ranks-*.h5

# Again: nothing to run, the rounds are the same, and the store is not touched.
cp -p whole.h5 before.h5
run 2 job.cfg whole.h5 "${target[@]}"
grep -q 'nothing to run' run.err || fail "a complete store is run again: $(cat run.err)"
cmp -s rounds <(rounds_of) || fail "other rounds of a complete store: $(diff rounds <(rounds_of))"
cmp -s whole.h5 before.h5 || fail "a run of nothing changed the store"
"$bin/memscale" status whole.h5 --check >look.out || fail "status --check of a complete store: $? $(cat look.out)"

# The fit finds the intervals that the rounds ended with.
"$bin/memscale-fit" whole.h5 >fit.out 2>fit.err || fail "memscale-fit: $(cat fit.err)"
"$python" - whole.fit/fits.csv <<'PYTHON' || fail "the fit's intervals are wider than the target"
import csv, sys
rows = [row for row in csv.DictReader(open(sys.argv[1])) if row["key"] == "capacity-d"]
widths = [(float(row["high"]) - float(row["low"])) / 2 for row in rows]
sys.exit(len(rows) != 4 or max(widths) > 0.22)
PYTHON

# cut RANKS STORE ROUND SIGNAL: a run that gets the signal a moment after a round has begun.
cut() {
  local ranks=$1 store=$2 round=$3 signal=$4
  begin "$ranks" run job.cfg -o "$store" "${target[@]}"
  until grep -q "round $round: " run.err || [ ! -d "/proc/$session" ]; do sleep 0.005; done
  sleep "$(random_seconds 0 60)"
  if [ "$signal" = KILL ]; then kill_session "$session"; else kill -"$signal" "$session" 2>/dev/null || true; fi
  end_of_session
  expect_gone 10
}
pieces=0
for ranks in 0 2 3; do
  for round in 1 3; do
    for signal in KILL USR1; do
      cut "$ranks" "cut-$ranks.h5" "$round" "$signal"
      if [ "$signal" = USR1 ]; then
        [ "$status" -eq 75 ] || [ "$status" -eq 0 ] || fail "USR1 on $ranks ranks: status $status: $(cat run.err)"
      fi
      [ -e "cut-$ranks.h5.journal" ] || continue  # it was quicker
      pieces=$((pieces + 1))
      status=0
      "$bin/memscale" status "cut-$ranks.h5" --check >look.out 2>/dev/null || status=$?
      [ "$status" -eq 75 ] || fail "a run cut in a round passes for complete: status $status: $(cat look.out)"
    done
  done
  run 2 job.cfg "cut-$ranks.h5" "${target[@]}"
  expect_complete "cut-$ranks.h5"
  cmp -s rounds <(rounds_of) || fail "other rounds in pieces: $(diff rounds <(rounds_of))"
done
[ "$pieces" -ge 4 ] || fail "only $pieces runs were cut"
expect_same_but_cost whole.h5 cut-*.h5

# By the time limit.
status=75
for ((pieces = 1; status == 75; ++pieces)); do
  [ "$pieces" -le 60 ] || fail "no end after $pieces pieces: $(cat run.err)"
  status=0
  "$bin/memscale" run job.cfg -o limited.h5 "${target[@]}" --walltime 0.5s --grace 0.2s >run.out 2>run.err || status=$?
done
[ "$status" -eq 0 ] || fail "pieces by the time limit: status $status: $(cat run.err)"
expect_same_but_cost whole.h5 limited.h5

# Seeds that another job has run are taken where a round wants them, and change no decision.
run 2 job.cfg others.h5 --grid.seed 1:9 --grid.d 16,48
run 2 job.cfg others.h5 "${target[@]}"
cmp -s rounds <(rounds_of) || fail "seeds of another job change the rounds: $(diff rounds <(rounds_of))"
# Pruned seeds come back; the store is the union of its parts.
"$bin/memscale" prune whole.h5 --where seed=3,4 >prune.out 2>&1 || fail "prune: $(cat prune.out)"
run 2 job.cfg whole.h5 "${target[@]}"
expect_same_but_cost before.h5 whole.h5
"$bin/memscale" merge whole.h5 ranks-2.h5 -o merged.h5 >merge.out 2>&1 || fail "merge: $(cat merge.out)"
expect_same_trials whole.h5 merged.h5
"$bin/memscale" verify whole.h5 --sample 5 >verify.out 2>&1 || fail "verify: $(cat verify.out)"
trials=$(sed -nE 's/^([0-9]+) trials, .* added .*$/\1/p' rounds)
[ "$("$bin/memscale" export whole.h5 --csv | wc -l)" -eq $((trials + 1)) ] || fail "export: not $trials trials"

# Another target, or none, is no other job.
run 2 job.cfg whole.h5
run 2 job.cfg whole.h5 --target-ci C=0.2,c2=1
[ "$("$bin/memscale" status whole.h5 --json | grep -c '"jobs": 1,')" -eq 1 ] || fail "targets make other jobs"

# One seed; a target out of reach ends at the most seeds; plan tells how many that can be.
"$bin/memscale" plan job.cfg "${target[@]}" --max-seeds 9 --grid.seed 5 >plan.out || fail "plan: status $?"
grep -q '^rounds: may add up to 96 trials, up to 9 seeds a cell' plan.out || fail "plan: $(cat plan.out)"
run 3 job.cfg far.h5 --target-ci C=1e-6 --max-seeds 9 --grid.seed 5
grep -q 'round 1: 4 of 4 intervals are wider than the target, widest .*: no interval; 12 trials more' run.err ||
  fail "one seed: $(cat run.err)"
grep -q 'target missed after [0-9]* rounds: 4 of 4 intervals, with at most 9 seeds a cell: C of ' run.err ||
  fail "what cannot be met is not told: $(cat run.err)"
grep -q ' added by rounds; even 9 seeds of every cell would not do' run.err || fail "uniform: $(cat run.err)"

# Failures that stay do not stop the rounds, nor go on for ever.
status=0
"$bin/memscale" run job.cfg -o failing.h5 --target-ci C=0.3 --max-seeds 6 --grid.optimizer gd,newton --problem.items 40 \
  >run.out 2>run.err || status=$?
[ "$status" -eq 1 ] || fail "newton without enough items: status $status: $(cat run.err)"
grep -q 'target m[ei][ts]' run.err || fail "no end of the rounds: $(cat run.err)"

# refused MESSAGE FLAG...
refused() {
  local message=$1 status=0
  shift
  "$bin/memscale" run job.cfg -o bad.h5 "$@" >bad.out 2>bad.err || status=$?
  [ "$status" -eq 2 ] || fail "$*: exit status $status, not 2: $(cat bad.err)"
  [ "$(wc -l <bad.err)" -eq 1 ] || fail "$*: not one line: $(cat bad.err)"
  grep -qF -- "$message" bad.err || fail "$*: expected '$message' in: $(cat bad.err)"
  [ ! -e bad.h5 ] && [ ! -e bad.h5.journal ] && [ ! -s bad.out ] || fail "$* wrote something"
}
refused 'invalid target-ci=D=1 (must be none, or positive half-widths of' --target-ci D=1
refused 'invalid target-ci=C=nan (must be' --target-ci C=nan
refused 'invalid target-ci=C=-1 (must be' --target-ci=C=-1
refused 'invalid max-seeds=1 (must be a whole number between 2 and 1000000)' --target-ci C=1 --max-seeds 1
refused 'invalid max-seeds=8 (must come with a target-ci)' --max-seeds 8
refused 'invalid target-ci=C=0.1 (needs two values of d in the job' --target-ci C=0.1 --grid.d 16
refused 'invalid target-ci=c2=0.1 (needs two values of alpha in the job' --target-ci c2=0.1 --grid.alpha 2
echo "seeds: the same rounds on all ranks, in pieces and beside other seeds"
