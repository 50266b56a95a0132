#!/usr/bin/env bash
# Submits a job again and again until its store is complete, also where a job was cut short without order (a node that
# died, a limit that came too soon). Runs on a login node for as long as that takes: in tmux, or with nohup.
#   jobs/slurm/chain.sh my.h5 jobs/slurm/one-node.sbatch my.cfg my.h5 [flags of memscale run]
# What follows the store goes to sbatch. Ends as `memscale status --check` does: 0 complete, 1 complete with failed
# trials, 2 bad input, 75 still incomplete after LINKS jobs.
set -u

if [ $# -lt 2 ]; then
  sed -n '2,6s/^# //p' "$0" >&2
  exit 2
fi
store=$1
shift
status=75
for ((link = 1; link <= ${LINKS:-20} && status == 75; ++link)); do
  sbatch --wait "$@"  # its status may be that of a job cut short: the store says what matters
  "${MEMSCALE:-build/release/bin/memscale}" status "$store" --check
  status=$?
done
exit "$status"
