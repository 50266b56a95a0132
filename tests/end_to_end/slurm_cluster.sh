# shellcheck shell=bash
# Shared by the tests that submit to SLURM: sources fault.sh; then starts a SLURM of its own, with all of its files in
# the test's folder, and ends it with the test. It needs neither munge nor systemd nor cgroups.
# shellcheck source=tests/end_to_end/fault.sh
. "$(dirname "${BASH_SOURCE[0]}")/fault.sh"

cluster=$folder/cluster
unset "${!SLURM_@}" "${!SBATCH_@}"  # this may itself be a batch job
export SLURM_CONF=$cluster/slurm.conf MEMSCALE=$bin/memscale

# require_slurm: skips the test where there is no SLURM, unless tools/test --all asked for all tests.
require_slurm() {
  PATH=$PATH:/usr/sbin:/sbin
  command -v slurmctld >/dev/null && command -v slurmd >/dev/null && command -v sbatch >/dev/null && return
  echo "no SLURM here (tools/install-deps --slurm)"
  [ "${MEMSCALE_TEST_ALL-}" = yes ] || exit 77
  exit 1
}

# free_ports: two that nobody listens on, one after the other.
free_ports() {
  local port
  while :; do
    port=$((20000 + RANDOM % 10000))
    # shellcheck disable=SC2188
    { <"/dev/tcp/127.0.0.1/$port" || <"/dev/tcp/127.0.0.1/$((port + 1))"; } 2>/dev/null || break
  done
  echo "$port $((port + 1))"
}

# configure CONTROLLER_ADDRESS NODE_LINE...: writes slurm.conf. Every job may share the CPUs: tests are many, CPUs few.
configure() {
  local ports user node
  read -ra ports <<<"$(free_ports)"
  user=$(id -un)
  mkdir -p "$cluster/state"
  for node in "${@:2}"; do
    node=${node#NodeName=}
    mkdir "$cluster/tmp-${node%% *}"
  done
  {
    cat <<CONF
ClusterName=memscale
SlurmctldHost=$(hostname -s)($1)
SlurmctldPort=${ports[0]}
SlurmdPort=${ports[1]}
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/none
CredType=cred/none
AuthInfo=cred_expire=5
StateSaveLocation=$cluster/state
SlurmdSpoolDir=$cluster/spool-%n
TmpFS=$cluster/tmp-%n
SlurmctldPidFile=$cluster/slurmctld.pid
SlurmdPidFile=$cluster/slurmd-%n.pid
SlurmctldLogFile=$cluster/slurmctld.log
SlurmdLogFile=$cluster/slurmd-%n.log
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
MpiDefault=pmix
SlurmdParameters=config_overrides
ReturnToService=2
KillWait=2
RequeueExit=75
SchedulerParameters=sched_interval=1,bf_interval=1
CONF
    printf '%s\n' "${@:2}"
    echo "PartitionName=test Nodes=ALL Default=YES MaxTime=INFINITE State=UP OverSubscribe=FORCE:16"
  } >"$SLURM_CONF"
}

# await SECONDS WHAT COMMAND...: until the command succeeds.
await() {
  local end=$(($(now_milliseconds) + 1000 * $1)) what=$2
  shift 2
  until "$@"; do
    [ "$(now_milliseconds)" -lt "$end" ] || fail "in vain: $what"
    sleep 0.05
  done
}

all_idle() { [ "$(sinfo -h -o %T 2>/dev/null)" = idle ]; }
no_jobs() { [ -z "$(squeue -h 2>/dev/null)" ]; }
gone() { ! kill -0 "$1" 2>/dev/null || [ "$(cut -d ' ' -f 3 "/proc/$1/stat" 2>/dev/null)" = Z ]; }

# start_daemon COMMAND...: a daemon that holds none of the test's files open.
start_daemon() {
  "$@" </dev/null >"$cluster/start.log" 2>&1 || fail "$*: $(cat "$cluster/start.log")"
}

# stop_cluster: ends all jobs, then the daemons by their files; the test's last act, also where it fails.
stop_cluster() {
  local file pid
  [ -e "$SLURM_CONF" ] || return 0
  squeue -h -o %A 2>/dev/null | xargs -r scancel 2>/dev/null
  for ((i = 0; i < 100; ++i)); do
    no_jobs && break
    sleep 0.1
  done
  for file in "$cluster"/*.pid; do
    pid=$(cat "$file" 2>/dev/null) || continue
    kill "$pid" 2>/dev/null || continue
    for ((i = 0; i < 50; ++i)); do
      gone "$pid" && break
      sleep 0.1
    done
    gone "$pid" || kill -9 "$pid" 2>/dev/null
  done
}

# leave STATUS: after a failure with what daemons and jobs said last.
leave() {
  set +e
  [ "$1" -eq 0 ] || tail -n 20 "$folder"/*.log "$folder"/*/*.log >&2 2>/dev/null
  stop_cluster
  rm -rf "$folder"
}

# submit ARGUMENT...: sbatch; prints the job's number. The log goes to NUMBER.log.
submit() {
  sbatch --parsable --output=%j.log "$@" || fail "sbatch $*: status $?"
}

job_field() {
  scontrol -o show job "$1" | sed -nE "s/^(.* )?$2=([^ ]*).*$/\2/p"
}

job_is() { [ "$(job_field "$1" JobState)" = "$2" ]; }
requeued() { [ "$(job_field "$1" Restarts)" = "$2" ]; }

# ranks_of_job JOB [RANK]: the processes of all ranks, or of one.
ranks_of_job() {
  local process
  for process in /proc/[0-9]*; do
    [ "$process/exe" -ef "$bin/memscale" ] &&
      grep -qzx "SLURM_JOB_ID=$1" "$process/environ" 2>/dev/null &&
      grep -qzx "PMIX_RANK=${2-[0-9]*}" "$process/environ" 2>/dev/null && echo "${process#/proc/}"
  done
  return 0
}

# hold JOB STORE TRIALS: stops the ranks once the store holds more results than so many, on a machine of any speed:
# they work by tenths of a second until then. Sets `held` to how many.
hold() {
  await 60 "the ranks of job $1 are at work" at_work "$1"
  while :; do
    stop "$1"
    at_work "$1" || fail "job $1 has ended before it could be held"
    held=$(stored_trials "$2")
    [ "$held" -le "$3" ] || break
    go_on "$1"
    sleep 0.1
  done
}

# at_work JOB: whether its first rank handles signals.
at_work() {
  local leader
  leader=$(ranks_of_job "$1" 0) && [ -n "$leader" ] && handles_signals "$leader"
}

# stop JOB, go_on JOB: all of its ranks.
stop() { ranks_of_job "$1" | xargs -r kill -STOP; }
go_on() { ranks_of_job "$1" | xargs -r kill -CONT; }

# signalled JOB: with USR1, seen while its ranks are held.
signalled() {
  local mask
  mask=$(sed -nE 's/^ShdPnd:\s*([0-9a-f]+)$/\1/p' "/proc/$(ranks_of_job "$1" 0)/status" 2>/dev/null)
  [ -n "$mask" ] && [ $((0x$mask & 0x200)) -ne 0 ]
}

# together FUNCTION...: all at once, each in a folder of its own name. Fails if one does.
together() {
  local function pids=() failed=0
  for function in "$@"; do
    mkdir "$function"
    (cd "$function" && "$function") &
    pids+=($!)
  done
  for function in "${pids[@]}"; do wait "$function" || failed=1; done
  [ "$failed" -eq 0 ] || fail "a part failed (see above)"
}
