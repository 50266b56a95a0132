# shellcheck shell=bash
# Shared by the scripts of this folder: source it.
# shellcheck disable=SC2034
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

step() { printf '== %s\n' "$*"; }

fail() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

# How many processes may run at once: the cores that this process may use.
cores() {
  local n
  n=$(nproc 2>/dev/null) || n=1
  echo "$((n > 0 ? n : 1))"
}

# Open MPI refuses root, and more ranks than cores, unless told otherwise; its banner after a rank's non-zero exit
# status would bury that rank's own line.
prepare_mpi() {
  export OMPI_MCA_rmaps_base_oversubscribe=1 OMPI_MCA_orte_execute_quiet=1
  if [ "$(id -u)" -eq 0 ]; then
    export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
  fi
}
