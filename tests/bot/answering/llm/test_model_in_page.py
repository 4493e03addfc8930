"""The page in a real browser while a model writes: what goes on, and only checked sentences."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect, sync_playwright

from tests.bot.answering.llm.model_server import ModelServer
from tests.bot.answering.llm.test_answers import BILL, CASE, LEAD, MATERIALS
from tests.servers import Program

WAITING = re.compile("waiting")
FIRST = "回来报销，请带上社会保障卡、身份证件、收费票据和费用清单。"
SECOND = "住院的还要带诊断证明。"


@pytest.fixture(scope="module")
def server() -> Iterator[ModelServer]:
    server = ModelServer()
    yield server
    server.close()


@pytest.fixture(scope="module")
def program(data_dir: Path, server: ModelServer) -> Iterator[Program]:
    """The real program with a model server of ours."""
    program = Program(
        data_dir,
        BOT_LLM="openai:some-model",
        OPENAI_BASE_URL=server.url,
        OPENAI_API_KEY="test",
        NO_PROXY="127.0.0.1",
        ANSWER_SECONDS="60",
    )
    yield program
    program.stop()


@pytest.fixture
def page(program: Program, server: ModelServer) -> Iterator[Page]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("chromium is not installed")
    server.let, server.calls = threading.Semaphore(0), []
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium)
        page = browser.new_page()
        page.set_default_timeout(20_000)
        page.goto(program.url)
        yield page
        server.let.release(99)
        browser.close()


def ask(page: Page, message: str) -> Locator:
    box = page.get_by_label("您的问题")
    box.fill(message)
    box.press("Enter")
    return page.locator(".turn").last.locator(".answer")


def go_on(server: ModelServer, times: int = 1) -> None:
    assert server.let
    server.let.release(times)


def test_checked_sentences_are_shown_as_they_are_written(page: Page, server: ModelServer) -> None:
    server.text = f"{FIRST}[1]住院|的还要带诊断证明。[1]"
    answer = ask(page, MATERIALS)
    expect(answer).to_contain_text("正在查找政策")
    go_on(server)
    expect(answer).to_contain_text(FIRST)
    expect(answer).to_have_class(WAITING)
    expect(answer).not_to_contain_text(SECOND)
    go_on(server)
    expect(answer).not_to_have_class(WAITING)
    expect(answer).to_contain_text(SECOND)
    expect(answer.locator(".sources")).to_be_visible()
    assert page.locator(".turn").count() == 1


def test_a_wrong_figure_is_never_in_the_page(page: Page, server: ModelServer) -> None:
    server.text = f"{FIRST}[1]能报|百分之九十九。[1]急诊|的另带急诊诊断证明。[1]"
    answer = ask(page, MATERIALS)
    go_on(server)
    expect(answer).to_contain_text(FIRST)
    page.evaluate(
        """() => new MutationObserver(() => {
            window.shownWrong ||= document.querySelector('#log').innerText.includes('九十九');
        }).observe(document.querySelector('#log'), {subtree: true, childList: true})"""
    )
    go_on(server, 9)
    expect(answer).not_to_have_class(WAITING)
    expect(answer).not_to_contain_text("九十九")
    assert not page.evaluate("window.shownWrong")


def test_an_estimate_is_being_computed(page: Page, server: ModelServer) -> None:
    server.calls, server.text = [CASE], LEAD
    answer = ask(page, BILL)
    expect(answer).to_contain_text("正在计算")
    go_on(server, 2)
    expect(answer).not_to_have_class(WAITING)
    expect(answer).to_contain_text("其余 12,640 元由医保付")
    expect(answer.locator(".totals .mine")).to_contain_text("2,360.00")
