#!/usr/bin/env bash
# A real SLURM of one node: runs that end, that its time limit cuts, that are requeued, cancelled, started by srun. None
# loses a result, and each store ends with the bytes of an undisturbed one.
. "$(dirname "${BASH_SOURCE[0]}")/slurm_cluster.sh"
require_slurm

write_fault_job job.cfg 240  # seconds of work, for what is to be cut
run 0 job.cfg undisturbed.h5
scripts=$repository/jobs/slurm

# finish JOB STORE: the job ends by itself and leaves a complete store.
finish() {
  await 120 "job $1 completes" job_is "$1" COMPLETED
  expect_complete "$2"
  expect_same_but_cost ../undisturbed.h5 "$2"
}

# rerun STORE TRIALS: the same command completes a store that holds so many.
rerun() {
  run 2 ../job.cfg "$1"
  expect_counts "$fault_job_trials $2 $((fault_job_trials - $2))" "the run after $1 was cut"
  expect_same_but_cost ../undisturbed.h5 "$1"
}

# goes_on_to_requeue JOB TIMES: lets the ranks go on when USR1 has come. SLURM 22.05 sends CONT a second before it: they
# are stopped again, but for 5 s at most, for the first may just have taken the signal.
goes_on_to_requeue() {
  local leader now
  requeued "$@" && return
  now=$(now_milliseconds)
  leader=$(ranks_of_job "$1" 0)
  if signalled "$1" || [ "$now" -gt $((${stopped_again:-$now} + 5000)) ]; then
    go_on "$1"
  elif [ -z "$stopped_again" ] && [ -n "$leader" ] && ! grep -q '^State:\s*T' "/proc/$leader/status" 2>/dev/null; then
    stop "$1"
    stopped_again=$now
  fi
  return 1
}

ends() {
  sbatch --wait --output=log --time=UNLIMITED "$scripts/one-node.sbatch" ../job.cfg store.h5 >/dev/null ||
    fail "one-node.sbatch: status $?: $(cat log)"
  expect_complete store.h5
  expect_same_but_cost ../undisturbed.h5 store.h5
}

# USR1 comes 120 s before the limit, and SLURM looks every 30 s: here in the first half minute. The ranks are held until
# then, so that work is left on a machine of any speed.
limited() {
  local job round kept=0 stopped_again
  sed 's/ ${SLURM_JOB_END_TIME:+--walltime slurm}//' "$scripts/one-node.sbatch" >no-walltime.sbatch
  job=$(submit --time=2 no-walltime.sbatch ../job.cfg store.h5)
  for round in 1 2; do
    hold "$job" store.h5 "$kept"
    stopped_again=
    await 90 "USR1 before its limit has job $job requeued" goes_on_to_requeue "$job" "$round"
    kept=$(stored_trials store.h5)
    [ "$(grep -c 'trials left; run the same command again' "$job.log")" -eq "$round" ] ||
      fail "not cut $round times: $(cat "$job.log")"
    [ "$kept" -ge "$held" ] || fail "$held results before the limit, $kept after it"
  done
  scontrol update "JobId=$job" TimeLimit=20
  finish "$job" store.h5
}

# No USR1: the run itself ends 100 s before its limit. That a trial was held must not make it expect more such.
runs_out_of_time() {
  local job
  "$bin/memscale" slurm ../job.cfg -o store.h5 --ranks 2 --time 2 --dry-run --grace 100s >whole.sbatch ||
    fail "memscale slurm: status $?"
  grep -v -e --signal= whole.sbatch >no-signal.sbatch
  job=$(submit no-signal.sbatch)
  hold "$job" store.h5 0
  sleep 20
  go_on "$job"
  await 30 "job $job ends before its limit" requeued "$job" 1
  scontrol update "JobId=$job" TimeLimit=20
  grep -q "the time limit is near" "$job.log" || fail "something else ended it: $(cat "$job.log")"
  finish "$job" store.h5
}

# No USR1: SLURM ends what is left at the limit, which it may pass by 30 s.
killed() {
  local job kept
  job=$(submit --time=1 --wrap "exec mpirun -q -n 2 '$MEMSCALE' run ../job.cfg -o store.h5")
  hold "$job" store.h5 0
  await 120 "job $job passes its limit" job_is "$job" TIMEOUT
  kept=$(stored_trials store.h5)
  [ "$kept" -ge "$held" ] || fail "$held results before the job was killed, $kept after it"
  rerun store.h5 "$kept"
}

