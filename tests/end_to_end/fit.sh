#!/usr/bin/env bash
# memscale-fit on a small store: the files are there and can be read, and the exit statuses are right.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

write_small_job small.cfg
run 2 small.cfg store.h5 --grid.d 16,32,64 --grid.alpha 1.5,2,3 --grid.seed 1:3
trials=108
"$bin/memscale-fit" store.h5 >fit.out 2>fit.err || fail "memscale-fit ended with status $?: $(cat fit.err)"
[ ! -s fit.err ] || fail "memscale-fit complains: $(cat fit.err)"
for method in gd muon newton; do
  grep -q "$method" fit.out || fail "the table lacks $method: $(cat fit.out)"
done
for file in cells.csv exponents.csv laws.csv fit.json report.html; do
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

# A second fit of the same store writes the same numbers, elsewhere if asked.
"$bin/memscale-fit" store.h5 -o elsewhere >again.out 2>fit.err || fail "memscale-fit -o ended with status $?"
for file in cells.csv exponents.csv laws.csv; do
  cmp "store.fit/$file" "elsewhere/$file" || fail "$file differs between two fits"
done

# Batches, steps and losses have figures of their own; with rsvg-convert all pictures can be read.
write_small_job steps.cfg
run 2 steps.cfg steps.h5 --grid.d 16,32,64 --grid.alpha 1.5 --grid.optimizer gd,muon --grid.batch 10,100,1000,inf --train.steps 4 --measure.loss exact
"$bin/memscale-fit" steps.h5 >fit.out 2>fit.err || fail "memscale-fit of steps.h5 ended with status $?: $(cat fit.err)"
[ ! -s fit.err ] || fail "memscale-fit complains of steps.h5: $(cat fit.err)"
for figure in capacity batch steps training loss loss-items recall spectra schedule; do
  [ -s "steps.fit/$figure.svg" ] || fail "steps.fit/$figure.svg is missing or empty"
done
"$python" "$here/check_pictures.py" store.fit steps.fit || fail "a picture or a report is wrong"
if command -v rsvg-convert >/dev/null; then
  for picture in store.fit/*.svg steps.fit/*.svg; do
    rsvg-convert "$picture" -o picture.png || fail "rsvg-convert cannot read $picture"
    [ -s picture.png ] || fail "$picture is blank"
  done
fi
echo "fit: files, numbers and pictures checked"
