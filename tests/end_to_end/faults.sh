#!/usr/bin/env bash
# The n-th write, fsync, open, rename, ... on a store's files fails, in each way, once or from then on, or the process
# ends there: status 75, or 0, or 2 when it cannot even begin, never a signal; running the same command again completes
# the store as if undisturbed. Arguments: the folder of the binaries, the library that makes the calls fail.
. "$(dirname "${BASH_SOURCE[0]}")/fault.sh"

shim=$2
# A few trials: a few dozen calls.
write_fault_job job.cfg 1
flags=(--grid.d 16 --grid.alpha 2)
export MEMSCALE_SNAPSHOT_SECONDS=0
run 0 job.cfg left.h5 "${flags[@]}" --train.steps 1
cp left.h5 undisturbed.h5
run 0 job.cfg undisturbed.h5 "${flags[@]}"

# one FAULT: a run with it and its check; 1 if the fault did not come.
one() {
  local status=0
  cp ../left.h5 store.h5
  rm -f fired
  LD_PRELOAD=$shim MEMSCALE_FAULT=$1 MEMSCALE_FAULT_FILES=$PWD/store.h5 MEMSCALE_FAULT_FIRED=$PWD/fired \
    timeout 60 "$bin/memscale" run ../job.cfg -o store.h5 "${flags[@]}" >run.out 2>run.err || status=$?
  case $status,$1 in
    0,*) expect_complete store.h5 ;;
    75,*) grep -q 'run the same command again' run.err || fail "$1: status 75, but: $(cat run.err)" ;;
    2,*) [ "$(wc -l <run.err)" -eq 1 ] || fail "$1: status 2, but not one line: $(cat run.err)" ;;
    99,*:EXIT:*) ;;
    *) fail "$1: status $status: $(cat run.err)" ;;
  esac
  echo "$status" >>statuses
  run 0 ../job.cfg store.h5 "${flags[@]}"
  [ -z "$(find . -name 'store.h5?*')" ] || fail "$1: files are left: $(ls)"
  keep_for_comparison store.h5
  [ -e fired ]
}

# all_of CALL ERROR once|always: n = 1, 2, 3, ... until the fault does not come any more; in the quick test ever larger
# steps.
all_of() {
  local n=1
  while one "$1:$2:$n:$3"; do n=$((n + $(count_of $((1 + n / 2)) 1))); done
  [ "$n" -gt 1 ] || [ "$1" = ftruncate ] || fail "$1 was never called"
}

lane() {
  local call error number=0
  : >statuses
  for call in open write pread fsync fdatasync ftruncate rename unlink mkdir rmdir close; do
    for error in "${errors[@]}"; do
      case $error,$call in
        SHORT,write | SHORT,pread | EINTR,open | EINTR,write | EINTR,pread | EINTR,close) ;;
        SHORT,* | EINTR,*) continue ;;
      esac
      number=$((number + 1))
      [ $((number % lanes + 1)) -eq "$1" ] || continue
      all_of "$call" "$error" once
      # A call that is interrupted, or cut short, for ever cannot end.
      case $error in EINTR | SHORT | EXIT) ;; *) all_of "$call" "$error" always ;; esac
    done
  done
}

errors=(ENOSPC EXIT EINTR SHORT)
[ "$(count_of quick full)" = quick ] || errors+=(EIO EDQUOT)
lanes=2
in_lanes "$lanes" "$lanes" lane
expect_all_undisturbed
report "system calls that fail in memscale run: $(cat lane-*/statuses | wc -l) runs," \
  "$(cat lane-*/statuses | sort -n | uniq -c | awk '{ printf "%s%d with status %d", (NR > 1 ? ", " : ""), $1, $2 }');" \
  "each completed by a rerun"
