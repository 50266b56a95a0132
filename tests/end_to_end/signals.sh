#!/usr/bin/env bash
# TERM, INT, HUP and USR1 at random moments, to a single process, to all ranks, to mpirun: the exit status says whether
# work is left, and running the same command again completes the store as if undisturbed.
. "$(dirname "${BASH_SOURCE[0]}")/fault.sh"

seeds=30  # of a run that lasts about a second
write_fault_job job.cfg "$seeds"
run 0 job.cfg undisturbed.h5 --grid.seed "1:$seeds"
trials_per_seed=$((fault_job_trials / seeds))
targets=(process ranks mpirun)
signals=(TERM INT HUP USR1)

# signal TARGET SIGNAL: sends it during a run to store.h5 at a random moment after the handlers of all its processes are
# set; fails if the run has ended before that.
signal() {
  local target=$1 process processes=("$session")
  if [ "$target" != process ]; then
    until mapfile -t processes < <(ranks_of "$session") && [ "${#processes[@]}" -eq 3 ]; do
      [ -d "/proc/$session" ] || return 1
      sleep 0.02
    done
  fi
  for process in "${processes[@]}"; do
    until handles_signals "$process"; do
      [ -d "/proc/$process" ] || return 1
      sleep 0.02
    done
  done
  # mpirun forwards USR1 only once it has a handler for it.
  until [ "$target" != mpirun ] || catches "$session" 0x200; do
    [ -d "/proc/$session" ] || return 1
    sleep 0.02
  done
  sleep "$(random_seconds 0 300)"
  [ "$target" != mpirun ] || processes=("$session")
  kill -s "$2" "${processes[@]}" 2>/dev/null
}

# is_complete STORE
is_complete() {
  [ -f "$1" ] && [ ! -e "$1.journal" ] && [ "$(stored_trials "$1")" -eq "$fault_job_trials" ]
}

# one TARGET SIGNAL SEEDS: one run with a signal and its check; 1 if the run was over too early.
one() {
  local what="$2 to $1" ranks=3 kept
  fault_job_trials=$(($3 * trials_per_seed))
  [ "$1" != process ] || ranks=0
  begin "$ranks" run ../job.cfg -o store.h5 --grid.seed "1:$3"
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
      # Open MPI 4.1 itself may stand still, or crash, when it has ended its ranks; what they left is checked below.
      137)
        [ "$deadlock" = yes ] || fail "$what: status 137: $(cat run.err)"
        ;;
      139)
        grep -q 'PMIx_server_finalize' run.err || fail "$what: status 139: $(cat run.err)"
        ;;
      138) # mpirun has let go of its handlers: it was about to end.
        [ "$1 $2" = "mpirun USR1" ] && is_complete store.h5 || fail "$what: status 138: $(cat run.err)"
        ;;
      *) fail "$what: status $status: $(cat run.err)" ;;
    esac
  fi
  kept=$(stored_trials store.h5)
  run $((RANDOM % 3)) ../job.cfg store.h5 --grid.seed "1:$3"
  expect_counts "$fault_job_trials $kept $((fault_job_trials - kept))" "the run after $what"
  if [ "$3" -eq "$seeds" ]; then
    keep_for_comparison store.h5
  else
    run 0 ../job.cfg longer.h5 --grid.seed "1:$3"
    expect_same_but_cost longer.h5 store.h5
    rm longer.h5 store.h5
  fi
}

# lane LANE COUNT: its share of all pairs of target and signal, so many times each.
lane() {
  local sent=0 number=0 length target name
  for ((round = 0; round < $(count_of 2 10); ++round)); do
    for target in "${targets[@]}"; do
      for name in "${signals[@]}"; do
        number=$((number + 1))
        [ $((number % lanes + 1)) -eq "$1" ] || continue
        # The busier the machine, the longer a look at processes takes: a run that was over is made longer.
        length=$seeds
        until one "$target" "$name" "$length"; do
          length=$((2 * length))
          [ "$length" -le $((32 * seeds)) ] || fail "a run of $((length / 2)) seeds was over before $name to $target"
        done
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
  "each completed by a rerun; mpirun stood still at its end $(sum deadlocks) times"