cancelled() {
  local job kept
  job=$(submit --time=UNLIMITED "$scripts/one-node.sbatch" ../job.cfg store.h5)
  hold "$job" store.h5 0
  scancel "$job"
  await 60 "job $job is cancelled" job_is "$job" CANCELLED
  await 60 "the ranks of job $job are gone" has_no_ranks "$job"
  kept=$(stored_trials store.h5)
  [ "$kept" -ge "$held" ] || fail "$held results before scancel, $kept after it"
  rerun store.h5 "$kept"
}

# Debian 12's pair, SLURM 22.05 and Open MPI 4.1, meets by PMIx. srun, too, hands USR1 on.
started_by_srun() {
  local job
  job=$(LAUNCHER=srun THREADS=1 submit --nodes=1 --time=UNLIMITED "$scripts/many-nodes.sbatch" ../job.cfg store.h5)
  hold "$job" store.h5 0
  [ "$(ranks_of_job "$job" | wc -l)" -eq 2 ] || fail "srun started other ranks: $(ranks_of_job "$job")"
  scancel --batch --signal=USR1 "$job"
  await 30 "srun hands on USR1" signalled "$job"
  go_on "$job"
  await 60 "SLURM requeues job $job" requeued "$job" 1
  finish "$job" store.h5
}

# It asks for that itself, before its status makes SLURM do it.
requeues_itself() {
  local job
  mkdir bin
  printf '#!/bin/sh\necho "$*" >>"%s"\nexec "%s" "$@"\n' "$PWD/asked" "$(command -v scontrol)" >bin/scontrol
  chmod +x bin/scontrol
  job=$(PATH=$PWD/bin:$PATH submit --time=UNLIMITED "$scripts/requeue.sbatch" ../job.cfg store.h5)
  hold "$job" store.h5 0
  scancel --batch --signal=USR1 "$job"
  await 30 "the script hands on USR1" signalled "$job"
  go_on "$job"
  await 60 "job $job requeues itself" requeued "$job" 1
  finish "$job" store.h5
  [ "$(cat asked)" = "requeue $job" ] || fail "the script asked scontrol to: $(cat asked)"
}

submitted_by_verb() {
  local job
  "$bin/memscale" slurm ../job.cfg -o "it's \$(a) store.h5" --ranks 2 --extra '#SBATCH --output=%j.log' >said 2>&1 ||
    fail "memscale slurm: status $?: $(cat said)"
  job=$(sed -nE 's/^Submitted batch job ([0-9]+)$/\1/p' said)
  [ -n "$job" ] || fail "no number of a job: $(cat said)"
  finish "$job" "it's \$(a) store.h5"
  ! "$bin/memscale" slurm ../job.cfg -o other.h5 --partition none >said 2>&1 || fail "a partition that is none is taken"
  [ "$(tail -n 1 said)" = "memscale: sbatch did not take the job (see above)" ] || fail "$(cat said)"
}

# The first link of a chain is cut without order, the second completes the store.
chained() {
  local job chain
  "$scripts/chain.sh" store.h5 --output=%j.log --time=UNLIMITED "$scripts/one-node.sbatch" ../job.cfg store.h5 \
    >said 2>&1 &
  chain=$!
  number_said() { job=$(sed -nE 's/^Submitted batch job ([0-9]+)$/\1/p' said) && [ -n "$job" ]; }
  await 30 "chain.sh submits" number_said
  hold "$job" store.h5 0
  scancel "$job"
  wait "$chain" || fail "chain.sh: status $?: $(cat said)"
  [ "$(grep -c '^Submitted batch job' said)" -eq 2 ] || fail "not two links: $(cat said)"
  expect_complete store.h5
  expect_same_but_cost ../undisturbed.h5 store.h5
}

has_no_ranks() { [ -z "$(ranks_of_job "$1")" ]; }

trap 'leave $?' EXIT
configure 127.0.0.1 \
  "NodeName=localhost NodeAddr=127.0.0.1 NodeHostname=$(hostname -s) CPUs=2 State=UNKNOWN"
start_daemon slurmctld
start_daemon slurmd -N localhost
await 30 "the node is ready" all_idle
together ends limited runs_out_of_time killed cancelled started_by_srun requeues_itself submitted_by_verb chained
report "SLURM: a run that ends, cut twice by USR1 and requeued, out of time, killed at its limit, cancelled, by srun," \
  "requeued by itself, by memscale slurm, by chain.sh: no result lost"
