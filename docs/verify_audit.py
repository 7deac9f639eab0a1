#!/usr/bin/env python3
"""Checks exports of Opsroom's audit log: python3 verify_audit.py [--key KEY.pem] [--against HEAD.json|EARLIER-EXPORT] FILE...

A second, independent reading of docs/audit.md; Python 3.8 or later, standard library only. It takes Ed25519 and RFC 8785 from
verify_proof.py, which must lie beside it. Prints one JSON line for each file, with the first entry at fault, and exits 1 when
one of them does not verify.
"""
import base64, csv, hashlib, json, sys, unicodedata
from verify_proof import canonical, digest, envelope_signed, number, public_of

COLUMNS = ["row", "seq", "at", "source", "kind", "actor", "door", "address", "operation", "outcome", "ms", "leaf", "json"]
EXPORT = "application/vnd.opsroom.audit-export+jsonl;version=1"
INDEX = "application/vnd.opsroom.audit-index+json"
HEAD = "application/vnd.opsroom.tree-head+json"

class Broken(Exception):
    def __init__(self, problem, seq=None, line=None):
        self.report = {"ok": False, "problem": problem, "seq": seq, "line": line}

def demand(holds, problem, seq=None, line=None):
    if not holds:
        raise Broken(problem, seq, line)

# --- RFC 6962 ----------------------------------------------------------------------------------------------------
def leaf_of(entry):
    return hashlib.sha256(b"\0" + canonical(entry).encode()).digest()

def node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()

def levels(start, end):
    """The fewest complete subtrees that entries [start, end) make, from the left, as their levels."""
    found = []
    while start < end:
        level = 0
        while start % (2 << level) == 0 and start + (2 << level) <= end:
            level += 1
        found.append(level)
        start += 1 << level
    return found

class Tree:
    def __init__(self):
        self.nodes, self.size = [], 0

    def add(self, value, level=0):
        self.size += 1 << level
        while self.nodes and self.nodes[-1][0] == level:
            value, level = node(self.nodes.pop()[1], value), level + 1
        self.nodes.append((level, value))

    def root(self):
        root = self.nodes[-1][1]
        for _, left in reversed(self.nodes[:-1]):
            root = node(left, root)
        return root.hex()

