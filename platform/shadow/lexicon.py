"""Words that turn a sentence round: opposites, negations, permissions, and words of one meaning.

English. A word that stands for the opposite of another is that other one, denied: "closed" is not
open, "without" is not with. Keys are stems.
"""

from collections.abc import Iterable, Mapping
from typing import Final

import snowballstemmer

_STEMMER: Final = snowballstemmer.stemmer("english")


def stem(word: str) -> str:
    """ "bookings" and "booked" are "book"."""
    stemmed: str = _STEMMER.stemWord(word)
    return stemmed


# One meaning, first; the opposite behind the stroke.
_OPPOSITES: Final = """
open opens opening | closed close closes shut
with including include includes plus | without excluding exclude except excludes excluded
cost costs charge charges charged fee fees price priced paid pays | free complimentary gratis
before prior earlier ahead | after afterwards following later behind
available | unavailable busy occupied taken
possible | impossible
allowed permitted permissible | forbidden prohibited disallowed banned
safe harmless | unsafe dangerous harmful risky hazardous
accept accepts accepted agree | refuse refuses refused reject rejects decline declines declined deny
confirmed | cancelled canceled cancel cancels unconfirmed
can able | unable
necessary required mandatory compulsory obligatory | unnecessary optional voluntary
more over above exceeding | less under below fewer
most maximum | least minimum
always | never
start starts begin begins started | stop stops end ends finish finished
early | late
increase raise rise higher high | decrease reduce lower low
true correct right accurate valid | false incorrect wrong inaccurate invalid
hot warm heated | cold cool chilled
inside indoors indoor | outside outdoors outdoor
arrive arrives arrival | leave leaves depart departs departure
first | last
full | empty
same identical | different
insured covered covers cover | uninsured uncovered
refundable | nonrefundable
licensed certified | unlicensed uncertified
known | unknown
likely | unlikely
new | old used
single | double
adult adults | child children kids
male men man | female women woman
remember | forget forgets
continue keep | discontinue quit
enable | disable
pass passes passed | fail fails failed
lock locked | unlock unlocked
sick ill unwell | healthy well
urgent | routine
partial partially half | whole entirely complete
temporary temporarily | permanent permanently
credit | debit
send sends | receive receives
clean | dirty
working works functioning | broken faulty defective
present | absent
upgrade | downgrade
inbound incoming | outbound outgoing
approved approve approves | disapproved disapprove
legal lawful | illegal unlawful
enough sufficient | insufficient
"""
_SAME: Final = """
book booking booked schedule scheduled reserve reserved appointment reservation
visit come comes coming
help assist assistance
fix repair repairs repaired repairing mend
call ring phone telephone
want wish
bye goodbye
buy purchase
doctor physician dr
medicine medication drug
kid child children
car vehicle automobile
start begin
talk speak chat
show display
get receive obtain
tell inform say
wait hold
clean cleaning
address location place
staff team colleague
customer client
transfer connect put
mail post
email e-mail
check look verify
bring take_along
park parking
card cards
pay payment payments paying
cash money
result results
take takes took taken
ask asks
contact reach
cost costs price priced charge charges charged fee fees run runs total
door doors
child kid kids children
refund refunds reimburse reimbursement
deliver delivery delivers
home house
ready prepared done
drive driving
eat eats eating eaten meal meals food
dog dogs pet pets
allow allowed permitted
give gives offer offers provide provides
require requires required
"""
NEGATORS: Final = frozenset(
    (
        *(
            "not",
            "no",
            "never",
            "none",
            "nobody",
            "nothing",
            "neither",
            "nor",
            "nowhere",
            "without",
        ),
        *("cannot", "hardly", "barely", "scarcely", "seldom", "rarely", "lack", "lacks", "avoid"),
        *("refuse", "refuses", "refused", "decline", "declines", "declined", "unable", "fail"),
        *("fails", "failed", "stop", "zero", "unless", "except", "excluding", "against", "neednt"),
        *("stops", "stopped", "non"),
    )
)
# After these a denial goes on into what they say: "i do not think that you can".
_RAISING: Final = (
    "think believe suppose recommend recommended advise advised allow allowed let want expect "
    "guess suggest say able supposed"
)
RAISING: Final = frozenset(_RAISING.split())
FORBID: Final = frozenset(("forbidden", "prohibited", "banned", "disallowed", "avoid", "refrain"))
PERMIT: Final = frozenset(
    (
        "can",
        "may",
        "could",
        "allowed",
        "permitted",
        "okay",
        "ok",
        "fine",
        "welcome",
        "free_to",
        "safe",
    )
)
_REQUIRE: Final = (
    "must required need needs mandatory have_to has_to should necessary compulsory obligatory "
    "supposed_to ought"
)
REQUIRE: Final = frozenset(_REQUIRE.split())
OPTIONAL: Final = frozenset(("optional", "voluntary", "unnecessary"))

