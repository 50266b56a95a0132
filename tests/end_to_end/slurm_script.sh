#!/usr/bin/env bash
# memscale slurm without a SLURM: its scripts run what was asked for, whatever paths and values hold; bad input submits
# nothing. Programs of the cluster are stood in for.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

write_small_job job.cfg
mkdir stand-ins "a b"
# mpirun keeps its arguments, and ends with a status of the test's choice, or waits for USR1 to end with 75.
cat >stand-ins/mpirun <<'SH'
#!/bin/bash
printf '%s\0' "$@" >"$KEPT"
[ "$MPIRUN_ENDS" != by-signal ] || { trap 'exit 75' USR1; while :; do kill -USR1 "$PPID"; sleep 0.05; done; }
exit "$MPIRUN_ENDS"
SH
printf '#!/bin/sh\nprintf "%%s\\n" "$SQUEUE_SAYS"\n' >stand-ins/squeue
printf '#!/bin/sh\necho "$*" >>"$ASKED"\n' >stand-ins/scontrol
cat >stand-ins/sbatch <<'SH'
#!/bin/sh
cat >submitted
env >submitted.env
echo "Submitted batch job 42"
exit "${SBATCH_ENDS-0}"
SH
chmod +x stand-ins/*
export KEPT=$folder/kept ASKED=$folder/asked MPIRUN_ENDS=0 SQUEUE_SAYS=NONE SLURM_JOB_ID=42 SLURM_CPUS_ON_NODE=8
unset SLURM_JOB_END_TIME
path=$PATH

# slurm ARGUMENT...: its script goes to `script`.
slurm() {
  "$bin/memscale" slurm --dry-run "$@" >script 2>err || fail "slurm $*: status $?: $(cat err)"
  [ ! -s err ] || fail "slurm $*: $(cat err)"
}

# expect_run STATUS WORD...: the script runs mpirun with these words, and ends with the status.
expect_run() {
  local expected=$1 status=0
  shift
  PATH=$folder/stand-ins:$path bash script >out 2>&1 || status=$?
  [ "$status" -eq "$expected" ] || fail "the script's status is $status: $(cat out)"
  printf '%s\0' "$@" | cmp - kept || fail "mpirun was given $(tr '\0' '|' <kept), not $*"
}

# refused MESSAGE ARGUMENT...
refused() {
  local message=$1 status=0
  shift
  rm -f submitted
  PATH=$folder/stand-ins:$path "$bin/memscale" slurm "$@" >out 2>err || status=$?
  [ "$status" -eq 2 ] && [ "$(wc -l <err)" -eq 1 ] && grep -qF -- "$message" err && [ ! -s out ] ||
    fail "slurm $*: status $status, expected '$message' in: $(cat err out)"
  [ ! -e submitted ] || fail "slurm $* submitted something"
}

memscale=$(realpath "$bin/memscale")
slurm job.cfg
expect_run 0 -q "$memscale" run "$folder/job.cfg" -o "$folder/job.h5"

# Words that a shell would take apart, expand, or run; for each in turn the job, the store and a flag.
words=("a b" "it's" "'; touch ran; '" '$(touch ran)' '`touch ran`' '$HOME' '"' '\' ';touch ran' '&' '*' '~' '#x' '!x'
  'ä')
for word in "${words[@]}"; do
  cp job.cfg "a b/$word.cfg"
  slurm "a b/$word.cfg" -o "a b/$word.h5" --grid.seed "1, 2" --threads 3 -- --force
  expect_run 0 -q --map-by ppr:2:node --bind-to none "$memscale" run "$folder/a b/$word.cfg" -o "$folder/a b/$word.h5" \
    --threads 3 --grid.seed "1, 2" --force
done
[ ! -e ran ] || fail "a path was run"
grep -qx '#SBATCH --job-name=it_s' <("$bin/memscale" slurm "a b/it's.cfg" --dry-run) || fail "no name for it's.cfg"

# The end of the job is handed on, if there is one and SLURM has not said it.
slurm job.cfg --ranks 6 --time 1:00:00
for says in NONE "" 1000; do
  SQUEUE_SAYS=$says expect_run 0 -q "$memscale" run "$folder/job.cfg" -o "$folder/job.h5"
done
SQUEUE_SAYS=99999999999 expect_run 0 -q "$memscale" run "$folder/job.cfg" -o "$folder/job.h5" --walltime slurm
SLURM_JOB_END_TIME=99999999999 expect_run 0 -q "$memscale" run "$folder/job.cfg" -o "$folder/job.h5" --walltime slurm

slurm job.cfg --walltime 2h --grace=90s
SQUEUE_SAYS=99999999999 expect_run 0 -q "$memscale" run "$folder/job.cfg" -o "$folder/job.h5" --run.walltime 2h \
  --run.grace=90s

# The status is the run's; a script that requeues itself does that for 75 alone, also where USR1 came first.
plain=(-q "$memscale" run "$folder/job.cfg" -o "$folder/job.h5")
slurm job.cfg
MPIRUN_ENDS=75 expect_run 75 "${plain[@]}"
slurm job.cfg --self-requeue
for status in 0 1 2 137; do MPIRUN_ENDS=$status expect_run "$status" "${plain[@]}"; done
[ ! -e asked ] || fail "requeued without need: $(cat asked)"
MPIRUN_ENDS=75 expect_run 75 "${plain[@]}"
MPIRUN_ENDS=by-signal expect_run 75 "${plain[@]}"
[ "$(cat asked)" = "requeue 42"$'\n'"requeue 42" ] || fail "scontrol was asked: $(cat asked)"

refused "missing JOB" -o a.h5
refused "none.cfg" none.cfg
refused "invalid d=0" job.cfg --grid.d 0
refused "unknown key grid.dd" job.cfg --grid.dd 1
refused "its folder does not exist" job.cfg -o none/a.h5
refused "invalid output=a?b.h5 (must not hold a newline" job.cfg -o $'a\nb.h5'
refused "invalid flag=" job.cfg --grid.seed $'1\n#SBATCH --exclusive'
refused "invalid extra=" job.cfg --extra $'#SBATCH --qos=a\nrm -rf b'
refused "invalid extra=--qos=a (must begin with #SBATCH" job.cfg --extra=--qos=a
refused "invalid nodes=0" job.cfg --nodes 0
refused "invalid ranks=3 (must be between 4" job.cfg --nodes 4 --ranks 3
refused "invalid threads=x" job.cfg --threads x
refused "invalid time=1 h" job.cfg --time "1 h"
refused "invalid partition=a b" job.cfg --partition "a b"
refused "invalid account=-x" job.cfg --account=-x
refused "invalid memory-per-cpu=2 G" job.cfg --memory-per-cpu "2 G"
refused "--bogus" job.cfg -- --bogus

# Submitted: as printed, with the number of the job; what chose the BLAS kernels here stays here.
slurm job.cfg --nodes 2
export OPENBLAS_CORETYPE='' MEMSCALE_RESTARTED_FOR_BLAS=1
PATH=$folder/stand-ins:$path "$bin/memscale" slurm job.cfg --nodes 2 >out || fail "slurm: status $?"
[ "$(cat out)" = "Submitted batch job 42" ] || fail "$(cat out)"
cmp script submitted || fail "something else was submitted"
! grep -E 'OPENBLAS_CORETYPE|MEMSCALE_RESTARTED' submitted.env || fail "the kernels of this machine were handed on"
status=0
SBATCH_ENDS=1 PATH=$folder/stand-ins:$path "$bin/memscale" slurm job.cfg >out 2>err || status=$?
[ "$status" -eq 1 ] && grep -q "sbatch did not take the job" err || fail "status $status: $(cat err)"
rm stand-ins/sbatch
for program in env bash; do ln -s "$(command -v "$program")" stand-ins; done
status=0
PATH=$folder/stand-ins "$bin/memscale" slurm job.cfg >out 2>err || status=$?
[ "$status" -eq 2 ] && grep -q "sbatch is not found" err || fail "without sbatch: status $status: $(cat err)"
echo "slurm: scripts run what was asked for"
