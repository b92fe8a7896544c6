"""The main flows of the server's page in Chromium, with and without JavaScript. Run by scripts/browser-test."""

import os
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from browser import Browser, Driver, is_installed  # noqa: E402
from scene import ROOT, TOKEN, Scene  # noqa: E402

AXE = os.path.join(ROOT, ".build/axe/axe.min.js")
TAB, ENTER, RIGHT = "\ue004", "\ue007", "\ue014"
WIDTHS = [390, 1440]
# Of a model that was compared.
RANGE = r"^80 % are expected between [\d,.]+ and [\d,.]+\.$"


def setUpModule():
    if not is_installed():
        raise unittest.SkipTest("no chromium")
    global driver, scene
    driver = Driver()
    try:
        scene = Scene()
    except BaseException:
        driver.stop()
        raise


def tearDownModule():
    scene.stop()
    driver.stop()


class PageTest(unittest.TestCase):
    def browse(self, **options):
        browser = Browser(driver, **options)
        self.addCleanup(browser.__exit__)
        return browser

    def assert_clean(self, browser):
        """Nothing was refused by the policy, no script failed, and nothing is wider than the window."""
        problems = [entry["message"] for entry in browser.log() if entry["level"] == "SEVERE"]
        self.assertEqual([text for text in problems if "status of 503" not in text], [])
        self.assertLessEqual(browser.run("return document.documentElement.scrollWidth"), browser.width)


class Rank(PageTest):
    def check_ranking(self, browser, count):
        predictions = browser.run(
            "return [...document.querySelectorAll('.ranking .predicted b')].map(b => Number(b.textContent.replace(/,/g, '')))")
        self.assertEqual(len(predictions), count)
        self.assertEqual(predictions, sorted(predictions, reverse=True))
        self.assertEqual(browser.run("return document.querySelectorAll('.ranking .true-stars').length"), count)
        self.assertEqual(browser.run("return document.querySelectorAll('.ranking svg.bar path.truth').length"), count)

    def test_with_script(self):
        names = scene.repositories(0, 40, 99)
        browser = self.browse()
        browser.open(scene.url + "/")
        browser.run("window.wasHere = true")
        browser.type("#repositories", "\n".join(names))
        browser.click("#rank-form button")
        browser.wait("a ranking", lambda: browser.exists(".ranking li"))
        self.check_ranking(browser, 3)
        self.assertTrue(browser.run("return window.wasHere === true"), "a new page was loaded")
        self.assertEqual(browser.run("return document.activeElement.id"), "rank-result")
        self.assertIn("/rank?repositories=", browser.url())
        # What was put in place is alive as well.
        browser.type("#repositories", names[1])
        browser.click("#rank-form button")
        browser.wait("one repository", lambda: browser.run("return document.querySelectorAll('.ranking li').length") == 1)
        self.assert_clean(browser)

    def test_without_script(self):
        names = scene.repositories(3, 50)
        browser = self.browse(script=False)
        browser.open(scene.url + "/")
        browser.type("#repositories", "\n".join(names + ["https://github.com/nobody/nothing-here", "no name"]))
        browser.click("#rank-form button")
        browser.wait("a ranking", lambda: browser.exists(".ranking li"))
        self.check_ranking(browser, 2)
        self.assertIn("nobody/nothing-here", browser.text(".alert"))
        self.assertIn("“no name” is not owner/name", browser.text("#repositories-problem"))
        self.assertIn("No GitHub token", browser.text("#no-token"))
        self.assert_clean(browser)

    def test_with_the_keyboard_only(self):
        browser = self.browse()
        browser.open(scene.url + "/")
        browser.press(TAB)
        self.assertEqual(browser.run("return document.activeElement.className"), "skip")
        browser.press(ENTER)
        browser.press(TAB)
        self.assertEqual(browser.run("return document.activeElement.id"), "repositories")
        browser.press(*scene.repositories(7)[0])
        outline = browser.run("return getComputedStyle(document.activeElement).outlineWidth")
        self.assertNotEqual(outline, "0px", "the focus cannot be seen")
        browser.press(TAB)
        browser.press(ENTER)
        browser.wait("a ranking", lambda: browser.exists(".ranking li"))
        self.check_ranking(browser, 1)

    def test_limit_reached(self):
        url = scene.serve("--api", scene.start_faulty_github("primary403"))
        browser = self.browse()
        browser.open(url + "/")
        browser.type("#repositories", "a/b\nc/d")
        browser.click("#rank-form button")
        browser.wait("a message", lambda: browser.exists("#rank-result .alert"))
        text = browser.text("#rank-result .alert")
        self.assertIn("limit is reached", text)
        self.assertIn("a/b, c/d", text)
        self.assertRegex(text, r"answers again at \d\d:\d\d")
        self.assert_clean(browser)

    def test_offline(self):
        browser = self.browse(script=False)
        browser.open(scene.serve("--api", "http://127.0.0.1:9") + "/rank?repositories=a/b")
        self.assertIn("GitHub cannot be reached", browser.text("#rank-result"))
        self.assert_clean(browser)

    def test_token_refused(self):
        browser = self.browse(script=False)
        browser.open(scene.serve("--api", scene.github, token="ghp_wrong") + "/rank?repositories=a/b")
        self.assertIn("does not accept the token", browser.text("#rank-result"))
        self.assertNotIn("ghp_wrong", browser.run("return document.documentElement.outerHTML"))

    def test_with_a_token(self):
        browser = self.browse(script=False)
        browser.open(scene.serve("--api", scene.github, token=TOKEN) + "/rank?repositories=" + scene.repositories(9)[0])
        self.check_ranking(browser, 1)
        self.assertFalse(browser.exists("#no-token"))
        self.assertIn("of 5,000 requests left", browser.text("#rank-form"))
        self.assertNotIn(TOKEN, browser.run("return document.documentElement.outerHTML"))

    def test_server_that_went_away(self):
        url = scene.serve("--api", scene.github)
        browser = self.browse()
        browser.open(url + "/")
        scene.processes[-1].terminate()
        scene.processes[-1].wait()
        browser.type("#repositories", "a/b")
        browser.click("#rank-form button")
        browser.wait("a message", lambda: browser.exists("#rank-result .alert"))
        self.assertIn("This server does not answer", browser.text("#rank-result"))


