# shellcheck shell=bash
# Shared by the fault tests: sources common.sh; then runs that are killed, in several lanes at once (they mostly wait).
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

export MEMSCALE_SNAPSHOT_SECONDS=0.1  # so often that a good part of the faults meets a snapshot being written
# shellcheck disable=SC2034
session=

# count_of QUICK FULL: how many, in each run of the tests and under tools/test --full.
count_of() {
  if [ "${MEMSCALE_TEST_FULL-}" = yes ]; then echo "$2"; else echo "$1"; fi
}

# report TEXT: what was done, for the test's log and for the table of tools/test --full.
report() { printf 'count: %s\n' "$*"; }

# random FROM TO: in thousandths, "0.250" for 250.
random_seconds() {
  local thousandths=$(($1 + (RANDOM * 32768 + RANDOM) % ($2 - $1 + 1)))
  printf '%d.%03d' $((thousandths / 1000)) $((thousandths % 1000))
}

now_milliseconds() { echo "$((${EPOCHREALTIME/[.,]/} / 1000))"; }

# begin RANKS ARGUMENT...: memscale in a session of its own, in the background; sets `session`. Messages go to run.err.
begin() {
  local ranks=$1
  shift
  if [ "$ranks" -eq 0 ]; then
    setsid "$bin/memscale" "$@" >run.out 2>run.err &
  else
    setsid mpirun -n "$ranks" "$bin/memscale" "$@" >run.out 2>run.err &
  fi
  session=$!
}

# end_of_session: waits for the session's first process and sets `status`. mpirun of Open MPI 4.1 can wait for ever for
# itself (PMIx_server_finalize, a lock) once it has ended its ranks: it is killed then, `deadlock` is `yes`.
end_of_session() {
  local looks=0 seconds_alone=0
  deadlock=
  status=0
  while [ -d "/proc/$session" ]; do
    sleep 0.02
    looks=$((looks + 1))
    [ $((looks % 50)) -eq 0 ] || continue
    seconds_alone=$((seconds_alone + 1))
    is_mpirun_alone "$session" || seconds_alone=0
    [ "$seconds_alone" -ge 20 ] || continue
    deadlock=yes
    kill -9 "$session"
    echo 1 >>deadlocks
  done 2>/dev/null # bash would say that it was killed
  wait "$session" 2>/dev/null || status=$?
}

# What follows looks at processes again and again, by builtins alone: a program started for each look would take longer,
# on a busy machine, than the run that is looked at.

