#!/usr/bin/env bash
# Bad input, on any number of ranks: one line on stderr, exit status 2, nothing written.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

write_small_job good.cfg
run 0 good.cfg other-version.h5
cp other-version.h5 small.h5
"$python" "$here/raise_version.py" other-version.h5
head -c 2000 other-version.h5 >cut-short.h5
echo "not an HDF5 file" >text.h5
mkdir folder.h5 folder.cfg sealed
chmod 555 sealed
head -c 4096 /dev/zero >binary.cfg
printf '[grid]\nd = 16\nalhpa = 2\noptimizer = gd\n' >unknown-key.cfg
printf '[gird]\nd = 16\noptimizer = gd\n' >unknown-section.cfg
printf '[grid]\nd = 16\n' >no-optimizer.cfg
rm -f run.out run.err

# name; what the line must hold; the arguments of memscale
cases=(
  'no command|COMMAND|'
  'unknown command|invalid command=runn|runn good.cfg -o x.h5'
  'replay without an id|missing ID|replay'
  'replay of an id that is none|invalid ID=xyz|replay xyz small.h5'
  'replay of no trial|invalid ID=0123456789abcdef|replay 0123456789abcdef small.h5'
  'explain of no trial|invalid ID=0123456789abcdef|explain 0123456789abcdef good.cfg'
  'explain of an id that is none|invalid ID=xyz|explain xyz'
  'plan without a job|missing JOB|plan -o small.h5'
  'plan of an unknown key|unknown key grid.alhpa (did you mean grid.alpha?)|plan good.cfg --grid.alhpa 2'
  'plan on no ranks|invalid ranks=0 (must be between 1|plan good.cfg --ranks 0'
  'plan beside another file|text.h5|plan good.cfg -o text.h5'
  'status of no store|does not exist|status none.h5 --json'
  'watch without an interval|invalid watch=0 (must be a number of seconds|status small.h5 --watch 0'
  'no store|-o STORE|run good.cfg'
  'no job|JOB|run -o x.h5'
  'unknown key|unknown key grid.alhpa (did you mean grid.alpha?)|run unknown-key.cfg -o x.h5'
  'unknown section|unknown section [gird]|run unknown-section.cfg -o x.h5'
  'unknown flag|unknown key grid.alhpa (did you mean grid.alpha?)|run good.cfg -o x.h5 --grid.alhpa 2'
  'missing key|missing key grid.optimizer|run no-optimizer.cfg -o x.h5'
  'd = 0|invalid d=0 (must be between|run good.cfg -o x.h5 --grid.d 0'
  'd beyond the range|invalid d=65537 (must be between|run good.cfg -o x.h5 --grid.d 65537'
  'negative alpha|invalid alpha=-1 (must be positive|run good.cfg -o x.h5 --grid.alpha -1'
  'alpha = nan|invalid alpha=nan (must be positive|run good.cfg -o x.h5 --grid.alpha nan'
  'reversed seeds|invalid seed=8:1 (a range must not run backwards)|run good.cfg -o x.h5 --grid.seed 8:1'
  'a grid too large|trials is too large|run good.cfg -o x.h5 --grid.seed 1:1000000'
  'newton with steps > 1|invalid steps=2 (must be 1 for newton|run good.cfg -o x.h5 --grid.optimizer newton --train.steps 2'
  'job is a folder|(it is a directory)|run folder.cfg -o x.h5'
  'job is missing|(No such file or directory)|run missing.cfg -o x.h5'
  'job is binary|(it is not a text file)|run binary.cfg -o x.h5'
  'store of another format|is of format|run good.cfg -o other-version.h5'
  'store is cut short|cut-short.h5|run good.cfg -o cut-short.h5'
  'store is a text|text.h5|run good.cfg -o text.h5'
  'store is a folder|folder.h5|run good.cfg -o folder.h5'
  'store in a missing folder|missing/x.h5|run good.cfg -o missing/x.h5'
)
# Root may write anywhere but here.
if [ "$(id -u)" -eq 0 ]; then
  cases+=('store cannot be written|/proc/x.h5|run good.cfg -o /proc/x.h5')
else
  cases+=('store cannot be written|sealed/x.h5|run good.cfg -o sealed/x.h5')
fi

listing() {
  { find . -type f -printf '%p %s %T@\n'; find . -not -type f -printf '%p %y\n'; } | sort
}

output=$(mktemp -d)
trap 'chmod 755 "$folder/sealed"; rm -rf "$folder" "$output"' EXIT
before=$(listing)

expect_unchanged() {
  [ "$(listing)" = "$before" ] || fail "$1: files changed: $(diff <(printf '%s\n' "$before") <(listing))"
}

# expect_refusal WHAT MESSAGE COMMAND ARGUMENT...
expect_refusal() {
  local what=$1 message=$2 status=0 said
  shift 2
  said=$(mktemp -d -p "$output")
  "$@" >"$said/out" 2>"$said/err" || status=$?
  [ "$status" -eq 2 ] || fail "$what: exit status $status, not 2: $(cat "$said/err")"
  [ "$(wc -l <"$said/err")" -eq 1 ] || fail "$what: not one line on stderr: $(cat "$said/err")"
  grep -qF -- "$message" "$said/err" || fail "$what: expected '$message' in: $(cat "$said/err")"
  [ ! -s "$said/out" ] || fail "$what: stdout is not empty: $(cat "$said/out")"
}

# refused RANKS CASE
refused() {
  local name message arguments words
  IFS='|' read -r name message arguments <<<"$2"
  read -ra words <<<"$arguments"
  expect_refusal "$name on $1 ranks" "$message" launch "$1" "$bin/memscale" "${words[@]}"
}

for case in "${cases[@]}"; do
  refused 0 "$case"
  expect_unchanged "$case"
done

# Eight at once: mpirun takes a second or two over a non-zero exit status.
at_once=8
for ranks in 1 2 3; do
  for ((first = 0; first < ${#cases[@]}; first += at_once)); do
    pids=()
    for case in "${cases[@]:first:at_once}"; do
      refused "$ranks" "$case" &
      pids+=($!)
    done
    for pid in "${pids[@]}"; do wait "$pid" || fail "see above"; done
    expect_unchanged "$ranks ranks"
  done
done

# The program that fits keeps the same manners.
for arguments in '' 'missing.h5' 'text.h5' 'folder.h5' 'other-version.h5' 'good.cfg' 'text.h5 stray'; do
  read -ra words <<<"$arguments"
  expect_refusal "memscale-fit $arguments" memscale-fit "$bin/memscale-fit" "${words[@]}"
  expect_unchanged "memscale-fit $arguments"
done
echo "bad input: $((4 * ${#cases[@]})) runs refused in one line each"
