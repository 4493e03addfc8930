"""The page at ``/``: ask and be answered, or fill in the estimate form. Built with Gradio."""

from __future__ import annotations

import json
import secrets
from collections.abc import AsyncIterator, Mapping
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI
from starlette.exceptions import HTTPException

from bot.channels import html
from bot.channels.estimate_form import EstimateForm
from bot.channels.limits import BusyError
from bot.channels.service import Service, address
from bot.reply import Reply

CHANNEL = "web"
TITLE = "医保问一问"
MAX_MESSAGE = 1000
"""Characters of a message, as in the message channel."""

EXAMPLES = (
    "住院的起付线是多少？",
    "住院花了1万5，能报多少？",
    "去上海看病要先办什么？",
    "门诊慢性病怎么办理？",
    "在外地刷不了卡，怎么报销？",
    "生孩子能报销吗？",
)
"""What a newcomer may try; general, so that they fit every region."""

_ASSETS = Path(__file__).with_name("assets")
_NO_REGION = ""
_FONTS = ("PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif")


def install(app: FastAPI, service: Service, regions: Mapping[str, str], home_region: str) -> None:
    """Mount the page at ``/``.

    Args:
        app: serves it, beside the API.
        service: answers.
        regions: the covered regions' names by id.
        home_region: chosen when the page opens; empty: none.
    """

    @app.post("/gradio_api/upload", include_in_schema=False)
    async def no_uploads() -> None:
        # Shadows Gradio's own: the page takes no files, so nobody may leave any on the disk.
        raise HTTPException(404)

    gr.mount_gradio_app(
        app,
        _page(service, regions, home_region),
        path="/",
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        favicon_path=str(_ASSETS / "favicon.png"),
        theme=_theme(),
        # In the head as it is: Gradio would rewrite the selectors, and break some.
        head=f"<style>{_asset('page.css')}</style><script>{_asset('page.js')}</script>",
    )


def _page(service: Service, regions: Mapping[str, str], home_region: str) -> gr.Blocks:
    talk = _Talk(service, regions)
    choices = [(name, region) for region, name in regions.items()] + [("还没选", _NO_REGION)]
    with gr.Blocks(title=TITLE, analytics_enabled=False) as page:
        gr.HTML(_asset("header.html"), elem_id="header", apply_default_css=False)
        session = gr.Textbox(visible="hidden")
        with gr.Tabs(elem_id="tabs"):
            with gr.Tab("问一问"):
                region = gr.Radio(
                    choices, value=home_region, label="您的医保在哪里参保", elem_id="region"
                )
                log = gr.HTML(
                    html_template=_welcome(regions),
                    js_on_load="window.policyPage.log(element, props, trigger, watch)",
                    apply_default_css=False,
                    elem_id="log",
                )
                with gr.Row(elem_id="composer"):
                    message = gr.Textbox(
                        label="您的问题",
                        placeholder="在这里写您的问题",
                        max_lines=5,
                        max_length=MAX_MESSAGE,
                        scale=8,
                        elem_id="message",
                    )
                    send = gr.Button("发送", variant="primary", scale=1, min_width=88)
                    clear = gr.Button("清除", scale=1, min_width=72, elem_id="clear")
            with gr.Tab("算一算"), gr.Column(elem_id="estimate-form"):
                EstimateForm(service, regions, home_region)
        gr.HTML(_asset("footer.html"), elem_id="footer", apply_default_css=False)

        # Gradio would answer one visitor at a time; the service has limits of its own.
        free = {"concurrency_limit": None, "api_visibility": "private", "show_progress": "hidden"}
        shown = [log, message, region]
        gr.on([message.submit, send.click], talk.ask, [message, session], shown, **free)
        log.select(talk.say, session, shown, **free)
        log.like(talk.judge, session, None, **free)
        chosen = "(...chosen) => (window.policyPage.choose(chosen[0]), chosen)"
        region.input(talk.choose, [region, session], None, js=chosen, **free)
        home = json.dumps(home_region)
        clear.click(talk.erase, session, None, **free).then(
            None, None, [session, region], js=f"() => window.policyPage.forget({home})"
        )
        page.load(None, None, [session, region], js=f"() => window.policyPage.resume({home})")
    return page


