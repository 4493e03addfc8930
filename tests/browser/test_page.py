"""The page in a real browser, as a patient uses it, at a desk and on a phone.

``SCREENSHOTS=docs/images`` has these tests write the README's pictures.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, Request, expect, sync_playwright

from tests.servers import Program

DESK, PHONE = (1280, 900), (390, 844)
expect.set_options(timeout=20_000)
on_both = pytest.mark.parametrize("page", [DESK, PHONE], ids=["desk", "phone"], indirect=True)
BILL = "我是无锡在职职工，在二级医院第一次住院，医保范围内花了15000元，能报多少？"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium)
        yield browser
        browser.close()


@pytest.fixture
def page(request: pytest.FixtureRequest, browser: Browser, program: Program) -> Iterator[Page]:
    """The page, which must not complain, call another host or scroll sideways."""
    width, height = getattr(request, "param", PHONE)
    context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
    page = context.new_page()
    page.set_default_timeout(20_000)
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda asked: complaints.extend(elsewhere(asked.url, program.url)))
    page.goto(program.url)
    expect(page.get_by_label("您的问题")).to_be_visible()
    yield page
    assert complaints == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    context.close()


def elsewhere(url: str, home: str) -> list[str]:
    return [] if url.startswith((home, "data:", "blob:")) else [f"request to {url}"]


def ask(page: Page, message: str) -> Locator:
    """Send a message; the reply's place in the page."""
    box = page.get_by_label("您的问题")
    box.fill(message)
    with page.expect_request("**/queue/data*") as stream:
        box.press("Enter")
    turn = answered(page, message)
    # It outlasts the reply a little, and of a reload that cuts it off the page would complain.
    for _ in range(100):
        if ended(stream.value):
            break
        page.wait_for_timeout(50)
    return turn


def ended(stream: Request) -> bool:
    # The page itself hangs up when it has all, which counts as a failure.
    return stream.failure is not None or stream.timing["responseEnd"] >= 0


def answered(page: Page, message: str) -> Locator:
    turn = page.locator(".turn").last
    expect(turn.locator(".asked")).to_contain_text(message)
    expect(turn.locator(".answer")).not_to_have_class(re.compile("waiting"))
    return turn.locator(".answer")


def picture(page: Page, name: str) -> None:
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        width = page.viewport_size["width"] if page.viewport_size else 0
        device = "phone" if width == PHONE[0] else "desk"
        page.wait_for_timeout(800)
        page.screenshot(path=Path(folder) / f"{name}-{device}.png")


@on_both
def test_ask_open_the_source_see_the_sum_follow_up_clear(page: Page) -> None:
    picture(page, "welcome")
    answer = ask(page, "无锡在职职工在二级医院住院，起付线是多少？")
    expect(answer).to_contain_text("750 元")
    expect(page.get_by_label("无锡").first).to_be_checked()

    source = answer.locator("details").first
    expect(source.locator("blockquote")).to_be_hidden()
    answer.get_by_role("button", name="看出处 1").first.click()
    expect(source.locator("blockquote")).to_be_visible()
    expect(source.locator("blockquote")).to_contain_text("750 元")
    expect(source).to_contain_text("2019年9月")
    expect(source).to_contain_text("000_914ce71ad09aa499.txt")
    picture(page, "source")

    answer = ask(page, BILL)
    expect(answer.locator(".totals .mine")).to_contain_text("2,360.00")
    expect(answer.locator(".totals .fund")).to_contain_text("12,640.00")
    expect(answer.locator(".bar")).to_be_visible()
    amounts = answer.locator("table.steps tbody .money").all_inner_texts()
    assert sum(float(amount.replace(",", "")) for amount in amounts) == 15000
    picture(page, "estimate")

    chip = answer.locator(".chip").first
    follow_up = chip.inner_text()
    chip.click()
    answered(page, follow_up)
    assert page.locator(".turn").count() == 3

    page.get_by_role("button", name="清除").click()
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.locator("#region").get_by_label("还没选")).to_be_checked()
    answer = ask(page, "住院起付线是多少？")
    expect(answer).to_contain_text("请问")
    expect(answer).not_to_contain_text("750")


def test_a_chosen_place_counts(page: Page) -> None:
    page.locator("#region").get_by_label("新余").check()
    answer = ask(page, "居民医保在三级医院住院，起付线是多少？")
    expect(answer.locator("details").first).to_contain_text("新余")


def test_an_example_is_asked_with_one_touch(page: Page) -> None:
    chip = page.locator(".welcome .chip").first
    question = chip.inner_text()
    chip.click()
    answered(page, question)
    expect(page.locator(".welcome")).to_be_hidden()


def test_a_reload_keeps_the_conversation_a_new_tab_does_not(page: Page) -> None:
    ask(page, "无锡在职职工在二级医院住院，起付线是多少？")
    page.reload()
    expect(page.locator(".turn")).to_have_count(1)
    expect(page.locator("#region").get_by_label("无锡")).to_be_checked()
    expect(ask(page, "那退休的呢？")).to_contain_text("600 元")
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.locator(".welcome")).to_be_visible()
    expect(other.locator(".turn")).to_have_count(0)


