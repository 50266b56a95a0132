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
for file in cells.csv exponents.csv laws.csv fit.json report.html capacity.svg exponents.svg capacity.pdf exponents.pdf; do
  [ -s "store.fit/$file" ] || fail "store.fit/$file is missing or empty"
done
"$python" "$here/check_fit.py" store.h5 store.fit $trials || fail "the fit's files are wrong"

# A second fit of the same store writes the same numbers, elsewhere if asked.
"$bin/memscale-fit" store.h5 -o elsewhere >again.out 2>fit.err || fail "memscale-fit -o ended with status $?"
for file in cells.csv exponents.csv laws.csv; do
  cmp "store.fit/$file" "elsewhere/$file" || fail "$file differs between two fits"
done
echo "fit: files and numbers checked"
