"""Checks folders of memscale-fit: SVGs are well formed, PDFs are PDFs, data files hold numbers, the report is valid
XML, holds every figure, and loads nothing from elsewhere."""
import pathlib
import re
import sys
import xml.etree.ElementTree

xhtml = "{http://www.w3.org/1999/xhtml}"
loading = {"script", "link", "iframe", "img", "object", "embed", "audio", "video", "source", "base"}


def check_report(path, figures):
    text = path.read_text(encoding="utf-8")
    root = xml.etree.ElementTree.fromstring(text.replace("<!DOCTYPE html>", "", 1))
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    if len(ids) != len(set(ids)):
        sys.exit(f"{path}: an id comes twice")
    for element in root.iter():
        if element.tag.split("}")[-1] in loading:
            sys.exit(f"{path}: has a <{element.tag}>")
        for name, value in element.attrib.items():
            name = name.split("}")[-1]
            if name in ("src", "srcset", "data", "action") or name.startswith("on"):
                sys.exit(f"{path}: {name}={value}")
            if name == "href" and not (value.startswith("#") and value[1:] in ids):
                sys.exit(f"{path}: href={value}")
    if re.search(r"@import|url\((?![\"']?#)", text):
        sys.exit(f"{path}: a style loads something")
    shown = {element.get("id") for element in root.iter(xhtml + "figure")}
    if shown != {"figure-" + name for name in figures}:
        sys.exit(f"{path}: shows {sorted(shown)}, not {sorted(figures)}")
    for element in root.iter(xhtml + "figure"):
        if not "".join(element.find(xhtml + "figcaption").itertext()).strip():
            sys.exit(f"{path}: {element.get('id')} has no caption")


for folder in map(pathlib.Path, sys.argv[1:]):
    figures = {path.stem for path in folder.glob("*.svg")}
    for name in figures:
        root = xml.etree.ElementTree.parse(folder / f"{name}.svg").getroot()
        if len(list(root.iter())) < 20:
            sys.exit(f"{folder}/{name}.svg is nearly empty")
        if not (folder / f"{name}.pdf").read_bytes().startswith(b"%PDF-"):
            sys.exit(f"{folder}/{name}.pdf is no PDF")
        for line in (folder / f"{name}.dat").read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#") and not all(abs(float(word)) < 1e300 for word in line.split()):
                sys.exit(f"{folder}/{name}.dat: {line}")
    check_report(folder / "report.html", figures)