# --- the file ----------------------------------------------------------------------------------------------------
def cell(value):
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    text = value if isinstance(value, str) else number(value)
    text = "".join(" " if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") else c for c in text).lstrip()
    return "'" + text if text[:1] in ("=", "+", "-", "@") and text else text

def cells_of(value):
    """What the columns of a CSV row say, but the last."""
    if "entry" not in value:
        row = "about" if "mediaType" in value else "gap" if "nodes" in value else "end"
        return [row, str(value["from"]) if row == "gap" else ""] + [""] * 10
    entry, external = value["entry"], value["entry"]["kind"].startswith("external:")
    data = entry["data"]
    origin = data.get("from") if isinstance(data.get("from"), dict) else {}
    own = [origin.get("door"), origin.get("address"), data.get("operation"), data.get("outcome"), data.get("ms")]
    told = [""] * 5 if external else [cell(one) for one in own]
    source = "external" if external else "room"
    return ["entry", str(entry["seq"]), cell(entry["at"]), source, cell(entry["kind"]), cell(entry["actor"])] + told + [value["leaf"]]

def read(path):
    about, rows, end, after = None, [], None, 0
    with open(path, encoding="utf-8", newline="\n") as file:
        is_csv = False
        for number_, raw in enumerate(file, 1):
            text = raw.rstrip("\n").rstrip("\r")
            if number_ == 1 and text == ",".join(COLUMNS):
                is_csv = True
                continue
            demand(end is None, "inserted", after, number_)
            try:
                cells = next(csv.reader([text], strict=True)) if is_csv else None
                shown = cells[-1] if is_csv else text
                value = json.loads(shown)
                same = isinstance(value, dict) and canonical(value) == shown
            except (ValueError, csv.Error, RecursionError, StopIteration, IndexError):
                same = False
            demand(same, "form", after, number_)
            if is_csv:
                demand(cells[:-1] == cells_of(value), "columns", value.get("entry", {}).get("seq", after), number_)
            if "mediaType" in value:
                demand(about is None and value["mediaType"] == EXPORT, "form", None, number_)
                about = value
            elif "head" in value:
                end = value
            else:
                demand(about is not None and ("entry" in value or "nodes" in value), "form", after, number_)
                start = value["entry"]["seq"] if "entry" in value else value["from"]
                after = start + 1 if "entry" in value else value["to"]
                rows.append((start, after, value, number_))
    demand(about is not None, "form", None, 1)
    demand(end is not None, "truncated", after)
    return about, rows, end

def signed(envelope, kind, public):
    demand(envelope["payloadType"] == kind and envelope_signed(envelope, public), "signature")
    return json.loads(base64.b64decode(envelope["payload"]))

def mark(value):
    hashes = [value["leaf"]] if "entry" in value else value["nodes"]
    joined = bytes.fromhex("".join(hashes))
    return (joined if "entry" in value else hashlib.sha256(joined).digest())[:8]

def check_rows(about, rows):
    starts, after = {start for start, *_ in rows}, 0
    for start, end, value, line in rows:
        if "entry" in value:
            right = value["entry"]["org"] == about["org"] and leaf_of(value["entry"]).hex() == value["leaf"]
        else:
            right = len(levels(start, end)) == len(value["nodes"])
        demand(right, "altered", start, line)
    for start, end, _, line in rows:
        demand(start >= after, "inserted", start, line)
        demand(start == after or after not in starts, "moved", start, line)
        demand(start == after, "dropped", after, line)
        after = end
    return after

def check_index(about, rows, index):
    demand(digest(about) == index["about"], "altered", None, 1)
    marks = base64.b64decode(index["marks"])
    for i, (start, _, value, line) in enumerate(rows):
        demand((i + 1) * 8 <= len(marks), "inserted", start, line)
        demand(mark(value) == marks[8 * i:8 * i + 8], "altered", start, line)
    demand(len(marks) == 8 * len(rows), "truncated", rows[-1][1] if rows else 0)

def root_at(rows, size=None):
    tree = Tree()
    for start, end, value, _ in rows:
        steps = [(0, value["leaf"])] if "entry" in value else zip(levels(start, end), value["nodes"])
        for level, hash_ in steps:
            if tree.size == size:
                return tree.root()
            tree.add(bytes.fromhex(hash_), level)
    return tree.root() if size in (None, tree.size) else None

def earlier_head(path):
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)["envelope"], {}
    except (ValueError, KeyError, TypeError):
        _, rows, end = read(path)
        return end["head"], {start: value["leaf"] for start, _, value, _ in rows if "entry" in value}

def verify(path, pinned=None, against=None):
    about, rows, end = read(path)
    after = check_rows(about, rows)
    public = public_of(pinned or end["publicKey"])
    head, index = signed(end["head"], HEAD, public), signed(end["index"], INDEX, public)
    check_index(about, rows, index)
    demand(after >= head["size"], "truncated", after)
    demand(after <= head["size"], "inserted", head["size"])
    if against:
        envelope, leaves = earlier_head(against)
        before = signed(envelope, HEAD, public)
        demand(before["size"] <= after, "truncated", after)
        for start, _, value, line in rows:
            demand("entry" not in value or leaves.get(start, value["leaf"]) == value["leaf"], "rewritten", start, line)
        root = root_at(rows, before["size"])
        demand(root is not None, "not comparable")
        demand(root == before["root"], "rewritten")
    demand(root_at(rows) == head["root"], "tree")
    count = sum("entry" in value for _, _, value, _ in rows)
    return {"ok": True, "trust": "pinned" if pinned else "enclosed", "size": after, "entries": count, "root": head["root"]}

def main(arguments):
    pinned = against = None
    while arguments[:1] in (["--key"], ["--against"]):
        if arguments[0] == "--key":
            with open(arguments[1]) as file:
                pinned = file.read()
        else:
            against = arguments[1]
        arguments = arguments[2:]
    good = True
    for path in arguments:
        try:
            report = verify(path, pinned, against)
        except Broken as broken:
            report = broken.report
        except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
            report = {"ok": False, "problem": "form", "what": "%s: %s" % (type(error).__name__, error)}
        good = good and report["ok"]
        print(json.dumps({"file": path, **report}))
    return 0 if good else 1

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
