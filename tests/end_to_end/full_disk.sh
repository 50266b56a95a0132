#!/usr/bin/env bash
# A disk (tmpfs) that fills up at random places: the run ends with status 75, or 0 if it fitted, never by a signal; once
# there is room, running the same command again completes the store as if undisturbed.

# A mount of one's own needs a mount namespace of one's own: root's, or a user namespace's.
if [ "${1-}" != in-namespace ]; then
  if unshare -m true 2>/dev/null; then
    exec unshare -m bash "$0" in-namespace "$@"
  elif unshare -rm true 2>/dev/null; then
    exec unshare -rm bash "$0" in-namespace "$@"
  fi
  echo "full disk: this system grants no mount namespace"
  [ "${MEMSCALE_TEST_ALL-}" = yes ] || exit 77
  exit 1
fi
shift
. "$(dirname "${BASH_SOURCE[0]}")/fault.sh"

write_fault_job job.cfg 10
run 0 job.cfg undisturbed.h5

# The journal, the last snapshot and the next one, with a little to spare.
needed=$((2 * $(stat -c %s undisturbed.h5) + 1200 * fault_job_trials))

# A disk that a failed check leaves behind would keep its folder.
leave_lane() {
  umount disk 2>/dev/null || true
}

# one RANKS BYTES: a run on a disk of this size, then one with room.
one() {
  local status=0
  mount -t tmpfs -o "size=$2" none disk || fail "no tmpfs of $2 bytes"
  launch "$1" "$bin/memscale" run ../job.cfg -o disk/store.h5 >run.out 2>run.err || status=$?
  case $status in
    0) expect_complete disk/store.h5 ;;
    75)
      echo 1 >>full
      grep -q 'No space left on device' run.err || fail "$2 bytes: status 75 for another reason: $(cat run.err)"
      [ "$(grep -c 'run the same command again' run.err)" -eq 1 ] || fail "$2 bytes: not one line: $(cat run.err)"
      ;;
    *) fail "$2 bytes on $1 ranks: status $status: $(cat run.err)" ;;
  esac
  mount -o remount,size=$((8 * needed)) disk || fail "no more room"
  run $((RANDOM % 3)) ../job.cfg disk/store.h5
  [ "$status" -eq 75 ] || expect_counts "$fault_job_trials $fault_job_trials 0" "the run after a complete one"
  [ "$(ls disk)" = store.h5 ] || fail "files are left: $(ls disk)"
  keep_for_comparison disk/store.h5
  umount disk
}

# lane LANE DISKS
lane() {
  local number
  mkdir disk
  for ((number = 1; number <= $2; ++number)); do
    one $((number % 8 == 0 ? 2 : 0)) $((1 + (RANDOM * 32768 + RANDOM) % needed))
  done
  echo "$2" >disks
}

in_lanes 2 "$(count_of 40 150)" lane
expect_all_undisturbed
report "full disk: $(sum disks) sizes up to $needed bytes, $(sum full) too small; each completed with room"
