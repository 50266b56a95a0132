#!/usr/bin/env bash
# TERM, INT, HUP and USR1 at random moments, to a single process, to all ranks, to mpirun: the exit status says whether
# work is left, and running the same command again completes the store as if undisturbed.
. "$(dirname "${BASH_SOURCE[0]}")/fault.sh"

write_fault_job job.cfg 12
run 0 job.cfg undisturbed.h5
targets=(process ranks mpirun)
signals=(TERM INT HUP USR1)

# signal TARGET SIGNAL: sends it during a run to store.h5 at a random moment after its handlers are set; fails if the
# run has ended before that.
signal() {
  local target=$1 leader=$session processes
  [ "$target" = process ] || { wait_for_rank 0 && leader=$rank; } || return 1
  until handles_signals "$leader"; do
    [ -d "/proc/$leader" ] || return 1
    sleep 0.02
  done
  if [ "$target" = ranks ]; then
    until processes=$(ranks_of "$session") && [ "$(wc -w <<<"$processes")" -eq 3 ]; do
      [ -d "/proc/$session" ] || return 1
      sleep 0.02
    done
    for rank in $processes; do
      until handles_signals "$rank"; do
        [ -d "/proc/$rank" ] || return 1
        sleep 0.02
      done
    done
  fi
  # mpirun forwards USR1 only once it has a handler for it.
  until [ "$target" != mpirun ] || catches "$session" 0x200; do
    [ -d "/proc/$session" ] || return 1
    sleep 0.02
  done
  sleep "$(random_seconds 0 300)"
  # shellcheck disable=SC2086
  if [ "$target" = ranks ]; then
    kill -s "$2" $processes 2>/dev/null
  else
    kill -s "$2" "$session" 2>/dev/null
  fi
}

# is_complete STORE
is_complete() {
  [ -f "$1" ] && [ ! -e "$1.journal" ] && [ "$(stored_trials "$1")" -eq "$fault_job_trials" ]
}

# one TARGET SIGNAL: one run with a signal and its check; 1 if the run was over too early.
one() {
  local what="$2 to $1" ranks=3 kept
  [ "$1" != process ] || ranks=0
  begin "$ranks" run ../job.cfg -o store.h5
  signal "$1" "$2" || {
    end_of_session
    rm -rf store.h5 store.h5.journal
    return 1
  }
  end_of_session
  expect_gone 2
  # What mpirun itself returns after TERM, INT or HUP is its own.
  if [ "$1" != mpirun ] || [ "$2" = USR1 ]; then
    case $status in
      0) is_complete store.h5 || fail "$what: status 0, but work is left" ;;
      75)
        # A worker that the signal ends gives mpirun its status, also while the leader completes the store.
        ! is_complete store.h5 || [ "$1" = ranks ] || fail "$what: status 75, but the store is complete"
        echo 1 >>work-left
        ;;
      139) # Open MPI 4.1 itself may crash when it has ended its ranks; what they left is checked below.
        grep -q 'PMIx_server_finalize' run.err || fail "$what: status 139: $(cat run.err)"
        ;;
      138) # mpirun has let go of its handlers: it was about to end.
        [ "$1 $2" = "mpirun USR1" ] && is_complete store.h5 || fail "$what: status 138: $(cat run.err)"
        ;;
      *) fail "$what: status $status: $(cat run.err)" ;;
    esac
  fi
  kept=$(stored_trials store.h5)
  run $((RANDOM % 3)) ../job.cfg store.h5
  expect_counts "$fault_job_trials $kept $((fault_job_trials - kept))" "the run after $what"
  keep_for_comparison store.h5
}

# lane LANE COUNT: its share of all pairs of target and signal, so many times each.
lane() {
  local sent=0 number=0 target name
  for ((round = 0; round < $(count_of 2 10); ++round)); do
    for target in "${targets[@]}"; do
      for name in "${signals[@]}"; do
        number=$((number + 1))
        [ $((number % lanes + 1)) -eq "$1" ] || continue
        until one "$target" "$name"; do :; done
        sent=$((sent + 1))
      done
    done
  done
  [ "$sent" -eq "$2" ] || fail "$sent signals, not $2"
  echo "$sent" >sent
}

lanes=4
in_lanes "$lanes" $(($(count_of 2 10) * ${#targets[@]} * ${#signals[@]})) lane
expect_all_undisturbed
report "signals: $(sum sent) of TERM, INT, HUP, USR1 to process, ranks, mpirun; $(sum work-left) with status 75;" \
  "each completed by a rerun"
