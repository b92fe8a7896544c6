"""The page for targets that are no counts of stars, in Chromium: numbers, axes, widths, paper, focus. Run by
scripts/browser-test."""

import json
import math
import os
import random
import re
import subprocess
import sys
import tempfile
import unittest
import urllib.request

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from browser import Browser, Driver, is_installed  # noqa: E402
from scene import LEARNERS, ROOT  # noqa: E402

AXE = os.path.join(ROOT, ".build/axe/axe.min.js")
TAB = "\ue004"
WIDTHS = {320: 568, 390: 844, 1280: 900, 1440: 900}
QUANTILES = ["--set", "boosting.loss=quantile", "--set", "boosting.quantiles=0.1,0.5,0.9"]

# Name: target, its numbers by (area, balcony), learner, further options.
TARGETS = {
    "negative": ("balance", lambda a, b, noise: round(-15 + a / 8 + 3 * b + noise, 3), "ridge", []),
    "tiny": ("dose", lambda a, b, noise: round(5e-4 + a * 2e-5 + noise * 2e-5, 7), "ridge", []),
    "spread": ("share", lambda a, b, noise: float(f"{math.exp(a / 20 - 16 + noise / 4):.4g}"), "ridge", []),
    "years": ("year", lambda a, b, noise: int(1900 + a / 2 + 4 * b + 3 * noise), "ridge", []),
    "prices": ("price_per_month_with_all_taxes", lambda a, b, noise: round(90_000 + a * 2500 + noise * 9000, 2), "ridge", []),
    "counts": ("visits", lambda a, b, noise: int(math.exp(a / 30 + b + noise / 4)), "ridge", []),
    "quantiles": ("price", lambda a, b, noise: round(90_000 + a * 2500 + noise * 9000, 2), "boosting", QUANTILES),
}


def setUpModule():
    if not is_installed():
        raise unittest.SkipTest("no chromium")
    global driver, scene
    scene = Scene()
    driver = Driver()


def tearDownModule():
    driver.stop()
    scene.stop()


