#!/usr/bin/env bash
# report.html in headless Chromium without a network: it renders, and asks for nothing. Skipped where there is no
# Chromium, but not under MEMSCALE_TEST_ALL=yes.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

browser=
for name in chromium chromium-browser chromium-headless-shell google-chrome; do
  if command -v "$name" >/dev/null; then browser=$name && break; fi
done
if [ -z "$browser" ]; then
  [ "${MEMSCALE_TEST_ALL-}" != yes ] || fail "no Chromium: tools/install-deps --browser installs it"
  echo "skipped: no Chromium"
  exit 77
fi
offline=()
if unshare -rn true 2>/dev/null; then offline=(unshare -rn); fi  # else names alone are not resolved

# open_page NAME PAGE FLAG...: what the browser says goes to NAME.out, its requests to NAME.net.
open_page() {
  local name=$1 page=$2
  shift 2
  HOME=$folder timeout 120 "${offline[@]}" "$browser" --headless --no-sandbox --disable-gpu --no-first-run \
    --disable-background-networking --disable-component-update --disable-sync --hide-scrollbars \
    --user-data-dir="$folder/profile" --host-resolver-rules='MAP * ~NOTFOUND' --log-net-log="$name.net" "$@" \
    "file://$folder/$page" >"$name.out" 2>"$name.err" || fail "$browser ended with status $?: $(tail -3 "$name.err")"
}

write_small_job small.cfg
run 2 small.cfg store.h5 --grid.d 16,32,64 --grid.seed 1:3
"$bin/memscale-fit" store.h5 -o fit >fit.out 2>fit.err || fail "memscale-fit ended with status $?: $(cat fit.err)"
echo '<html><body><img src="http://example.invalid/x.png"/></body></html>' >asking.html
open_page asking asking.html --dump-dom
open_page dom fit/report.html --dump-dom
open_page wide fit/report.html --window-size=1280,2400 --screenshot="$folder/wide.png"
open_page phone fit/report.html --window-size=500,2400 --screenshot="$folder/phone.png"
"$python" "$here/check_browser.py" || fail "the browser shows another page, or asks for more"
echo "browser: the report renders, and asks for nothing"
