#!/usr/bin/env bash
# A second run of the same job runs nothing; added points run alone, and end as if they had been there at first.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

write_small_job small.cfg
run 2 small.cfg store.h5
cp -p store.h5 first.h5
before=$(stat -c '%Y %Z %s %i' store.h5)
for ranks in 0 1 2 3; do
  run "$ranks" small.cfg store.h5
  expect_counts "$small_job_trials $small_job_trials 0" "again on $ranks ranks"
  [ "$(stat -c '%Y %Z %s %i' store.h5)" = "$before" ] || fail "a run of nothing touched the store"
  cmp -s store.h5 first.h5 || fail "a run of nothing changed the store"
  expect_complete store.h5
done

# name, flag and value, expected counts
grow() {
  local store=$1 counts=$2
  shift 2
  cp first.h5 "$store"
  run 2 small.cfg "$store" "$@"
  expect_counts "$counts" "adding $*"
  expect_complete "$store"
  run 0 small.cfg fresh.h5 "$@"
  expect_same_trials fresh.h5 "$store"
  rm fresh.h5
}
grow seed.h5 "48 32 16" --grid.seed 1:3
grow d.h5 "48 32 16" --grid.d 16,24,32
grow alpha.h5 "48 32 16" --grid.alpha 1.25,1.5,2
grow method.h5 "40 32 8" --muon.ns-steps 5,8

# Fewer points: nothing to run, and nothing is lost.
run 0 small.cfg store.h5 --grid.d 16
expect_counts "16 16 0" "fewer points"
expect_same_trials first.h5 store.h5

# Part by part, on any number of ranks, is the whole.
for part in "--grid.d 16 --grid.seed 1" "--grid.seed 2" "--grid.d 32" ""; do
  read -ra flags <<<"$part"
  run 3 small.cfg parts.h5 ${flags[@]+"${flags[@]}"}
done
expect_same_trials first.h5 parts.h5
echo "resume: only missing trials run"
