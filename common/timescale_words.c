/* The single words that timescales are written in, and how they are found. */
#include "common/timescale_words.h"

#include <stdbool.h>
#include <string.h>

#include "common/timescale_lex.h"

/* Sorted by text. opens = 1 where a row of timescale_phrases.c begins with the word. Numbers below
 * zero are ordinals. Common misspellings and the Welsh months are words like any other. */
static const struct timescale_word words[] = { { "a", T_GLUE, 1, 0 },
	{ "abandoned", T_CANCELLED, 0, 0 }, { "about", T_UNSURE, 0, 0 }, { "above", T_SEE, 0, 0 },
	{ "academic", T_ACADEMIC, 1, 0 }, { "according", T_OTHER, 1, 0 },
	{ "achieved", T_DONE, 0, DONE_PAST }, { "action", T_PHASE, 1, 0 },
	{ "actioned", T_DONE, 0, DONE_PAST }, { "actions", T_PHASE, 0, 0 },
	{ "actual", T_ACTUAL, 1, 0 }, { "actually", T_ACTUAL, 0, 0 }, { "ad", T_OTHER, 1, 0 },
	{ "addressed", T_OTHER, 1, 0 }, { "adhoc", T_AS_NEEDED, 0, 0 }, { "adopt", T_STEP, 0, 0 },
	{ "adopted", T_STEP, 0, 0 }, { "adoption", T_STEP, 0, 0 }, { "after", T_AFTER, 1, 0 },
	{ "afterwards", T_THEN, 0, 0 }, { "agree", T_STEP, 0, 0 }, { "agreed", T_STEP, 0, 0 },
	{ "agreement", T_STEP, 0, 0 }, { "agust", T_MONTH, 0, 8 }, { "ahead", T_OTHER, 1, 0 },
	{ "aim", T_WILL, 1, 0 }, { "aimed", T_WILL, 0, 0 }, { "aiming", T_WILL, 0, 0 },
	{ "aims", T_WILL, 0, 0 }, { "aligned", T_SEE, 1, 0 }, { "all", T_OTHER, 1, 0 },
	{ "almost", T_PARTLY, 0, 0 }, { "alongside", T_OTHER, 1, 0 }, { "already", T_OTHER, 1, 0 },
	{ "alternate", T_OTHER, 1, 0 }, { "always", T_ONGOING, 0, 0 },
	{ "amended", T_REVISED, 0, 0 }, { "an", T_GLUE, 0, 0 }, { "and", T_AND, 1, 0 },
	{ "annex", T_PHASE, 0, 0 }, { "annual", T_ANNUAL, 1, 12 },
	{ "annually", T_FREQUENCY, 0, 12 }, { "annualy", T_FREQUENCY, 0, 12 },
	{ "anticipate", T_UNSURE, 0, 0 }, { "anticipated", T_UNSURE, 0, 0 },
	{ "anually", T_FREQUENCY, 0, 12 }, { "apirl", T_MONTH, 0, 4 },
	{ "appendix", T_PHASE, 0, 0 }, { "appointment", T_STEP, 0, 0 },
	{ "approval", T_STEP, 0, 0 }, { "approve", T_STEP, 0, 0 }, { "approved", T_STEP, 0, 0 },
	{ "approx", T_UNSURE, 0, 0 }, { "approximately", T_UNSURE, 0, 0 }, { "apr", T_MONTH, 0, 4 },
	{ "april", T_MONTH, 0, 4 }, { "aprl", T_MONTH, 0, 4 }, { "ar", T_OTHER, 1, 0 },
	{ "are", T_OTHER, 1, 0 }, { "ariannol", T_FINANCIAL, 0, 0 }, { "around", T_UNSURE, 0, 0 },
	{ "arpil", T_MONTH, 0, 4 }, { "as", T_SEE, 1, 0 }, { "asap", T_NOW, 0, 1 },
	{ "assessment", T_STEP, 0, 0 }, { "at", T_GLUE, 1, 0 }, { "audit", T_STEP, 0, 0 },
	{ "aug", T_MONTH, 0, 8 }, { "augst", T_MONTH, 0, 8 }, { "augus", T_MONTH, 0, 8 },
	{ "august", T_MONTH, 0, 8 }, { "autum", T_SEASON, 0, SEASON_AUTUMN },
	{ "autumn", T_SEASON, 0, SEASON_AUTUMN }, { "awaiting", T_CONDITION, 1, 0 },
	{ "awaits", T_CONDITION, 0, 0 }, { "award", T_STEP, 0, 0 }, { "awst", T_MONTH, 0, 8 },
	{ "back", T_OTHER, 1, 0 }, { "band", T_PHASE, 0, 0 }, { "baseline", T_STEP, 0, 0 },
	{ "bau", T_ONGOING, 0, 0 }, { "be", T_WILL, 0, 0 }, { "been", T_OTHER, 1, 0 },
	{ "before", T_BEFORE, 0, 0 }, { "began", T_STARTED, 0, 0 }, { "begin", T_START, 0, 0 },
	{ "beginning", T_BEGINNING, 1, 0 }, { "begins", T_START, 0, 0 },
	{ "begun", T_STARTED, 0, 0 }, { "behind", T_LATE_STATUS, 1, 0 }, { "being", T_WILL, 1, 0 },
	{ "below", T_SEE, 0, 0 }, { "betw", T_BETWEEN, 0, 0 }, { "between", T_BETWEEN, 0, 0 },
	{ "beyond", T_THEN, 0, 0 }, { "bi", T_OTHER, 1, 0 }, { "biannual", T_FREQUENCY, 0, 6 },
	{ "biannually", T_FREQUENCY, 0, 6 }, { "biennial", T_FREQUENCY, 0, 24 },
	{ "biennially", T_FREQUENCY, 0, 24 }, { "bimonthly", T_FREQUENCY, 0, 2 },
	{ "biweekly", T_FREQUENCY, 0, -2 }, { "block", T_PHASE, 0, 0 },
	{ "blwyddyn", T_UNIT, 0, 'Y' }, { "blynyddol", T_FREQUENCY, 0, 12 },
	{ "board", T_STEP, 0, 0 }, { "bob", T_EVERY, 1, 0 }, { "brought", T_OTHER, 1, 0 },
	{ "build", T_STEP, 0, 0 }, { "business", T_STEP, 1, 0 }, { "by", T_BY, 1, 0 },
	{ "c", T_UNSURE, 0, 0 }, { "cabinet", T_STEP, 0, 0 }, { "calendar", T_CALENDAR, 1, 0 },
	{ "canceled", T_CANCELLED, 0, 0 }, { "cancelled", T_CANCELLED, 0, 0 },
	{ "cannot", T_NOT, 0, 0 }, { "canol", T_MID, 0, 0 }, { "carried", T_OTHER, 1, 0 },
	{ "case", T_STEP, 0, 0 }, { "category", T_PHASE, 0, 0 }, { "changed", T_REVISED, 0, 0 },
	{ "chapter", T_PHASE, 0, 0 }, { "christmas", T_FEAST, 0, FEAST_CHRISTMAS },
	{ "chwarter", T_QUARTER, 0, 0 }, { "chwarterol", T_FREQUENCY, 0, 3 },
	{ "chwef", T_MONTH, 0, 2 }, { "chwefror", T_MONTH, 0, 2 }, { "circa", T_UNSURE, 0, 0 },
	{ "civic", T_MUNICIPAL, 1, 0 }, { "close", T_OTHER, 1, 0 },
	{ "closed", T_DONE, 0, DONE_PAST }, { "cohort", T_PHASE, 0, 0 }, { "coming", T_THIS, 0, 0 },
	{ "comleted", T_DONE, 0, DONE_PAST }, { "commence", T_START, 0, 0 },
	{ "commenced", T_STARTED, 0, 0 }, { "commencement", T_START, 1, 0 },
	{ "commences", T_START, 0, 0 }, { "commencing", T_START, 1, 0 },
	{ "commission", T_STEP, 0, 0 }, { "commissioning", T_STEP, 0, 0 },
	{ "committee", T_STEP, 0, 0 }, { "compelted", T_DONE, 0, DONE_PAST },
	{ "complet", T_DONE, 0, DONE_PAST }, { "completd", T_DONE, 0, DONE_PAST },
	{ "complete", T_DONE, 0, DONE_BARE }, { "completed", T_DONE, 0, DONE_PAST },
	{ "completion", T_OTHER, 1, 0 }, { "completiony", T_DUE, 0, 0 },
	{ "complted", T_DONE, 0, DONE_PAST }, { "concluded", T_DONE, 0, DONE_PAST },
	{ "conditional", T_CONDITION, 1, 0 }, { "constant", T_ONGOING, 0, 0 },
	{ "constantly", T_ONGOING, 0, 0 }, { "consultation", T_STEP, 0, 0 },
	{ "contingent", T_CONDITION, 1, 0 }, { "continual", T_ONGOING, 0, 0 },
	{ "continually", T_ONGOING, 0, 0 }, { "continue", T_ONGOING, 0, 0 },
	{ "continued", T_ONGOING, 0, 0 }, { "continues", T_ONGOING, 0, 0 },
	{ "continuing", T_ONGOING, 0, 0 }, { "continuous", T_ONGOING, 1, 0 },
	{ "continuously", T_ONGOING, 0, 0 }, { "contract", T_STEP, 0, 0 }, { "cop", T_PHASE, 0, 0 },
	{ "core", T_OTHER, 1, 0 }, { "council", T_STEP, 0, 0 }, { "covered", T_OTHER, 1, 0 },
	{ "covid", T_PHASE, 0, 0 }, { "create", T_STEP, 0, 0 }, { "current", T_THIS, 0, 0 },
	{ "currently", T_OTHER, 1, 0 }, { "cwblhau", T_DONE, 0, DONE_PAST },
	{ "cwblhawyd", T_DONE, 0, DONE_PAST }, { "cyn", T_OTHER, 1, 0 },
	{ "daily", T_FREQUENCY, 0, 0 }, { "date", T_GLUE, 0, 0 }, { "dated", T_GLUE, 0, 0 },
	{ "dates", T_GLUE, 0, 0 }, { "day", T_UNIT, 1, 'D' }, { "days", T_UNIT, 0, 'D' },
	{ "deadline", T_DUE, 1, 0 }, { "dec", T_MONTH, 0, 12 }, { "dece", T_MONTH, 0, 12 },
	{ "december", T_MONTH, 0, 12 }, { "decemeber", T_MONTH, 0, 12 },
	{ "decision", T_STEP, 0, 0 }, { "decmber", T_MONTH, 0, 12 },
	{ "deferred", T_REVISED, 0, 0 }, { "delayed", T_LATE_STATUS, 1, 0 },
	{ "delivered", T_DONE, 0, DONE_PAST }, { "delivery", T_OTHER, 1, 0 },
	{ "dependant", T_CONDITION, 0, 0 }, { "dependent", T_CONDITION, 1, 0 },
	{ "depending", T_CONDITION, 0, 0 }, { "depends", T_CONDITION, 0, 0 },
	{ "design", T_STEP, 0, 0 }, { "determined", T_OTHER, 1, 0 }, { "develop", T_STEP, 0, 0 },
	{ "developed", T_STEP, 0, 0 }, { "development", T_STEP, 0, 0 },
	{ "discharged", T_DONE, 0, DONE_PAST }, { "discontinued", T_CANCELLED, 0, 0 },
	{ "ditto", T_SEE, 0, 0 }, { "diwedd", T_END, 0, 0 }, { "don't", T_OTHER, 1, 0 },
	{ "done", T_DONE, 0, DONE_PAST }, { "draft", T_STEP, 0, 0 }, { "drafted", T_STEP, 0, 0 },
	{ "driven", T_OTHER, 1, 0 }, { "due", T_DUE, 1, 0 }, { "duration", T_OTHER, 1, 0 },
	{ "during", T_GLUE, 1, 0 }, { "each", T_EVERY, 1, 0 }, { "earlier", T_OTHER, 1, 0 },
	{ "earliest", T_NOT_BEFORE, 1, 0 }, { "early", T_EARLY, 1, 0 },
	{ "easter", T_FEAST, 0, FEAST_EASTER }, { "ebrill", T_MONTH, 0, 4 },
	{ "effective", T_OTHER, 1, 0 }, { "eight", T_NUMBER, 0, 8 },
	{ "eighteen", T_NUMBER, 0, 18 }, { "eleven", T_NUMBER, 0, 11 },
	{ "embedded", T_OTHER, 1, 0 }, { "end", T_END, 1, 0 }, { "ended", T_DONE, 0, DONE_PAST },
	{ "ending", T_END, 0, 0 }, { "ends", T_END, 0, 0 }, { "engagement", T_STEP, 0, 0 },
	{ "erbyn", T_BY, 0, 0 }, { "est", T_UNSURE, 0, 0 }, { "establish", T_STEP, 0, 0 },
	{ "established", T_STEP, 0, 0 }, { "estimate", T_UNSURE, 0, 0 },
	{ "estimated", T_UNSURE, 0, 0 }, { "evaluate", T_STEP, 0, 0 },
	{ "evaluation", T_STEP, 0, 0 }, { "every", T_EVERY, 1, 0 }, { "executive", T_STEP, 0, 0 },
	{ "expect", T_UNSURE, 0, 0 }, { "expected", T_UNSURE, 1, 0 },
	{ "extended", T_REVISED, 0, 0 }, { "extension", T_REVISED, 0, 0 }, { "f", T_OTHER, 1, 0 },
	{ "feb", T_MONTH, 0, 2 }, { "febr", T_MONTH, 0, 2 }, { "febraury", T_MONTH, 0, 2 },
	{ "february", T_MONTH, 0, 2 }, { "februrary", T_MONTH, 0, 2 }, { "febuary", T_MONTH, 0, 2 },
	{ "feburary", T_MONTH, 0, 2 }, { "fel", T_OTHER, 1, 0 }, { "fifteen", T_NUMBER, 0, 15 },
	{ "fifth", T_NUMBER, 0, -5 }, { "fin", T_FINANCIAL, 1, 0 }, { "final", T_LAST, 0, 0 },
	{ "finalise", T_STEP, 0, 0 }, { "finalised", T_DONE, 0, DONE_PAST },
	{ "financial", T_FINANCIAL, 1, 0 }, { "finish", T_OTHER, 1, 0 },
	{ "finished", T_DONE, 0, DONE_PAST }, { "first", T_NUMBER, 1, -1 },
	{ "fiscal", T_FINANCIAL, 1, 0 }, { "five", T_NUMBER, 1, 5 }, { "followed", T_OTHER, 1, 0 },
	{ "following", T_AFTER, 0, 0 }, { "for", T_GLUE, 1, 1 }, { "forecast", T_UNSURE, 0, 0 },
	{ "formerly", T_ORIGINAL, 0, 0 }, { "forth", T_NUMBER, 0, -4 },
	{ "forthcoming", T_NEXT, 0, 0 }, { "fortnightly", T_FREQUENCY, 0, -2 },
	{ "forward", T_ONWARDS, 0, 0 }, { "forwards", T_ONWARDS, 0, 0 }, { "four", T_NUMBER, 1, 4 },
	{ "fourteen", T_NUMBER, 0, 14 }, { "fourth", T_NUMBER, 0, -4 }, { "fri", T_WEEKDAY, 0, 5 },
	{ "friday", T_WEEKDAY, 0, 5 }, { "from", T_FROM, 1, 0 }, { "full", T_STEP, 0, 0 },
	{ "fully", T_OTHER, 1, 0 }, { "fy", T_FY, 1, 0 }, { "gaeaf", T_SEASON, 0, SEASON_WINTER },
	{ "gate", T_PHASE, 0, 0 }, { "gateway", T_PHASE, 0, 0 }, { "goal", T_PHASE, 0, 0 },
	{ "going", T_OTHER, 1, 0 }, { "golive", T_STEP, 0, 0 }, { "gorffennaf", T_MONTH, 0, 7 },
	{ "gwanwyn", T_SEASON, 0, SEASON_SPRING }, { "h", T_HALF, 0, 0 },
	{ "haf", T_SEASON, 0, SEASON_SUMMER }, { "half", T_HALF, 1, 0 }, { "halves", T_HALF, 0, 0 },
	{ "has", T_OTHER, 1, 0 }, { "hasn't", T_NOT, 0, 0 }, { "have", T_OTHER, 1, 0 },
	{ "high", T_OTHER, 1, 0 }, { "hold", T_HOLD, 0, 0 }, { "hopefully", T_UNSURE, 0, 0 },
	{ "hyd", T_OTHER, 1, 0 }, { "hydref", T_MONTH, 0, 10 }, { "i", T_OTHER, 1, 0 },
	{ "i'w", T_OTHER, 1, 0 }, { "ie", T_NAMELY, 0, 0 }, { "if", T_CONDITION, 1, 0 },
	{ "immediate", T_NOW, 1, 0 }, { "immediately", T_NOW, 0, 0 }, { "imminent", T_NOW, 0, 1 },
	{ "imminently", T_NOW, 0, 1 }, { "implement", T_STEP, 0, 0 },
	{ "implementation", T_STEP, 0, 0 }, { "implemented", T_DONE, 0, DONE_PAST },
	{ "in", T_GLUE, 1, 0 }, { "incomplete", T_PARTLY, 0, 0 }, { "indefinite", T_ONGOING, 0, 0 },
	{ "indefinitely", T_ONGOING, 0, 0 }, { "indicative", T_UNSURE, 0, 0 },
	{ "initial", T_OTHER, 1, 0 }, { "initially", T_ORIGINAL, 0, 0 },
	{ "initiated", T_STARTED, 0, 0 }, { "inprogress", T_IN_PROGRESS, 0, 0 },
	{ "instantly", T_NOW, 0, 0 }, { "instead", T_ORIGINAL, 1, 0 }, { "intend", T_WILL, 0, 0 },
	{ "intended", T_WILL, 0, 0 }, { "interim", T_STEP, 0, 0 }, { "introduce", T_STEP, 0, 0 },
	{ "introduction", T_STEP, 0, 0 }, { "ion", T_MONTH, 0, 1 }, { "ionawr", T_MONTH, 0, 1 },
	{ "is", T_OTHER, 1, 0 }, { "isn't", T_NOT, 0, 0 }, { "item", T_PHASE, 0, 0 },
	{ "items", T_PHASE, 0, 0 }, { "jan", T_MONTH, 0, 1 }, { "janary", T_MONTH, 0, 1 },
	{ "janaury", T_MONTH, 0, 1 }, { "january", T_MONTH, 0, 1 }, { "januay", T_MONTH, 0, 1 },
	{ "janurary", T_MONTH, 0, 1 }, { "janury", T_MONTH, 0, 1 }, { "jly", T_MONTH, 0, 7 },
	{ "jne", T_MONTH, 0, 6 }, { "jul", T_MONTH, 0, 7 }, { "july", T_MONTH, 0, 7 },
	{ "jun", T_MONTH, 0, 6 }, { "june", T_MONTH, 0, 6 }, { "kpi", T_PHASE, 0, 0 },
	{ "largely", T_PARTLY, 0, 0 }, { "last", T_LAST, 0, 0 }, { "late", T_LATE, 1, 0 },
	{ "later", T_OTHER, 1, 0 }, { "latter", T_OTHER, 1, 0 }, { "launch", T_STEP, 0, 0 },
	{ "launched", T_STARTED, 0, 0 }, { "less", T_OTHER, 1, 0 }, { "level", T_PHASE, 0, 0 },
	{ "life", T_OTHER, 1, 0 }, { "lifetime", T_OTHER, 1, 0 }, { "likely", T_UNSURE, 0, 0 },
	{ "linked", T_SEE, 1, 0 }, { "long", T_HORIZON, 1, 'L' }, { "longer", T_OTHER, 1, 0 },
	{ "lot", T_PHASE, 0, 0 }, { "mai", T_MONTH, 0, 5 }, { "mainstreamed", T_OTHER, 1, 0 },
	{ "mar", T_MONTH, 0, 3 }, { "march", T_MONTH, 0, 3 }, { "marhc", T_MONTH, 0, 3 },
	{ "mawrth", T_MONTH, 0, 3 }, { "may", T_MONTH, 0, 5 }, { "maybe", T_UNSURE, 0, 0 },
	{ "medi", T_MONTH, 0, 9 }, { "medium", T_HORIZON, 1, 'M' }, { "meeting", T_STEP, 0, 0 },
	{ "mehefin", T_MONTH, 0, 6 }, { "mid", T_MID, 1, 0 }, { "middle", T_MID, 1, 0 },
	{ "milestone", T_PHASE, 0, 0 }, { "milestones", T_PHASE, 0, 0 },
	{ "misol", T_FREQUENCY, 0, 1 }, { "missed", T_LATE_STATUS, 0, 0 },
	{ "mnths", T_UNIT, 0, 'M' }, { "mobilisation", T_STEP, 0, 0 }, { "mon", T_WEEKDAY, 0, 1 },
	{ "monday", T_WEEKDAY, 0, 1 }, { "monitoring", T_STEP, 0, 0 }, { "month", T_UNIT, 1, 'M' },
	{ "monthly", T_FREQUENCY, 0, 1 }, { "months", T_UNIT, 0, 'M' },
	{ "monthy", T_FREQUENCY, 0, 1 }, { "mostly", T_PARTLY, 0, 0 }, { "moved", T_REVISED, 1, 0 },
	{ "moving", T_OTHER, 1, 0 }, { "mth", T_UNIT, 0, 'M' }, { "mths", T_UNIT, 0, 'M' },
	{ "municipal", T_MUNICIPAL, 1, 0 }, { "n", T_OTHER, 1, 0 }, { "na", T_TBC, 0, 0 },
	{ "nadolig", T_FEAST, 0, FEAST_CHRISTMAS }, { "near", T_PARTLY, 0, 0 },
	{ "nearly", T_PARTLY, 0, 0 }, { "need", T_OTHER, 1, 0 }, { "nesaf", T_NEXT, 0, 0 },
	{ "never", T_NOT, 0, 0 }, { "new", T_OTHER, 1, 0 }, { "next", T_NEXT, 0, 0 },
	{ "nfa", T_OTHER, 1, 0 }, { "nightly", T_FREQUENCY, 0, 0 }, { "nil", T_TBC, 0, 0 },
	{ "nine", T_NUMBER, 0, 9 }, { "ninety", T_NUMBER, 0, 90 }, { "no", T_PHASE, 1, 0 },
	{ "nominally", T_UNSURE, 0, 0 }, { "none", T_TBC, 0, 0 }, { "not", T_NOT, 1, 0 },
	{ "nov", T_MONTH, 0, 11 }, { "november", T_MONTH, 0, 11 }, { "novemeber", T_MONTH, 0, 11 },
	{ "novmber", T_MONTH, 0, 11 }, { "now", T_REVISED, 1, 1 }, { "number", T_PHASE, 0, 0 },
	{ "objective", T_PHASE, 0, 0 }, { "objectives", T_PHASE, 0, 0 },
	{ "ocotber", T_MONTH, 0, 10 }, { "oct", T_MONTH, 0, 10 }, { "octber", T_MONTH, 0, 10 },
	{ "october", T_MONTH, 0, 10 }, { "octobr", T_MONTH, 0, 10 }, { "of", T_OF, 0, 0 },
	{ "off", T_OTHER, 1, 0 }, { "on", T_GLUE, 1, 0 }, { "once", T_CONDITION, 1, 0 },
	{ "one", T_NUMBER, 1, 1 }, { "onging", T_ONGOING, 0, 0 }, { "ongoiing", T_ONGOING, 0, 0 },
	{ "ongoin", T_ONGOING, 0, 0 }, { "ongoing", T_ONGOING, 0, 0 },
	{ "ongong", T_ONGOING, 0, 0 }, { "onset", T_STEP, 0, 0 }, { "onward", T_ONWARDS, 0, 0 },
	{ "onwards", T_ONWARDS, 1, 0 }, { "open", T_OTHER, 1, 0 }, { "options", T_STEP, 0, 0 },
	{ "or", T_OR, 0, 0 }, { "original", T_ORIGINAL, 1, 0 }, { "originally", T_ORIGINAL, 0, 0 },
	{ "outcome", T_PHASE, 1, 0 }, { "outline", T_STEP, 0, 0 }, { "over", T_OTHER, 1, 0 },
	{ "overdue", T_LATE_STATUS, 0, 0 }, { "p", T_PHASE, 1, 0 }, { "pa", T_PER, 0, 12 },
	{ "package", T_PHASE, 0, 0 }, { "page", T_PHASE, 0, 0 }, { "paper", T_STEP, 0, 0 },
	{ "para", T_PHASE, 0, 0 }, { "paragraph", T_PHASE, 0, 0 }, { "parhaus", T_ONGOING, 0, 0 },
	{ "part", T_PARTLY, 0, 0 }, { "partial", T_PARTLY, 0, 0 }, { "partially", T_PARTLY, 1, 0 },
	{ "partly", T_PARTLY, 0, 0 }, { "paused", T_HOLD, 0, 0 }, { "pending", T_CONDITION, 0, 0 },
	{ "per", T_SEE, 1, 0 }, { "perhaps", T_UNSURE, 0, 0 }, { "permanent", T_ONGOING, 0, 0 },
	{ "permanently", T_ONGOING, 0, 0 }, { "perpetual", T_ONGOING, 0, 0 },
	{ "perpetually", T_ONGOING, 0, 0 }, { "phase", T_PHASE, 0, 0 }, { "phases", T_PHASE, 0, 0 },
	{ "pilot", T_STEP, 0, 0 }, { "planned", T_WILL, 1, 0 }, { "planning", T_WILL, 0, 0 },
	{ "plus", T_AND, 0, 0 }, { "point", T_PHASE, 0, 0 }, { "points", T_PHASE, 0, 0 },
	{ "possibly", T_UNSURE, 0, 0 }, { "post", T_AFTER, 0, 0 }, { "postponed", T_REVISED, 0, 0 },
	{ "potentially", T_UNSURE, 0, 0 }, { "pre", T_BEFORE, 0, 0 },
	{ "present", T_ONGOING, 0, 0 }, { "presentation", T_STEP, 0, 0 },
	{ "previous", T_ORIGINAL, 1, 0 }, { "previously", T_ORIGINAL, 0, 0 },
	{ "prior", T_BEFORE, 1, 0 }, { "priorities", T_PHASE, 0, 0 }, { "priority", T_PHASE, 0, 0 },
	{ "probably", T_UNSURE, 0, 0 }, { "procurement", T_STEP, 0, 0 },
	{ "produce", T_STEP, 0, 0 }, { "progressing", T_IN_PROGRESS, 0, 0 },
	{ "projected", T_UNSURE, 0, 0 }, { "proposed", T_UNSURE, 0, 0 },
	{ "provided", T_CONDITION, 0, 0 }, { "provisional", T_UNSURE, 0, 0 },
	{ "provisionally", T_UNSURE, 0, 0 }, { "publication", T_STEP, 0, 0 },
	{ "publish", T_STEP, 0, 0 }, { "published", T_STEP, 0, 0 }, { "pushed", T_OTHER, 1, 0 },
	{ "put", T_OTHER, 1, 0 }, { "q", T_QUARTER, 0, 0 }, { "qtr", T_QUARTER, 0, 0 },
	{ "qtrs", T_QUARTER, 0, 0 }, { "qu", T_QUARTER, 0, 0 }, { "quartely", T_FREQUENCY, 0, 3 },
	{ "quarter", T_QUARTER, 0, 0 }, { "quarterley", T_FREQUENCY, 0, 3 },
	{ "quarterly", T_FREQUENCY, 0, 3 }, { "quarters", T_QUARTER, 0, 0 },
	{ "quaterly", T_FREQUENCY, 0, 3 }, { "rather", T_OTHER, 1, 0 }, { "re", T_OTHER, 1, 0 },
	{ "rec", T_PHASE, 0, 0 }, { "recommendation", T_PHASE, 0, 0 },
	{ "recommendations", T_PHASE, 0, 0 }, { "recruitment", T_STEP, 0, 0 },
	{ "recs", T_PHASE, 0, 0 }, { "recurring", T_ONGOING, 0, 0 }, { "ref", T_SEE, 0, 0 },
	{ "refer", T_SEE, 1, 0 }, { "refresh", T_STEP, 0, 0 }, { "regular", T_ONGOING, 0, 0 },
	{ "regularly", T_ONGOING, 0, 0 }, { "rephased", T_REVISED, 0, 0 },
	{ "report", T_STEP, 0, 0 }, { "reporting", T_STEP, 0, 0 }, { "reports", T_STEP, 0, 0 },
	{ "reprofiled", T_REVISED, 0, 0 }, { "rescheduled", T_REVISED, 0, 0 },
	{ "review", T_STEP, 0, 0 }, { "reviewed", T_STEP, 0, 0 }, { "reviewing", T_STEP, 0, 0 },
	{ "revised", T_REVISED, 1, 0 }, { "revision", T_STEP, 0, 0 }, { "revisit", T_STEP, 0, 0 },
	{ "rhagfyr", T_MONTH, 0, 12 }, { "rhannol", T_PARTLY, 0, 0 }, { "right", T_OTHER, 1, 0 },
	{ "rolled", T_OTHER, 1, 0 }, { "rolling", T_ONGOING, 1, 0 }, { "rollout", T_STEP, 0, 0 },
	{ "room", T_PHASE, 0, 0 }, { "roughly", T_UNSURE, 0, 0 }, { "round", T_PHASE, 0, 0 },
	{ "same", T_OTHER, 1, 0 }, { "sat", T_WEEKDAY, 0, 6 }, { "saturday", T_WEEKDAY, 0, 6 },
	{ "scheduled", T_WILL, 1, 0 }, { "school", T_ACADEMIC, 1, 0 }, { "scoping", T_STEP, 0, 0 },
	{ "scrutiny", T_STEP, 0, 0 }, { "second", T_NUMBER, 0, -2 }, { "section", T_PHASE, 0, 0 },
	{ "see", T_SEE, 1, 0 }, { "semi", T_OTHER, 1, 0 }, { "sep", T_MONTH, 0, 9 },
	{ "sepember", T_MONTH, 0, 9 }, { "sept", T_MONTH, 0, 9 }, { "september", T_MONTH, 0, 9 },
	{ "septembr", T_MONTH, 0, 9 }, { "septmber", T_MONTH, 0, 9 },
	{ "setpember", T_MONTH, 0, 9 }, { "seven", T_NUMBER, 0, 7 }, { "shall", T_WILL, 0, 0 },
	{ "short", T_HORIZON, 1, 'S' }, { "shorter", T_OTHER, 1, 0 }, { "shortly", T_NOW, 0, 1 },
	{ "should", T_WILL, 1, 0 }, { "signed", T_OTHER, 1, 0 }, { "since", T_FROM, 0, 0 },
	{ "site", T_PHASE, 0, 0 }, { "sites", T_PHASE, 0, 0 }, { "six", T_NUMBER, 1, 6 },
	{ "sixteen", T_NUMBER, 0, 16 }, { "sixty", T_NUMBER, 0, 60 },
	{ "slippage", T_LATE_STATUS, 0, 0 }, { "slipped", T_REVISED, 0, 0 },
	{ "soon", T_NOW, 1, 1 }, { "specification", T_STEP, 0, 0 }, { "spet", T_MONTH, 0, 9 },
	{ "spring", T_SEASON, 0, SEASON_SPRING }, { "sprint", T_PHASE, 0, 0 },
	{ "stage", T_PHASE, 0, 0 }, { "stages", T_PHASE, 0, 0 }, { "start", T_START, 1, 0 },
	{ "started", T_STARTED, 0, 0 }, { "starting", T_START, 1, 0 }, { "starts", T_START, 0, 0 },
	{ "step", T_PHASE, 0, 0 }, { "steps", T_PHASE, 0, 0 }, { "straight", T_OTHER, 1, 0 },
	{ "strand", T_PHASE, 0, 0 }, { "stream", T_PHASE, 0, 0 }, { "subject", T_CONDITION, 1, 0 },
	{ "submission", T_STEP, 0, 0 }, { "submit", T_STEP, 0, 0 }, { "subsequent", T_OTHER, 1, 0 },
	{ "subsequently", T_THEN, 0, 0 }, { "substantially", T_PARTLY, 0, 0 },
	{ "summer", T_SEASON, 0, SEASON_SUMMER }, { "summit", T_STEP, 0, 0 },
	{ "sun", T_WEEKDAY, 0, 7 }, { "sunday", T_WEEKDAY, 0, 7 },
	{ "superseded", T_CANCELLED, 0, 0 }, { "survey", T_STEP, 0, 0 },
	{ "suspended", T_HOLD, 0, 0 }, { "tachwedd", T_MONTH, 0, 11 }, { "target", T_DUE, 1, 0 },
	{ "targeted", T_DUE, 0, 0 }, { "targetted", T_DUE, 0, 0 }, { "task", T_PHASE, 0, 0 },
	{ "tasks", T_PHASE, 0, 0 }, { "tba", T_TBC, 0, 0 }, { "tbc", T_TBC, 0, 0 },
	{ "tbd", T_TBC, 0, 0 }, { "tbn", T_TBC, 0, 0 }, { "ten", T_NUMBER, 0, 10 },
	{ "tender", T_STEP, 0, 0 }, { "tentative", T_UNSURE, 0, 0 },
	{ "tentatively", T_UNSURE, 0, 0 }, { "term", T_TERM, 0, 0 },
	{ "termly", T_FREQUENCY, 0, 4 }, { "terms", T_TERM, 0, 0 }, { "testing", T_STEP, 0, 0 },
	{ "that", T_OTHER, 1, 0 }, { "the", T_GLUE, 1, 0 }, { "theme", T_PHASE, 0, 0 },
	{ "then", T_THEN, 0, 0 }, { "thereafter", T_THEN, 0, 0 }, { "third", T_NUMBER, 0, -3 },
	{ "thirty", T_NUMBER, 0, 30 }, { "this", T_THIS, 1, 0 }, { "three", T_NUMBER, 1, 3 },
	{ "through", T_UNTIL, 1, 0 }, { "throughout", T_THROUGHOUT, 1, 0 }, { "thru", T_TO, 0, 0 },
	{ "thu", T_WEEKDAY, 0, 4 }, { "thur", T_WEEKDAY, 0, 4 }, { "thurs", T_WEEKDAY, 0, 4 },
	{ "thursday", T_WEEKDAY, 0, 4 }, { "tie", T_OTHER, 1, 0 }, { "tied", T_OTHER, 1, 0 },
	{ "tier", T_PHASE, 0, 0 }, { "til", T_UNTIL, 0, 0 }, { "till", T_UNTIL, 0, 0 },
	{ "timed", T_OTHER, 1, 0 }, { "timeframe", T_DUE, 0, 0 }, { "timeline", T_DUE, 0, 0 },
	{ "times", T_OTHER, 1, 0 }, { "timescale", T_DUE, 0, 0 }, { "to", T_TO, 1, 0 },
	{ "training", T_STEP, 0, 0 }, { "tranche", T_PHASE, 0, 0 },
	{ "transferred", T_TRANSFERRED, 0, 0 }, { "transitioned", T_TRANSFERRED, 0, 0 },
	{ "triennial", T_FREQUENCY, 0, 36 }, { "triennially", T_FREQUENCY, 0, 36 },
	{ "tue", T_WEEKDAY, 0, 2 }, { "tues", T_WEEKDAY, 0, 2 }, { "tuesday", T_WEEKDAY, 0, 2 },
	{ "twelve", T_NUMBER, 0, 12 }, { "twenty", T_NUMBER, 0, 20 }, { "twice", T_TIMES, 1, 2 },
	{ "two", T_NUMBER, 1, 2 }, { "tymor", T_TERM, 1, 0 }, { "undecided", T_TBC, 0, 0 },
	{ "under", T_OTHER, 1, 0 }, { "underway", T_IN_PROGRESS, 0, 0 },
	{ "undetermined", T_TBC, 0, 0 }, { "unknown", T_TBC, 0, 0 },
	{ "unless", T_CONDITION, 0, 0 }, { "unspecified", T_TBC, 0, 0 }, { "until", T_UNTIL, 0, 0 },
	{ "untill", T_UNTIL, 0, 0 }, { "up", T_OTHER, 1, 0 }, { "upcoming", T_NEXT, 0, 0 },
	{ "update", T_STEP, 0, 0 }, { "updated", T_REVISED, 0, 0 }, { "updates", T_STEP, 0, 0 },
	{ "upon", T_OTHER, 1, 0 }, { "urgent", T_NOW, 0, 1 }, { "urgently", T_NOW, 0, 1 },
	{ "v", T_PHASE, 0, 0 }, { "version", T_PHASE, 0, 0 }, { "w", T_OTHER, 1, 0 },
	{ "ward", T_PHASE, 0, 0 }, { "wards", T_PHASE, 0, 0 }, { "was", T_ORIGINAL, 1, 0 },
	{ "wave", T_PHASE, 0, 0 }, { "wb", T_WEEK_FROM, 0, 0 }, { "wc", T_WEEK_FROM, 0, 0 },
	{ "wed", T_WEEKDAY, 0, 3 }, { "wedi", T_OTHER, 1, 0 }, { "wedi'i", T_OTHER, 1, 0 },
	{ "wednesday", T_WEEKDAY, 0, 3 }, { "weds", T_WEEKDAY, 0, 3 }, { "week", T_UNIT, 1, 'W' },
	{ "weekly", T_FREQUENCY, 0, -1 }, { "weeks", T_UNIT, 1, 'W' }, { "wef", T_FROM, 0, 0 },
	{ "were", T_OTHER, 1, 0 }, { "when", T_CONDITION, 1, 0 }, { "whenever", T_CONDITION, 0, 0 },
	{ "where", T_CONDITION, 1, 0 }, { "whether", T_CONDITION, 0, 0 }, { "will", T_WILL, 1, 0 },
	{ "winter", T_SEASON, 0, SEASON_WINTER }, { "with", T_OTHER, 1, 0 },
	{ "withdrawn", T_CANCELLED, 0, 0 }, { "within", T_WITHIN, 1, 0 }, { "wk", T_UNIT, 1, 'W' },
	{ "wks", T_UNIT, 0, 'W' }, { "won't", T_NOT, 0, 0 }, { "work", T_STEP, 1, 0 },
	{ "workshop", T_STEP, 0, 0 }, { "workstream", T_PHASE, 0, 0 },
	{ "wythnosol", T_FREQUENCY, 0, -1 }, { "x", T_OTHER, 1, 0 },
	{ "xmas", T_FEAST, 0, FEAST_CHRISTMAS }, { "y", T_UNIT, 0, 'Y' },
	{ "year", T_UNIT, 1, 'Y' }, { "yearly", T_FREQUENCY, 0, 12 }, { "years", T_UNIT, 0, 'Y' },
	{ "yet", T_NOT, 1, 0 }, { "yn", T_OTHER, 1, 0 }, { "yr", T_UNIT, 0, 'Y' },
	{ "yrs", T_UNIT, 0, 'Y' }, { "zone", T_PHASE, 0, 0 } };