class Scene:
    """A model for each target, one with names that read alike, one with very many features, all of one server."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="learners-targets-")
        self.processes = []
        draw = random.Random(3)
        rows = [(round(draw.uniform(10, 200), 1), draw.choice("abc"), round(draw.gauss(0, 1), 3), draw.gauss(0, 1))
                for _ in range(400)]
        for name, (target, value, learner, options) in TARGETS.items():
            lines = [f"{a},{kind},{b},{value(a, b, noise)}" for a, kind, b, noise in rows]
            self.fit(name, f"area,kind,balcony,{target}", lines, learner, options)
        self.fit("alike", "size,Size,size_kb,model,price", [
            f"{a},{b},{index % 97},{kind},{a * 30 + b}" for index, (a, kind, b, _) in enumerate(rows)], "ridge", [])
        self.fit("wide", ",".join(f"x{i}" for i in range(2000)) + ",y", [
            ",".join(f"{draw.gauss(0, 1):.2f}" for _ in range(2001)) for _ in range(60)], "ridge", [])
        self.names = [*TARGETS, "alike", "wide"]
        self.url = self.serve()

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def fit(self, name, header, lines, learner, options):
        with open(self.path(name + ".csv"), "w") as file:
            file.write(header + "\n" + "\n".join(lines) + "\n")
        subprocess.run(
            [LEARNERS, "fit", "--data", self.path(name + ".csv"), "--model", learner, "--cv", "3", "--oof",
             self.path(name + "/oof.csv"), "--out", self.path(name), *options], check=True, capture_output=True)

    def serve(self, *options):
        models = [f"--model={name}={self.path(name)}/best.safetensors" for name in self.names]
        process = subprocess.Popen([LEARNERS, "serve", "--port", "0", "--log-format", "text", *models, *options],
                                   stderr=subprocess.PIPE, text=True)
        self.processes.append(process)
        for line in process.stderr:
            if found := re.search(r"serving at (http://127\.0\.0\.1:\d+)", line):
                return found.group(1)
        raise RuntimeError("the server does not start")

    def predict(self, model, row, interval=None):
        body = json.dumps({"instances": [row]}).encode()
        wish = f"&interval={interval}" if interval else ""
        request = urllib.request.Request(
            f"{self.url}/api/predict?model={model}{wish}", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)["predictions"][0]

    def stop(self):
        for process in self.processes:
            process.terminate()
            process.wait()
            process.stderr.close()
        self.folder.cleanup()


def number(text):
    return float(text.replace(",", "").replace("−", "-"))


def rounding(text):
    """Half of the last place that a number is written to; trailing noughts of a whole number may be rounding."""
    digits, _, exponent = text.replace(",", "").replace("−", "").partition("e")
    whole, _, fraction = digits.partition(".")
    place = -len(fraction) if fraction else len(whole) - len(whole.rstrip("0"))
    return 0.5 * 10.0 ** (place + int(exponent or 0)) * 1.0001


class TargetTest(unittest.TestCase):
    def browse(self, **options):
        browser = Browser(driver, **options)
        self.addCleanup(browser.__exit__)
        return browser

    def open(self, browser, model, path="/"):
        browser.open(f"{scene.url}{path}{'&' if '?' in path else '?'}model={model}")
        if browser.has_script:
            browser.wait("a prediction", lambda: browser.text("#hand-value") != "–")


class Numbers(TargetTest):
    def test_none_is_wrong_by_more_than_its_rounding(self):
        browsers = {script: self.browse(script=script) for script in [True, False]}
        for model, (target, *_) in TARGETS.items():
            for area in [15.0, 100.0, 190.0]:
                row = {"area": area, "kind": "b", "balcony": 0.5}
                found = scene.predict(model, row)
                # The outer quantiles, or the range of eight in ten that every compared model knows.
                ends = [found["quantiles"]["0.1"], found["quantiles"]["0.9"]] if "quantiles" in found else [
                    scene.predict(model, row, interval=0.8)["interval"][end] for end in ["low", "high"]]
                for script, browser in browsers.items():
                    with self.subTest(model=model, area=area, script=script):
                        self.open(browser, model, f"/predict?f.area={area}&f.kind=b&f.balcony=0.5")
                        text = browser.text("#hand-value")
                        self.assertLessEqual(abs(number(text) - found[target]), rounding(text), f"{text}: {found}")
                        self.assertLess(rounding(text), abs(found[target]) / 50 + 0.3 * (model == "counts") + 0.06 * (
                            model == "negative"), f"{text} says little of {found}")
                        texts = re.findall(r"between (\S+) and (\S+)\.", browser.text("#hand-interval"))
                        self.assertEqual(len(texts), 1)
                        for shown, end in zip(texts[0], ends):
                            self.assertLessEqual(abs(number(shown) - end), rounding(shown))

    def test_the_range_of_the_data_is_told(self):
        browser = self.browse(script=False)
        for model in TARGETS:
            with open(scene.path(model + ".csv")) as file:
                values = [float(line.rsplit(",", 1)[1]) for line in file.read().splitlines()[1:]]
            self.open(browser, model)
            low, high = re.search(r"goes from (\S+) to (\S+)\. What", browser.text("#model ul.limits")).groups()
            for text, value in [(low, min(values)), (high, max(values))]:
                self.assertLessEqual(abs(number(text) - value), rounding(text), f"{model}: {text}")
            self.assertNotIn("star", browser.text("main").lower(), model)


class Pictures(TargetTest):
    """Every target at every width, light and dark: nothing is cut, nothing covers another, axe finds nothing."""

    def test_widths_and_schemes(self):
        axe = None
        if os.path.exists(AXE):
            with open(AXE) as file:
                axe = file.read()
        for width, height in WIDTHS.items():
            for dark in [False, True]:
                browser = self.browse(width=width, height=height, dark=dark)
                for model in scene.names:
                    with self.subTest(model=model, width=width, dark=dark):
                        self.open(browser, model)
                        self.check(browser, axe)

    def check(self, browser, axe):
        self.assertLessEqual(browser.run("return document.documentElement.scrollWidth"), browser.width)
        cut = browser.run("return [...document.querySelectorAll('.scroll, .big, caption, th')].filter(e =>"
                          " e.checkVisibility() && e.scrollWidth > e.clientWidth + 1).map(e => e.outerHTML.slice(0, 200))")
        self.assertEqual(cut, [])
        covered = browser.run("""
            const texts = [...document.querySelectorAll("svg")].map(svg => [...svg.querySelectorAll("text")]);
            const hit = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
            return texts.flatMap(list => list.flatMap((one, i) => list.slice(i + 1).filter(other =>
              hit(one.getBoundingClientRect(), other.getBoundingClientRect())).map(other => one.textContent + " / " + other.textContent)))""")
        self.assertEqual(covered, [])
        lines = browser.run("const e = document.getElementById('hand-value');"
                            "return e.getBoundingClientRect().height / parseFloat(getComputedStyle(e).lineHeight)")
        self.assertLess(lines, 1.5, "the prediction is broken into lines")
        if axe:
            self.assertEqual(browser.violations(axe), [])

    def test_on_paper(self):
        browser = self.browse(dark=True)
        browser.developer("Emulation.setEmulatedMedia", {
            "media": "print", "features": [{"name": "prefers-color-scheme", "value": "dark"}]})
        for model in TARGETS:
            self.open(browser, model)
            red = browser.run("return getComputedStyle(document.body).color.match(/\\d+/)[0]")
            self.assertLess(int(red), 60, "the ink is light")
            shown = browser.run("return [...document.querySelectorAll('button, nav, input[type=range], #table')]"
                                ".filter(e => e.checkVisibility()).length")
            self.assertEqual(shown, 0)
            self.assertTrue(browser.run("return document.getElementById('hand-value').checkVisibility()"))


class Fields(TargetTest):
    def test_focus_goes_on_and_is_seen(self):
        for width, height in WIDTHS.items():
            for model in ["alike", "counts"]:
                with self.subTest(width=width, model=model):
                    browser = self.browse(width=width, height=height)
                    self.open(browser, model)
                    places = []
                    for _ in range(80):
                        browser.press(TAB)
                        found = browser.run("""
                            const e = document.activeElement, box = e.getBoundingClientRect();
                            if (e === document.body) return null;
                            const seen = [.1, .5, .9].filter(share => {
                              const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height * share);
                              return top && (e.contains(top) || top.contains(e)); }).length;
                            return [seen, e.className === "skip" ? -1 : [...document.querySelectorAll("*")].indexOf(e), e.outerHTML.slice(0, 99)]""")
                        if found is None:
                            break
                        self.assertEqual(found[0], 3, f"hidden: {found[2]}")
                        places.append(found[1])
                    self.assertGreater(len(places), 20)
                    self.assertEqual(places, sorted(places), "the focus jumps")

    def test_labels_differ(self):
        browser = self.browse()
        self.open(browser, "alike")
        labels = browser.run("return [...document.querySelectorAll('#hand-form label')].map(e => e.textContent)")
        self.assertEqual(labels, ["size", "Size", "size_kb", "Model"])

    def test_back_brings_what_was_typed(self):
        for script in [True, False]:
            with self.subTest(script=script):
                browser = self.browse(script=script)
                self.open(browser, "alike")
                browser.type("[name='f.size']", "77.5")
                browser.type("[name='f.model']", "c", clear=False)
                if script:
                    browser.wait("an answer", lambda: number(browser.text("#hand-value")) < 2500)
                browser.click("nav[aria-label=Models] li:first-child a")
                browser.wait("the other page", lambda: browser.exists("[name='f.area']"))
                browser.ask("POST", "/back", {})
                browser.wait("the first page", lambda: browser.exists("[name='f.size']"))
                for field, value in [("f.size", "77.5"), ("f.model", "c")]:
                    self.assertEqual(browser.run(f"return document.getElementsByName('{field}')[0].value"), value)
                if script:
                    browser.wait("its answer", lambda: browser.text("#hand-value") != "–")
                    self.assertLess(number(browser.text("#hand-value")), 2500)

    def test_many_features(self):
        browser = self.browse(width=390, height=844)
        self.open(browser, "wide")
        self.assertLess(browser.run("return document.documentElement.scrollHeight"), 8_000)
        before = browser.text("#hand-value")
        hidden = browser.run("return [...document.querySelectorAll('details [data-kind]')][1500].name")
        browser.run("document.querySelector('#hand-form details').open = true")
        browser.type(f"[name='{hidden}']", "many")
        browser.wait("the problem", lambda: browser.text("#hand-value") == "–")
        plain = self.browse(script=False)
        self.open(plain, "wide")
        plain.click("#hand-form button")
        plain.wait("a prediction", lambda: "/predict" in plain.url())
        self.assertEqual(number(plain.text("#hand-value")), number(before))


class Tables(TargetTest):
    def send(self, browser, name, text):
        with open(scene.path(name), "w") as file:
            file.write(text)
        browser.type("#file", scene.path(name), clear=False)
        browser.click("#table-form button")
        browser.wait("a result", lambda: browser.exists("#table-result table, #table-result .alert, h1 + p"))

    def test_rows_and_columns(self):
        text = "area,kind,balcony,note that somebody wrote\n" + "".join(
            f"{10 + row},b,{row / 7},a long text of a person who explains it all {row}\n" for row in range(25))
        for width, height in WIDTHS.items():
            browser = self.browse(width=width, height=height)
            self.open(browser, "prices")
            self.send(browser, "rows.csv", text)
            heads = browser.run("return [...document.querySelectorAll('#table-result tbody th')].map(e => e.textContent)")
            self.assertEqual(heads, [str(row) for row in range(20)])
            csv = browser.run("return decodeURIComponent(document.querySelector('a[download]').href.split(',').slice(1).join(','))")
            lines = csv.split("\r\n")
            self.assertEqual(lines[1].split(",")[0], "0")
            shown = browser.text("#table-result tbody tr:nth-child(3) td:last-child")
            self.assertLessEqual(abs(number(shown) - float(lines[3].split(",")[1])), rounding(shown))
            if width > 1000:
                self.assertTrue(browser.run("const e = document.querySelector('#table-result .scroll');"
                                            "return e.scrollWidth <= e.clientWidth + 1"), f"a column is cut at {width}")
            self.assertIn("not used: note that somebody wrote", browser.run("return document.body.textContent"))

    def test_what_is_refused(self):
        url = scene.serve("--max-body", "2kB")
        for script in [True, False]:
            browser = self.browse(script=script)
            browser.open(url + "/?model=prices")
            self.send(browser, "large.csv", "area\n" + "1\n" * 2_000)
            text = browser.text("#table-result" if script else "main")
            self.assertRegex(text, "refused \\(413\\)" if script else "\\(413\\)")
            self.assertNotIn("does not answer", text)
            self.assertNotIn("{", text)


if __name__ == "__main__":
    unittest.main(verbosity=2)
