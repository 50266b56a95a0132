#!/usr/bin/env bash
# kill -9 of the leading rank, or of mpirun and all ranks, at random moments, snapshots being written and read all the
# time: no reader meets an error, no acknowledged trial is lost, and the end is as if undisturbed.
. "$(dirname "${BASH_SOURCE[0]}")/fault.sh"

write_fault_job job.cfg 40
run 0 job.cfg undisturbed.h5
[ "$(counts_of_run)" = "$fault_job_trials 0 $fault_job_trials" ] || fail "the job has changed: $(counts_of_run)"

# begin_on_terminal STORE: as begin, but with a terminal for stderr, where the progress line says what is safe.
begin_on_terminal() {
  : >run.err
  setsid "$python" "$here/on_terminal.py" run.err "$bin/memscale" run ../job.cfg -o "$1" >run.out &
  session=$!
}

# The largest count that the last run's progress line gave.
acknowledged_trials() {
  { echo 0; tr '\r' '\n' <run.err | sed -nE 's/^.*memscale: ([0-9]+)\/[0-9]+ trials.*$/\1/p'; } | sort -n | tail -n 1
}

# Returns when a snapshot is being written, the run is over, or after a second at most.
wait_for_snapshot() {
  local end=$((SECONDS + 2))
  while [ -d "/proc/$session" ] && [ "$SECONDS" -lt "$end" ]; do
    # shellcheck disable=SC2144
    [ ! -e "$1".tmp-* ] || return 0
  done
}

# One run of ../job.cfg to $1, killed after a random time if it lasts so long; way $2: 0 mpirun and all ranks, 1 the
# leading rank, after which mpirun must end the others, 2 a single process. Sets `killed`.
run_and_kill() {
  local store=$1 way=$2 moment=$((RANDOM % 10)) victims
  if [ "$way" -eq 2 ]; then
    begin_on_terminal "$store"
  else
    begin 3 run ../job.cfg -o "$store"
  fi
  # Most of the time the run is at work, sometimes it is still starting.
  if [ "$moment" -gt 0 ]; then
    while [ -d "/proc/$session" ] && [ ! -e "$store.journal" ]; do sleep 0.02; done
  fi
  sleep "$(random_seconds 0 600)"
  case $way in
    0) victims=$(processes_of "$session") ;;
    1) victims=$(ranks_of "$session" 0) ;;
    2) victims=$session ;;
  esac
  [ "$moment" -le 6 ] || wait_for_snapshot "$store"
  # shellcheck disable=SC2086
  [ -z "$victims" ] || kill -9 $victims 2>/dev/null || true
  [ "$way" -ne 0 ] || kill_session "$session"
  end_of_session
  killed=
  [ "$status" -eq 0 ] || killed=yes
  [ "$status" -eq 0 ] || [ -n "$victims" ] || fail "a run ended with status $status: $(cat run.err)"
  expect_gone 2 # the kernel may still be at it
}

# lane LANE KILLS
lane() {
  local kills=0 round=1 kept=0 now store
  : >torn
  : >unfinished
  "$python" "$here/read_snapshots.py" . >reads 2>read-errors &
  local reader=$!
  while [ "$kills" -lt "$2" ] || [ -e "store-$round.h5.journal" ]; do
    store=store-$round.h5
    if [ "$kills" -lt "$2" ]; then
      run_and_kill "$store" $(((kills + $1) % 3))
    else
      run 2 ../job.cfg "$store"
      killed=
    fi
    [ -z "$killed" ] || kills=$((kills + 1))
    # shellcheck disable=SC2144
    [ ! -e "$store".tmp-* ] || echo 1 >>unfinished
    now=$(stored_trials "$store")
    [ "$now" -ge "$kept" ] || fail "$store: $now trials after $kept (kill $kills)"
    [ "$now" -ge "$(acknowledged_trials)" ] || fail "$store: $now trials, $(acknowledged_trials) were said to be safe"
    kept=$now
    ! grep -q 'not whole records' status.err || echo 1 >>torn
    if [ "$now" -eq "$fault_job_trials" ] && [ ! -e "$store.journal" ]; then
      expect_same_but_cost ../undisturbed.h5 "$store"
      echo 1 >>rounds
      round=$((round + 1))
      kept=0
    fi
  done
  touch stop
  wait "$reader" || fail "a reader met errors: $(head -n 5 read-errors)"
  echo "$kills" >kills
}

in_lanes 4 "$(count_of 50 300)" lane
report "leading rank or all ranks killed: $(sum kills) kills, $(sum unfinished) in the middle of a snapshot," \
  "$(sum torn) with torn tails; 0 errors in $(sum reads) reads; $(sum rounds) stores ended as if undisturbed"
