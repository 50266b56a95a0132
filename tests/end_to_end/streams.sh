#!/usr/bin/env bash
# Standard streams that are closed or full: no message ever reaches the store, and lost output is an error.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

write_small_job job.cfg
run 0 job.cfg expected.h5

"$bin/memscale" run job.cfg -o closed.h5 <&- >&- 2>&- || fail "a run without streams ended with status $?"
expect_same_trials expected.h5 closed.h5
expect_complete closed.h5

# The journal of a run that is killed before its end, messages included, reads back whole.
"$bin/memscale" run job.cfg -o killed.h5 --grid.seed 1:4000 <&- >&- 2>&- &
pid=$!
sleep 3
kill -USR1 "$pid" # says that it waits
kill -KILL "$pid"
wait "$pid" || true
"$bin/memscale" run job.cfg -o killed.h5 >run.out 2>run.err || fail "the rerun ended with status $?"
if grep -q 'not whole records' run.err; then fail "something else stood in the journal: $(cat run.err)"; fi
"$bin/memscale-fit" killed.h5 -o killed.fit >fit.out || fail "memscale-fit ended with status $?"

[ -w /dev/full ] || exit 0
status=0
"$bin/memscale" run job.cfg -o full.h5 >/dev/full 2>run.err || status=$?
[ "$status" -eq 1 ] || fail "output to a full device: status $status, not 1"
grep -q 'standard output cannot be written' run.err || fail "lost output is not named: $(cat run.err)"
expect_same_trials expected.h5 full.h5
