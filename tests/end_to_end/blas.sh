#!/usr/bin/env bash
# OpenBLAS kernels far below what the CPU can do are replaced, by one restart, whatever starts the program.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
stand_in=$2 # a library that claims Prescott kernels when it is preloaded

write_small_job job.cfg
unset OPENBLAS_CORETYPE
run 0 job.cfg plain.h5
if ! grep -q 'OpenBLAS' run.err; then
  echo "another BLAS than OpenBLAS: nothing to replace"
  exit 0
fi
if grep -q avx2 /proc/cpuinfo && grep -q Prescott run.err; then fail "Prescott kernels on this CPU: $(cat run.err)"; fi

for ranks in 0 1 2; do
  LD_PRELOAD=$stand_in run "$ranks" job.cfg "restarted-$ranks.h5"
  if grep -q avx2 /proc/cpuinfo; then
    grep -q 'restarted to replace slower ones' run.err || fail "not restarted on $ranks ranks: $(cat run.err)"
  fi
  expect_counts "$small_job_trials 0 $small_job_trials" "restarted on $ranks ranks"
done

# What the user sets is left alone, and said.
OPENBLAS_CORETYPE=Prescott run 0 job.cfg chosen.h5
grep -q 'OPENBLAS_CORETYPE=Prescott in the environment' run.err || fail "the user's choice is not named: $(cat run.err)"
echo "BLAS kernels: $(sed -n 's/^memscale: //p;q' run.err)"
