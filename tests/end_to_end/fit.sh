#!/usr/bin/env bash
# memscale-fit on small stores: the files are there and can be read, several stores are one, options are kept to, and the
# exit statuses are right.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

fit() { "$bin/memscale-fit" "$@" >fit.out 2>fit.err || fail "memscale-fit $*: status $?: $(cat fit.err)"; }

written() { find . -newer mark ! -name fit.out ! -name fit.err | sort; }

# refused MESSAGE ARGUMENT...: status 2, one line, and nothing is written.
refused() {
  local message=$1 status=0 before
  shift
  before=$(written)
  "$bin/memscale-fit" "$@" >fit.out 2>fit.err || status=$?
  [ "$status" -eq 2 ] || fail "$*: exit status $status, not 2: $(cat fit.err)"
  [ "$(wc -l <fit.err)" -eq 1 ] || fail "$*: not one line on stderr: $(cat fit.err)"
  grep -qF -- "$message" fit.err || fail "$*: expected '$message' in: $(cat fit.err)"
  [ "$(written)" = "$before" ] || fail "$*: something was written"
}

write_small_job small.cfg
run 2 small.cfg store.h5 --grid.d 16,32,64 --grid.alpha 1.5,2,3 --grid.seed 1:3
trials=108
fit store.h5
[ ! -s fit.err ] || fail "memscale-fit complains: $(cat fit.err)"
for method in gd muon newton; do
  grep -q "$method" fit.out || fail "the table lacks $method: $(cat fit.out)"
done
for word in theory verdict consistent; do
  grep -q "$word" fit.out || fail "the tables lack '$word': $(cat fit.out)"
done
# Who reads the tables may stop early: the files are there before.
"$bin/memscale-fit" store.h5 -o pipe.fit 2>pipe.err | head -1 >pipe.out || true
[ -s pipe.fit/report.html ] && [ -s pipe.fit/fits.csv ] || fail "a closed pipe loses the files: $(ls -A pipe.fit)"

files=(fits.csv cells.csv local_slopes.csv fit.json fits.h5)
for file in "${files[@]}" report.html; do
  [ -s "store.fit/$file" ] || fail "store.fit/$file is missing or empty"
done
for figure in capacity compare exponents local-slopes recall spectra schedule; do
  for format in svg pdf gp dat; do
    [ -s "store.fit/$figure.$format" ] || fail "store.fit/$figure.$format is missing or empty"
  done
done
for figure in batch critical-batch steps training loss loss-items; do
  [ ! -e "store.fit/$figure.svg" ] || fail "store.fit/$figure.svg is there, without data for it"
done
"$python" "$here/check_fit.py" store.h5 store.fit $trials || fail "the fit's files are wrong"

# A second fit of the same store writes the same bytes, elsewhere if asked.
fit store.h5 -o elsewhere --no-figures
for file in "${files[@]}"; do
  cmp "store.fit/$file" "elsewhere/$file" || fail "$file differs between two fits"
done
[ ! -e elsewhere/capacity.gp ] || fail "--no-figures draws"

# Batches, steps and losses have figures of their own; with rsvg-convert all pictures can be read.
run 2 small.cfg steps.h5 --grid.d 16,32,64 --grid.alpha 1.5 --grid.optimizer gd,muon --grid.batch 10,100,1000,inf \
  --train.steps 4 --measure.loss exact
fit steps.h5
for figure in capacity batch steps training loss loss-items recall spectra schedule; do
  [ -s "steps.fit/$figure.svg" ] || fail "steps.fit/$figure.svg is missing or empty"
done
"$python" "$here/check_pictures.py" store.fit steps.fit elsewhere || fail "a picture or a report is wrong"
if command -v rsvg-convert >/dev/null; then
  for picture in store.fit/*.svg steps.fit/*.svg; do
    rsvg-convert "$picture" -o picture.png || fail "rsvg-convert cannot read $picture"
    [ -s picture.png ] || fail "$picture is blank"
  done
fi

# Stores that overlap are the same as one with all of it.
run 2 small.cfg part-1.h5 --grid.d 16,32,64 --grid.alpha 1.5,2,3 --grid.seed 1,2
run 2 small.cfg part-2.h5 --grid.d 16,32,64 --grid.alpha 1.5,2,3 --grid.seed 2,3
fit part-1.h5 part-2.h5 -o parts --no-figures
for file in fits.csv cells.csv local_slopes.csv; do
  cmp "store.fit/$file" "parts/$file" || fail "$file of two parts is not that of the whole"
done
"$python" - parts/fit.json <<'PYTHON' || fail "fit.json does not tell the stores"
import json
import sys

fit = json.load(open(sys.argv[1], encoding="utf-8"))
assert [store["path"] for store in fit["stores"]] == ["part-1.h5", "part-2.h5"], fit["stores"]
assert all("memscale run" in store["command_line"] for store in fit["stores"]), fit["stores"]
assert fit["counts"]["finished"] == 108 and fit["seeds"] == "1-3", fit["counts"]
PYTHON

# Cells that the options leave out are named.
fit part-1.h5 -o limits --no-figures --min-capacity 20
grep -q 'note: gd alpha=.* left out, mean capacity below 20 (--min-capacity): [0-9.]*$' fit.out ||
  fail "no cell is named: $(cat fit.out)"
grep -q '"min_capacity": 20' limits/fit.json || fail "fit.json lacks the option"
run 2 small.cfg part-1.h5 --grid.d 16 --grid.alpha 1.5 --grid.seed 3
fit part-1.h5 -o limits --no-figures --min-seeds 3
grep -q 'note: gd alpha=1.5 d=32: left out, fewer seeds than 3 (--min-seeds): 2$' fit.out ||
  fail "no cell is named: $(cat fit.out)"

touch mark
sleep 0.02
refused 'no STORE given' -o none
refused 'several stores have no default folder: give -o DIR' store.h5 part-2.h5
refused 'invalid min-seeds=0 (must be at least 1)' store.h5 --min-seeds 0
refused 'invalid min-seeds=two (must be a whole number)' store.h5 --min-seeds two
refused 'invalid min-capacity=-1 (must be a number of items, from 0)' store.h5 --min-capacity=-1
refused 'invalid min-capacity=inf (must be a number of items, from 0)' store.h5 --min-capacity inf
refused 'nowhere.h5' nowhere.h5
refused 'unrecognised option' store.h5 --seeds 3
mkdir own
echo mine >own/fits.h5
touch mark
sleep 0.02
refused 'is there, and not from memscale-fit: give another -o' store.h5 -o own
[ "$(cat own/fits.h5)" = mine ] || fail "a file that no fit made was replaced"
echo "fit: files, numbers and pictures checked"
