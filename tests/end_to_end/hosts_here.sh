# shellcheck shell=bash
# Shared by the tests of several hosts: source it before fault.sh. Hosts are network namespaces with host names of their
# own, joined by a bridge. All of that lives in namespaces of the test alone, and is gone when its last process is.

# enter_network TEST ARGUMENT...: runs the test again, with in-namespace as its first argument, where it may make hosts:
# as root, or in a user namespace.
enter_network() {
  local missing=
  export PATH=$PATH:/usr/sbin:/sbin
  if ! command -v ip >/dev/null; then
    missing="no ip command (iproute2)"
  elif unshare -mn true 2>/dev/null; then
    exec unshare -mn bash "$1" in-namespace "${@:2}"
  elif unshare -rmn true 2>/dev/null; then
    exec unshare -rmn bash "$1" in-namespace "${@:2}"
  fi
  echo "several hosts: ${missing:-this system grants no network namespace}"
  [ "${MEMSCALE_TEST_ALL-}" = yes ] || exit 77
  exit 1
}

network=10.77.0  # inside the namespaces only

# make_hosts NAME...: $network.1, .2 ...; this process reaches them from $network.254. Leaves the command `./on HOST
# COMMAND...`, which runs what a remote shell would.
make_hosts() {
  local host number=0
  mount -t tmpfs none /run  # names of network namespaces are files in /run/netns
  mkdir /run/netns
  ip link set lo up
  ip link add name switch type bridge
  ip address add "$network.254/24" dev switch
  ip link set switch up
  echo "127.0.0.1 localhost $(hostname)" >hosts
  for host in "$@"; do
    number=$((number + 1))
    echo "$network.$number $host" >>hosts
    ip netns add "$host"
    ip link add name "port-$number" type veth peer name eth0 netns "$host"
    ip link set "port-$number" master switch up
    ip -n "$host" link set lo up
    ip -n "$host" address add "$network.$number/24" dev eth0
    ip -n "$host" link set eth0 up
  done
  mount --bind hosts /etc/hosts
  cat >on <<'ON'
#!/bin/sh
host=$1
shift
exec nsenter --net="/run/netns/$host" unshare --uts sh -c 'hostname "$0" && exec sh -c "$*"' "$host" "$@"
ON
  chmod +x on
}

# hosts_of STORE: the hosts that computed its trials, sorted.
hosts_of() {
  "$python" - "$1" <<'PYTHON'
import sys
import h5py

with h5py.File(sys.argv[1]) as store:
    print(*sorted({host.decode() for host in store["cost/host"][:]}))
PYTHON
}
