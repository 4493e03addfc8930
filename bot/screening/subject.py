"""What a message is about: insurance, medicine, small talk, something else."""

from __future__ import annotations

import re

_POLICY = re.compile(
    r"报销|(?:[能可给怎咋以么])报|报(?:吗|得|到|了?多少|几|不|掉|啊|完|要|凭)|医保|社保|参保|保险|农合"
    r"|起付|封顶|门槛费|比例|自[费付]|统筹|门[慢特统]|备案|转[诊院]|手续|材料|证明|费用|多少钱|医药费"
    r"|(?:自己|个人)[^，。]{0,4}(?:掏|出|付|负担|承担|贴)(?:多少|几|百分)|几成|掏(?:多少|几)"
    r"|目录|定点|异地|结算|刷卡|救助|补[助贴]|待遇|缴费|生育津贴|[甲乙丙]类|特药|大病|慢性?病(?:卡|待遇)|特殊(?:项目|诊疗)|用血|[交缴]的?(?:职工|居民)"
)
_CARE = re.compile(
    r"住院|门诊|急诊|看病|医院|手术|退休(?!金)|在职|职工|居民|学生|孩子|老人|化疗|透析|办理|登记|窗口"
    r"|带什么|[一二三]级|[配拿取]药|出院|押金|结账|这[笔个]钱"
)
_ERRAND = re.compile(
    r"签个?字|盖个?章|[代替帮](?:[他她我]|人家|爸|妈)?(?:办|领|拿|取|签|问)|到场|本人|跑一趟|卡号"
    r"|电话[^，。]{0,4}打|填[^，。]{0,3}表|[去找拿里][^，。]{0,2}批(?!发|评)"
)
_QUESTION = re.compile(
    r"[吗呢么？?]|多少|怎么|咋|什么|啥|哪|几[成个天次]|[能要]不[能要]|可不可以|是不是|有没有"
)

