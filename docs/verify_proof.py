#!/usr/bin/env python3
"""Checks Opsroom proof bundles: python3 verify_proof.py [--key KEY.pem] FILE...

A second, independent reading of docs/proof-format.md; Python 3.8 or later, standard library only. Prints one JSON line
for each file and exits 1 when one of them does not verify. Without --key the key is the one enclosed in the bundle.
"""
import base64, hashlib, json, sys

# --- Ed25519, RFC 8032 section 5.1.7 -----------------------------------------------------------------------------
P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)

def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)

def times(n, p):
    q = (0, 1, 1, 0)
    while n:
        if n & 1:
            q = add(q, p)
        p, n = add(p, p), n >> 1
    return q

def point(raw):
    y = int.from_bytes(raw, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        raise ValueError("no point of the curve")
    x = P - x if x & 1 != sign else x
    return (x, y, 1, x * y % P)

BASE = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))

def signed_by(public, signature, message):
    if len(signature) != 64:
        return False
    s = int.from_bytes(signature[32:], "little")
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    try:
        left, right = times(s, BASE), add(point(signature[:32]), times(h, point(public)))
    except ValueError:
        return False
    same = (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0
    return s < L and same

def public_of(pem):
    der = base64.b64decode("".join(line for line in pem.split("\n") if "-----" not in line))
    if "BEGIN PUBLIC KEY" not in pem or len(der) != 44 or der[:12] != bytes.fromhex("302a300506032b6570032100"):
        raise ValueError("no Ed25519 public key")
    return der[12:]

def envelope_signed(envelope, public):
    kind, payload = envelope["payloadType"].encode(), base64.b64decode(envelope["payload"], validate=True)
    encoded = b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)
    return any(signed_by(public, base64.b64decode(s["sig"], validate=True), encoded) for s in envelope["signatures"])

# --- RFC 8785 ----------------------------------------------------------------------------------------------------
def number(value):
    value = float(value)
    if value == 0:
        return "0"
    digits, _, exponent = ("%r" % abs(value)).partition("e")
    whole, _, fraction = digits.partition(".")
    fraction = "" if fraction == "0" else fraction
    n = int(exponent or 0) + len(whole)                       # value = 0.DIGITS * 10^n
    stripped = (whole + fraction).lstrip("0")
    n -= len(whole + fraction) - len(stripped)
    d = stripped.rstrip("0")
    if 0 < n <= 21:
        text = d.ljust(n, "0") if len(d) <= n else d[:n] + "." + d[n:]
    elif -6 < n <= 0:
        text = "0." + "0" * -n + d
    else:
        text = d[0] + ("." + d[1:] if len(d) > 1 else "") + "e%+d" % (n - 1)
    return ("-" if value < 0 else "") + text