_STOPS: Final = """
a an the i you he she it we they me him her us them my your his its our their mine yours ours this
that these those there here and or so then than as of to in at by for from into onto about around
is are am was were be been being do does did done has have had having will would shall should could
may might must can need needs please thank thanks thanks you're okay ok sure yes yeah yep no nope
well um uh er hello hi hey sir madam ma'am sorry afraid course absolutely certainly definitely
really very quite just also too now again still already even only actually let lets who whom whose
which what when where why how if whether because while though although but however any some all
each every both much many lot lots bit one ones thing things anything something everything anyone
someone everyone us ll ve re don't d s t m o'clock am pm kindly great good perfect alright
happy glad pleased love like want wish would be going go gonna get got let's per via it'd i'd you'd
today tonight tomorrow there's that's currently simply such own upon on off up down
unfortunately sadly
"""
STOPS: Final = frozenset(_STOPS.split())
# Said whole, they say nothing about the matter.
IDIOMS: Final[tuple[tuple[str, str], ...]] = (
    ("no problem", ""),
    ("not a problem", ""),
    ("no worries", ""),
    ("no doubt", ""),
    ("not at all", "not"),
    ("anything but", "not"),
    ("everywhere but", "except"),
    ("has yet to", "has not"),
    ("have yet to", "have not"),
    ("out of warranty", "not under warranty"),
    ("we used to", "we not"),
    ("it used to", "it not"),
    ("they used to", "they not"),
    ("there used to", "there not"),
    ("no trouble", ""),
    ("no rush", ""),
    ("not to worry", ""),
    ("do not worry", ""),
    ("nothing else", ""),
    ("feel free to", "can"),
    ("are free to", "can"),
    ("is free to", "can"),
    ("do not hesitate to", "please"),
    ("do not be afraid to", "please"),
    ("can not wait to", "will"),
    ("do not forget to", "remember to"),
    ("do not forget", "remember"),
    ("be sure not to", "do not"),
    ("make sure not to", "do not"),
    ("make sure to", ""),
    ("be sure to", ""),
    ("not only", ""),
    ("no later than", "until"),
    ("not later than", "until"),
    ("no earlier than", "after"),
    ("not earlier than", "after"),
    ("at the latest", "until"),
    ("at the earliest", "after"),
    ("no more than", "most"),
    ("not more than", "most"),
    ("no less than", "least"),
    ("not less than", "least"),
    ("at most", "most"),
    ("up to", "most"),
    ("at least", "least"),
    ("free of charge", "free"),
    ("at no charge", "free"),
    ("at no cost", "free"),
    ("no charge", "free"),
    ("no cost", "free"),
    ("no fee", "free"),
    ("for free", "free"),
    ("for nothing", "free"),
    ("no longer", "not"),
    ("not any longer", "not"),
    ("no need to", "not have_to"),
    ("not need to", "not have_to"),
    ("not necessary to", "not have_to"),
    ("not required to", "not have_to"),
    ("not have to", "not have_to"),
    ("not got to", "not have_to"),
    ("have got to", "have_to"),
    ("have to", "have_to"),
    ("has to", "have_to"),
    ("need to", "have_to"),
    ("needs to", "have_to"),
    ("needed to", "have_to"),
    ("supposed to", "supposed_to"),
    ("fully booked", "unavailable"),
    ("we are all booked", "we are unavailable"),
    ("have openings", "are available"),
    ("have an opening", "are available"),
    ("no openings", "not available"),
    ("booked up", "unavailable"),
    ("booked out", "unavailable"),
    ("sold out", "unavailable"),
    ("out of stock", "unavailable"),
    ("in stock", "available"),
    ("free on", "available on"),
    ("free at", "available at"),
    ("free tomorrow", "available tomorrow"),
    ("free today", "available today"),
    ("free slot", "available slot"),
    ("free time", "available time"),
    ("free appointment", "available appointment"),
    ("why do not", "shall"),
    ("why not", "shall"),
    ("instead of", "not"),
    ("rather than", "not"),
    ("other than", "except"),
    ("apart from", "except"),
    ("on an empty stomach", "fasting"),
    ("right now", ""),
    ("all right", ""),
    ("right away", "immediately"),
    ("a little", ""),
    ("put you through", "transfer"),
    ("put through", "transfer"),
    ("go on", ""),
    ("lasts", "takes"),
    ("out of order", "broken"),
    ("not working", "broken"),
    ("hold on", "wait"),
    ("stay on the line", "wait"),
    ("hold the line", "wait"),
    ("hang up", "not wait"),
    ("turn on", "enable"),
    ("turn off", "disable"),
    ("switch on", "enable"),
    ("switch off", "disable"),
    ("shut off", "disable"),
    ("out of the question", "impossible"),
    ("against the rules", "forbidden"),
    ("off limits", "forbidden"),
)


def _table() -> Mapping[str, tuple[str, int]]:
    table: dict[str, tuple[str, int]] = {}
    for line in _SAME.strip().splitlines():
        _fill(table, line.split(), name=line.split()[0], sign=1)
    for line in _OPPOSITES.strip().splitlines():
        positive, _, negative = line.partition("|")
        name = table.get(stem(positive.split()[0]), (positive.split()[0], 1))[0]
        _fill(table, positive.split(), name=name, sign=1)
        _fill(table, negative.split(), name=name, sign=-1)
    return table


def _fill(table: dict[str, tuple[str, int]], words: Iterable[str], *, name: str, sign: int) -> None:
    for word in words:
        table[stem(word)] = (name, sign)


MEANINGS: Final = _table()
