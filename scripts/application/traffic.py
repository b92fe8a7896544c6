"""Requests at a steady pace, whatever the answers take: what visitors would have lost is counted, not averaged away."""

import collections
import http.client
import json
import threading
import time

Answer = collections.namedtuple("Answer", "start seconds problem model")


class Traffic:
    """Half predictions, half health checks; half of each on new connections, half on connections that are kept."""

    def __init__(self, host, port, rate, body):
        self.address, self.rate, self.body = (host, port), rate, json.dumps(body).encode()
        self.answers, self.lock, self.local = [], threading.Lock(), threading.local()
        self.ended = threading.Event()
        self.runner = threading.Thread(target=self.run)

    def __enter__(self):
        self.runner.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.runner.join()

    def run(self):
        """Several threads take turns: number n asks at n / rate, even when the answer before it is late."""
        begin, ahead, threads = time.monotonic(), 64, []
        for first in range(ahead):
            threads.append(threading.Thread(target=self.ask_in_turn, args=(begin, first, ahead)))
            threads[-1].start()
        for thread in threads:
            thread.join()

    def ask_in_turn(self, begin, number, step):
        while not self.ended.is_set():
            due = begin + number / self.rate
            if self.ended.wait(max(0, due - time.monotonic())):
                return
            self.ask(number)
            number += step

    def ask(self, number):
        start = time.monotonic()
        problem = model = None
        try:
            # Bits 0 and 6 vary within a thread's own numbers, which are 64 apart.
            is_kept, predicts = (number // 64) % 2 == 0, (number // 128 + number) % 2 == 0
            status, answer = self.exchange(is_kept, predicts)
            if status != 200:
                problem = f"status {status}"
            elif predicts:
                model = json.loads(answer).get("model", {})
                model = model.get("version") if isinstance(model, dict) else model
        except (OSError, http.client.HTTPException, ValueError) as error:
            problem = f"{type(error).__name__}: {error}"
            self.local.connection = None
        with self.lock:
            self.answers.append(Answer(start, time.monotonic() - start, problem, model))

    def exchange(self, is_kept, predicts):
        connection = getattr(self.local, "connection", None) if is_kept else None
        connection = connection or http.client.HTTPConnection(*self.address, timeout=20)
        if predicts:
            connection.request("POST", "/api/predict", self.body, {"Content-Type": "application/json"})
        else:
            connection.request("GET", "/healthz")
        response = connection.getresponse()
        answer = response.read()
        if is_kept:
            self.local.connection = connection
        else:
            connection.close()
        return response.status, answer

    def since(self, start):
        with self.lock:
            return [answer for answer in self.answers if answer.start >= start]
