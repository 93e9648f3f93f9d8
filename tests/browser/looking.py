"""Pages in a real browser: Chromium lays them out, axe-core looks at them as somebody would who cannot see them."""

import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from tests.debian import installed

FOLDER = Path(__file__).parent
AXE = FOLDER / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = Path("/usr/bin/chromium")
_LOOK = """
document.querySelectorAll("details").forEach(each => each.open = true);
axe.run(document, {resultTypes: ["violations"]}).then(found => {
  const seen = {
    violations: found.violations.flatMap(rule => rule.nodes.map(node => `${rule.id}: ${node.target.join(" ")}`)),
    rules: found.passes.length,
    overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    width: window.innerWidth,
  };
  parent.postMessage(JSON.stringify(seen), "*");
});
"""
_FRAME = """<!doctype html><meta charset="utf-8"><pre id="seen"></pre>
<script>onmessage = told => { document.getElementById("seen").textContent = told.data; };</script>
<iframe src="%s" style="width: %dpx; height: 2000px; border: 0"></iframe>
"""
"""A window is not as narrow as a phone in every Chromium, a frame is."""


@dataclass(frozen=True)
class Seen:
    """What a browser saw of a page.

    Args:
        violations: rules of axe-core that it breaks, each with the element.
        rules: how many rules it keeps.
        overflow: pixels by which it is wider than the frame.
    """

    violations: list[str]
    rules: int
    overflow: int


def lacking() -> str | None:
    """Why no page can be looked at on this machine, after what is lacking was asked for; None where it can."""
    if not installed(CHROMIUM, "chromium"):
        return "Chromium is not installed and installing it needs root: apt-get install chromium"
    npm = shutil.which("npm")
    if not AXE.is_file() and npm is not None:
        install = [npm, "install", "--no-package-lock", "--no-audit", "--no-fund", "--prefix", str(FOLDER)]
        subprocess.run(install, capture_output=True, check=False)
    return None if AXE.is_file() else "axe-core is not installed: npm install --prefix tests/browser"


def look(page: Path, width: int, folder: Path) -> Seen:
    """Look at a page in a window of so many pixels, with all that can be opened open.

    Args:
        page: its file.
        width: of the window.
        folder: for the browser's profile, and for a copy of the page that has axe-core in it.
    """
    script = AXE.read_text("utf-8").replace("</script", "<\\/script")
    html = page.read_text("utf-8").replace("</body>", f"<script>{script}</script><script>{_LOOK}</script></body>")
    copy, frame = folder / page.name, folder / "frame.html"
    copy.write_text(html, "utf-8")
    frame.write_text(_FRAME % (copy.name, width), "utf-8")
    # Root has no sandbox to give away.
    options = ["--headless", "--disable-gpu", f"--user-data-dir={folder}/profile", "--window-size=1400,2100"]
    options += ["--no-sandbox"] if os.geteuid() == 0 else []
    shown = subprocess.run(
        [CHROMIUM, *options, "--virtual-time-budget=60000", "--dump-dom", frame.as_uri()],
        capture_output=True,
        text=True,
        check=True,
    )
    found = re.search(r'<pre id="seen">(.+?)</pre>', shown.stdout, re.DOTALL)
    assert found, f"axe-core did not end: {shown.stderr[-500:]}"
    seen = json.loads(unescape(found[1]))
    assert seen["width"] == width
    return Seen(seen["violations"], seen["rules"], seen["overflow"])
