"""Chromium through chromedriver: the few commands of the W3C WebDriver protocol that the tests need."""

import base64
import json
import re
import shutil
import subprocess
import tempfile
import urllib.request

ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


class Browser:
    def __init__(self):
        self.profile = tempfile.mkdtemp(prefix="basehttpd-browser-")
        self.downloads = tempfile.mkdtemp(prefix="basehttpd-downloads-")
        self._driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE, text=True)
        self._base = ""
        for line in self._driver.stdout:
            if found := re.search(r"started successfully on port (\d+)", line):
                self._base = f"http://127.0.0.1:{found[1]}"
                break
        arguments = [*ARGUMENTS, f"--user-data-dir={self.profile}", "--window-size=1100,800"]
        capabilities = {"browserName": "chrome", "goog:loggingPrefs": {"browser": "ALL"}, "goog:chromeOptions": {
            "args": arguments, "prefs": {"download.default_directory": self.downloads}}}
        session = self._send("POST", "/session", {"capabilities": {"alwaysMatch": capabilities}})
        self._base += "/session/" + session["sessionId"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self._send("DELETE", "")
        finally:
            self._driver.terminate()
            self._driver.communicate()
            shutil.rmtree(self.profile, ignore_errors=True)
            shutil.rmtree(self.downloads, ignore_errors=True)

    def _send(self, method, path, content=None):
        data = None if method != "POST" else json.dumps(content or {}).encode()
        request = urllib.request.Request(self._base + path, data, {"Content-Type": "application/json"}, method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=60) as answer:
            return json.load(answer)["value"]

    def _devtools(self, command, **parameters):
        return self._send("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def become(self, width, height, scheme="light"):
        """Shows pages as a screen of that size does, and as those see them who prefer `scheme`."""
        phone = width < 600
        self._devtools("Emulation.setDeviceMetricsOverride", width=width, height=height, mobile=phone,
                       deviceScaleFactor=2 if phone else 1)
        self._devtools("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def allow_scripts(self, allowed):
        self._devtools("Emulation.setScriptExecutionDisabled", value=not allowed)

    def open(self, url):
        self._send("POST", "/url", {"url": url})

    def url(self):
        return self._send("GET", "/url")

    def run(self, script):
        """The value of the JavaScript function body `script` in the page."""
        return self._send("POST", "/execute/sync", {"script": script, "args": []})

    def click(self, selector):
        element = self._send("POST", "/element", {"using": "css selector", "value": selector})[ELEMENT]
        self._send("POST", f"/element/{element}/click")

    def type(self, selector, text):
        element = self._send("POST", "/element", {"using": "css selector", "value": selector})[ELEMENT]
        self._send("POST", f"/element/{element}/value", {"text": text})

    def messages(self):
        """What the console has said since the last call: blocked scripts and styles, among others."""
        return self._send("POST", "/se/log", {"type": "browser"})

    def screenshot(self, path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(self._send("GET", "/screenshot")))
