# shellcheck shell=bash
# Shared by the end-to-end tests: source it with the folder of the binaries as the test's first argument. Leaves the
# test in a fresh folder that is removed at its end.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repository=$(cd "$here/../.." && pwd)
bin=$(cd "$1" && pwd)
. "$repository/tools/common.sh"
prepare_mpi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

# Debian's h5py lives in Debian's Python; elsewhere whichever comes first must have it.
python=python3
if /usr/bin/python3 -c 'import h5py, numpy' 2>/dev/null; then python=/usr/bin/python3; fi
export PYTHONDONTWRITEBYTECODE=1  # the sources stay as they are

# launch RANKS PROGRAM ARGUMENT...: under mpirun, or with 0 ranks without it.
launch() {
  local ranks=$1
  shift
  if [ "$ranks" -eq 0 ]; then
    "$@"
  else
    mpirun -n "$ranks" "$@"
  fi
}

# run RANKS JOB STORE FLAG...: a run that must succeed; its messages go to run.err.
run() {
  local ranks=$1 job=$2 store=$3
  shift 3
  launch "$ranks" "$bin/memscale" run "$job" -o "$store" "$@" >run.out 2>run.err ||
    fail "run of $job on $ranks ranks ended with status $?: $(cat run.err)"
}

# counts_of_run: "TRIALS STORED TO_RUN" of the last run, from its line "N trials, M already stored, K to run on R ranks".
counts_of_run() {
  sed -nE 's/^.*: ([0-9]+) trials, ([0-9]+) already stored, ([0-9]+) to run.*$/\1 \2 \3/p' run.err
}

expect_counts() {
  local found
  found=$(counts_of_run)
  [ "$found" = "$1" ] || fail "$2: expected counts $1, found $found in: $(cat run.err)"
}

# expect_same_trials A B: /trials of two stores hold the same bytes.
expect_same_trials() {
  "$python" "$here/compare_trials.py" "$1" "$2" || fail "$1 and $2 hold other trials"
}

# expect_same_but_cost FIRST OTHER...: all of them hold the same bytes outside /cost.
expect_same_but_cost() {
  "$python" "$here/compare_trials.py" --all "$@" || fail "$1 and another one differ outside /cost"
}

# expect_complete STORE: no journal is left beside it.
expect_complete() {
  [ -f "$1" ] || fail "$1 is missing"
  [ ! -e "$1.journal" ] || fail "$1.journal is left: $(ls -la "$1.journal")"
}

write_small_job() {
  cat >"$1" <<'JOB'
[grid]
d = 16, 32
alpha = 1.5, 2
optimizer = gd, muon, newton
seed = 1:2
[problem]
items = 2000
[muon]
orthogonalizer = svd, newton-schulz
JOB
}
# shellcheck disable=SC2034
small_job_trials=32  # 2 d, 2 alpha, 2 seeds, 4 methods
