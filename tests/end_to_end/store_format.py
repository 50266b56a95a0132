"""Reads stores as docs/store-format.md says: fields, their order and types come from the tables in that document."""
import pathlib
import re

import numpy as np
import xxhash

NUMBERS = {"i32": "<i4", "u32": "<u4", "i64": "<i8", "u64": "<u8", "f64": "<f8"}


class Torn(Exception):
    """Bytes end too soon, or are not what they should be."""


class Format:
    """The tables of the document."""

    def __init__(self, document):
        text = pathlib.Path(document).read_text(encoding="utf-8")
        self.fields = {part: self.table(text, f"### {part}") for part in ("Trial", "Result", "Trace", "Cost")}
        self.fields["Job"] = self.table(text, "The job:")
        self.names = {}
        for row in self.rows(text, "### Enums"):
            self.names[row[0].strip("`")] = row[1].split(", ")

    @staticmethod
    def rows(text, heading):
        lines = text[text.index("\n" + heading if heading.startswith("#") else heading) :].splitlines()
        start = next(i for i, line in enumerate(lines) if re.match(r"\|-", line))
        rows = []
        for line in lines[start + 1 :]:
            if not line.startswith("|"):
                break
            rows.append([cell.strip() for cell in line.strip("|").split("|")])
        return rows

    def table(self, text, heading):
        """[(name, type, since)]"""
        return [(row[0].strip("`"), row[1], int(row[2])) for row in self.rows(text, heading)]


class Bytes:
    """Takes values from a byte string."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, size):
        if size > len(self.data) - self.at:
            raise Torn("cut short")
        self.at += size
        return self.data[self.at - size : self.at]

    def number(self, kind):
        kind = np.dtype(NUMBERS[kind])
        return np.frombuffer(self.take(kind.itemsize), kind)[0]

    def list_of(self, kind):
        kind = np.dtype(NUMBERS[kind])
        count = int(self.number("u32"))
        return np.frombuffer(self.take(count * kind.itemsize), kind)

    def text(self):
        return self.take(int(self.number("u32"))).decode()

    def value(self, kind):
        if kind == "text":
            return self.text()
        if kind.startswith("list of "):
            return self.list_of(kind.removeprefix("list of "))
        return self.number("i32" if kind == "enum" else kind)

    def fields(self, table, version):
        return {name: self.value(kind) for name, kind, since in table if since <= version}


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ 0x82F63B78 * (crc & 1)
    return crc ^ 0xFFFFFFFF


def real_text(value):
    """The shortest text of a double, plain or scientific."""
    value = float(value)
    if value != value or value in (float("inf"), float("-inf"), 0.0):
        return {"0.0": "0", "-0.0": "-0"}.get(repr(value), repr(value))
    mantissa, exponent = np.format_float_scientific(abs(value), trim="-", exp_digits=2).split("e")
    scientific = f"{mantissa}e{exponent}"
    plain = np.format_float_positional(abs(value), trim="-")
    if float(plain) != abs(value):  # numpy rounds long integers
        plain = str(int(abs(value)))
    return ("-" if value < 0 else "") + (plain if len(plain) <= len(scientific) else scientific)


def trial_id(form, trial):
    """The id of a trial that has all fields of its format."""
    texts = []
    for name, kind, since in form.fields["Trial"]:
        if trial["physics"] < 2 and since > 1 and name != "physics":
            continue
        if since >= 4 and not is_orthogonal(form, trial):
            continue
        value = trial[name]
        text = form.names[name][value] if kind == "enum" else real_text(value) if kind == "f64" else str(int(value))
        texts.append(f"{name}={text}")
    return xxhash.xxh3_64_intdigest(" ".join(texts).encode())


def is_orthogonal(form, trial):
    return form.names["model"][trial["model"]] == "orthogonal"


def digest(record):
    return xxhash.xxh3_64_intdigest(record["outcome"])


def read_record(form, payload, version, physics):
    """Trial, Result, Trace, recall, Cost, message; `outcome` are the digest's bytes."""
    data = Bytes(payload)
    record = {"Trial": data.fields(form.fields["Trial"], version)}
    newest = version if is_orthogonal(form, record["Trial"]) else 3
    outcome = []

    def take(name):
        record[name] = {}
        for field, kind, since in form.fields[name]:
            if since <= version:
                begin = data.at
                record[name][field] = data.value(kind)
                outcome.append(payload[begin : data.at] if since <= newest else b"")

    take("Result")
    if version >= 2:
        take("Trace")
        begin = data.at
        record["recall"] = data.list_of("i64")
        outcome.append(payload[begin : data.at])
    record["outcome"] = b"".join(outcome)
    record["Cost"] = data.fields(form.fields["Cost"], version)
    record["message"] = data.text()
    if data.at != len(payload):
        raise Torn("surplus bytes")
    record["Trial"].setdefault("physics", physics)
    return record