static int compare(const char *text, size_t length, const char *word)
{
	int order = strncmp(text, word, length);
	return order ? order : -(word[length] != '\0');
}

const struct timescale_word *timescale_words_find(const char *text, size_t length)
{
	size_t low = 0;
	size_t high = sizeof(words) / sizeof(words[0]);
	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = compare(text, length, words[middle].text);
		if (order == 0)
			return &words[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

/* One letter wrong, left out, put in, or two exchanged. */
static bool one_slip(const char *text, size_t length, const char *word)
{
	size_t wanted = strlen(word);
	size_t same = 0;
	while (same < length && same < wanted && text[same] == word[same])
		same++;
	const char *rest = text + same;
	const char *rest_wanted = word + same;
	size_t left = length - same;
	size_t left_wanted = wanted - same;
	if (left == left_wanted + 1)
		return memcmp(rest + 1, rest_wanted, left_wanted) == 0;
	if (left + 1 == left_wanted)
		return memcmp(rest, rest_wanted + 1, left) == 0;
	if (left != left_wanted || left == 0)
		return false;
	if (memcmp(rest + 1, rest_wanted + 1, left - 1) == 0)
		return true;
	return left > 1 && rest[0] == rest_wanted[1] && rest[1] == rest_wanted[0] &&
	       memcmp(rest + 2, rest_wanted + 2, left - 2) == 0;
}

int timescale_words_misspelt_month(const char *text, size_t length)
{
	/* The short names are left out: "marsh" and "jury" are words of their own. */
	static const int months[] = { 1, 2, 8, 9, 10, 11, 12 };
	static const char *const names[] = { "january", "february", "august", "september",
		"october", "november", "december" };
	if (length < 6)
		return 0;
	for (size_t i = 0; i < sizeof(months) / sizeof(months[0]); i++)
		if (one_slip(text, length, names[i]))
			return months[i];
	return 0;
}
