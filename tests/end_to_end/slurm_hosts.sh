#!/usr/bin/env bash
# A real SLURM of two nodes, each a network namespace: many-nodes.sbatch by mpirun, by srun, and requeued.
. "$(dirname "${BASH_SOURCE[0]}")/hosts_here.sh"
[ "${1-}" = in-namespace ] || enter_network "$0" "$@"
shift
. "$(dirname "${BASH_SOURCE[0]}")/slurm_cluster.sh"
require_slurm

write_fault_job job.cfg 120
run 0 job.cfg undisturbed.h5
scripts=$repository/jobs/slurm
make_hosts one two

# expect_whole STORE
expect_whole() {
  expect_complete "$1"
  expect_same_but_cost undisturbed.h5 "$1"
  [ "$(hosts_of "$1")" = "one two" ] || fail "$1 was computed on: $(hosts_of "$1")"
}

trap 'leave $?' EXIT
configure "$network.254" "NodeName=one NodeAddr=$network.1 CPUs=2 State=UNKNOWN" \
  "NodeName=two NodeAddr=$network.2 CPUs=2 State=UNKNOWN"
start_daemon slurmctld
start_daemon ./on one slurmd
start_daemon ./on two slurmd
await 30 "the nodes are ready" all_idle

for launcher in mpirun srun; do
  LAUNCHER=$launcher THREADS=1 sbatch --wait --output="$launcher.log" --nodes=2 --time=UNLIMITED \
    "$scripts/many-nodes.sbatch" job.cfg "$launcher.h5" >said ||
    fail "$launcher: status $?: $(cat said "$launcher.log")"
  grep -q "on 4 ranks" "$launcher.log" || fail "$launcher started other ranks: $(cat "$launcher.log")"
  expect_whole "$launcher.h5"
done

# USR1 reaches the first rank, wherever mpirun is, and all ranks end with it.
job=$(submit --nodes=2 --time=UNLIMITED "$scripts/many-nodes.sbatch" job.cfg cut.h5)
hold "$job" cut.h5 0
scancel --batch --signal=USR1 "$job"
await 30 "USR1 reaches the first rank" signalled "$job"
go_on "$job"
await 60 "SLURM requeues job $job" requeued "$job" 1
[ "$(stored_trials cut.h5)" -ge "$held" ] || fail "$held results before USR1, $(stored_trials cut.h5) after it"
await 60 "job $job completes" job_is "$job" COMPLETED
expect_whole cut.h5
report "SLURM on two hosts: a run by mpirun, one by srun, one cut by USR1 and requeued: the same file"
