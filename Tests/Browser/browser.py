"""A headless Chromium, driven over the WebDriver protocol with Python's own library: nothing has to be installed for it
but Debian's packages chromium and chromium-driver."""

import base64
import json
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


def is_installed():
    return shutil.which("chromedriver") is not None and shutil.which("chromium") is not None


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Driver:
    """chromedriver, until `stop`."""

    def __init__(self):
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(
            ["chromedriver", f"--port={port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 20
        while True:
            try:
                if self.ask("GET", "/status")["ready"]:
                    return
            except (OSError, urllib.error.URLError):
                pass
            if time.monotonic() > deadline:
                raise RuntimeError("chromedriver does not start")
            time.sleep(0.1)

    def ask(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            self.url + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(json.load(error)["value"]["message"]) from None

    def stop(self):
        self.process.terminate()
        self.process.wait()


class Browser:
    """A window of its own, with or without JavaScript, in one of the two colour schemes."""

    def __init__(self, driver, width=1440, height=900, dark=False, script=True):
        arguments = [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
            "--force-device-scale-factor=1", "--lang=en-US",
        ]
        preferences = {} if script else {"profile.managed_default_content_settings.javascript": 2}
        capabilities = {
            "browserName": "chrome",
            "goog:chromeOptions": {"args": arguments, "prefs": preferences},
            "goog:loggingPrefs": {"browser": "ALL"},
        }
        session = driver.ask("POST", "/session", {"capabilities": {"alwaysMatch": capabilities}})
        self.driver, self.path, self.has_script = driver, "/session/" + session["sessionId"], script
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
                  {"name": "prefers-reduced-motion", "value": "reduce"}]
        self.developer("Emulation.setEmulatedMedia", {"features": scheme})
        self.developer("Emulation.setTimezoneOverride", {"timezoneId": "UTC"})
        self.resize(width, height)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.driver.ask("DELETE", self.path)

    def ask(self, method, path, body=None):
        return self.driver.ask(method, self.path + path, body)

    def developer(self, command, parameters=None):
        return self.ask("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters or {}})

    def resize(self, width, height):
        self.width = width
        self.developer("Emulation.setDeviceMetricsOverride",
                       {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600})

    def open(self, url):
        self.ask("POST", "/url", {"url": url})

    def url(self):
        return self.ask("GET", "/url")

    def run(self, code, *arguments):
        """Runs JavaScript from outside, which works where the page's own is switched off."""
        return self.ask("POST", "/execute/sync", {"script": code, "args": list(arguments)})

    def run_async(self, code, *arguments):
        return self.ask("POST", "/execute/async", {"script": code, "args": list(arguments)})

    def unfold(self, is_open=True):
        """Opens all that is folded up, or closes it."""
        self.run("document.querySelectorAll('details').forEach(details => details.open = arguments[0])", is_open)

    def violations(self, axe):
        """What axe finds, of what is folded up too. axe: the text of its script."""
        self.unfold()
        self.run(axe + "; window.axe = axe")
        found = self.run_async(
            "const done = arguments[0]; axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa',"
            " 'wcag22aa', 'best-practice']}).then(result => done(result.violations.map(v =>"
            " v.id + ': ' + v.nodes.map(n => n.target.join(' ') + ' ' + n.failureSummary).join('; '))))")
        self.unfold(False)
        return found

    def find(self, selector):
        return self.ask("POST", "/element", {"using": "css selector", "value": selector})[ELEMENT]

    def exists(self, selector):
        return bool(self.ask("POST", "/elements", {"using": "css selector", "value": selector}))

    def text(self, selector):
        return self.ask("GET", f"/element/{self.find(selector)}/text")

    def type(self, selector, text, clear=True):
        element = self.find(selector)
        if clear:
            self.ask("POST", f"/element/{element}/clear", {})
        self.ask("POST", f"/element/{element}/value", {"text": text})

    def click(self, selector):
        self.ask("POST", f"/element/{self.find(selector)}/click", {})

    def press(self, *keys):
        """Keys for whatever has the focus."""
        actions = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        self.ask("POST", "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})

    def wait(self, what, condition, seconds=15):
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                raise AssertionError(f"waited {seconds} s for: {what}")
            time.sleep(0.05)

    def log(self):
        return self.ask("POST", "/se/log", {"type": "browser"})

    def screenshot(self, path, top=0, height=None):
        """The page from `top` over `height` pixels, or to its end."""
        size = self.developer("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": top, "width": self.width, "height": height or size["height"] - top, "scale": 1}
        picture = self.developer("Page.captureScreenshot", {"clip": clip, "captureBeyondViewport": True})
        with open(path, "wb") as file:
            file.write(base64.b64decode(picture["data"]))
