"""Checks what browser.sh recorded: the DOM and pictures of the report, and that no page but the asking one asks."""
import json
import re
import struct
import sys
import zlib


def requests(name):
    """URLs that the page asked for; what the browser asks for by itself has no origin."""
    with open(f"{name}.net", encoding="utf-8") as file:
        events = json.load(file)["events"]
    found = [event.get("params", {}) for event in events]
    return {p["url"] for p in found if "url" in p and p.get("initiator", "not an origin") != "not an origin"}


def picture(name):
    """Width, height, and how many values the picture's filtered bytes have."""
    with open(f"{name}.png", "rb") as file:
        data = file.read()
    width, height = struct.unpack(">II", data[16:24])
    packed, at = b"", 8
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        if kind == b"IDAT":
            packed += data[at + 8 : at + 8 + length]
        at += 12 + length
    return width, height, len(set(zlib.decompress(packed)))


if not any("example.invalid" in url for url in requests("asking")):
    sys.exit("the request of asking.html is not in the browser's log: the log would show none of the report's")
for name in ("dom", "wide", "phone"):
    if requests(name):
        sys.exit(f"the report asks for {sorted(requests(name))}")
with open("dom.out", encoding="utf-8") as file:
    dom = file.read()
parts = ('<section id="capacity"', '<section id="provenance"', 'id="figure-capacity"', 'id="figure-exponents"', "</table>")
for part in parts:
    if part not in dom:
        sys.exit(f"the browser's page lacks {part}")
drawn = len(re.findall(r"<figure ", dom))
if len(re.findall(r"<svg[ >]", dom)) != drawn or drawn < 4:
    sys.exit(f"{drawn} figures, but {len(re.findall(r'<svg[ >]', dom))} pictures")
for link in re.findall(r'<a [^>]*href="([^"]*)"', dom):
    if not link.startswith("#") or f'id="{link[1:]}"' not in dom:
        sys.exit(f"the link {link} leads nowhere in the page")
for name, width in (("wide", 1280), ("phone", 500)):
    found = picture(name)
    if found[:2] != (width, 2400) or found[2] < 100:
        sys.exit(f"{name}.png is blank, or of another size: {found}")