class Hand(PageTest):
    def test_live(self):
        browser = self.browse()
        browser.open(scene.url + "/")
        value = "return document.getElementById('hand-value').textContent"
        browser.wait("a first prediction", lambda: browser.run(value) != "–")
        before = browser.run(value)
        browser.type("[name='f.forks']", "90000")
        browser.wait("another prediction", lambda: browser.run(value) != before)
        self.assertRegex(browser.text("#hand-interval"), RANGE)
        # The slider follows the field, and the field the slider.
        self.assertGreater(int(browser.run("return document.querySelector('[data-for=f0]').value")), 900)
        browser.run("document.querySelector('[data-for=f0]').focus()")
        browser.press(RIGHT)
        self.assertNotEqual(browser.run("return document.querySelector(\"[name='f.forks']\").value"), "90000")
        browser.type("[name='f.forks']", "many")
        browser.wait("the problem", lambda: browser.run(value) == "–")
        self.assertEqual(browser.run("return document.querySelector(\"[name='f.forks']\").ariaInvalid"), "true")
        self.assert_clean(browser)

    def test_without_script(self):
        browser = self.browse(script=False)
        browser.open(scene.url + "/")
        self.assertFalse(browser.run("return document.querySelector('[data-for=f0]').checkVisibility()"))
        browser.type("[name='f.forks']", "500")
        browser.click("#hand-form button")
        browser.wait("a prediction", lambda: "/predict" in browser.url())
        self.assertRegex(browser.text("#hand-value"), r"^[\d,.]+$")
        self.assertRegex(browser.text("#hand-interval"), RANGE)
        self.assertEqual(browser.run("return document.querySelector(\"[name='f.forks']\").value"), "500")
        browser.type("[name='f.forks']", "many")
        browser.click("#hand-form button")
        browser.wait("the problem", lambda: browser.exists("#f0-problem"))


