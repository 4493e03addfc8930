"""Signatures, AES and messages: public vectors, and whatever else may arrive."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping

import pytest
import xmltodict
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.wechat.accounts import Account
from bot.channels.wechat.protocol import (
    Cipher,
    Kind,
    Protocol,
    SignatureError,
    UnreadableError,
    sign,
)

# From the sample code that the platform publishes with its description of message encryption.
SAMPLE_TOKEN = "spamtest"
SAMPLE_APP_ID = "wx2c2769f8efd9abc2"
SAMPLE_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
SAMPLE_QUERY = {
    "timestamp": "1409735669",
    "nonce": "1320562132",
    "msg_signature": "5d197aaffba7e9b25a30732f161a50dee96bd5fa",
    "encrypt_type": "aes",
}
SAMPLE_ENCRYPTED = (
    "hyzAe4OzmOMbd6TvGdIOO6uBmdJoD0Fk53REIHvxYtJlE2B655HuD0m8KUePWB3+LrPXo87wzQ1QLvbeUgmBM4x6F8PG"
    "HQHFVAFmOD2LdJF9FrXpbUAh0B5GIItb52sn896wVsMSHGuPE328HnRGBcrS7C41IzDWyWNlZkyyXwon8T332jisa+h6"
    "tEDYsVticbSnyU8dKOIbgU6ux5VTjg3yt+WGzjlpKn6NPhRjpA912xMezR4kw6KWwMrCVKSVCZciVGCgavjIQ6X8tCOp"
    "3yZbGpy0VxpAe+77TszTfRd5RJSVO/HTnifJpXgCSUdUue1v6h0EIBYYI1BD1DlD+C0CR8e6OewpusjZ4uBl9FyJvnhv"
    "Ql+q5rv1ixrcpCumEPo5MJSgM9ehVsNPfUM669WuMyVWQLCzpu9GhglF2PE="
)
# From the documentation's class tests: a reply of known random bytes.
KNOWN_RANDOM = b"aaaabbbbccccdddd"
KNOWN_APP_ID = "wxb11529c136998cb6"
KNOWN_TEXT = "我是中文abcd123"
KNOWN_ENCRYPTED = (
    "jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg=="
)

NOW = 1_700_000_000
TOKEN = "Zx81kQw7LmP3vTn6"


def decode(key: str) -> bytes:
    return base64.b64decode(key + "=")


def account(*keys: bytes, app_id: str = SAMPLE_APP_ID, token: str = TOKEN) -> Account:
    return Account(app_id, token, keys)


def xml(**fields: str) -> str:
    base = {
        "ToUserName": "gh_10f6c3c3ac5a",
        "FromUserName": "oyORnuP8q7ou2gfYjqLzSIWZf0rs",
        "CreateTime": str(NOW),
        "MsgType": "text",
        "Content": "住院",
        "MsgId": "1",
    }
    return f"<xml>{''.join(f'<{k}>{v}</{k}>' for k, v in (base | fields).items())}</xml>"


def plain_query(now: int = NOW) -> dict[str, str]:
    return {"timestamp": str(now), "nonce": "n", "signature": sign(TOKEN, str(now), "n")}


def sealed(inner: str, key: bytes, app_id: str = SAMPLE_APP_ID) -> tuple[dict[str, str], bytes]:
    return wrapped(Cipher(key).encrypt(inner, app_id).decode())


def wrapped(encrypted: str) -> tuple[dict[str, str], bytes]:
    query = {"timestamp": str(NOW), "nonce": "n", "encrypt_type": "aes"}
    query["msg_signature"] = sign(TOKEN, str(NOW), "n", encrypted)
    return query, f"<xml><Encrypt>{encrypted}</Encrypt></xml>".encode()


def test_the_platforms_sample_message() -> None:
    protocol = Protocol(account(decode(SAMPLE_KEY), token=SAMPLE_TOKEN))
    body = f"<xml><Encrypt><![CDATA[{SAMPLE_ENCRYPTED}]]></Encrypt></xml>".encode()
    envelope = protocol.open(SAMPLE_QUERY, body, 1409735669)
    assert envelope.message.kind is Kind.TEXT
    assert envelope.message.text == "abcdteT"
    assert envelope.message.openid == "oyORnuP8q7ou2gfYjqLzSIWZf0rs"


def test_known_random_bytes_give_the_known_ciphertext(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Cipher, "get_random_string", lambda _: KNOWN_RANDOM)
    cipher = Cipher(decode(SAMPLE_KEY))
    assert cipher.encrypt(KNOWN_TEXT, KNOWN_APP_ID).decode() == KNOWN_ENCRYPTED


def test_signature_of_wechatpys_tests() -> None:
    encrypted = (
        "4ByGGj+sVCYcvGeQYhaKIk1o0pQRNbRjxybjTGblXrBaXlTXeOo1+bXFXDQQb1o6co6Yh9Bv41n7hOchLF6p+Q=="
    )
    expected = "dd6b9c95b495b3f7e2901bfbc76c664930ffdb96"
    assert sign("123456", "1411443780", "437374425", encrypted) == expected
    assert sign("123456", "1411443780", "437374424", encrypted) != expected


@pytest.mark.parametrize(
    "changed",
    [
        {"signature": ""},
        {"signature": "0" * 40},
        {"signature": "é" * 40},
        {"nonce": "m"},
        {"timestamp": ""},
        {"timestamp": "17000000000"},
        {"timestamp": "-700000000"},
        {"timestamp": "１７００００００００"},
    ],
)
def test_a_wrong_signature_is_refused(changed: Mapping[str, str]) -> None:
    with pytest.raises(SignatureError):
        Protocol(account()).open(plain_query() | changed, xml().encode(), NOW)


@pytest.mark.parametrize(("seconds", "passes"), [(299, True), (-299, True), (301, False)])
def test_the_time_window(seconds: int, passes: bool) -> None:
    protocol = Protocol(account())
    if passes:
        protocol.check(plain_query(), NOW + seconds)
    else:
        with pytest.raises(SignatureError):
            protocol.check(plain_query(), NOW + seconds)


def test_a_plain_message_is_refused_where_a_key_is_set() -> None:
    with pytest.raises(SignatureError):
        Protocol(account(decode(SAMPLE_KEY))).open(plain_query(), xml().encode(), NOW)


def test_the_plain_signature_does_not_open_an_encrypted_message() -> None:
    query, body = sealed(xml(), decode(SAMPLE_KEY))
    query["msg_signature"] = sign(TOKEN, str(NOW), "n")
    with pytest.raises(SignatureError):
        Protocol(account(decode(SAMPLE_KEY))).open(query, body, NOW)


def test_while_keys_change_each_is_answered_with_its_own() -> None:
    new, old = secrets.token_bytes(32), decode(SAMPLE_KEY)
    protocol = Protocol(account(new, old))
    for key in (new, old):
        reply = xmltodict.parse(protocol.open(*sealed(xml(), key), NOW).seal("好"))["xml"]
        assert (
            sign(TOKEN, reply["TimeStamp"], reply["Nonce"], reply["Encrypt"])
            == (reply["MsgSignature"])
        )
        inner = xmltodict.parse(Cipher(key).decrypt(reply["Encrypt"], SAMPLE_APP_ID))["xml"]
        assert inner["Content"] == "好"
        assert inner["ToUserName"] == "oyORnuP8q7ou2gfYjqLzSIWZf0rs"


def test_a_wrong_key_or_appid_is_unreadable() -> None:
    key = decode(SAMPLE_KEY)
    for request in (sealed(xml(), secrets.token_bytes(32)), sealed(xml(), key, "wx0")):
        with pytest.raises(UnreadableError):
            Protocol(account(key)).open(*request, NOW)


@pytest.mark.parametrize("cut", [0, 1, 16, 40, 88, 200])
def test_truncated_ciphertext_is_unreadable(cut: int) -> None:
    with pytest.raises(UnreadableError):
        Protocol(account(decode(SAMPLE_KEY))).open(*wrapped(KNOWN_ENCRYPTED[:cut] or "A"), NOW)


@given(st.binary(max_size=200))
def test_any_authentic_ciphertext_is_read_or_unreadable(data: bytes) -> None:
    request = wrapped(base64.b64encode(data).decode() or "A")
    with pytest.raises(UnreadableError):
        Protocol(account(decode(SAMPLE_KEY))).open(*request, NOW)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not xml",
        b"<xml/>",
        b"<xml></xml>",
        b"<other><MsgType>text</MsgType></other>",
        xml(MsgType="").encode(),
        xml(MsgId="many").encode(),
        xml(CreateTime="soon", MsgId="").encode(),
        xml(FromUserName="").encode(),
        xml(FromUserName="]]&gt;&lt;x").encode(),
        xml(Content="<b>x</b>").encode(),
        xml(FromUserName="<a/>").encode(),
        xml()[:-7].encode(),
        "<xml>住院</xml>".encode("gbk"),
        b"<xml>" * 20_000,
        b"\xff\xfe\x00",
        b'<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><xml><MsgType>&c;</MsgType></xml>',
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><Content>&a;</Content></xml>',
    ],
)
def test_odd_authentic_bodies_are_unreadable(body: bytes) -> None:
    with pytest.raises(UnreadableError):
        Protocol(account()).open(plain_query(), body, NOW)
    with pytest.raises((UnreadableError, SignatureError)):
        Protocol(account(decode(SAMPLE_KEY))).open(
            {**plain_query(), "encrypt_type": "aes"}, body, NOW
        )


@given(st.text(max_size=300))
def test_a_reply_shows_its_text_and_nothing_else(text: str) -> None:
    envelope = Protocol(account()).open(plain_query(), xml().encode(), NOW)
    body = envelope.seal(text + "]]><Content>x</Content>")
    reply = xmltodict.parse(body, strip_whitespace=False)["xml"]
    shown = reply["Content"]
    assert shown.endswith("]]><Content>x</Content>")
    assert len(shown) <= len(text) + 23


def test_control_characters_of_a_phone_do_not_matter() -> None:
    body = xml(Content="住院\x0b报\x00销").encode()
    assert Protocol(account()).open(plain_query(), body, NOW).message.text == "住院报销"


def test_what_is_the_same_message() -> None:
    def key(app_id: str = SAMPLE_APP_ID, **fields: str) -> str:
        protocol = Protocol(account(app_id=app_id))
        return protocol.open(plain_query(), xml(**fields).encode(), NOW).message.key

    event = {"MsgType": "event", "MsgId": "", "Event": "CLICK", "EventKey": "a"}
    assert key() == key(Content="报销")
    assert key(**event) == key(**event)
    different = (
        {},
        {"MsgId": "2"},
        {"app_id": "wx1"},
        event,
        event | {"EventKey": "b"},
        event | {"CreateTime": "1"},
        event | {"FromUserName": "o2"},
        event | {"Event": "subscribe"},
    )
    assert len({key(**fields) for fields in different}) == len(different)
