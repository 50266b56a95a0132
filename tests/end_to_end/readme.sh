#!/usr/bin/env bash
# The README's Python runs on a store (pandas blocks where pandas is installed), and its job files are some.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

write_small_job small.cfg
run 2 small.cfg fig2.h5
"$python" -c 'import h5py; print(h5py.File("fig2.h5")["trials/trial_id"][0].decode())' >id
"$bin/memscale" replay "$(cat id)" fig2.h5 --dump trial.dump.h5 >replay.out 2>&1 || fail "replay failed: $(cat replay.out)"
"$python" - "$repository/README.md" <<'PYTHON' || fail "the README's Python does not run"
import importlib.util
import re
import sys

text = open(sys.argv[1], encoding="utf-8").read()
blocks = re.findall(r"^```python\n(.*?)^```", text, re.M | re.S)
if len(blocks) < 2:
    sys.exit("the README has fewer Python blocks than it should")
ran = 0
for block in blocks:
    if "pandas" in block and importlib.util.find_spec("pandas") is None:
        continue
    exec(compile(block, "README.md", "exec"), {})
    ran += 1
if ran == 0:
    sys.exit("no Python block of the README could run")
jobs = re.findall(r"^```ini\n(.*?)^```", text, re.M | re.S)
if not jobs:
    sys.exit("the README shows no job file")
for number, job in enumerate(jobs):
    open(f"readme-{number}.cfg", "w", encoding="utf-8").write(job)
PYTHON
for job in readme-*.cfg; do
  if grep -q 'model = orthogonal' "$job"; then
    run 0 "$job" "${job%.cfg}.h5" --grid.d 30
  else
    run 0 "$job" "${job%.cfg}.h5" --grid.d 16 --grid.alpha 1.5,2 --grid.seed 1 --problem.items 500
  fi
done
echo "README: its Python and its job files work"
