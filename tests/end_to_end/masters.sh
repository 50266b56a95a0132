#!/usr/bin/env bash
# Two or three runs of one job on one store at once: each ends complete, or is refused in one clear line with status 2.
. "$(dirname "${BASH_SOURCE[0]}")/fault.sh"

write_fault_job job.cfg 12
run 0 job.cfg undisturbed.h5

# start_master NUMBER RANKS: one of the runs, in the background.
start_master() {
  local status=0
  launch "$2" "$bin/memscale" run ../job.cfg -o store.h5 >"out-$1" 2>"err-$1" || status=$?
  echo "$status" >"status-$1"
}

# lane LANE ROUNDS
lane() {
  local round master masters completed
  for ((round = 1; round <= $2; ++round)); do
    masters=$((2 + round % 2))
    completed=0
    # Every third round begins with a store that an earlier run left.
    if [ $((round % 3)) -eq 0 ]; then
      begin 0 run ../job.cfg -o store.h5
      sleep "$(random_seconds 100 500)"
      kill_session "$session"
      end_of_session
    fi
    for ((master = 1; master <= masters; ++master)); do
      start_master "$master" $((RANDOM % 2 * 2)) &
      sleep "$(random_seconds 0 $((RANDOM % 3 == 0 ? 1000 : 50)))" # now and then as another one ends
    done
    for ((master = 1; master <= masters; ++master)); do
      while [ ! -s "status-$master" ]; do sleep 0.02; done
      case $(cat "status-$master") in
        0) completed=$((completed + 1)) ;;
        2)
          [ "$(wc -l <"err-$master")" -eq 1 ] || fail "round $round: not one line: $(cat "err-$master")"
          grep -q 'is in use by another run' "err-$master" || fail "round $round: $(cat "err-$master")"
          echo 1 >>refused
          ;;
        *) fail "round $round: status $(cat "status-$master"): $(cat "err-$master")" ;;
      esac
      rm "status-$master"
    done
    [ "$completed" -gt 0 ] || fail "round $round: all of $masters were refused"
    echo "$completed" >>completed
    keep_for_comparison store.h5
  done
  echo "$2" >rounds
}

in_lanes 2 "$(count_of 6 20)" lane
expect_all_undisturbed
report "two or three runs on one store: $(sum rounds) rounds, $(sum completed) runs complete, $(sum refused) refused;" \
  "each store as if undisturbed"