def canonical(value):
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(canonical(key) + ":" + canonical(value[key]) for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return number(value)
    return json.dumps(value, ensure_ascii=False)

def digest(value):
    return hashlib.sha256(canonical(value).encode()).hexdigest()

# --- the chain ---------------------------------------------------------------------------------------------------
class Broken(Exception):
    def __init__(self, check, problem, seq=None):
        self.report = {"ok": False, "check": check, "seq": seq, "problem": problem}

def demand(holds, check, problem, seq=None):
    if not holds:
        raise Broken(check, problem, seq)

def check_chain(chain, run, head):
    prev = "0" * 64
    for seq, record in enumerate(chain):
        demand(record["run"] == run, "chain", "wrong run", seq)
        demand(digest({k: v for k, v in record.items() if k != "hash"}) == record["hash"], "chain", "altered", seq)
        if record["seq"] != seq:
            moved = record["seq"] < seq or any(other["seq"] == seq for other in chain)
            raise Broken("chain", "reordered" if moved else "dropped", seq)
        if record["prev"] != prev:                            # who is to blame: this record, or the one before it?
            vouched = seq + 1 >= len(chain) or chain[seq + 1]["prev"] == record["hash"]
            raise Broken("chain", "altered", seq - 1 if vouched and seq > 0 else seq)
        first = "second genesis" if seq else "first is not genesis"
        demand((record["body"]["type"] == "genesis") == (seq == 0), "chain", first, seq)
        prev = record["hash"]
    demand(chain and chain[-1]["body"]["type"] == "end", "chain", "truncated", len(chain))
    if (len(chain) - 1, prev) != (head["seq"], head["hash"]):
        last = len(chain) - 1
        problem = "altered" if last == head["seq"] else "truncated" if last < head["seq"] else "added"
        raise Broken("chain", problem, last if last == head["seq"] else min(last, head["seq"]) + 1)

# --- the words ---------------------------------------------------------------------------------------------------
PROVEN, HOLDS, EXIT, FAILED = "proven", "holds, not proven by this step", "exit code only", "failed"

def word_of(verdicts):
    required = [v for v in verdicts if v["required"]]
    if any(not v["passed"] for v in required):
        return FAILED
    if any(v["proven"] for v in required):
        return PROVEN
    return HOLDS if required else EXIT

def planned(steps, prefix=""):
    for step in steps:
        yield prefix + step["id"], step
        yield from planned(step.get("rollback", []), prefix + step["id"] + "/")

def attempt(body):
    return (body["step"], body["item"], body["revision"], body["attempt"])

def strength(word):
    return [FAILED, EXIT, HOLDS, PROVEN].index(word) if word in (FAILED, EXIT, HOLDS, PROVEN) else -1

def check_words(chain, plan):
    steps, verdicts, latest = dict(planned(plan["steps"])), {}, {}
    reused = {r["step"] for r in chain[0]["body"].get("parent", {}).get("reused", [])}
    for record in chain:
        seq, body = record["seq"], record["body"]
        if body["type"] == "verdict":
            named = "names-effect" if body["basis"] == "names-effect" else "none"
            basis = "none" if not body["passed"] else "failed-before" if body["baseline"]["state"] == "failed" else named
            demand(basis == body["basis"] and body["proven"] == (basis != "none"), "words", "proven without a basis", seq)
            verdicts.setdefault(attempt(body), []).append(body)
        elif body["type"] == "step":
            items = [s for (step, item), s in latest.items() if step == body["step"] and item >= 0]
            check_step(seq, body, steps.get(body["step"]), verdicts.pop(attempt(body), []), items, reused)
            latest[(body["step"], body["item"])] = body
        elif body["type"] == "end":
            check_end(seq, body, list(latest.values()), steps, reused)

def check_step(seq, body, step, verdicts, items, reused):
    demand(step is not None or body["revision"] > 0, "words", "no such step in the plan", seq)
    word, given, claims = body["word"], word_of(verdicts), body["word"] in (PROVEN, HOLDS)
    if step is not None and "forEach" in step and body["item"] == -1:
        mine = [s for s in items if s["outcome"] != "skipped"]
        enough = all(strength(s["word"]) >= strength(word) for s in mine) and (mine or body["step"] in reused)
        demand(not claims or enough, "words", "the items do not give the word", seq)
    elif body["outcome"] != "done" or "person" in body:
        demand(not claims or word == given, "words", "a word without evidence", seq)
    else:
        demand(word == given, "words", "the verdicts give another word", seq)
        for v in step["verifiers"] if step is not None and body["revision"] == 0 else []:
            found = [x for x in verdicts if (x["verifier"], x["kind"], x["required"]) == (v["id"], v["kind"], True)]
            demand(found or v.get("required", True) is False, "words", "a required verdict is missing", seq)

def check_end(seq, end, latest, steps, reused):
    bad = [s for s in latest if s["outcome"] in ("failed", "unknown")]
    demand(end["status"] != "succeeded" or not bad, "words", "success over a failed step", seq)
    if end["word"] not in (PROVEN, HOLDS):
        return
    top = lambda s: steps.get(s["step"].split("/")[0], {})
    total = lambda s: s["item"] == -1 and "forEach" in steps.get(s["step"], {})
    tools = [s for s in latest if s["outcome"] == "done" and not total(s) and top(s).get("kind") != "system"]
    judged = [s for s in tools if top(s).get("readOnly") is not True] or tools
    enough = all(strength(s["word"]) >= strength(end["word"]) for s in judged) and (judged or reused)
    demand(end["status"] in ("succeeded", "rolled_back") and enough, "words", "the run claims too much", seq)

# --- the bundle --------------------------------------------------------------------------------------------------
def check_digests(statement):
    p, chain = statement["predicate"], statement["predicate"]["chain"]
    demand(digest(p["plan"]) == p["planDigest"], "plan", "the plan does not have its digest")
    genesis, run = chain[0]["body"], p["run"]
    demand(genesis["planDigest"] == p["planDigest"], "genesis", "another plan", 0)
    demand(genesis["requestedBy"] == run["requestedBy"], "genesis", "another requester", 0)
    demand(genesis["targetDigest"] == digest(run["target"]), "genesis", "another target", 0)
    for approval in (a for a in genesis["approvals"] if isinstance(a, dict)):
        bound = all(approval.get(name, genesis[name]) == genesis[name] for name in ("planDigest", "targetDigest"))
        demand(bound, "genesis", "somebody agreed to another plan or target", 0)
    named = {d for r in chain if r["body"]["type"] == "verdict" for d in (r["body"]["baseline"].get("evidence"), r["body"]["evidence"]) if d}
    demand(all(digest(value) == d for d, value in p["evidence"].items()), "evidence", "evidence was altered")
    demand(set(p["evidence"]) | set(p["omitted"]) == named, "evidence", "evidence is missing or belongs to no record")
    subjects = [("plan", p["planDigest"])]
    for body in (r["body"] for r in chain if r["body"]["type"] == "step"):
        place = "%s/%d/%d/%d/" % attempt(body)
        subjects += [(place + a["name"], a["sha256"]) for a in body.get("artefacts", [])]
    demand([(s["name"], s["digest"]["sha256"]) for s in statement["subject"]] == subjects, "artefacts", "the subjects differ")
    end = chain[-1]["body"]
    demand((end["status"], end["word"]) == (run["status"], run["word"]), "end", "the run ended otherwise", len(chain) - 1)

def check_inclusion(proof, predicate, public):
    demand(envelope_signed(proof["treeHead"], public), "inclusion", "the tree head is not signed with this key")
    head, data = json.loads(base64.b64decode(proof["treeHead"]["payload"])), proof["entry"]["data"]
    demand((data["run"], data["head"]) == (predicate["run"]["id"], predicate["head"]["hash"]), "inclusion", "another head")
    node = lambda a, b: hashlib.sha256(b"\1" + a + b).digest()
    hash_, n, last = hashlib.sha256(b"\0" + canonical(proof["entry"]).encode()).digest(), proof["index"], proof["size"] - 1
    demand(0 <= n <= last and head["size"] == proof["size"], "inclusion", "another tree")
    for sibling in map(bytes.fromhex, proof["path"]):         # RFC 9162 section 2.1.3.2
        demand(last > 0, "inclusion", "not in the tree")
        if n & 1 or n == last:
            hash_ = node(sibling, hash_)
            while not n & 1 and n:
                n, last = n >> 1, last >> 1
        else:
            hash_ = node(hash_, sibling)
        n, last = n >> 1, last >> 1
    demand(last == 0 and hash_.hex() == head["root"], "inclusion", "not in the tree")

def verify(text, pinned=None):
    bundle = json.loads(text)
    demand(bundle["mediaType"] == "application/vnd.opsroom.proof+json;version=1", "form", "not a proof bundle")
    public, envelope = public_of(pinned or bundle["publicKey"]), bundle["envelope"]
    right = envelope["payloadType"] == "application/vnd.in-toto+json" and envelope_signed(envelope, public)
    statement = json.loads(base64.b64decode(envelope["payload"]))
    kinds = (statement["_type"], statement["predicateType"])
    demand(kinds == ("https://in-toto.io/Statement/v1", "https://opsroom.dev/proof/v1"), "statement", "not a proof")
    p = statement["predicate"]
    check_chain(p["chain"], p["run"]["id"], p["head"])        # first, so that a broken record is named
    check_digests(statement)
    check_words(p["chain"], p["plan"])
    demand(right, "signature", "the signature does not fit")
    if "inclusion" in bundle:
        check_inclusion(bundle["inclusion"], p, public)
    return {"ok": True, "trust": "pinned" if pinned else "enclosed", "run": p["run"]["id"], "word": p["run"]["word"]}

def main(arguments):
    pinned = open(arguments[1]).read() if arguments[:1] == ["--key"] else None
    good = True
    for path in arguments[2:] if pinned else arguments:
        try:
            with open(path, encoding="utf-8") as file:
                report = verify(file.read(), pinned)
        except Broken as broken:
            report = broken.report
        except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
            report = {"ok": False, "check": "form", "seq": None, "problem": "%s: %s" % (type(error).__name__, error)}
        good = good and report["ok"]
        print(json.dumps({"file": path, **report}))
    return 0 if good else 1

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
