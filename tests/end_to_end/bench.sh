#!/usr/bin/env bash
# memscale-bench at tiny sizes: it runs, its numbers are sane, NumPy agrees with memscale, and a target that is missed is
# called missed. No timing is judged.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

bench() { TMPDIR=$folder "$bin/memscale-bench" "$@" 2>bench.err; }

small=(--items 3000 --rounds 1 --rows 3000 --memory-size 32,4000)
bench "${small[@]}" --d 24,32 --python "$python" --no-torch --json bench.json >bench.out ||
  fail "memscale-bench ended with status $?: $(cat bench.err)"
"$python" "$here/check_bench.py" bench.json || fail "its numbers are wrong: $(cat bench.out bench.err)"
grep -q '^NumPy: .*BLAS kernels: ' bench.out || fail "NumPy's BLAS kernels are not named: $(cat bench.out)"
awk 'length > 120 { print; exit 1 }' bench.out || fail "a line is longer than 120 columns"

# Alone, it measures memscale and says that the others are left out.
bench "${small[@]}" --d 16 --only softmax --python none >bench.out || fail "alone: $(cat bench.err)"
grep -q '^NumPy: left out' bench.out || fail "it does not say that NumPy is left out: $(cat bench.out)"
bench "${small[@]}" --d 16 --only softmax --python "$folder/no-python" >bench.out || fail "no Python: $(cat bench.err)"
grep -q '^NumPy: cannot run' bench.out || fail "it does not say that NumPy cannot run: $(cat bench.out)"

# refused MESSAGE ARGUMENT...
refused() {
  local message=$1 status=0
  shift
  bench "$@" >bench.out || status=$?
  [ "$status" -eq 2 ] || fail "$*: exit status $status, not 2: $(cat bench.err)"
  [ "$(wc -l <bench.err)" -eq 1 ] || fail "$*: not one line on stderr: $(cat bench.err)"
  grep -qF -- "$message" bench.err || fail "$*: expected '$message' in: $(cat bench.err)"
}
refused 'invalid d=0 (must be between 1 and 8192)' --d 0
refused 'invalid only=softmaxx (must be of' --only softmaxx
refused 'invalid memory-size=3 (must be d,N)' --memory-size 3
refused 'unrecognised option' --fast

# The store, at a size whose times say nothing; then the same measurements as if at full size, good and bad.
bench store --quick --python "$python" --json store.json >store.out || fail "store: status $?: $(cat bench.err)"
"$python" "$here/check_bench.py" store.json || fail "the store's numbers are wrong: $(cat store.out bench.err)"
grep -q '^journal, records a second.* not judged$' store.out || fail "a tiny size is judged: $(cat store.out)"
awk 'length > 120 { print; exit 1 }' store.out || fail "a line is longer than 120 columns"
bench store --quick --records 1000 --python none >store.out || fail "store without Python: $(cat bench.err)"
grep -q '^h5py: left out' store.out || fail "it does not say that h5py is left out: $(cat store.out)"
for verdict in yes no; do
  "$python" "$here/change_bench.py" store.json "$verdict.json" "$verdict"
  bench store --from "$verdict.json" >store.out || fail "--from: $(cat bench.err)"
  found=$(awk '$NF == "yes" || $NF == "no" || $NF == "judged" { print $NF }' store.out | sort | uniq -c | xargs)
  [ "$found" = "9 $verdict" ] || fail "nine targets should be '$verdict', but: $found: $(cat store.out)"
done
refused 'invalid records=150 (must be a multiple of 100)' store --records 150
refused 'invalid steps=0 (must be between' store --steps 0
refused 'is no file that memscale-bench store --json wrote' store --from bench.json
refused 'unrecognised option' store --items 3

