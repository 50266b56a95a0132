#!/usr/bin/env bash
# A job that changes what a store's jobs fixed is refused in one line that names it, and --force keeps both; more points,
# values or optimizers are no change.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

write_small_job small.cfg
sed 's/^\[problem\]/[train]\neta = 2\n[problem]/' small.cfg >changed.cfg
run 0 small.cfg store.h5
cp -p store.h5 first.h5

# stored STORE DATASET...: a line a row, values joined by |.
cat >stored.py <<'PYTHON'
import sys, h5py
with h5py.File(sys.argv[1]) as store:
    rows = zip(*(store[name][:] for name in sys.argv[2:]))
    for row in rows: print(*(value.decode() if isinstance(value, bytes) else value for value in row), sep="|")
PYTHON
stored() { "$python" stored.py "$@"; }

# expect_refused RANKS STORE MESSAGE FLAG...
expect_refused() {
  local ranks=$1 store=$2 message=$3 status=0
  shift 3
  cp -p "$store" before.h5
  launch "$ranks" "$bin/memscale" run "$@" -o "$store" >refused.out 2>refused.err || status=$?
  [ "$status" -eq 2 ] || fail "$* on $ranks ranks: exit status $status, not 2: $(cat refused.err)"
  [ "$(wc -l <refused.err)" -eq 1 ] || fail "$* on $ranks ranks: not one line: $(cat refused.err)"
  grep -qF -- "$message" refused.err || fail "$* on $ranks ranks: expected '$message' in: $(cat refused.err)"
  [ ! -s refused.out ] || fail "$* on $ranks ranks: stdout is not empty: $(cat refused.out)"
  cmp -s "$store" before.h5 || fail "$* on $ranks ranks changed the store"
  expect_complete "$store"
}

for ranks in 0 1 3; do
  expect_refused "$ranks" store.h5 "(made with other parameters: train.eta: 1 -> 2; " changed.cfg
done
expect_refused 0 store.h5 "train.eta: 1 -> 2*sqrt(d); " small.cfg --train.eta "2 * sqrt(d)"
expect_refused 0 store.h5 "problem.items: 2000 -> 3000; train.eta: 1 -> 2; " changed.cfg --problem.items 3000
expect_refused 0 store.h5 "muon.eta: 1 -> 3; " small.cfg --muon.eta 3

# What is no change, told by the counts of trials.
grow() {
  local counts=$1
  shift
  cp first.h5 grown.h5
  run 0 "$1" grown.h5 "${@:2}"
  expect_counts "$counts" "$*"
  rm grown.h5
}
grow "48 32 16" small.cfg --grid.d 16,24,32
grow "48 32 16" small.cfg --grid.seed 1:3
grow "40 32 8" small.cfg --grid.optimizer gd,muon,newton,signgd
grow "64 32 32" small.cfg --train.eta 1,2
grow "32 32 0" changed.cfg --gd.eta 1 --muon.eta 1 --newton.eta 1
grow "32 32 0" small.cfg --muon.lambda 3

# Forced: both are kept, and neither is asked again.
run 3 changed.cfg store.h5 --force
expect_counts "32 0 32" "forced"
expect_complete store.h5
stored store.h5 trials/eta | sort | uniq -c | awk '{print $1, $2}' >etas
[ "$(cat etas)" = $'32 1.0\n32 2.0' ] || fail "the forced store does not hold both: $(cat etas)"
stored store.h5 jobs/forced >forced
[ "$(cat forced)" = $'\ntrain.eta: 1 -> 2' ] || fail "/jobs does not list both with the difference: $(cat forced)"
stored store.h5 jobs/parameters | grep '^train.eta=' >parameters
[ "$(cat parameters)" = $'train.eta=1\ntrain.eta=2' ] || fail "/jobs does not say what each fixed: $(cat parameters)"
run 0 changed.cfg store.h5
expect_counts "32 32 0" "the second job again"
run 0 small.cfg store.h5
expect_counts "32 32 0" "the first job again"
[ "$(stored store.h5 jobs/forced | wc -l)" -eq 2 ] || fail "a job that ran again is listed again"
expect_refused 0 store.h5 "train.eta: " small.cfg --train.eta 5

# fit_has STORE METHOD...: the fit of a store tells these methods apart.
fit_has() {
  local store=$1 method
  shift
  "$bin/memscale-fit" "$store" -o "$store.fit" >fit.out 2>fit.err || fail "memscale-fit ended with status $?: $(cat fit.err)"
  cut -d, -f1 "$store.fit/cells.csv" | sort -u >methods
  for method in "$@"; do
    grep -qxF -- "$method" methods || fail "the fit of $store lacks '$method': $(cat methods)"
  done
}
fit_has store.h5 'gd eta=1' 'gd eta=2' 'newton eta=1' 'newton eta=2'

# A store of an earlier physics version, whose parameters nobody wrote down.
gunzip -c "$repository/tests/store/formats/1/finished.h5.gz" >format-1.h5
"$bin/memscale" merge format-1.h5 -o older.h5 >merge.out 2>&1 || fail "merge of format 1 ended with status $?: $(cat merge.out)"
stored older.h5 jobs/text >older.cfg
for ranks in 0 1 3; do
  expect_refused "$ranks" older.h5 "(made with other parameters: physics version: 1 -> 2; " older.cfg
done
run 3 older.cfg older.h5 --force
older=$(stored older.h5 trials/physics | grep -cx 1)
newer=$(stored older.h5 trials/physics | grep -cx 2)
if [ "$older" -eq 0 ] || [ "$newer" -eq 0 ]; then fail "the forced store holds $older and $newer trials of physics 1 and 2"; fi
[ "$(stored older.h5 jobs/physics jobs/forced)" = $'1|\n2|physics version: 1 -> 2' ] || fail "/jobs: $(stored older.h5 jobs/physics jobs/forced)"
run 0 older.cfg older.h5
expect_counts "$newer $newer 0" "the job of the present physics again"
fit_has older.h5 'gd physics=1' 'gd physics=2' 'newton physics=1' 'newton physics=2'

# A store of the present physics and an earlier format: its job is known once it is converted.
gunzip -c "$repository/tests/store/formats/2/finished.h5.gz" >format-2.h5
"$bin/memscale" merge format-2.h5 -o newer.h5 >merge.out 2>&1 || fail "merge of format 2 ended with status $?: $(cat merge.out)"
stored newer.h5 jobs/text >newer.cfg
expect_refused 0 newer.h5 "train.eta: 1 -> 7; " newer.cfg --train.eta 7

# A third job is held against the one before it that had its optimizer.
run 0 small.cfg third.h5 --grid.optimizer gd
run 0 small.cfg third.h5 --grid.optimizer muon
expect_refused 0 third.h5 "train.eta: 1 -> 5; " small.cfg --grid.optimizer gd --train.eta 5

# A comment in Latin-1 is no UTF-8: the job runs, and what the store keeps of it can be read.
{ printf '# k\344lter\n'; cat small.cfg; } >latin.cfg
run 0 latin.cfg latin.h5
[ "$(stored latin.h5 jobs/text | head -n 1)" = "# k?lter" ] || fail "the stored job text: $(stored latin.h5 jobs/text)"

echo "changes: refused and named, kept with --force"
