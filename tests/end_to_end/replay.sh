#!/usr/bin/env bash
# replay repeats a stored trial, and its dump agrees with an independent NumPy computation.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

cat >job.cfg <<'JOB'
[grid]
d = 16, 48
alpha = 1.25, 2
optimizer = gd, muon, newton
seed = 3
[problem]
items = 3000
kappa = 0, 0.5
[train]
eta = 2*sqrt(d)
JOB
run 2 job.cfg store.h5
"$python" -c 'import h5py; print(*(i.decode() for i in h5py.File("store.h5")["trials/trial_id"]), sep="\n")' >ids
[ "$(wc -l <ids)" -eq 24 ] || fail "24 trials expected, found $(wc -l <ids)"
while read -r id; do
  "$bin/memscale" replay "$id" store.h5 --dump "$id.dump.h5" >replay.out 2>replay.err </dev/null ||
    fail "replay $id ended with status $?: $(cat replay.err)"
  "$python" "$here/check_dump.py" "$id.dump.h5" store.h5 "$id" || fail "the dump of $id is wrong: $(cat replay.out)"
done <ids

# Without a store's name, those of the current folder are searched; unknown ids and paths are refused in one line.
read -r id <ids
"$bin/memscale" replay "$id" >replay.out 2>replay.err || fail "replay $id ended with status $?: $(cat replay.err)"
for arguments in "" "0000000000000000" "xyz" "$id missing.h5" "$id store.h5 --dump missing/x.h5" "$id store.h5 --dump store.h5"; do
  read -ra words <<<"$arguments"
  status=0
  "$bin/memscale" replay "${words[@]}" >refused.out 2>refused.err || status=$?
  [ "$status" -eq 2 ] || fail "replay $arguments: exit status $status, not 2: $(cat refused.err)"
  [ "$(wc -l <refused.err)" -eq 1 ] || fail "replay $arguments: not one line: $(cat refused.err)"
done
echo "replay: $(wc -l <ids) dumps agree with NumPy"
