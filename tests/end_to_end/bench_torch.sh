#!/usr/bin/env bash
# memscale-bench beside PyTorch, where it is installed: it runs, and agrees.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

if ! "$python" -c 'import torch' 2>/dev/null; then
  [ "${MEMSCALE_TEST_ALL-}" != yes ] || fail "PyTorch is not installed, and all tests were asked for"
  echo "skipped: PyTorch is not installed"
  exit 77
fi
TMPDIR=$folder "$bin/memscale-bench" --items 3000 --rounds 1 --rows 3000 --memory-size 32,4000 --d 24,32 \
  --python "$python" --json bench.json >bench.out 2>bench.err || fail "it ended with status $?: $(cat bench.err)"
"$python" "$here/check_bench.py" bench.json || fail "its numbers are wrong: $(cat bench.out bench.err)"
grep -q '^PyTorch: ' bench.out || fail "PyTorch is not named: $(cat bench.out)"
! grep -q '^PyTorch: \(left out\|cannot run\)' bench.out || fail "PyTorch did not run: $(cat bench.out)"
TMPDIR=$folder "$bin/memscale-bench" orthogonal --quick --python "$python" --json orthogonal.json >bench.out \
  2>bench.err || fail "orthogonal: status $?: $(cat bench.err)"
"$python" - orthogonal.json <<'PYTHON' || fail "PyTorch finds another loss: $(cat bench.out bench.err)"
import json, sys
for row in json.load(open(sys.argv[1]))["measured"]["dense"]:
    assert row["pytorch_difference"] < 1e-9 and row["pytorch_times"] > 0, row
PYTHON
echo "bench: PyTorch runs, and agrees"
