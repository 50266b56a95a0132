#!/usr/bin/env bash
# The same grid gives the same bytes without mpirun and on 1, 2, 3 and 5 ranks.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

write_small_job small.cfg
for ranks in 0 1 2 3 5; do
  run "$ranks" small.cfg "ranks-$ranks.h5"
  expect_counts "$small_job_trials 0 $small_job_trials" "$ranks ranks"
  expect_complete "ranks-$ranks.h5"
  expect_same_trials ranks-0.h5 "ranks-$ranks.h5"
done

# A comparison that could not tell stores apart would prove nothing.
run 0 small.cfg other.h5 --grid.seed 1:3
if "$python" "$here/compare_trials.py" ranks-0.h5 other.h5 2>/dev/null; then fail "other trials compare equal"; fi

# The order of a job's values is not part of its results either.
run 2 small.cfg reversed.h5 --grid.d 32,16 --grid.seed 2,1 --grid.optimizer newton,muon,gd
expect_same_trials ranks-0.h5 reversed.h5
echo "ranks: same /trials on 0, 1, 2, 3 and 5 ranks"
