"""The interactive figures: exact numbers, the keyboard, and no barrier, in a page that needs nothing but itself."""

import re
import statistics

import numpy as np
import pytest
from scipy import signal

from course_utils import correlate2d, figures
from course_utils.quizzes import quiz


def watched():
    """Two kernels of 3 x 3 at four moments."""
    start, end = np.random.default_rng(0).normal(0, 1, (2, 3, 3, 2))
    return figures.WatchLearning([start + (end - start) * share for share in (0, 0.4, 0.8, 1)], [0.1, 0.5, 0.8, 0.9])


MAKERS = {name: getattr(figures, name) for name in figures.__all__ if name not in ("Figure", "InsideModel")}
MAKERS |= {"WatchLearning": watched, "quiz": lambda: quiz("02")}
KILOBYTE = 1000


@pytest.fixture(params=MAKERS)
def figure(request):
    return MAKERS[request.param]()


@pytest.fixture
def page(browser):
    """A page of the browser that fails the test if anything is fetched or anything goes wrong in it."""
    context = browser.new_context(viewport={"width": 1000, "height": 900})
    page = context.new_page()
    troubles = []
    page.on("request", lambda r: troubles.append(r.url) if not r.url.startswith(("file:", "data:", "blob:")) else None)
    page.on("console", lambda m: troubles.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    yield page
    assert troubles == []
    context.close()


def show(page, figure, tmp_path):
    file = figure.to_html(tmp_path / "figure.html")
    page.goto(file.as_uri())
    page.wait_for_selector(".cf")
    return file


# --- without a browser ------------------------------------------------------------------------------------------------


def test_a_module_is_small_and_stands_alone(figure):
    """30 kB at most with the kit, one default export, nothing imported and nothing fetched."""
    assert len(figure.source.encode()) <= 30 * KILOBYTE
    assert figure.source.count("export default") == 1
    assert not re.search(r"^\s*import\b|fetch\(|https?://|</script", figure.source, re.MULTILINE)


def test_the_fallback_is_a_table_without_script_and_a_stable_text(figure):
    data, _ = figure._repr_mimebundle_()
    again = type(figure)._repr_mimebundle_(figure)[0]
    assert data["text/plain"] == again["text/plain"]
    assert "0x" not in data["text/plain"]
    assert "<script" not in data["text/html"]
    assert "<table" in data["text/html"] or "<details>" in data["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in data


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("NineProducts", ["-256", "-232", "632", "416", "629", "1081", "577"]),
        ("SlideIt", ["28 x 28", "26 x 26", "676", "6,084"]),
        ("FlipOrNot", ["577", "732", "346", "-346"]),
        ("WhereDidItGo", ["577", "255", "65", "-346", "166", "346"]),
        ("SizeCalculator", ["3", "26", "5", "14"]),
        ("SobelCompass", ["346", "506", "612.99", "55.6"]),
        ("Channels", ["640", "36,928"]),
        ("KernelLab", ["sobel x", "emboss", "3 x 3", "5 x 5"]),
        ("Pooling", ["192", "76", "75 %", "0"]),
    ],
)
def test_the_table_holds_the_worked_numbers(name, numbers):
    figure = MAKERS[name]()
    for number in numbers:
        assert re.search(rf"(?<![\d.]){re.escape(number)}(?![\d.])", figure.as_text()), number
        assert f">{number}<" in figure.as_table()


def test_bad_state_is_refused_with_a_reason():
    figure = figures.NineProducts()
    for bad in ([[1, 2], [3, 4]], "text", [[np.nan] * 3] * 3, None, [[1, 2, 3], [4, 5]]):
        with pytest.raises(Exception, match=r"must"):
            figure.kernel = bad
    assert figure.kernel == [[-1, 0, -2], [0.5, 4.5, -1.5], [1.5, 2, -3]]


def test_state_cannot_break_out_of_the_page(tmp_path):
    figure = quiz("02")
    figure.questions = [{"text": "</script><script>alert(1)</script>", "several": False, "choices": []}]
    text = figure.to_html(tmp_path / "figure.html").read_text()
    assert "<script>alert" not in text
    with pytest.raises(ValueError, match="The folder must exist"):
        figure.to_html(tmp_path / "missing" / "figure.html")


# --- in the browser ---------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_is_light_quick_and_without_barriers(figure, page, tmp_path, scheme):
    from axe_playwright_python.sync_playwright import Axe

    page.emulate_media(color_scheme=scheme)
    file = show(page, figure, tmp_path)
    assert file.stat().st_size <= 150 * KILOBYTE
    assert page.evaluate("performance.now()") < 3 * 500
    result = Axe().run(page)
    assert result.violations_count == 0, result.generate_report()


