"""What all tests share: a browser; and with COURSE_NO_SKIPS set, as in CI, a test that would be skipped fails."""

import os
import shutil

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if os.environ.get("COURSE_NO_SKIPS") and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"Nothing may be skipped here. {call.excinfo.value if call.excinfo else report.longrepr}"
    return report


@pytest.fixture(scope="session")
def browser():
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        pytest.skip("needs Chromium: sudo apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        options = [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ]
        browser = playwright.chromium.launch(executable_path=program, args=options)
        yield browser
        browser.close()
