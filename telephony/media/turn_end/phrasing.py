"""Words that tell whether an English sentence can end with them, in lower case. Pure data."""

from typing import Final


def _words(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


FILLERS: Final = _words(
    "um uh er erm uhm hmm hm mm ah eh well like so actually basically maybe let's"
)
# No sentence ends with one of these: its object, its verb or its clause is still to come.
DANGLING: Final = _words(
    # articles and what determines a noun
    "a an the my your our their his its this these every each some any another no",
    # what joins
    "and or but because if when while since unless although though than that which who whose",
    "whether as except plus",
    # prepositions that seldom end a sentence in speech
    "of at for from with without between into onto through during until till about around",
    "regarding by to per via toward towards against among under near behind beside",
    # verbs that help another, and contracted ones
    "is are was were be been am being do does did have has had can could would should will",
    "shall may might must gonna wanna gotta i'm i've i'd i'll we're we've we'd we'll you're",
    "you'd it's that's there's he's she's they're they've what's where's who's let don't",
    "doesn't didn't can't couldn't won't wouldn't isn't aren't wasn't",
    # subjects
    "i we he she they",
    # verbs that want an object or another verb
    "need want wanted needed calling called looking trying going hoping wondering wonder",
    "think thinking thought believe guess make get getting got give tell put take schedule book",
    "reschedule change cancel set having said says saying asking ask",
    "very really quite too also just only even not both either neither mr mrs ms dr doctor",
)
# A question may end with these all the same: "who is it from?", "where are they?".
STRANDED: Final = _words(
    "of at for from with about by to is are was were be do does did have has had can could would",
    "should will i we he she they not going looking calling called doing either",
)
# Two words that together want more, where the last alone might end a sentence.
DANGLING_PAIRS: Final = frozenset(
    tuple(pair.split("_"))
    for pair in _words(
        "like_to like_for is_for is_in is_on are_in are_for name_is number_is address_is called_in",
        "looking_for calling_for for_the for_my i_mean you_know kind_of sort_of how_much how_many",
        "let_me let_see is_there do_you can_you could_you would_you will_you if_you are_you can_i",
    )
)
SUBORDINATE: Final = _words("if when because since after before while unless although once")
YES_NO: Final = _words(
    "yes yeah yep yup sure ok okay correct right no nope nah absolutely definitely certainly",
    "perfect great fine exactly please that's that",
)
# With these a yes or a no is padded and stays one.
YES_NO_PADDING: Final = _words(
    "it works good fine sounds thanks thank you sir ma'am of course all at not i do is am we are",
    "will would be great",
)
COURTESIES_LAST: Final = _words("please thanks bye goodbye")
OPENINGS: Final = _words(
    "hi hello hey good morning afternoon evening there yes yeah okay ok so um uh well oh alright",
    "right sorry excuse me sure great",
)
DAYS: Final = _words(
    "monday tuesday wednesday thursday friday saturday sunday today tomorrow tonight weekend",
    "morning afternoon evening noon week month mondays tuesdays wednesdays thursdays fridays",
    "january february march april may june july august september october november december",
)
STREETS: Final = _words(
    "street st avenue ave road rd lane ln drive dr boulevard blvd court ct place way circle",
    "terrace parkway highway square trail apartment apt",
)
_ONE_DIGIT: Final = _words("oh o zero one two three four five six seven eight nine")
_TWO_DIGITS: Final = _words(
    "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty",
    "thirty forty fifty sixty seventy eighty ninety hundred",
)
SPELT_DIGITS: Final = dict.fromkeys(_ONE_DIGIT, 1) | dict.fromkeys(_TWO_DIGITS, 2)
OF_NUMBERS: Final = _words("number phone cell mobile reference code zip area digits card")
# "At ten", "for two", "number nine": a time, a party, a house; not a number being dictated.
BEFORE_A_QUANTITY: Final = _words(
    "at by before after around about for until till from between on the of than only just"
)
