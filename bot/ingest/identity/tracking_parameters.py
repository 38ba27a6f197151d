"""Query parameters that say how a reader came to a page, not which page it is (pure).

A name that identifies articles somewhere (`id`, `p`, `cid`, `t`) is never among them: a name is listed in full,
or by a prefix that only analytics use. Public lists of the same kind are AdGuard's TrackParamFilter and the rules
of ClearURLs.
"""

import re

_NAMES = re.compile(
    r"""
    # Campaigns
    (?:utm|at|ns|mc|pk|piwik|mtm|matomo|hsa|itm|oly|vero|mkt|wt|ga|gad|guce|fb|taboola|trk|stm|amp|
        brevo|sib|hmb|ck_subscriber|ss_source|ss_campaign|ss_email|gaa|cx|hss|bsft|elq|xnpe|_branch)_.* |
    campaign_(?:name|source|medium|term|content)|wickedid|__readwiselocation|gs_l|
    ss_source|sh_kit|_?bhlid|_ke|_kx|_openstat|elqtrack.*|irclickid|irgwc|sscid|inf_contact_key|ml_subscriber(?:_hash)?|
    __cf_.*|_x_tr_.*|ved|isfreemail|triedredirect|sfnsn|mibextid|rdid|share_url|__tn__|__cft__.*|
    (?:wt\.|wtmc|_ga|_gl|_hs|__hs|hscta|aspsessionid).* |
    # Clicks on advertisements and shared links
    tgclid|vkclid|click_?id|aff_?id|aff|affiliate|track(?:ing)?_?id|shared_?by|
    fbclid|gclid|gclsrc|gbraid|wbraid|dclid|msclkid|yclid|ysclid|ymclid|twclid|ttclid|igshid|igsh|li_fat_id|srsltid|
    epik|zanpid|dicbo|obclid|tblci|s_kwcid|ef_id|rb_clickid|cmp|cmpid|
    # Where the reader comes from
    ref_|ref_src|ref_url|refsrc|fref|referr?er|rss|(?:is|from)_?rss|rss_?(?:source|id|feed)|utm|wt|xtor|xts|xtref|spm|scm|soc_src|soc_trk|
    sc_cid|s_cid|sref|ito|ocid|cvid|ncid|smid|icid|intcid|int_source|sr_share|share_source|__twitter_impression|wprov|
    guccounter|traffic_source|tg_rhash|
    # Sessions and caches
    phpsessid|phpsess|jsessionid|sessionid|session_id|sessid|asp\.net_sessionid|cfid|cftoken|oscsid|zenid|_|__s|
    nocache|no_cache|cache_?bust(?:er|ing)?|cb|rand|rnd|random|_rnd|timestamp|
    # Other views of the same page
    amp|wpamp|noamp|nonamp|mobile|print|replytocom|usqp
    """,
    re.VERBOSE | re.DOTALL,
)
_NUMBERS_NAME_ARTICLES = frozenset(
    {"campaign", "feature", "medium", "ref", "share", "shared", "si", "source", "trk", "via"}
)
_WAYS_NAME_READERS = frozenset({"from", "src", "origin", "channel", "utm", "platform", "client", "app"})
_WAY = re.compile(
    r"(?:rss|atom|feeds?|feedly|telegram|tg|twitter|x|facebook|fb|instagram|insta|whatsapp|wa|linkedin|eitaa|bale|rubika|"
    r"soroush|news(?:letter)?|e?mail|push|notification|app|pwa|web|mobile|desktop|android|ios|home(?:page)?|main|index|"
    r"google(?:news)?|bing|search|social|share|widget|qr)[\d_-]*(?:feeds?|bot|app|channel|share)?"
)
# Whatever the name, nothing but "rss" with a language or a format says through which door a reader came.
_RSS = re.compile(r"(?:[a-z]{2,3}[-_.:])?rss(?:feed)?(?:[-_.:](?:feed|[a-z]{2,3}|\d{1,3}))*+")
_TOKENS_NAME_SESSIONS = frozenset({"s", "sess", "session", "sid"})
_WORDS_NAME_SESSIONS = frozenset(
    {"token", "access_token", "auth_token", "auth", "sig", "signature", "nonce", "ticket"}
)
# fmt: off
_CHANGING = frozenset((
    "cache", "hash", "h", "k", "key", "r", "ref_id", "partner", "mode", "device", "theme", "nb", "fromapp",
    "post_id", "publication_id", "campaign_id",
))
# fmt: on
_TIMES_NAME_CACHES = frozenset({"t", "ts", "time", "v", "ver", "version"})
_INSTANT = re.compile(r"1[5-9]\d{8}(?:\d{3})?")
_FIRST_PAGES = frozenset({"", "0", "1"})
_PAGES = frozenset({"page", "paged", "pg"})
_SWITCHES = frozenset({"0", "1"})
_AMP_OUTPUTS = frozenset({"format", "output", "outputtype", "view"})
_OUTPUTS = frozenset({"amp", "app", "mobile", "print", "rss"})
_LANGUAGES = frozenset({"lang", "language", "hl", "locale"})
_PERSIAN = frozenset({"fa", "fa-ir", "fa_ir", "per", "persian"})
_TOKEN = re.compile(r"(?=.*[0-9])[0-9a-zA-Z,-]{16,}")
_EITHER = frozenset().union(
    _NUMBERS_NAME_ARTICLES,
    _WAYS_NAME_READERS,
    _TOKENS_NAME_SESSIONS,
    _WORDS_NAME_SESSIONS,
    _TIMES_NAME_CACHES,
    _CHANGING,
)


def tells_of_reader(name: str, value: str) -> bool:
    """Return whether a parameter is there for analytics, a session or another view; `name` is in lower case."""
    if _NAMES.fullmatch(name) or _RSS.fullmatch(value.lower()):
        return True
    if name in _NUMBERS_NAME_ARTICLES:
        return not value.isdecimal()
    if name in _TOKENS_NAME_SESSIONS:  # PHP-Nuke's `sid` is a story, WordPress's `s` a search
        return _TOKEN.fullmatch(value) is not None
    if name in _WORDS_NAME_SESSIONS:
        return not value.isdecimal()
    if name in _WAYS_NAME_READERS:
        return _WAY.fullmatch(value.lower()) is not None
    if name in _TIMES_NAME_CACHES:
        return _INSTANT.fullmatch(value) is not None  # seconds or milliseconds since 1970: when it was asked for
    return _chooses_view(name, value)


def _chooses_view(name: str, value: str) -> bool:
    """Return whether a parameter asks for another view of the same page."""
    if name in _LANGUAGES:  # as a path's /fa/: the language that a site has without saying so
        return value.lower() in _PERSIAN
    if name in _PAGES:
        return value in _FIRST_PAGES
    if name == "m":  # Blogger's page for phones; WordPress has a month there
        return value in _SWITCHES
    if name == "tmpl":  # Joomla's page for a window or a printer
        return value.lower() == "component"
    return name in _AMP_OUTPUTS and value.lower() in _OUTPUTS


def may_tell_of_reader(name: str) -> bool:
    """Return whether a parameter is there for analytics or a session on some sites, and names articles on others.

    Such a one names no article where its value changes while all else that an item shows stays.
    """
    return name in _EITHER