_MEDICAL_ADVICE = re.compile(
    r"(?:吃|用|开|打)[点些个]?(?:什么|啥|哪种|哪个)(?:药|针|好)|剂量|用量(?!限)|副作用|不良反应|忌口|偏方"
    r"|(?:减|加)(?:量|[一半两]片)|隔天吃|停(?:几天|一停)?药|漏吃"
    r"|(?:吃|服|打)(?:几|多少)(?:片|粒|颗|次|支|毫克|单位)|(?:能不能|可以|能)(?:停药|换药(?!店)|喝酒|一起吃)"
    r"|(?:要不要|该不该|需不需要|有没有必要|用不用)[做开动打吃]?(?:手术|刀|化疗|放疗|支架|药|针)"
    r"|要(?:做手术|开刀|动手术)吗|(?<!清)(?<!清楚)(?<!不出)(?<!不知道)[是得]了?(?:不是)?(?:什么|啥)病|[得患]了?[^，。]{0,6}癌.{0,3}(?:吗|怎么)"
    r"|怎么(?:治|医治|降(?:压|糖|下来)|调理)|(?<!没)(?<!没有)(?<!没能)能?治[得能]?好(?!了(?!吗))|会不会(?:死|传染|遗传|复发|瘫)|能活(?:多久|几)"
    r"|(?:严重|要紧|碍事)[吗不]|挂(?:什么|哪个|啥)[科号]|哪[个位]?(?:医生|专家|大夫)"
    r"(?![^，。]{0,6}(?:签|盖|填|批|审|确认|认定|[开办出][^，。药]{0,4}(?:单|表|证|手续|备案|慢|特|卡)))"
    r"|(?:吃|用|打)[^，。]{1,10}(?:好还是|好吗|行吗|可以吗)|是不是[^，。]{0,4}(?:癌|瘤|炎|病$)"
    r"|(?:指标|化验单|报告|片子).{0,6}(?:正常|什么意思|怎么看|帮我看)"
)
_RECORDS = re.compile(
    r"(?:帮|给|替|为)(?:我|俺|咱|忙|下|一下|个忙)*[^，。]{0,3}(?:查|看|调|问)(?![^，。]{0,8}(?:怎么|怎样|如何|哪))"
    r"[^，。]{0,14}(?:余额|还[有剩]多少|报了(?:多少|没|几)|到(?:账|帐)|缴费记录|进度|记录|名下|病历|审[核批]|个人信息)"
    r"|(?:我|我家|我妈|我爸|他|她)的?[^，。]{0,4}(?:卡|账户)[里上]?(?:面)?(?:现在)?还[有剩]多少钱?"
)
"""What only the fund's own computers know of a person."""
_COMPLAINT = re.compile(
    r"[疼晕吐咳痒]|痛(?!风)|(?<!气)肿(?!瘤)|麻(?!醉|疹)|(?<!哮)喘|[发高]烧|恶心|拉肚子|腹泻|不舒服"
    r"|难受|没力气|睡不着|吃不下|(?<![脑胃肠底])出血|流血|心慌|发抖|过敏(?!性)"
)
"""What one feels or sees, and no name of a disease."""
_SMALL_TALK = {
    kind: re.compile(pattern, re.IGNORECASE)
    for kind, pattern in {
        "thanks": r"(?:非常|太|十分|多)?(?:谢谢|感谢|多谢|谢了|thanks?|thank you|辛苦).{0,5}",
        "farewell": r"(?:再见|拜拜|bye|晚安|没事了|不用了|就这样).{0,4}",
        "who": r"你(?:到底)?(?:是(?:谁|机器|人|真人|ai|什么).*|叫什么.*|几岁.*|多大.*|哪里人.*)",
        "greeting": r"(?:你好|您好|hi|hello|嗨|在吗|[早中下晚]上?午?好|新年好)[啊呀吗]?",
        "chatter": r"(?:哈+|呵+|嗯+|哦+|啊+|好的?|ok|行|知道了|明白了?|收到)[啊呀哦吧了嘛]*"
        r"|.{0,6}(?:笨蛋|傻[瓜子逼]|垃圾|废物|滚|智障|脑残).{0,4}"
        r"|.{0,4}(?:吃饭了吗|爱你|无聊|陪我聊|聊聊?天|心情|讲个?笑话).{0,6}",
    }.items()
}
_MARKS = "，。！？~… "
# Subjects that people try on any assistant. What else isn't ours, retrieval doesn't find.
_ELSEWHERE = re.compile(
    r"主席|总书记|领导人|总统|首相|政党|共产党|国民党|民主党|独裁|游行|示威|六四|台独|港独|法轮|选举|打仗|战争"
    r"|写[一个篇首段]*(?:诗|作文|程序|文章|小说|论文|情书|文案|歌)|代码|编程|python|翻译|股票|彩票|炒股"
    r"|天气|下雨|气温|电影|电视剧|游戏|足球|篮球|明星|菜谱|做菜|红烧|星座|算命|风水|笑话|唱歌|旅游攻略"
    r"|高考|作业|数学题|房价|买房|贷款|公积金|养老金|退休金|失业金|车险|工资|离婚|相亲|驾[校照]|快递|外卖|火车票|机票",
    re.IGNORECASE,
)


def is_policy(text: str) -> bool:
    """Whether the message speaks of insurance or of what care costs."""
    return bool(_POLICY.search(text))


def is_care(text: str) -> bool:
    """Whether the message speaks of insurance or of care."""
    return bool(_POLICY.search(text) or _CARE.search(text))


def is_errand(text: str) -> bool:
    """Whether the message speaks of who goes, signs or calls for whom."""
    return bool(_ERRAND.search(text))


def asks_about_care(text: str) -> bool:
    """Whether the message asks something of insurance or of care, as a patient does."""
    return is_care(text) and bool(_QUESTION.search(text))


def asks_medical_advice(text: str) -> bool:
    """Whether drugs, doses, operations, diagnoses are asked about, or a complaint is told."""
    if _MEDICAL_ADVICE.search(text):
        return True
    return bool(_COMPLAINT.search(text)) and not (is_care(text) or is_errand(text))


def asks_for_records(text: str) -> bool:
    """Whether somebody's account, payments or application are to be looked up."""
    return bool(_RECORDS.search(text))


def small_talk(text: str) -> str:
    """The kind of small talk that the whole message is, a key of `texts.SMALL_TALK`, or empty."""
    words = text.strip(_MARKS)
    kinds = (kind for kind, pattern in _SMALL_TALK.items() if pattern.fullmatch(words))
    return "" if is_policy(words) else next(kinds, "")


def is_unrelated(text: str) -> bool:
    """Whether the message is about something that has nothing to do with care."""
    return bool(_ELSEWHERE.search(text)) and not (is_policy(text) or _CARE.search(text))
