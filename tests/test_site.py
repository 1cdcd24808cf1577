"""The documentation as a site: every page in it, every link and anchor of a page there."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_the_site_is_built_without_a_dead_link_and_with_every_page(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    written = {path.parent.name for path in tmp_path.rglob("index.html")}
    missing = [
        str(page.relative_to(ROOT))
        for page in (ROOT / "docs").rglob("*.md")
        if page.stem not in ("index", "README") and page.stem not in written
    ]
    assert missing == []
    assert (tmp_path / "index.html").exists()