# The runner, likewise; mpi4py where it is installed.
mpi4py=()
if "$python" -c 'import mpi4py.futures' 2>/dev/null; then mpi4py=(mpi4py); fi
bench runner --quick --python "$python" --json runner.json >runner.out || fail "runner: status $?: $(cat bench.err)"
"$python" "$here/check_bench.py" runner.json "${mpi4py[@]}" || fail "wrong numbers: $(cat runner.out bench.err)"
awk 'length > 120 { print; exit 1 }' runner.out || fail "a line is longer than 120 columns"
[ ${#mpi4py[@]} -gt 0 ] || grep -q '^mpi4py.futures: mpi4py is not installed' runner.out ||
  fail "it does not say that mpi4py is left out: $(cat runner.out)"
for verdict in yes no; do
  "$python" "$here/change_bench.py" runner.json "$verdict.json" "$verdict"
  bench runner --from "$verdict.json" >runner.out || fail "--from: $(cat bench.err)"
  found=$(awk '$NF == "yes" || $NF == "no" || $NF == "judged" { print $NF }' runner.out | sort | uniq -c | xargs)
  [ "$found" = "3 $verdict" ] || fail "three targets should be '$verdict', but: $found: $(cat runner.out)"
done
refused 'invalid trials=150 (must be a multiple of 100)' runner --trials 150
refused 'is no file that memscale-bench runner --json wrote' runner --from store.json

# memscale-fit on stores of a few trials; pandas where it is installed.
pandas=()
if "$python" -c 'import pandas' 2>/dev/null; then pandas=(pandas); fi
bench fit --quick --python "$python" --json fit.json >fit.out || fail "fit: status $?: $(cat bench.err)"
"$python" "$here/check_bench.py" fit.json "${pandas[@]}" || fail "wrong numbers: $(cat fit.out bench.err)"
awk 'length > 120 { print; exit 1 }' fit.out || fail "a line is longer than 120 columns"
for verdict in yes no; do
  "$python" "$here/change_bench.py" fit.json "$verdict.json" "$verdict"
  bench fit --from "$verdict.json" >fit.out || fail "--from: $(cat bench.err)"
  found=$(awk '$NF == "yes" || $NF == "no" || $NF == "judged" { print $NF }' fit.out | sort | uniq -c | xargs)
  [ "$found" = "8 $verdict" ] || fail "eight targets should be '$verdict', but: $found: $(cat fit.out)"
done
refused 'invalid records=100 (must be' fit --records 100
refused 'is no file that memscale-bench fit --json wrote' fit --from runner.json

# Rounds of seeds, replayed on a store's results.
cat >seeds.cfg <<'JOB'
[grid]
d = 16, 24, 32
alpha = 1.5, 2
optimizer = gd, muon
seed = 3:26
[problem]
items = 800
JOB
run 0 seeds.cfg seeds.h5
bench seeds seeds.h5 --target-ci C=0.4 --json seeds.json >seeds.out || fail "seeds: status $?: $(cat bench.err)"
awk 'length > 120 { print; exit 1 }' seeds.out || fail "a line is longer than 120 columns"
"$python" - seeds.json <<'PYTHON' || fail "wrong numbers: $(cat seeds.out)"
import json, sys
measured = json.load(open(sys.argv[1]))["measured"]
replay, = measured["replays"]
rounds, uniform = replay["rounds"], replay["uniform"]
assert measured["cells"] == 12 and measured["max_seeds"] == 24 and rounds["intervals"] == 4
assert rounds["missed"] == uniform["missed"] == 0
assert rounds["least_seeds"] >= 4 and rounds["most_seeds"] <= 24 and uniform["trials"] == 12 * uniform["most_seeds"]
assert 0 < rounds["core_hours"] and 48 <= rounds["trials"] < uniform["trials"]
PYTHON
bench seeds --from seeds.json >again.out || fail "seeds --from: $(cat bench.err)"
cmp -s seeds.out again.out || fail "seeds --from prints something else: $(diff seeds.out again.out)"
refused 'invalid seeds=25 (must be at most 24, which the store has)' seeds seeds.h5 --seeds 25
refused 'invalid target-ci=D=1 (must be none, or' seeds seeds.h5 --target-ci D=1
refused 'does not exist' seeds none.h5

# The scheduler on simulated ranks.
bench schedule --quick --json schedule.json >schedule.out || fail "schedule: status $?: $(cat bench.err)"
"$python" "$here/check_bench.py" schedule.json || fail "wrong numbers: $(cat schedule.out bench.err)"
awk 'length > 120 { print; exit 1 }' schedule.out || fail "a line is longer than 120 columns"
for verdict in yes no; do
  "$python" "$here/change_bench.py" schedule.json "$verdict.json" "$verdict"
  bench schedule --from "$verdict.json" >schedule.out || fail "--from: $(cat bench.err)"
  found=$(awk '$NF == "yes" || $NF == "no" || $NF == "measured" { print $NF }' schedule.out | sort | uniq -c | xargs)
  [ "$found" = "4 $verdict" ] || fail "four targets should be '$verdict', but: $found: $(cat schedule.out)"
done
refused 'invalid spread=-1 (must be positive and at most 3)' schedule --spread=-1
refused 'is no file that memscale-bench schedule --json wrote' schedule --from runner.json

# Orthogonal memories: reduced, dense and in NumPy to the same losses.
bench orthogonal --quick --threads 2 --python "$python" --no-torch --json orthogonal.json >orthogonal.out ||
  fail "orthogonal: status $?: $(cat bench.err)"
"$python" "$here/check_bench.py" orthogonal.json || fail "wrong numbers: $(cat orthogonal.out bench.err)"
grep -q '^Losses after the last step agree' orthogonal.out || fail "no word of agreement: $(cat orthogonal.out)"
awk 'length > 120 { print; exit 1 }' orthogonal.out || fail "a line is longer than 120 columns"
"$python" - orthogonal.json other.json <<'PYTHON'
import json, sys
everything = json.load(open(sys.argv[1]))
row = everything["measured"]["dense"][0]
row["numpy_difference"] = 0.001
del row["numpy_times"]
json.dump(everything, open(sys.argv[2], "w"))
PYTHON
bench orthogonal --from other.json >orthogonal.out || fail "orthogonal --from: $(cat bench.err)"
grep -q '^two groups, gd, 1 thread: the loss of NumPy differs by 1.0e-03: no ratio$' orthogonal.out ||
  fail "a ratio of different trainings: $(cat orthogonal.out)"
bench orthogonal --quick --steps 2 --threads 1 --python none >orthogonal.out || fail "orthogonal alone: $(cat bench.err)"
grep -q '^NumPy: left out' orthogonal.out || fail "it does not say that NumPy is left out: $(cat orthogonal.out)"
refused 'invalid steps=1 (must be between 2 and 1000)' orthogonal --steps 1
refused 'invalid rounds=0 (must be' orthogonal --rounds 0
refused 'unrecognised option' orthogonal --items 3
refused 'is no file that memscale-bench orthogonal --json wrote' orthogonal --from runner.json

left=$(find . -name 'memscale-bench.*')
[ -z "$left" ] || fail "left behind: $left"
echo "bench: sane numbers, NumPy agrees, and missed targets are named"
