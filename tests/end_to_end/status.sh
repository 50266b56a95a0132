#!/usr/bin/env bash
# status of a run at work, of one that was killed and of a complete store: text, --json, --watch, --failed and --check;
# it only reads.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# looked STATUS ARGUMENT...: memscale status, which must end so; its output goes to look.out.
looked() {
  local expected=$1 status=0
  shift
  "$bin/memscale" status "$@" >look.out 2>look.err || status=$?
  [ "$status" -eq "$expected" ] || fail "status $*: exit status $status, not $expected: $(cat look.out look.err)"
}

expect() {
  grep -qE -- "$1" "${2:-look.out}" || fail "expected '$1' in: $(cat "${2:-look.out}")"
}

# json EXPRESSION: of the object `s` in look.out, which must hold.
json() {
  "$python" -c "import json, sys; s = json.load(open('look.out')); sys.exit(not ($1))" ||
    fail "json: not $1: $(cat look.out)"
}

listing() {
  find . -name 'live*' -printf '%p %s %T@\n' | sort
}

cat >long.cfg <<'JOB'
[grid]
d = 24, 32
alpha = 1.5, 2
optimizer = gd, muon
seed = 1:4000
[problem]
items = 6000
JOB
trials=32000

# A store that is not there is bad input, also for a script that asks.
looked 2 none.h5
looked 2 none.h5 --check
[ "$(wc -l <look.err)" -eq 1 ] && [ ! -s look.out ] || fail "a missing store: $(cat look.out look.err)"

# A run at work.
"$bin/memscale" run long.cfg -o live.h5 >run.out 2>run.err &
runner=$!
until [ -e live.h5.journal/run-state.json ] && "$bin/memscale" status live.h5 2>/dev/null |
  grep -qE '^long.cfg .* ok [0-9]{2,} .* running 1 '; do
  kill -0 "$runner" || fail "the run ended: $(cat run.err)"
  sleep 0.05
done
looked 0 live.h5
head -n 1 look.out >head.out
expect "^long.cfg  $trials trials   ok [0-9]+ \([0-9.]+%\)  running 1  pending [0-9]+  failed 0  diverged 0$" head.out
expect '^elapsed 0:0[0-9]:[0-9]+  ETA [0-9]+:[0-9]+:[0-9]+ \+- [0-9:]+  core-h [0-9.e-]+ of about [0-9.e-]+  busy [0-9]+%  1 rank  last heard [0-9]+ s ago$'
expect '^running: [0-9a-f]{16} on rank 0 for [0-9]+ s of about '
expect "^trials: [0-9]+ ok, 0 diverged, 0 failed, [0-9]+ pending$"
expect "^run: at work: process $runner on "
looked 75 live.h5 --check
[ "$(wc -l <look.out)" -eq 1 ] || fail "--check says more than a line: $(cat look.out)"
looked 0 live.h5 --json
json "s['phase'] == 'at-work' and s['check'] == 75 and s['run']['pid'] == $runner and s['job'] == 'long.cfg'"
json "s['trials']['total'] == $trials == sum(s['trials'][k] for k in ('ok', 'diverged', 'failed', 'running', 'pending'))"
json "s['run']['eta_seconds'] > 0 and 0 <= s['run']['busy'] <= 1 and len(s['run']['trials']) == 1"
json "s['run']['trials'][0]['rank'] == 0 and len(s['run']['trials'][0]['id']) == 16"

# --watch goes on until Ctrl-C, which is no failure: without a terminal block by block, on one in place.
timeout --preserve-status -s INT 3 "$bin/memscale" status live.h5 --watch 0.2 >watch.out 2>watch.err ||
  fail "--watch ended with status $?: $(cat watch.err)"
[ "$(grep -c '^long.cfg ' watch.out)" -ge 3 ] || fail "--watch showed too little: $(cat watch.out)"
if grep -q $'\033' watch.out; then fail "--watch commands what is no terminal"; fi
"$python" "$here/with_terminal.py" 3 terminal.out "$bin/memscale" status live.h5 --watch 0.2 ||
  fail "--watch on a terminal ended with status $?: $(cat terminal.out)"
[ "$(grep -c $'\033\\[H\033\\[J.*long.cfg ' terminal.out)" -ge 3 ] || fail "--watch did not redraw: $(cat -v terminal.out)"

# A run that was stopped, and one that goes on, is alive; one that was killed is dead.
"$bin/memscale" status live.h5 --watch 0.2 >watch.out 2>watch.err &
watcher=$!
kill -9 "$runner"
wait "$runner" 2>/dev/null || true
wait "$watcher" || fail "--watch of a run that died ended with status $?: $(cat watch.err)"
looked 0 live.h5
expect "^died: process $runner on [^ ]+, last alive [0-9]+ s ago \(....-..-.. ..:..:.. UTC\) after .* 1 trial at work"
expect '^was running: [0-9a-f]{16} on rank 0 '
expect "^run: none \(the last, process $runner on .*, left a journal\)$"
looked 75 live.h5 --check
before=$(listing)
looked 0 live.h5 --json
json "s['phase'] == 'died' and s['trials']['running'] == 0 and s['trials']['pending'] > 0"
looked 0 live.h5 --failed
looked 0 live.h5 --watch
[ "$(listing)" = "$before" ] || fail "status wrote something"

# A foreign or damaged state is none.
for text in '' '{' '[1]' '{"pid": "x"}'; do
  printf '%s' "$text" >live.h5.journal/run-state.json
  looked 0 live.h5
  expect '^run: none '
done

# A run that ends in order with work left says why.
"$bin/memscale" run long.cfg -o ended.h5 >run.out 2>run.err &
runner=$!
until [ -e ended.h5.journal/run-state.json ]; do sleep 0.05; done
kill -USR1 "$runner"
status=0
wait "$runner" || status=$?
[ "$status" -eq 75 ] || fail "a stopped run ended with status $status: $(cat run.err)"
looked 0 ended.h5
expect '^ended: [0-9]+ s ago, with work left: '
looked 75 ended.h5 --check

# Complete, without failures and with some.
write_small_job small.cfg
run 2 small.cfg small.h5
expect_complete small.h5
looked 0 small.h5 --check
expect "^small.cfg  $small_job_trials trials   ok $small_job_trials \(100.0%\)  running 0  pending 0 "
looked 0 small.h5
expect '^run: none$'
status=0
# More dimensions than items: the covariance of the outputs is singular.
"$bin/memscale" run small.cfg -o failed.h5 --problem.items 20 --grid.optimizer newton --grid.d 32 >run.out 2>run.err ||
  status=$?
[ "$status" -eq 1 ] || fail "a run that must fail ended with status $status: $(cat run.err)"
looked 1 failed.h5 --check
looked 0 failed.h5 --failed
[ "$(grep -c '^  memscale replay [0-9a-f]* failed.h5$' look.out)" -eq 4 ] || fail "not 4 failures: $(cat look.out)"
expect '^  model=gaussian d=32 items=20 '
looked 0 failed.h5 --json --failed
json "s['check'] == 1 and len(s['failed']) == 4 and s['failures'][0]['message'].startswith('newton')"
echo "status: live, dead, ended and complete stores"
