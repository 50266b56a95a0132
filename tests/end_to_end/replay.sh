#!/usr/bin/env bash
# replay repeats a stored trial, and its dump agrees with an independent NumPy computation.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

cat >one.cfg <<'JOB'
[grid]
d = 16, 48
alpha = 1.25, 2
optimizer = gd, ngd, signgd, muon, newton
seed = 3
[problem]
items = 3000
kappa = 0, 0.5
[train]
eta = 2*sqrt(d)
JOB

cat >batch.cfg <<'JOB'
[grid]
d = 16, 32
alpha = 1.5
batch = 40, 5000
optimizer = gd, muon
seed = 3
[problem]
items = 2000
[train]
steps = 1, 3
eta = 2*sqrt(d)
[gd]
eta-growth = 3
[measure]
loss = exact
JOB

cat >steps.cfg <<'JOB'
[grid]
d = 32
alpha = 1.5
optimizer = gd, ngd, signgd, muon
seed = 3
[problem]
items = 2000
[train]
steps = 2, 5
eta = sqrt(d)
eta-growth = 1.25
[muon]
orthogonalizer = svd, regularized, newton-schulz
ns-coefficients = jordan, quintic, polar-express
JOB

# Their second step depends on the first one's gradient, which is known in closed form.
cat >memory.cfg <<'JOB'
[grid]
d = 24
alpha = 1.5
optimizer = adam, muon
seed = 3
[problem]
items = 2000
[train]
steps = 2
eta = 0.5*sqrt(d)
[muon]
momentum = 0.6
[adam]
beta1 = 0, 0.9
JOB

cat >thresholded.cfg <<'JOB'
[grid]
d = 24
alpha = 1.5
batch = 3000, inf
optimizer = gd, muon
seed = 3
[problem]
items = 2000
[train]
steps = 3
eta = sqrt(d)
gradient = thresholded
threshold = argmax, margin, probability, rank
[measure]
loss = exact
JOB

checked=0
# check_job JOB TRIALS FLAG...: runs the job and checks the dump of each of its trials.
check_job() {
  local job=$1 trials=$2 store=${1%.cfg}.h5
  shift 2
  run 2 "$job" "$store" "$@"
  "$python" -c 'import h5py, sys; print(*(i.decode() for i in h5py.File(sys.argv[1])["trials/trial_id"]), sep="\n")' \
    "$store" >ids
  [ "$(wc -l <ids)" -eq "$trials" ] || fail "$job: $trials trials expected, found $(wc -l <ids)"
  while read -r id; do
    "$bin/memscale" replay "$id" "$store" --dump "$id.dump.h5" >replay.out 2>replay.err </dev/null ||
      fail "replay $id ended with status $?: $(cat replay.err)"
    grep -q "the same result as stored" replay.err || fail "replay $id does not say that it agrees: $(cat replay.err)"
    "$python" "$here/check_dump.py" "$id.dump.h5" "$store" "$id" || fail "the dump of $id is wrong: $(cat replay.out)"
    rm "$id.dump.h5"
    checked=$((checked + 1))
  done <ids
}
check_job batch.cfg 16
check_job steps.cfg 16
check_job memory.cfg 3
check_job thresholded.cfg 16
check_job one.cfg 40

# The trace is a table with a line a step, shortened in the middle.
run 0 memory.cfg long.h5 --train.steps 30 --grid.optimizer muon
id=$("$python" -c 'import h5py; print(h5py.File("long.h5")["trials/trial_id"][0].decode())')
"$bin/memscale" replay "$id" long.h5 >replay.out 2>replay.err || fail "replay $id ended with status $?: $(cat replay.err)"
[ "$(sed -n '/^ *step /,$p' replay.out | awk '{print $1}' | tr '\n' ' ')" = "step 1 2 3 4 5 6 7 8 9 10 ... 26 27 28 29 30 " ] ||
  fail "the trace is not the expected table: $(cat replay.out)"

rm long.h5

# Without a store's name, those of the current folder are searched; unknown ids and paths are refused in one line.
read -r id <ids
"$bin/memscale" replay "$id" >replay.out 2>replay.err || fail "replay $id ended with status $?: $(cat replay.err)"
for arguments in "" "0000000000000000" "xyz" "$id missing.h5" "$id one.h5 --dump missing/x.h5" "$id one.h5 --dump one.h5"; do
  read -ra words <<<"$arguments"
  status=0
  "$bin/memscale" replay "${words[@]}" >refused.out 2>refused.err || status=$?
  [ "$status" -eq 2 ] || fail "replay $arguments: exit status $status, not 2: $(cat refused.err)"
  [ "$(wc -l <refused.err)" -eq 1 ] || fail "replay $arguments: not one line: $(cat refused.err)"
done
echo "replay: $checked dumps agree with NumPy"