@pytest.mark.slow
def test_a_figure_fits_a_narrow_window_and_a_finger(figure, page, tmp_path):
    """320 px wide, which is also 200 % zoom on 640: nothing sticks out; what can be pressed is 24 px or more."""
    page.set_viewport_size({"width": 320, "height": 800})
    show(page, figure, tmp_path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    for box in page.evaluate(
        "[...document.querySelectorAll('button, td[tabindex], select, .cf-slider input')].map(e => e.getBoundingClientRect()).map(b => [b.width, b.height])"
    ):
        assert min(box) >= 24


@pytest.mark.slow
def test_a_grid_is_one_tab_stop_and_arrows_walk_in_it(figure, page, tmp_path):
    show(page, figure, tmp_path)
    stops = "[...document.querySelectorAll('[role=grid]')].map(g => g.querySelectorAll('[tabindex=\"0\"]').length)"
    assert set(page.evaluate(stops)) <= {1}
    if page.locator("[role=grid]").count():
        cell = page.locator("[role=grid] [tabindex='0']").first
        cell.focus()
        for key, place in (
            ("ArrowRight", "row 0, column 1"),
            ("End", "row 0"),
            ("Control+End", "row"),
            ("Control+Home", "row 0, column 0"),
        ):
            page.keyboard.press(key)
            assert place in page.evaluate("document.activeElement.getAttribute('aria-label')")
        assert set(page.evaluate(stops)) == {1}


@pytest.mark.slow
def test_keys_do_not_leave_the_figure(figure, page, tmp_path):
    """JupyterLab would otherwise delete a cell at the second d."""
    show(page, figure, tmp_path)
    page.evaluate("window.leaked = []; document.addEventListener('keydown', e => window.leaked.push(e.key))")
    page.locator(".cf button, .cf input, .cf [tabindex='0']").first.focus()
    for key in "ddjkxb":
        page.keyboard.press(key)
    assert page.evaluate("window.leaked") == []
    assert page.locator(".cf[data-lm-suppress-shortcuts='true']").count() == 1


@pytest.mark.slow
def test_the_arithmetic_equals_ours_and_scipys(page):
    """200 random images and kernels, to 1e-9."""
    kit = next(iter(MAKERS.values()))().source.split("export default")[0]
    page.goto("about:blank")
    random = np.random.default_rng(0)
    cases = []
    for _ in range(200):
        height, width = random.integers(3, 12, 2)
        kernel_height, kernel_width = random.integers(1, 4, 2)
        cases.append((random.normal(0, 100, (height, width)), random.normal(0, 3, (kernel_height, kernel_width))))
    kit = kit[: kit.rindex("const STYLE")] if "const STYLE" in kit else kit
    code = f"(cases) => {{ {kit} return cases.map(([image, kernel]) => [correlate(image, kernel), correlate(image, turned(kernel))]); }}"
    for (image, kernel), (correlated, convolved) in zip(
        cases, page.evaluate(code, [(i.tolist(), k.tolist()) for i, k in cases])
    ):
        np.testing.assert_allclose(correlated, correlate2d(image, kernel), rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(correlated, signal.correlate2d(image, kernel, mode="valid"), rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(convolved, signal.convolve2d(image, kernel, mode="valid"), rtol=1e-9, atol=1e-9)


@pytest.mark.slow
def test_nine_products_step_by_step(page, tmp_path):
    """Running sum 0, 0, -256, -232, 632, 416, 629, 1081, 577; identity 192; box blur 123.56."""
    show(page, figures.NineProducts(), tmp_path)
    for _ in range(9):
        page.click("text=One back")
    sums = []
    for _ in range(9):
        page.click("text=One further")
        sums.append(page.inner_text(".cf-result").replace("−", "-"))
    assert sums == ["0", "0", "-256", "-232", "632", "416", "629", "1081", "577"]
    for name, value in (("identity", "192"), ("box blur", "123.56"), ("notes", "577")):
        page.click(f"button:text-is('{name}')")
        assert page.inner_text(".cf-result") == value
    page.focus("[aria-label=Kernel] td")
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+End")
    assert page.inner_text(".cf-result") == "577"  # 2 in place of -1, on a pixel that is 0


@pytest.mark.slow
def test_predicting_reveals_the_convolution(page, tmp_path):
    show(page, figures.FlipOrNot(), tmp_path)
    assert page.locator(".cf-result").all_inner_texts() == ["577", "?"]
    page.click("button:text-is('smaller')")
    assert page.locator(".cf-result").all_inner_texts() == ["577", "732"]
    assert "✗ You said smaller" in page.inner_text(".cf")
    page.click("button:text-is('Sobel x')")
    page.click("button:text-is('smaller')")
    assert page.locator(".cf-result").all_inner_texts() == ["346", "−346"]
    page.click("button:text-is('Gaussian')")
    page.click("button:text-is('equal')")
    assert "✓ As you said" in page.inner_text(".cf")


@pytest.mark.slow
def test_a_quiz_explains_each_choice(page, tmp_path):
    show(page, quiz("02"), tmp_path)
    page.locator("input[type=radio]").nth(1).check()
    page.locator("button").nth(0).click()
    assert "✗" in page.locator(".cf-why").nth(1).inner_text()
    page.locator("input[type=radio]").nth(0).check()
    page.locator("button").nth(0).click()
    assert "✓ right" in page.inner_text(".cf")
    page.locator("input[type=checkbox]").nth(0).check()
    page.locator("button").nth(3).click()
    assert "right so far, and not all" in page.inner_text(".cf")
    assert "1 of 5 right" in page.inner_text(".cf")


@pytest.mark.slow
def test_a_step_is_computed_within_a_frame(page, tmp_path):
    """Moving the window on 28 x 28 pixels: 4 ms for the handler (median), and at most three times that here."""
    show(page, figures.SlideIt(), tmp_path)
    times = page.evaluate(
        """() => { const input = document.querySelector('input[type=range]'); const times = [];
        for (let place = 1; place < 676; place += 9) { input.value = place; const start = performance.now();
          input.dispatchEvent(new Event('input')); times.push(performance.now() - start); } return times; }"""
    )
    print(f"handler: {statistics.median(times):.2f} ms")
    assert statistics.median(times) <= 3 * 4
