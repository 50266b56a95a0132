#!/usr/bin/env bash
# A worker dies: mpirun ends with an error within 3 s. mpirun dies: 5 s later no rank is left. Either way running the
# same command again completes the store, as if undisturbed.
. "$(dirname "${BASH_SOURCE[0]}")/fault.sh"

write_fault_job job.cfg 15
run 0 job.cfg undisturbed.h5

# A run on 3 ranks, which has begun to work for a random time when this returns.
begin_work() {
  begin 3 run ../job.cfg -o store.h5
  while [ -d "/proc/$session" ] && [ ! -e store.h5.journal ]; do sleep 0.02; done
  sleep "$(random_seconds 0 250)"
}

# rerun WHAT: the same command again ends as if undisturbed.
rerun() {
  run $((RANDOM % 3)) ../job.cfg store.h5
  keep_for_comparison store.h5
}

# workers LANE KILLS. A machine that is busy with other things can take longer once; not often.
workers() {
  local kills=0 slow=0 before took
  : >took
  while [ "$kills" -lt "$2" ]; do
    begin_work
    rank=$(ranks_of "$session" $((1 + RANDOM % 2)) | head -n 1)
    before=$(now_milliseconds)
    if [ -z "$rank" ] || ! kill -9 "$rank" 2>/dev/null; then
      end_of_session
      rm -rf store.h5 store.h5.journal # it was over before
      continue
    fi
    end_of_session
    took=$(($(now_milliseconds) - before))
    if [ "$status" -ne 0 ]; then # 0: it died after all work was done
      kills=$((kills + 1))
      [ -n "$deadlock" ] || echo "$took" >>took
      if [ "$took" -gt 3000 ] && [ -z "$deadlock" ]; then
        slow=$((slow + 1))
        [ "$slow" -le $((1 + $2 / 10)) ] || fail "mpirun took $took ms to end after a worker's death, $slow times now"
      fi
    fi
    expect_gone 2 # mpirun killed them; the kernel may still be at it
    rerun
  done
  echo "$kills" >worker-kills
}

# launchers LANE KILLS
launchers() {
  local kills=0
  while [ "$kills" -lt "$2" ]; do
    begin_work
    kill -9 "$session" 2>/dev/null || true
    end_of_session
    [ "$status" -eq 0 ] || kills=$((kills + 1))
    expect_gone 5
    rerun
  done
  echo "$kills" >launcher-kills
}

in_lanes 3 "$(count_of 10 50)" workers
expect_all_undisturbed
slowest=$(sort -n lane-*/took | tail -n 1)
report "worker killed: $(sum worker-kills) kills, mpirun ended after $slowest ms at most; each completed by a rerun"
rm -rf lane-*
in_lanes 3 "$(count_of 3 20)" launchers
expect_all_undisturbed
report "mpirun killed: $(sum launcher-kills) kills, no rank left 5 s later; each completed by a rerun"
