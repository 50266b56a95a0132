#!/usr/bin/env bash
# 1, 2, 3, 4 and 7 ranks, some with threads, trials of different lengths, ranks that stand still now and then, three
# restarts: the same file, /cost apart.
. "$(dirname "${BASH_SOURCE[0]}")/fault.sh"

write_fault_job job.cfg
# Orders of magnitude between the shortest trial and the longest.
flags=(--grid.d "8,32,16" --problem.items "3000,200,1000" --grid.seed 1:2)
run 0 job.cfg undisturbed.h5 "${flags[@]}"
fault_job_trials=$((3 * 3 * 3 * 2 * 2 * 2))
expect_counts "$fault_job_trials 0 $fault_job_trials" "the undisturbed run"

# disturb: stops random ranks of the session for a moment each, until it ends.
disturb() {
  local pid
  while [ -d "/proc/$1" ]; do
    pid=$(ranks_of "$1" | shuf -n 1)
    if [ -n "$pid" ] && kill -STOP "$pid" 2>/dev/null; then
      sleep "$(random_seconds 20 120)"
      kill -CONT "$pid" 2>/dev/null || true
      echo 1 >>stops
    fi
    sleep "$(random_seconds 20 200)"
  done
}

# one RANKS: three runs that are cut short in one way or another, and one to the end.
one() {
  local restart ranks=$1 threads
  for ((restart = 1; restart <= 4; ++restart)); do
    threads=$((1 + RANDOM % 2))
    begin "$ranks" run ../job.cfg -o store.h5 "${flags[@]}" --threads "$threads"
    [ "$ranks" -eq 1 ] || disturb "$session" &
    if [ "$restart" -le 3 ]; then
      while [ -d "/proc/$session" ] && [ ! -e store.h5.journal ]; do sleep 0.02; done
      sleep "$(random_seconds 0 300)"
      if [ "$restart" -eq 2 ]; then
        kill -USR1 "$session" 2>/dev/null || true
      else
        kill_session "$session"
      fi
    fi
    end_of_session
    [ "$restart" -le 3 ] || [ "$status" -eq 0 ] || fail "$ranks ranks: status $status: $(cat run.err)"
    expect_gone 3
    wait
  done
  keep_for_comparison store.h5
}

# lane LANE ROUNDS
lane() {
  local round ranks
  for ((round = 1; round <= $2; ++round)); do
    for ranks in 1 2 3 4 7; do
      [ $((ranks % 2)) -eq $(($1 % 2)) ] || continue
      one "$ranks"
      echo 4 >>runs
    done
  done
}

in_lanes 2 "$(count_of 2 20)" lane
expect_all_undisturbed
report "1, 2, 3, 4, 7 ranks: $(sum runs) runs, each store restarted 3 times, $(sum stops) times a rank stood still;" \
  "the same file"
