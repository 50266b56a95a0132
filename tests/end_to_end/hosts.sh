#!/usr/bin/env bash
# Ranks on three hosts that talk over TCP: the same bytes as in one process; a rank that dies on a remote host ends the
# run within seconds, and running the same command again completes the store.
. "$(dirname "${BASH_SOURCE[0]}")/hosts_here.sh"
[ "${1-}" = in-namespace ] || enter_network "$0" "$@"
shift
. "$(dirname "${BASH_SOURCE[0]}")/fault.sh"

write_fault_job job.cfg 120
run 0 job.cfg undisturbed.h5
make_hosts one two three

# Ranks 0, 1, 2, 3 are on one, two, three, three. Open MPI reaches the others as it would by ssh.
start=(./on one mpirun -q --mca plm_rsh_agent "$folder/on" --mca btl "tcp,self" --mca btl_tcp_if_include eth0
  --mca oob_tcp_if_include eth0 --host "one:1,two:1,three:2" -wdir "$folder" "$bin/memscale")

# hosts_run STORE: a run that must succeed on the three hosts.
hosts_run() {
  "${start[@]}" run "$folder/job.cfg" -o "$folder/$1" >run.out 2>run.err || fail "status $?: $(cat run.err)"
}

# received HOST: bytes that have come to a host by the network.
received() { ip -n "$1" -s -j link show eth0 | sed -E 's/.*"rx":\{"bytes":([0-9]+),.*/\1/'; }

# ranks_on_hosts [RANK]: all, or one; remote ones are in sessions of their own.
ranks_on_hosts() {
  local process
  for process in /proc/[0-9]*; do
    [ "$process/exe" -ef "$bin/memscale" ] &&
      grep -qzx "OMPI_COMM_WORLD_RANK=${1-[0-9]*}" "$process/environ" 2>/dev/null &&
      [ "$process/cwd" -ef "$folder" ] && echo "${process#/proc/}"
  done
  return 0
}

before=$(received two)
hosts_run whole.h5
expect_counts "$fault_job_trials 0 $fault_job_trials" "three hosts"
grep -q "on 4 ranks" run.err || fail "other ranks: $(cat run.err)"
expect_complete whole.h5
expect_same_but_cost undisturbed.h5 whole.h5
[ "$(hosts_of whole.h5)" = "one three two" ] || fail "computed on: $(hosts_of whole.h5)"
[ "$(received two)" -gt "$before" ] || fail "nothing has come to host two by the network"

# kill_rank RANK: kills it during a run to killed.h5 as soon as the store has some results more.
kill_rank() {
  local kept
  kept=$(stored_trials killed.h5)
  setsid "${start[@]}" run "$folder/job.cfg" -o "$folder/killed.h5" >run.out 2>run.err &
  session=$!
  wait_for_rank 0 || fail "no rank 0: $(cat run.err)"
  until [ "$(stored_trials killed.h5)" -gt "$kept" ]; do
    [ -d "/proc/$session" ] || fail "the run has ended too early: $(cat run.err)"
  done
  rank=$(ranks_on_hosts "$1")
  kill -9 "$rank" || fail "rank $1 has ended too early"
  killed=$(now_milliseconds)
  end_of_session
  [ "$status" -ne 0 ] || fail "status 0 after rank $1 was killed: $(cat run.err)"
  [ $(($(now_milliseconds) - killed)) -lt 15000 ] || fail "the run went on for more than 15 s without rank $1"
  report "mpirun ends $(($(now_milliseconds) - killed)) ms after a rank on another host was killed"
  sleep 2
  [ -z "$(ranks_on_hosts)" ] || fail "ranks outlive the run by 2 s: $(ranks_on_hosts)"
}

for victim in 1 3; do
  kill_rank "$victim"
done
kept=$(stored_trials killed.h5)
hosts_run killed.h5
expect_counts "$fault_job_trials $kept $((fault_job_trials - kept))" "the run after ranks were killed"
expect_complete killed.h5
expect_same_but_cost undisturbed.h5 killed.h5
report "several hosts: 4 ranks on 3 hosts over TCP, 2 killed on remote ones; the same file"