class _Talk:
    """What happens on the page's events."""

    def __init__(self, service: Service, regions: Mapping[str, str]) -> None:
        self._service = service
        self._regions = regions

    async def ask(
        self, message: str, session: str, request: gr.Request
    ) -> AsyncIterator[tuple[Any, ...]]:
        """Show the message at once and its reply when it is there."""
        message = message.strip()[:MAX_MESSAGE]
        if not message:
            yield gr.skip(), gr.skip(), gr.skip()
            return
        key = f"turn-{secrets.token_hex(8)}"
        yield _shown(key, html.pending(key, message)), "", gr.skip()
        try:
            async for shown in self._answered(key, message, session, request):
                yield shown
        except BusyError as busy:
            text = f"现在问的人比较多，请过 {busy.retry_after} 秒再发一次。"
            yield _shown(key, html.notice(key, message, text)), gr.skip(), gr.skip()
        except Exception:
            text = "刚才没有答上来，请再发一次。着急的话可以打 12393（国家医保服务热线）。"
            yield _shown(key, html.notice(key, message, text)), gr.skip(), gr.skip()
            raise

    async def _answered(
        self, key: str, message: str, session: str, request: gr.Request
    ) -> AsyncIterator[tuple[Any, ...]]:
        """What is going on and the checked beginning of the answer; the reply comes last."""
        going_on: dict[str, str] = {}
        client = address(request)
        async for event in self._service.stream(CHANNEL, client, _session(session), message):
            if isinstance(event, Reply):
                region = event.region if event.region in self._regions else None
                shown = _shown(key, html.turn(key, message, event), region)
                yield shown, gr.skip(), region or gr.skip()
            else:
                going_on[event.kind] = event.text
                written = going_on.get("text", "")
                doing = "正在写" if written else going_on.get("doing", "")
                pending = html.pending(key, message, doing, written)
                yield _shown(key, pending), gr.skip(), gr.skip()

    async def say(
        self, session: str, request: gr.Request, event: gr.EventData
    ) -> AsyncIterator[tuple[Any, ...]]:
        """A chip was touched: its text is the message."""
        async for shown in self.ask(str(event._data["say"]), session, request):
            yield shown

    async def judge(self, session: str, request: gr.Request, event: gr.EventData) -> None:
        """A verdict on a reply."""
        verdict, reply = event._data["verdict"], str(event._data["reply"])[:64]
        if verdict in ("up", "down"):
            with self._service.admitted(CHANNEL, address(request), "judge"):
                await self._service.judge(CHANNEL, _session(session), reply, verdict)

    async def choose(self, region: str, session: str, request: gr.Request) -> None:
        """The patient picked a place."""
        known = region if region in self._regions else None
        with self._service.admitted(CHANNEL, address(request), "choose"):
            await self._service.choose_region(CHANNEL, _session(session), known)

    async def erase(self, session: str, request: gr.Request) -> None:
        """Forget the conversation."""
        with self._service.admitted(CHANNEL, address(request), "erase"):
            await self._service.erase(CHANNEL, _session(session))


def _shown(key: str, content: str, region: str | None = None) -> dict[str, str | None]:
    """The log's value: one turn to be added or, by its key, replaced; the place it was about."""
    return {"key": key, "html": content, "region": region}


def _session(session: str) -> str:
    """The page's own random name; one that can be guessed is nobody's."""
    return session if len(session) >= 32 else secrets.token_hex(16)


def _welcome(regions: Mapping[str, str]) -> str:
    chips = "".join(
        f'<button type="button" class="chip" data-say="{escape(question)}">{question}</button>'
        for question in EXAMPLES
    )
    return (
        _asset("welcome.html")
        .replace("@regions", "、".join(regions.values()))
        .replace("@examples", chips)
    )


def _asset(name: str) -> str:
    return (_ASSETS / name).read_text(encoding="utf-8")


def _theme() -> gr.themes.Base:
    """Gradio's own parts in the page's colours; the rest is in ``assets/page.css``."""
    size = gr.themes.Size(
        xxs="0.75rem", xs="0.8rem", sm="0.9rem", md="1rem", lg="1.1rem", xl="1.3rem", xxl="1.6rem"
    )
    fonts = [gr.themes.Font(name) for name in _FONTS]
    return gr.themes.Base(text_size=size, font=fonts, font_mono=fonts)
