"""Reports in Chromium: nothing is fetched, nothing overflows, axe finds nothing, and paper holds them. Run by
scripts/browser-test; with --screenshots DIR for a look at them."""

import base64
import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from browser import Browser, Driver, is_installed  # noqa: E402
from scene import ROOT  # noqa: E402

sys.path.insert(0, os.path.join(ROOT, "Tests/Reports"))
from cases import cases, run  # noqa: E402

AXE = os.path.join(ROOT, ".build/axe/axe.min.js")
WIDTHS = {390: 844, 1440: 900}
LARGEST = 1_500_000
pictures = None


def setUpModule():
    if not is_installed():
        raise unittest.SkipTest("no chromium")
    global driver, folder, names
    folder = tempfile.TemporaryDirectory(prefix="learners-report-")
    names = []
    for name, options in cases(folder.name).items():
        run("report", *options, "--no-times", "--out", path(name))
        names.append(name)
    driver = Driver()


def tearDownModule():
    driver.stop()
    folder.cleanup()


def path(name):
    return os.path.join(folder.name, name + ".html")


class Report(unittest.TestCase):
    def test_widths_and_schemes(self):
        axe = None
        if os.path.exists(AXE):
            with open(AXE, encoding="utf-8") as file:
                axe = file.read()
        for name in names:
            for width, height in WIDTHS.items():
                for dark in [False, True]:
                    with self.subTest(name=name, width=width, dark=dark):
                        with Browser(driver, width=width, height=height, dark=dark) as browser:
                            self.show(browser, name)
                            browser.unfold()
                            self.assertLessEqual(
                                browser.run("return document.documentElement.scrollWidth"), browser.width)
                            browser.unfold(False)
                            if axe:
                                self.assertEqual(browser.violations(axe), [])
                            if pictures:
                                scheme = "dark" if dark else "light"
                                browser.screenshot(os.path.join(pictures, f"report-{name}-{width}-{scheme}.png"))

    def show(self, browser, name):
        # Without a network, and whatever would be asked for is seen.
        browser.developer("Network.enable")
        browser.developer("Network.emulateNetworkConditions",
                          {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0})
        browser.open("file://" + path(name))
        self.assertEqual(browser.run("return performance.getEntriesByType('resource').length"), 0)
        self.assertEqual([entry["message"] for entry in browser.log() if entry["level"] == "SEVERE"], [])
        self.assertLessEqual(browser.run("return document.documentElement.scrollWidth"), browser.width)
        self.assertIn("Which model?", browser.text("#summary"))
        # Heads stand above their columns.
        apart = browser.run(
            "return [...document.querySelectorAll('table.figures')].filter(t => t.offsetParent).map(t => {"
            "const [a, b] = [t.tHead.rows[0].cells, t.tBodies[0].rows[0].cells];"
            "return [...a].some((c, i) => Math.abs(c.getBoundingClientRect().left - b[i].getBoundingClientRect().left) > 1)"
            "}).filter(x => x).length")
        self.assertEqual(apart, 0)

    def test_it_is_small(self):
        for name in names:
            self.assertLess(os.path.getsize(path(name)), LARGEST)

    def test_paper(self):
        """Nothing is cut off at the side of a sheet, in the dark scheme neither."""
        for name in names:
            with self.subTest(name=name), Browser(driver, width=794, height=1123, dark=True) as browser:
                browser.open("file://" + path(name))
                printed = browser.developer("Page.printToPDF", {"printBackground": True, "preferCSSPageSize": True})
                paper = base64.b64decode(printed["data"])
                self.assertTrue(paper.startswith(b"%PDF") and len(paper) > 20_000)
                browser.developer("Emulation.setEmulatedMedia", {"media": "print"})
                wide = browser.run(
                    "return [...document.querySelectorAll('.scroll')].filter(e => e.offsetParent && e.scrollWidth > e.clientWidth + 1)"
                    ".map(e => e.getAttribute('aria-label'))")
                self.assertEqual(wide, [])
                if pictures:
                    with open(os.path.join(pictures, f"report-{name}.pdf"), "wb") as file:
                        file.write(paper)


if __name__ == "__main__":
    if "--screenshots" in sys.argv:
        place = sys.argv.index("--screenshots")
        pictures = sys.argv[place + 1]
        del sys.argv[place:place + 2]
    unittest.main(verbosity=2)