def test_a_verdict_is_kept(page: Page, program: Program) -> None:
    def count() -> float:
        found = re.search(
            r'verdicts_total\{verdict="up"\} (\S+)', httpx.get(f"{program.url}/metrics").text
        )
        return float(found[1]) if found else 0

    before = count()
    answer = ask(page, "无锡在职职工在二级医院住院，起付线是多少？")
    with page.expect_response(lambda response: "queue/data" in response.url):
        answer.get_by_role("button", name="有用").click()
    expect(answer.get_by_role("button", name="有用")).to_have_attribute("aria-pressed", "true")
    page.wait_for_timeout(300)
    assert count() == before + 1


def test_nothing_that_is_written_becomes_part_of_the_page(page: Page) -> None:
    attack = (
        '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>[a](javascript:1)'
    )
    ask(page, attack)
    assert page.evaluate("window.hacked") is None
    assert page.locator(".turn :is(img, script, a)").count() == 0
    page.reload()
    expect(page.locator(".turn")).to_have_count(1)
    assert page.evaluate("window.hacked") is None


@on_both
def test_large_print_is_larger_and_stays(page: Page) -> None:
    def size() -> float:
        height: float = page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
        return height

    before = size()
    page.get_by_role("button", name="大字").click()
    assert size() > before * 1.2
    ask(page, BILL)
    page.reload()
    expect(page.get_by_role("button", name="大字")).to_have_attribute("aria-pressed", "true")
    assert size() > before * 1.2


def test_the_keyboard_is_enough(page: Page) -> None:
    page.get_by_label("您的问题").focus()
    page.keyboard.type("无锡在职职工在二级医院住院，起付线是多少？")
    page.keyboard.press("Enter")
    answer = answered(page, "起付线")
    reference = answer.get_by_role("button", name="看出处 1").first
    reference.focus()
    page.keyboard.press("Enter")
    expect(answer.locator("blockquote").first).to_be_visible()
    page.keyboard.press("Enter")
    expect(answer.locator("blockquote").first).to_be_hidden()


@on_both
def test_everything_to_be_operated_has_a_name(page: Page) -> None:
    ask(page, BILL)
    nameless = page.evaluate(
        """[...document.querySelectorAll('button, input, textarea, [role=tab]')]
            .filter((e) => e.checkVisibility() && !e.closest('[aria-hidden=true]'))
            .filter((e) => !(e.innerText || e.ariaLabel || e.labels?.[0]?.innerText || '').trim())
            .map((e) => e.outerHTML.slice(0, 200))"""
    )
    assert nameless == []
    assert page.evaluate("document.documentElement.lang") == "zh-CN"


@on_both
def test_the_form_shows_what_its_last_answer_asks_for(page: Page) -> None:
    page.get_by_role("tab", name="算一算").click()
    form = page.locator("#estimate-form")
    for choice in ("无锡", "职工医保", "住院"):
        form.get_by_label(choice, exact=True).check()
    expect(form.get_by_label("二级医院", exact=True)).to_be_visible()
    # The request of the first answer is on its way for longer than those of the next.
    page.evaluate(
        """() => {
            const send = window.fetch;
            let held = false;
            window.fetch = async (where, ...how) => {
                if (!held && String(where).includes('/queue/join')) {
                    held = true;
                    await new Promise((done) => setTimeout(done, 1500));
                }
                return send(where, ...how);
            };
        }"""
    )
    for choice in ("在职", "二级医院", "三级医院"):
        form.get_by_label(choice, exact=True).check()
    page.wait_for_timeout(2500)
    expect(form.get_by_label("这次的起付线（元）")).to_be_visible()
    expect(form.get_by_label("三级医院", exact=True)).to_be_checked()


@on_both
def test_the_form_settles_as_the_tool_does(page: Page) -> None:
    page.get_by_role("tab", name="算一算").click()
    form = page.locator("#estimate-form")
    for choice in ("无锡", "职工医保", "住院"):
        form.get_by_label(choice, exact=True).check()
    form.get_by_label("在职", exact=True).check()
    form.get_by_label("三级医院", exact=True).check()
    expect(form.get_by_label("这次的起付线（元）")).to_be_visible()
    form.get_by_label("二级医院", exact=True).check()
    expect(form.get_by_label("这次的起付线（元）")).to_be_hidden()
    form.get_by_label("医保范围内的费用（元）").fill("1.5万")
    form.get_by_role("button", name="算一算").click()
    expect(form.get_by_role("alert")).to_contain_text("数字")
    form.get_by_label("医保范围内的费用（元）").fill("15,000")
    form.get_by_role("button", name="算一算").click()
    result = page.locator("#estimate-result")
    expect(result.locator(".totals .mine")).to_contain_text("2,360.00")
    result.get_by_role("button", name="看出处 1").first.click()
    expect(result.locator("blockquote").first).to_be_visible()
