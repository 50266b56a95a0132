#!/usr/bin/env bash
# The readers that docs/reading.md shows, run as they stand there: on a finished store, and again and again while a run
# replaces its snapshots; those of fits on what memscale-fit wrote. Then readers written from docs/store-format.md alone. What is not installed is skipped, but not
# under MEMSCALE_TEST_ALL=yes.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# has NAME COMMAND...: whether COMMAND works, which says that NAME is installed.
has() {
  local name=$1
  shift
  "$@" >/dev/null 2>&1 && return
  [ "${MEMSCALE_TEST_ALL:-no}" != yes ] || fail "no $name: tools/install-deps --tests --readers installs it"
  echo "skipped: no $name"
  return 1
}

# The document's blocks, one file each, named by place and language: block-1.python ...
"$python" - "$repository/docs/reading.md" <<'PYTHON' || fail "cannot take docs/reading.md apart"
import re
import sys

for number, (language, block) in enumerate(re.findall(r"^```(\w+)\n(.*?)^```", open(sys.argv[1], encoding="utf-8").read(), re.M | re.S)):
    open(f"block-{number}.{language}", "w", encoding="utf-8").write(block)
PYTHON

readers=() fit_readers=() group_readers=()
for block in block-*; do
  case $block in
    *.python) command=("$python")
      if grep -q pandas "$block"; then has pandas "$python" -c 'import pandas' || continue; fi ;;
    *.r) command=(Rscript)
      has "R with rhdf5" Rscript -e 'library(rhdf5)' || continue ;;
    *.octave) command=(octave-cli --quiet --no-init-file --no-history)
      has Octave octave-cli --version || continue ;;
    *.sh) command=(sh)
      has h5dump h5dump --version || continue ;;
    *.julia | *.matlab) continue ;;
    *) fail "a block of docs/reading.md in no known language: $block" ;;
  esac
  if grep -q 'fig2\.fit' "$block"; then
    fit_readers+=("${command[*]} $PWD/$block")
  elif grep -q 'groups\.h5' "$block"; then
    group_readers+=("${command[*]} $PWD/$block")
  else
    readers+=("${command[*]} $PWD/$block")
  fi
