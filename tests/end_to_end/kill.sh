#!/usr/bin/env bash
# kill -9 of mpirun and all ranks at random moments: the run goes on where it was, and ends as if undisturbed.
# Arguments: the folder of the binaries, the number of kills.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

kills=${2:-5}
RANDOM=20240607
seeds=$((8 + 4 * kills))  # work enough for all kills
trials=$((27 * seeds))
cat >job.cfg <<JOB
[grid]
d = 16, 24, 32
alpha = 1.5, 2, 3
optimizer = gd, muon, newton
seed = 1:$seeds
[problem]
items = 8000
JOB

# The processes of a session (field 6 of /proc/PID/stat; the name before it may hold blanks).
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

kill_session() {
  local pids
  while pids=$(processes_of "$1") && [ -n "$pids" ]; do
    # shellcheck disable=SC2086
    kill -9 $pids 2>/dev/null || true
  done
}

journal_bytes() {
  { cat "$1".journal/* 2>/dev/null || true; } | wc -c
}

run 0 job.cfg undisturbed.h5
bytes_of_trial=250  # about, in the journal
stored=0
for ((i = 1; i <= kills; ++i)); do
  setsid mpirun -n 3 "$bin/memscale" run job.cfg -o store.h5 >run.out 2>run.err &
  session=$!
  # Until the journal has grown by a random part of what is left, or the run is over.
  goal=$(($(journal_bytes store.h5) + RANDOM % (trials * bytes_of_trial / kills)))
  while [ -d "/proc/$session" ] && [ "$(journal_bytes store.h5)" -lt "$goal" ]; do sleep 0.02; done
  kill_session "$session"
  wait "$session" 2>/dev/null || true
  read -r _ now _ <<<"$(counts_of_run)" || true
  [ -n "${now-}" ] || now=$stored  # killed before it could say
  [ "$now" -ge "$stored" ] || fail "kill $i: $now stored trials after $stored"
  stored=$now
done
run 3 job.cfg store.h5
read -r total now _ <<<"$(counts_of_run)"
[ "$total" -eq "$trials" ] || fail "$total trials, not $trials"
[ "$now" -ge "$stored" ] || fail "$now stored trials after $stored"
expect_complete store.h5
expect_same_trials undisturbed.h5 store.h5
echo "kill: $kills kills, $now of $trials trials kept before the last run"
