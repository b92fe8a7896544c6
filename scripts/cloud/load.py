"""load.py ADDRESS PORT SECONDS RATE OUT: asks the page for predictions, RATE a second, each at its own moment whatever the others take, until
SECONDS have passed or OUT.stop is there. Every twentieth question comes over a new connection. Writes what came: JSON.

Fails softly: what went wrong is counted, and told. The moment of a question is planned, so that an answer that waits is a slow answer and
not one question less (open loop).
"""
import asyncio
import collections
import json
import os
import sys
import time

ROW = {"forks": 12, "language": "Swift", "open_issues": 3, "size_kb": 900, "topics_count": 2, "age_days": 400}
BODY = json.dumps({"instances": [ROW]}).encode()
ASKED = (b"POST /api/predict HTTP/1.1\r\nHost: page\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(BODY)) + BODY
LANES = 40


class Books:
    def __init__(self):
        self.answers, self.failures, self.times = collections.Counter(), collections.Counter(), []
        self.first, self.last = {}, {}


async def ask(reader, writer):
    writer.write(ASKED)
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30)
    lower = head.lower()
    place = lower.index(b"content-length:") + 15
    body = await reader.readexactly(int(lower[place : lower.index(b"\r\n", place)]))
    if not head.startswith(b"HTTP/1.1 200 "):
        raise RuntimeError(head.split(b"\r\n")[0].decode("latin-1"))
    # The sum of the model's file, without reading all of it as JSON.
    place = body.index(b'"sha256":"') + 10
    return body[place : place + 12].decode()


async def lane(number, address, port, start, end, rate, stop, books):
    """Questions number, number + LANES, … of all."""
    reader = writer = None
    question = number
    while True:
        moment = start + question / rate
        if moment > end or os.path.exists(stop):
            break
        delay = moment - time.monotonic()
        if delay > 0:
            await asyncio.sleep(delay)
        try:
            if writer is None or question % 20 == 0:
                if writer is not None:
                    writer.close()
                reader, writer = await asyncio.wait_for(asyncio.open_connection(address, port), 30)
            model = await ask(reader, writer)
            now = time.monotonic()
            books.answers[model] += 1
            books.first.setdefault(model, now - start)
            books.last[model] = now - start
            books.times.append(now - moment)
        except Exception as error:  # noqa: BLE001: whatever it is, it is a request that failed
            books.failures[f"{type(error).__name__}: {error}"[:120]] += 1
            if writer is not None:
                writer.close()
            reader = writer = None
        question += LANES
    if writer is not None:
        writer.close()


async def main():
    address, port, seconds, rate, out = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4]), sys.argv[5]
    books = Books()
    start = time.monotonic() + 0.5
    await asyncio.gather(
        *(lane(number, address, port, start, start + seconds, rate, out + ".stop", books) for number in range(LANES)))
    took = time.monotonic() - start
    times = sorted(books.times) or [0.0]
    at = lambda part: round(times[min(len(times) - 1, int(part * len(times)))] * 1000, 1)
    result = {
        "seconds": round(took, 1), "asked": sum(books.answers.values()) + sum(books.failures.values()),
        "answered": sum(books.answers.values()), "failed": sum(books.failures.values()), "failures": dict(books.failures),
        "rate": round(sum(books.answers.values()) / took, 1), "models": dict(books.answers),
        "milliseconds": {"median": at(0.5), "99 %": at(0.99), "99.9 %": at(0.999), "slowest": at(1.0)},
    }
    with open(out, "w", encoding="utf-8") as file:
        json.dump(result, file, indent=1)


asyncio.run(main())
