"""Transcripts of one file by hand: what a line may look like, and what it counts."""

from __future__ import annotations

from tests.metrics.written import Case, number, one, raw, said, text, without

FIVE = said(out=5)
SEVEN = said("@m2", "@r2", 7, at=1)
BOM = b"\xef\xbb\xbf"
BACK = said("@m2", "@r2", 7, at=-3600)
DEEP = b'{"type": "assistant", "message": ' + b'{"usage":' * 5000 + b"1" + b"}" * 5001


def stamped(value):
    return one(said(out=5), said("@m2", "@r2", 7, timestamp=value))


DOUBLED = text(FIVE).replace(b'"output_tokens": 5', b'"output_tokens": 9, "output_tokens": 5')

CASES = {
    # Which lines are one answer.
    "nothing at all": Case({"p@/@s1.jsonl": b""}, (0, 0, 0, 0, 0)),
    "one answer": Case(one(FIVE), (1, 0, 5, 0, 0), "0.000075"),
    "three blocks of one answer": Case(one(FIVE, FIVE, FIVE), (1, 0, 5, 0, 0), "0.000075"),
    "the last snapshot is more": Case(one(FIVE, said(out=9, at=2)), (1, 0, 9, 0, 0)),
    "the last snapshot is less": Case(one(said(out=9), FIVE), (1, 0, 5, 0, 0)),
    "snapshots between others": Case(one(FIVE, SEVEN, said(out=6, at=2)), (2, 0, 13, 0, 0)),
    "one message of two requests": Case(one(FIVE, said("@m1", "@r2", 6)), (2, 0, 11, 0, 0)),
    "one request of two messages": Case(one(FIVE, said("@m2", "@r1", 6)), (2, 0, 11, 0, 0)),
    "no request": Case(
        one(without(FIVE, "requestId"), without(FIVE, "requestId")), (1, 0, 5, 0, 0)
    ),
    "an empty request": Case(one(said(request=""), said(request="")), (1, 0, 1, 0, 0)),
    "request null": Case(one(said(request=None), said(request=None)), (1, 0, 1, 0, 0)),
    "one with and one without request": Case(
        one(FIVE, without(FIVE, "requestId")), (2, 0, 10, 0, 0)
    ),
    "no message id": Case(one(without(FIVE, "message", "id")), (1, 0, 5, 0, 0)),
    "no message id, one request": Case(
        one(without(FIVE, "message", "id"), without(FIVE, "message", "id")), (1, 0, 5, 0, 0)
    ),
    "no ids, two lines": Case(
        one(
            *(without(without(line, "message", "id"), "requestId") for line in (FIVE, SEVEN)),
        ),
        (2, 0, 12, 0, 0),
    ),
    "no ids, one line twice": Case(
        one(*(without(without(line, "message", "id"), "requestId") for line in (FIVE, FIVE))),
        (1, 0, 5, 0, 0),
    ),
    "no ids of any kind": Case(
        one(
            *(
                without(without(without(line, "message", "id"), "requestId"), "uuid")
                for line in (FIVE, FIVE)
            ),
        ),
        (2, 0, 10, 0, 0),
    ),
    "ids that are numbers": Case(one(said(1, 2, 5)), (1, 0, 5, 0, 0)),
    "ids that are long": Case(
        one(said("@" * 3 + "m" * 200 + "1"), said("@@@" + "m" * 200 + "2")), (2, 0, 2, 0, 0)
    ),
    # How JSON may be written.
    "no spaces": Case(one(FIVE, SEVEN, separators=(",", ":")), (2, 0, 12, 0, 0)),
    "many spaces": Case(one(FIVE, SEVEN, separators=("  ,  ", "  :  ")), (2, 0, 12, 0, 0)),
    "tabs": Case(one(FIVE, separators=("\t,\t", "\t:\t")), (1, 0, 5, 0, 0)),
    "keys in other order": Case(one(FIVE, SEVEN, sort_keys=True), (2, 0, 12, 0, 0)),
    "usage first": Case(
        one({**FIVE, "message": dict(reversed(FIVE["message"].items()))}), (1, 0, 5, 0, 0)
    ),
    "CRLF": Case(one(FIVE, SEVEN, end="\r\n"), (2, 0, 12, 0, 0)),
    "CR before CRLF": Case(one(FIVE, SEVEN, end="\r\r\n"), (2, 0, 12, 0, 0)),
    "blank lines": Case(one(FIVE, SEVEN, end="\n\n  \n\t\n"), (2, 0, 12, 0, 0)),
    "BOM at the beginning": Case(raw(BOM, text(FIVE, SEVEN)), (2, 0, 12, 0, 0)),
    "BOM on every line": Case(raw(BOM, text(FIVE), BOM, text(SEVEN)), (2, 0, 12, 0, 0)),
    "BOM and CRLF": Case(raw(BOM, text(FIVE, SEVEN, end="\r\n")), (2, 0, 12, 0, 0)),
    "spaces around a line": Case(raw(b"  ", text(FIVE, end="  \n")), (1, 0, 5, 0, 0)),
    "no end of line": Case(raw(text(FIVE, SEVEN)[:-1]), (2, 0, 12, 0, 0)),
    "torn at the end": Case(raw(text(FIVE), text(SEVEN)[:-9]), (1, 0, 5, 0, 0)),
    "torn in the middle": Case(raw(text(FIVE)[:-9], b"\n", text(SEVEN)), (1, 0, 7, 0, 0)),
    "torn, and the next one behind it": Case(raw(text(FIVE)[:-9], text(SEVEN)), (0, 0, 0, 0, 0)),
    "two documents in a line": Case(raw(text(FIVE)[:-1], text(SEVEN)), (0, 0, 0, 0, 0)),
    "bytes that are no UTF-8": Case(
        raw(b"\xff\xfe\n", text(FIVE).replace(b"he said", b"\xc3\x28")), (1, 0, 5, 0, 0)
    ),
    "NUL between lines": Case(raw(b"\0\0\0\n", text(FIVE)), (1, 0, 5, 0, 0)),
    "NUL before a line": Case(raw(b"\0\0", text(FIVE), text(SEVEN)), (1, 0, 7, 0, 0)),
    "NUL in a text": Case(one({**FIVE, "cwd": "/a\0b"}), (1, 0, 5, 0, 0)),
    "half a surrogate": Case(
        one({**FIVE, "gitBranch": "\ud83d", "cwd": "/\udc00"}), (1, 0, 5, 0, 0)
    ),
    "half a surrogate in an id": Case(one(said("@\ud83d", out=5)), (1, 0, 5, 0, 0)),
    "other scripts": Case(
        one({**FIVE, "cwd": "/home/日本/🙂"}, ensure_ascii=False), (1, 0, 5, 0, 0)
    ),
    "line separators of Unicode": Case(
        raw(text(FIVE, ensure_ascii=False).replace(b"he said", "\u2028\u2029\x85".encode())),
        (1, 0, 5, 0, 0),
    ),
    "a key twice": Case(raw(DOUBLED), (1, 0, 5, 0, 0)),
    "nested beyond measure": Case(raw(DEEP, b"\n", text(FIVE)), (1, 0, 5, 0, 0)),
    "a line of 10 MB": Case(
        one(FIVE, said("@m3", "@r3", 3, toolUseResult="x" * 10_000_000), SEVEN), (3, 0, 15, 0, 0)
    ),
    "documents that are no objects": Case(
        raw(b'[1]\n"assistant"\nnull\n7\n"usage"\n', text(FIVE)), (1, 0, 5, 0, 0)
    ),
    # Which lines are answers at all.
    "other types": Case(
        one(
            *(
                {**said(f"@{kind}", out=9), "type": kind}
                for kind in ("user", "progress", "system", 5)
            ),
            FIVE,
        ),
        (1, 0, 5, 0, 0),
    ),
    "no type": Case(one(without(FIVE, "type"), SEVEN), (1, 0, 7, 0, 0)),
    "an answer told inside another line": Case(
        one({"type": "progress", "data": {"message": FIVE}}, SEVEN), (1, 0, 7, 0, 0)
    ),
    "no usage": Case(one(without(FIVE, "message", "usage"), SEVEN), (1, 0, 7, 0, 0)),
    "usage that is none": Case(
        one(*(said(f"@{n}", usage=odd) for n, odd in enumerate((None, [], 5, "x"))), SEVEN),
        (1, 0, 7, 0, 0),
    ),
    "usage that is empty": Case(one(said(usage={})), (1, 0, 0, 0, 0), "0"),
    "a message that is none": Case(one({**FIVE, "message": "x"}, SEVEN), (1, 0, 7, 0, 0)),
    "made up by the client": Case(one(said(model="<synthetic>"), SEVEN), (1, 0, 7, 0, 0)),
    "an error of the service": Case(
        one({**FIVE, "isApiErrorMessage": True}, SEVEN), (1, 0, 7, 0, 0)
    ),
    "no error of the service": Case(one({**FIVE, "isApiErrorMessage": False}), (1, 0, 5, 0, 0)),
    "the whole usage of today's client": Case(
        one(
            said(
                usage={
                    "input_tokens": 2,
                    "cache_creation_input_tokens": 1000,
                    "cache_read_input_tokens": 10_000,
                    "cache_creation": {
                        "ephemeral_5m_input_tokens": 400,
                        "ephemeral_1h_input_tokens": 600,
                    },
                    "output_tokens": 100,
                    "output_tokens_details": {"thinking_tokens": 60},
                    "server_tool_use": {"web_search_requests": 2, "web_fetch_requests": 1},
                    "service_tier": "standard",
                    "speed": "standard",
                    "inference_geo": "not_available",
                    "iterations": [{"input_tokens": 2, "output_tokens": 100, "type": "message"}],
                }
            )
        ),
        (1, 2, 100, 10_000, 1000),
        # 2·3 + 100·15 + 10,000·0.3 + 400·3.75 + 600·6 = 9606 millionths, and two searches
        "0.029606",
    ),
    # Numbers.
    "a float that is whole": Case(number(12.0), (1, 0, 12, 0, 0)),
    "a float that is not": Case(number(1.5), (1, 0, 0, 0, 0)),
    "a number as text": Case(number("12"), (1, 0, 0, 0, 0)),
    "below zero": Case(number(-5), (1, 0, 0, 0, 0), "0"),
    "true": Case(number(True), (1, 0, 0, 0, 0)),
    "null": Case(number(None), (1, 0, 0, 0, 0)),
    "a list": Case(number([5]), (1, 0, 0, 0, 0)),
    "NaN": Case(number(float("nan")), (1, 0, 0, 0, 0)),
    "infinity": Case(number(float("inf")), (1, 0, 0, 0, 0)),
    "beyond the database": Case(number(2**64), (1, 0, 0, 0, 0)),
    "of five thousand digits": Case(
        raw(text(SEVEN).replace(b": 7", b": " + b"7" * 5000), text(FIVE)), (1, 0, 5, 0, 0)
    ),
    "large and true": Case(number(10**12), (1, 0, 10**12, 0, 0), "15000000"),
    "some fields only": Case(one(said(usage={"input_tokens": 3})), (1, 3, 0, 0, 0), "0.000009"),
    # What was written to the cache.
    "written, as a number": Case(one(said(out=0, write=1000)), (1, 0, 0, 0, 1000), "0.00375"),
    "written, in parts": Case(
        one(said(out=0, write=1000, parts={"ephemeral_5m_input_tokens": 1000})),
        (1, 0, 0, 0, 1000),
        "0.00375",
    ),
    "written for an hour": Case(
        one(said(out=0, write=1000, parts={"ephemeral_1h_input_tokens": 1000})),
        (1, 0, 0, 0, 1000),
        "0.006",
    ),
    "written, in parts alone": Case(
        one(
            said(out=0, parts={"ephemeral_5m_input_tokens": 300, "ephemeral_1h_input_tokens": 700})
        ),
        (1, 0, 0, 0, 1000),
        "0.005325",
    ),
    "written, the parts a number": Case(
        one(said(out=0, write=1000, parts=1000)), (1, 0, 0, 0, 1000), "0.00375"
    ),
    "written, parts that are more than all": Case(
        one(said(out=0, write=100, parts={"ephemeral_1h_input_tokens": 1000})),
        (1, 0, 0, 0, 100),
        "0.0006",
    ),
    "written, parts that are nothing": Case(
        one(said(out=0, write=1000, parts={"ephemeral_1h_input_tokens": None})),
        (1, 0, 0, 0, 1000),
        "0.00375",
    ),
    # What it costs.
    "two searches": Case(
        one(said(out=0, tools={"web_search_requests": 2})), (1, 0, 0, 0, 0), "0.02"
    ),
    "searches that are none": Case(
        one(said(out=0, tools={"web_search_requests": -2}), said("@m2", out=0, tools=5)),
        (2, 0, 0, 0, 0),
        "0",
    ),
    "a batch is half": Case(one(said(out=1000, tier="batch")), (1, 0, 1000, 0, 0), "0.0075"),
    "fast, at its own price": Case(
        one(said(out=1000, model="claude-opus-4-6", speed="fast")), (1, 0, 1000, 0, 0), "0.15"
    ),
    "fast, where nobody knows its price": Case(
        one(said(out=1000, speed="fast")), (1, 0, 1000, 0, 0), "0", unpriced=1
    ),
    "a model of nobody": Case(
        one(said(out=1000, model="model-of-nobody"), said("@m2", out=1000)),
        (2, 0, 2000, 0, 0),
        "0.015",
        unpriced=1,
    ),
    "no model": Case(one(without(FIVE, "message", "model")), (1, 0, 5, 0, 0), "0", unpriced=1),
    "a model that is no text": Case(one(said(model=5)), (1, 0, 1, 0, 0), "0", unpriced=1),
    "cost as old clients told it": Case(
        one(said(out=1000, costUSD=99)), (1, 0, 1000, 0, 0), "0.015"
    ),
    "a long prompt, just below": Case(
        one(said(out=10, into=200_000, model="claude-sonnet-4-5")),
        (1, 200_000, 10, 0, 0),
        "0.60015",
    ),
    "a long prompt, all of it dearer": Case(
        one(said(out=10, into=1, read=200_000, model="claude-sonnet-4-5")),
        (1, 1, 10, 200_000, 0),
        "0.120231",
    ),
    # Times.
    "a time with an offset": Case(stamped("2026-11-18T14:00:00+02:00"), (2, 0, 12, 0, 0)),
    "a time without milliseconds": Case(stamped("2026-11-18T12:00:00Z"), (2, 0, 12, 0, 0)),
    "a time without a zone": Case(stamped("2026-11-18T12:00:00"), (2, 0, 12, 0, 0)),
    "a time of nine digits": Case(stamped("2026-11-18T12:00:00.123456789Z"), (2, 0, 12, 0, 0)),
    "a time that is none": Case(stamped("yesterday"), (2, 0, 12, 0, 0)),
    "the last second of the calendar": Case(stamped("9999-12-31T23:59:59Z"), (2, 0, 12, 0, 0)),
    "the first second of the calendar": Case(stamped("0001-01-01T00:00:00Z"), (2, 0, 12, 0, 0)),
    "a time that is a number": Case(stamped(1_763_467_200_000), (2, 0, 12, 0, 0)),
    "a time that is not there": Case(one(without(FIVE, "timestamp"), SEVEN), (2, 0, 12, 0, 0)),
    "times of nothing": Case(
        one(without(FIVE, "timestamp"), without(SEVEN, "timestamp")), (2, 0, 12, 0, 0)
    ),
    "a clock that goes back": Case(one(FIVE, BACK, said(out=6, at=-7200)), (2, 0, 13, 0, 0)),
    # Where it was.
    "a folder with odd letters": Case(
        one({**FIVE, "cwd": '/home/dev/it\'s "odd" | %41 \t'}), (1, 0, 5, 0, 0)
    ),
    "no folder": Case(one(without(FIVE, "cwd")), (1, 0, 5, 0, 0)),
    "a folder that is none": Case(one({**FIVE, "cwd": 5}), (1, 0, 5, 0, 0)),
    "no session": Case(one(without(FIVE, "sessionId")), (1, 0, 5, 0, 0)),
    "a folder that moves": Case(one(FIVE, {**SEVEN, "cwd": "/elsewhere"}), (2, 0, 12, 0, 0)),
}