class TableFile(PageTest):
    def check(self, script):
        browser = self.browse(script=script)
        browser.open(scene.url + "/")
        browser.type("#file", scene.table(), clear=False)
        browser.click("#table-form button")
        browser.wait("predictions", lambda: browser.exists("#table-result tbody tr"))
        self.assertEqual(browser.run("return document.querySelectorAll('#table-result tbody tr').length"), 20)
        self.assertIn("40 predictions", browser.text("#table-result"))
        link = browser.run("return document.querySelector('#table-result a[download]').href")
        self.assertEqual(link.count("%0D%0A"), 41)
        self.assertIn("within a factor of two", browser.text("#table-result"))
        self.assert_clean(browser)

    def test_with_script(self):
        self.check(True)

    def test_without_script(self):
        self.check(False)

    def test_broken_file(self):
        path = scene.path("broken.csv")
        with open(path, "w") as file:
            file.write("a,b\n1\n")
        browser = self.browse()
        browser.open(scene.url + "/")
        browser.type("#file", path, clear=False)
        browser.click("#table-form button")
        browser.wait("a message", lambda: browser.exists("#table-result .alert"))
        self.assertIn("broken.csv", browser.text("#table-result .alert"))


class EveryState(PageTest):
    """Both widths, both colour schemes: nothing overflows, and axe finds nothing."""

    @classmethod
    def setUpClass(cls):
        ranked = "\n".join(scene.repositories(0, 12, 45, 99) + ["nobody/nothing-here", "no name"])
        cls.states = {
            "start": (scene.url, None),
            "ranking": (scene.url, ranked),
            "no-model": (scene.serve("--api", scene.github, model=False), None),
            "offline": (scene.serve("--api", "http://127.0.0.1:9"), "a/b"),
        }

    def show(self, browser, state):
        url, repositories = self.states[state]
        browser.open(url + "/")
        if repositories:
            browser.type("#repositories", repositories)
            browser.click("#rank-form button")
            browser.wait("a result", lambda: browser.exists("#rank-result .ranking, #rank-result .alert"))
        if state == "no-model":
            self.assertIn("There is no model yet", browser.text("h1"))
        else:
            browser.wait("a prediction", lambda: browser.text("#hand-value") != "–")

    def test_widths_and_schemes(self):
        axe = None
        if os.path.exists(AXE):
            with open(AXE) as file:
                axe = file.read()
        for state in self.states:
            for width in WIDTHS:
                for dark in [False, True]:
                    with self.subTest(state=state, width=width, dark=dark):
                        with Browser(driver, width=width, height=844 if width < 600 else 900, dark=dark) as browser:
                            self.show(browser, state)
                            self.assert_clean(browser)
                            if axe:
                                self.assertEqual(browser.violations(axe), [])
                            if pictures:
                                browser.run("document.activeElement.blur(); scrollTo(0, 0);"
                                            "document.querySelectorAll('.sticky').forEach(e => e.style.position = 'static')")
                                self.picture(browser, state, "dark" if dark else "light")

    def picture(self, browser, state, scheme):
        """The whole page for a look at it, and parts of some pages for the docs."""
        browser.screenshot(os.path.join(pictures, f"page-{state}-{browser.width}-{scheme}.png"))
        if state == "ranking" and (browser.width > 600 or scheme == "light"):
            self.keep(browser, f"page-ranking-{browser.width}-{scheme}.png", height=1040 if browser.width > 600 else 1640)
        if state == "ranking" and browser.width > 600 and scheme == "light":
            for part in ["hand", "model"]:
                top, height = browser.run(
                    "const box = document.getElementById(arguments[0]).getBoundingClientRect();"
                    "return [Math.floor(box.top), Math.ceil(box.height)]", part)
                self.keep(browser, f"page-{part}-{browser.width}-{scheme}.png", top, height)

    def keep(self, browser, name, top=0, height=None):
        path = os.path.join(ROOT, "docs/images", name)
        browser.screenshot(path, top, height)
        if shutil.which("pngquant"):
            subprocess.run(["pngquant", "--force", "--skip-if-larger", "--output", path, "64", path], check=False)


pictures = None
if __name__ == "__main__":
    if "--screenshots" in sys.argv:
        sys.argv.remove("--screenshots")
        pictures = os.path.join(ROOT, ".build/screenshots")
        os.makedirs(pictures, exist_ok=True)
    unittest.main(verbosity=2)