# The processes of a session that live (field 6 of /proc/PID/stat; the name before it may hold blanks).
processes_of() {
  local stat line rest pid
  for stat in /proc/[0-9]*/stat; do
    { read -r line <"$stat"; } 2>/dev/null || continue
    read -ra rest <<<"${line##*) }"
    if [ "${rest[3]-}" = "$1" ] && [ "${rest[0]}" != Z ]; then
      pid=${stat#/proc/}
      echo "${pid%/stat}"
    fi
  done
}

# is_mpirun_alone SESSION: whether its first process is mpirun, and no rank lives.
is_mpirun_alone() {
  local name=
  { read -r name <"/proc/$1/comm"; } 2>/dev/null || true
  [[ $name == mpirun || $name == orterun ]] && [ "$(processes_of "$1")" = "$1" ]
}

# ranks_of SESSION [RANK]: the processes of all ranks, or of one; none while they are not there.
ranks_of() {
  local pid variable variables
  for pid in $(processes_of "$1"); do
    { mapfile -d '' -t variables <"/proc/$pid/environ"; } 2>/dev/null || continue
    for variable in "${variables[@]}"; do
      # shellcheck disable=SC2053
      [[ $variable != OMPI_COMM_WORLD_RANK=${2-[0-9]*} ]] || echo "$pid"
    done
  done
  return 0
}

# wait_for_rank RANK: sets `found` to its process as soon as it is there; fails if the session ends before.
wait_for_rank() {
  found=
  while [ -d "/proc/$session" ]; do
    ! read -r found < <(ranks_of "$session" "$1") || return 0
    sleep 0.02
  done
  return 1
}

# catches PID BIT: whether the process has a handler for that signal.
catches() {
  local name= mask=
  while read -r name mask; do
    [ "$name" != SigCgt: ] || break
  done 2>/dev/null <"/proc/$1/status"
  [ "$name" = SigCgt: ] && [ $((0x$mask & $2)) -ne 0 ]
}

# handles_signals PID: whether memscale's handlers are set (that of SIGCONT, which no one else sets: bit 18).
handles_signals() { catches "$1" 0x20000; }

kill_session() {
  local pids
  while pids=$(processes_of "$1") && [ -n "$pids" ]; do
    # shellcheck disable=SC2086
    kill -9 $pids 2>/dev/null || true
  done
}

# expect_gone SECONDS: no process of the session is left after so long.
expect_gone() {
  local end=$(($(now_milliseconds) + 1000 * $1))
  while [ -n "$(processes_of "$session")" ]; do
    [ "$(now_milliseconds)" -lt "$end" ] || fail "ranks that outlive mpirun by $1 s: $(processes_of "$session")"
    sleep 0.05
  done
  session=
}

leave_lane() {
  [ -z "$session" ] || kill_session "$session"
}

# in_lanes LANES COUNT FUNCTION: shares COUNT among the lanes: calls FUNCTION LANE SHARE in each, in a folder of its own
# with random numbers of its own. Fails if one does.
in_lanes() {
  local lanes=$1 count=$2 function=$3 lane pids=() failed=0
  for ((lane = 1; lane <= lanes; ++lane)); do
    (
      trap leave_lane EXIT
      mkdir "lane-$lane"
      cd "lane-$lane" || exit
      RANDOM=$((20240607 + lane))
      "$function" "$lane" $((count * lane / lanes - count * (lane - 1) / lanes))
    ) &
    pids+=($!)
  done
  for lane in "${pids[@]}"; do wait "$lane" || failed=1; done
  [ "$failed" -eq 0 ] || fail "a lane failed (see above)"
}

# sum NAME: adds up the numbers that the lanes left in files of this name.
sum() {
  cat lane-*/"$1" 2>/dev/null | awk '{ s += $1 } END { print s + 0 }'
}

# keep_for_comparison STORE: a store that a lane has completed, and needs no longer.
keep_for_comparison() {
  expect_complete "$1"
  kept_stores=$((${kept_stores-0} + 1))
  mkdir -p ../completed
  mv "$1" "../completed/$(basename "$PWD")-$kept_stores.h5"
}

# expect_all_undisturbed: all that the lanes have kept hold the bytes of undisturbed.h5, /cost apart.
expect_all_undisturbed() {
  expect_same_but_cost undisturbed.h5 completed/*.h5
  rm -r completed
}

# stored_trials STORE: how many trials the store holds; 0 where there is none. Notes go to status.err.
stored_trials() {
  : >status.err
  if [ -e "$1" ] || [ -e "$1.journal" ]; then
    "$bin/memscale" status "$1" 2>status.err >status.out || fail "status $1: $(cat status.err)"
    sed -nE 's/^trials: ([0-9]+) ok, ([0-9]+) diverged, ([0-9]+) failed,.*$/\1 \2 \3/p' status.out |
      awk '{ print $1 + $2 + $3 }'
  else
    echo 0
  fi
}

# write_fault_job FILE [SEEDS]: 24 trials of 1 to 5 ms for each seed; sets fault_job_trials.
write_fault_job() {
  local seeds=${2-20}
  cat >"$1" <<JOB
[grid]
d = 16, 24
alpha = 1.5, 2, 3
optimizer = gd, muon
seed = 1:$seeds
[problem]
items = 800
[train]
steps = 1, 3
JOB
  # shellcheck disable=SC2034
  fault_job_trials=$((24 * seeds))
}