done
if [ ${#readers[@]} -lt 2 ] || [ ${#fit_readers[@]} -lt 1 ]; then fail "docs/reading.md shows fewer readers than it should"; fi
[ ${#group_readers[@]} -eq 1 ] || fail "docs/reading.md shows no reader of group losses"

# run_all READER...: in this folder every reader works without an error; what each prints is in COUNT.printed.
run_all() {
  local number=0 reader
  for reader in "$@"; do
    # shellcheck disable=SC2086
    $reader >"$number.printed" 2>"$number.messages" ||
      fail "$reader ended with status $?: $(cat "$number.messages" "$number.printed")"
    number=$((number + 1))
  done
}
read_all() { run_all "${readers[@]}"; }

cat >job.cfg <<'JOB'
[grid]
d = 16, 32
optimizer = gd, muon, adam
batch = 500, inf
seed = 1:3
[problem]
items = 2000
[train]
steps = 4
JOB
run 2 job.cfg fig2.h5
read_all
"$python" "$here/check_readers.py" fig2.h5 "${#readers[@]}" || fail "a reader of docs/reading.md prints other values"

# Fits, by what memscale-fit wrote and anew from the trials.
mkdir fits
cd fits
cat >small.cfg <<'JOB'
[grid]
d = 16, 32, 64
alpha = 1.5, 2
optimizer = gd, muon
seed = 1:4
[problem]
items = 2000
JOB
run 2 small.cfg fig2.h5
"$bin/memscale-fit" fig2.h5 --no-figures >fit.out 2>&1 || fail "memscale-fit ended with status $?: $(cat fit.out)"
run_all "${fit_readers[@]}"
"$python" "$here/check_fit_readers.py" fig2.fit/fits.csv "${#fit_readers[@]}" ||
  fail "a reader of docs/reading.md finds other exponents"
cd ..

# Group losses of an orthogonal memory, as the document's reader prints them and as export does.
mkdir groups
cd groups
cat >groups.cfg <<'JOB'
[grid]
d = 60
optimizer = gd
[problem]
model = orthogonal
groups = 12
[train]
steps = 13
JOB
run 2 groups.cfg groups.h5
run_all "${group_readers[@]}"
"$bin/memscale" export groups.h5 --csv --table groups >groups.csv || fail "export ended with status $?"
"$python" - <<'PYTHON' || fail "a reader of docs/reading.md prints other losses of groups than export"
import csv

exported = {}
for row in csv.DictReader(open("groups.csv", encoding="utf-8")):
    exported.setdefault(int(row["step"]), []).append(float(row["loss"]))
printed = [line.split() for line in open("0.printed", encoding="utf-8")]
assert {int(step): [float(loss) for loss in losses] for step, *losses in printed} == exported
assert len(exported) == 12 and len(exported[13]) == 11, "no loss for each step and bin"
PYTHON
cd ..

# While snapshots are replaced, several a second.
mkdir live
cd live
cat >long.cfg <<'JOB'
[grid]
d = 16
alpha = 1.25:0.0625:4
optimizer = gd, muon, adam
seed = 1:400
[problem]
items = 3000
[train]
steps = 3
JOB
export MEMSCALE_SNAPSHOT_SECONDS=0.05
mpirun -n 2 "$bin/memscale" run long.cfg -o fig2.h5 >run.out 2>run.err &
run=$!
trap 'kill "$run" 2>/dev/null || true; wait "$run" 2>/dev/null || true; rm -rf "$folder"' EXIT
# The first snapshot can come before the first trial.
until [ -e fig2.h5 ] && "$python" -c 'import h5py; h5py.File("fig2.h5")["trials/d"][0]' 2>/dev/null; do
  kill -0 "$run" 2>/dev/null || fail "the run ended before its first snapshot: $(cat run.err)"
  sleep 0.05
done
rounds=0 before='' sizes=0
while kill -0 "$run" 2>/dev/null && [ "$rounds" -lt 6 ]; do
  read_all
  rounds=$((rounds + 1))
  [ "$(cat 0.printed)" = "$before" ] || sizes=$((sizes + 1))
  before=$(cat 0.printed)
  if [ "$rounds" -eq 2 ]; then cp -r fig2.h5.journal ../part.h5.journal; fi
done
unset MEMSCALE_SNAPSHOT_SECONDS
kill -USR1 "$run" 2>/dev/null || true
status=0
wait "$run" || status=$?
case $status in
  0 | 75) ;;
  *) fail "the run that was read ended with status $status: $(cat run.err)" ;;
esac
if [ "$rounds" -lt 3 ] || [ "$sizes" -lt 2 ]; then fail "$rounds rounds of readers saw $sizes snapshots: nothing was tested"; fi
read_all
cd ..

# The format as it is written down: a journal of a run at work, with a torn tail, and snapshots.
if has python3-xxhash "$python" -c 'import xxhash'; then
  document=$repository/docs/store-format.md
  rm -f part.h5.journal/lock
  segment=part.h5.journal/journal-00000001
  head -c "$(($(stat -c %s "$segment") - 5))" "$segment" >torn
  mv torn "$segment"
  "$bin/memscale" merge part.h5 -o part-merged.h5 >merge.out 2>&1 || fail "merge ended with status $?: $(cat merge.out)"
  trials=$("$python" "$here/read_journal.py" "$document" part.h5.journal part-merged.h5) ||
    fail "the journal is not what docs/store-format.md says"
  [ "$trials" -gt 0 ] || fail "no trials in the journal that was copied"
  for format in 1 2 3; do
    mkdir -p "format-$format"
    cp "$repository/tests/store/formats/$format/killed.journal-00000001" "format-$format/journal-00000001"
    "$python" "$here/read_journal.py" "$document" "format-$format" "$repository/tests/store/formats/$format/killed.tsv.gz" \
      >/dev/null || fail "the journal of format $format is not what docs/store-format.md says"
  done
  for store in fig2.h5 live/fig2.h5 part-merged.h5; do
    "$python" "$here/read_catalog.py" "$document" "$store" >/dev/null ||
      fail "the snapshot $store is not what docs/store-format.md says"
  done
  echo "format: $trials trials of a journal and 3 snapshots are what docs/store-format.md says"
fi
echo "readers: ${#readers[@]} of docs/reading.md, $rounds times during a run, and ${#fit_readers[@]} of fits"
