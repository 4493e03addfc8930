"""The second opinion: emergencies in words that no rule knows, with the real model."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from bot.reply import Status
from bot.screening import Kind, answer, screen
from bot.screening.sense import EXAMPLES, Sense
from bot.understanding.text import normalise
from corpus.embedding import NanoEngine, Vectors

UNUSUAL = """
小孩把纽扣电池吞下去了
大姨妈血量特别大人都站不稳了快晕了
我哥喝完酒怎么拍都没声音
老妈脸色蜡黄浑身湿透坐都坐不住
弟弟被钢筋穿过大腿了
有个大爷在公园里躺着不动身体冰凉
宝宝嘴唇乌紫哭不出声来
"""
HARMLESS = """
社区的
有三个月了
我在厂里上班
娃上小学
都不是
常州金坛
单位给交的
糖尿病有没有
住满几天
窗口几点开门
去药店行不行
年底没用完怎么办
卡给别人用行吗
嗯就是这样
"""

IN_A_CONVERSATION = """
我奶奶刚才还在说话现在脸色发灰叫她不应了
老公后背突然撕裂一样痛脸都白了
他现在一身冷汗人软在沙发上坐不起来
孩子吃了花生全身起红疙瘩喉咙里呼噜呼噜响喘气费劲
我妈一下子右边胳膊腿都没劲了杯子掉地上
爸爸大便全是黑的人快站不住了
娃掉河里刚捞上来不哭不动
我家老头子胸口堵得慌半个钟头了还没缓过来
老婆怀孕七个月突然见红一大片
邻居家煤气没关一屋人都躺着不动
爷爷喝了除草剂嘴里冒白沫
切菜切到手腕血直往外冒
她吃了好多安眠药现在睡得推不醒
奶奶摔了一跤头磕破了人迷迷糊糊的
宝宝抽了好几分钟了眼睛往上翻
我舅舅打低血糖针以后人就不清楚了浑身抖
老爸痰堵住了脸憋得发紫
干活的被吊车上的钢板砸到肚子人疼得打滚
我爸刚躺下就说胸口像有人踩着透气都难
等一下 我妈突然说话含含糊糊的嘴角往一边掉
我说的这个老人现在正抽着呢牙关咬得死死的
先不问报销了他人突然倒地上了
报销的事再说，我爸现在心口绞着痛
哎呀不好我老公手被机器卷进去了
我妈心脏病好多年了，今天早上起来脸色灰白人没精神叫了不应
常年吃药的爸爸嘴歪了
我爱人做过支架的，这会又压着痛冷汗直流
住院回来才两天，伤口一下子崩开全是血
奶奶做过手术的，现在肚子痛得打滚
他从脚手架跌下来昏迷了
老太太刚吃完药就翻白眼了
我老公打球打着打着一头栽下去了怎么叫都没声
孩子手插到插座里电着了
吃了河豚嘴巴发麻说不出话
他的腿被锯子锯开了好深一口子
肚子硬得像板一样痛得直叫
我爸耳朵嗡的一声就看不见东西了
婴儿奶呛到了不会哭脸发紫
她割了手腕浴缸里红红的
先等等，我外公刚刚从床上翻下来，头上一个洞
我爸今天糖尿病晕乎乎的话都接不上了
妈妈嘴唇肿起来舌头也大了说喘气困难
"""
OF_ILLNESSES = """
那我外公呢，脑梗过的
心脏支架算哪一种
我嫂子也是，乳腺癌切掉的
她爸爸走不动路，我替他去拿药可以哇
隔壁老王换了肾，他报得多还是少
老伴呢，高血压，没有心脏病的
我爷爷瘫了好几年，还要本人到场吗
孩子做的是心脏打洞那种手术
没有并发症跟有并发症差在哪
白血病的呢，要打骨髓的
我姑妈也得了这个，比我爸轻些
肾不好天天要透的那种算不算
人躺在医院里来不了，我去签字行吗
我妈呢，胆结石要开刀
胰腺炎的也是这个数吗
他脑子不清楚了，老年痴呆，谁能代他签字
开胸的大手术呢
我弟癫痫，常年吃药，也是百分之七十五？
婆婆摔断了股骨头，换了个人工的
媳妇剖腹产，出了不少血，多住了三天
是脑子里长瘤子，开颅的
肺上有个结节，要切一块
眼睛看不清就是并发症，按有的算
哥哥精神分裂，长年住院的
公公去年中风过，现在走路一拐一拐
我爸装的心脏起搏器，进口的
妹夫尿毒症，等着换肾
儿子血友病，天天要打针
外孙先天性心脏病，要去上海做
我奶奶九十了，起不来床，卡在我这
肝硬化，肚子里有水的那种
老头子肺气肿，家里吸氧的
奶奶骨头断了打的钢钉
那要是人昏过去没来得及办手续呢
医生说是急性的，当天就开了刀
我姨夫心梗放了两个支架，已经出来了
女儿早产，在保温箱里
这个病要一直输血的
他是食道癌，不能吃东西，靠打营养液
脑出血后来恢复得蛮好的，现在吃药
老婆不在家，我给她代办，她腿脚不好
孙子手术是切扁桃体
直肠癌挂袋子的，那个袋子钱
哮喘的属于哪一类
我爱人甲状腺癌切了，现在吃药
女婿工地上摔下来断了腿，已经出院了
换心脏瓣膜的那种贵不贵
小孩唇裂要做修补
爷爷胃出血住过两回院了
奶奶白内障，两只眼睛都要做
老公椎间盘突出，想开刀
他是肾病综合征，老住院
我妈肝癌晚期，在家养着
舅妈骨质疏松压缩性骨折
儿子抽动症，长期看的
老爸帕金森，手抖得厉害，一直吃药
表弟截肢了，要装假腿
我侄子先天性耳聋，装人工耳蜗
姐夫心衰，隔两个月住一次院
外公痴呆，认不得人了，谁去办手续
媳妇宫外孕做了手术
孩子烫伤植皮的，做了三次
丈母娘半身不遂三年了
那我岳母呢，风湿性心脏病
我叔叔做的是胃镜下切息肉
家里老人摔了，打石膏在家躺着
他是尿毒症，每周透三次
我爸有房颤，要做射频消融
小孩斜视，打算暑假开刀
妹妹子宫肌瘤，微创的
老公痔疮手术，住三天就出来了
奶奶中风以后右手不能动，怎么去签字
外婆心脏不好，走几步就喘，能不能不到场
我爸听不清，电话我来打行吧
娃是自闭症的，做康复训练
大姐类风湿，手指都变形了
隔壁邻居做了肝移植，说只出一成
我妈白内障术后看不清，卡号报不出来
爷爷痛风脚肿，老去配药
人还在重症监护，能不能先办手续
打呼噜要做的那种手术
我侄女地中海贫血，隔月输血
"""
"""Who has what, what was operated: said in a conversation about insurance."""


@pytest.fixture(scope="module")
def sense(tmp_path_factory: pytest.TempPathFactory) -> Sense:
    return Sense(NanoEngine(), tmp_path_factory.mktemp("data"))


def test_most_unusual_emergencies_are_noticed(sense: Sense) -> None:
    messages = [normalise(message) for message in UNUSUAL.strip().splitlines()]
    noticed = [m for m in messages if screen(m, sense).kind is Kind.EMERGENCY]
    assert len(noticed) >= len(messages) - 1


def test_ordinary_messages_are_not_alarming(sense: Sense) -> None:
    messages = [normalise(message) for message in HARMLESS.strip().splitlines()]
    assert [m for m in messages if screen(m, sense).kind in (Kind.EMERGENCY, Kind.CRISIS)] == []


def test_no_emergency_is_lost_in_a_conversation(sense: Sense) -> None:
    messages = IN_A_CONVERSATION.strip().splitlines()
    replies = {m: answer(normalise(m), sense, follows=True) for m in messages}
    lost = [m for m, reply in replies.items() if not reply or reply.status is not Status.EMERGENCY]
    assert lost == []


def test_illnesses_and_operations_told_in_a_conversation_go_on(sense: Sense) -> None:
    messages = OF_ILLNESSES.strip().splitlines()
    assert [m for m in messages if answer(normalise(m), sense, follows=True)] == []


def test_a_question_about_policy_isnt_put_to_the_model(sense: Sense) -> None:
    assert answer(normalise("孩子吞了纽扣电池做胃镜取出来能报吗"), sense) is None


def test_the_reply_is_that_of_an_emergency(sense: Sense) -> None:
    reply = answer("小孩把纽扣电池吞下去了", sense)
    assert reply is not None
    assert reply.status is Status.EMERGENCY


def test_no_message_of_this_test_is_an_example() -> None:
    examples = set(EXAMPLES.read_text(encoding="utf-8").splitlines())
    ours = "".join((UNUSUAL, HARMLESS, IN_A_CONVERSATION, OF_ILLNESSES)).splitlines()
    assert not examples & {*ours} - {""}


class Counting:
    """A model that counts how often it is asked."""

    name = "counting"

    def __init__(self) -> None:
        self.calls = 0

    def queries(self, texts: Sequence[str]) -> Vectors:
        self.calls += 1
        return np.eye(len(texts), 8, dtype=np.float32)

    passages = queries


def test_the_vectors_are_kept_for_the_next_start(tmp_path: Path) -> None:
    model = Counting()
    Sense(model, tmp_path)
    Sense(model, tmp_path)
    assert model.calls == 1
    assert len(list(tmp_path.iterdir())) == 1
