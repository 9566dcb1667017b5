/* Tells what sort of lead a name is: an officer's post, a councillor, a team, a partner body. */
#include "common/lead_cell/lead_cell_kind.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *const member_starts[] = { "cabinet member", "cabinet lead", "cabinet portfolio",
	"cabinet support", "lead cabinet member", "deputy cabinet member",
	"relevant cabinet member", "all cabinet members", "portfolio holder", "portfolio lead",
	"relevant portfolio holder", "pfh", "cllr", "clr", "councillor", "leader of", "leader",
	"council leader", "deputy leader", "the leader", "lead member", "executive member",
	"exec member", "elected member", "all members", "all councillors", "ward member", "members",
	"mayor", "the mayor", "deputy mayor", "elected mayor", "group leader", "all group leaders",
	"opposition leader", "chair of", "chairs of", "chairman", "chairperson", "vice chair",
	"committee chair", "scrutiny chair", "convener", "aelod cabinet", "arweinydd",
	"y cynghorydd", "cyng" };

static const char *const officer_starts[] = { "executive director", "corporate director",
	"strategic director", "service director", "deputy director", "assistant director",
	"associate director", "interim director", "group director", "programme director",
	"director", "directors", "head of", "heads of", "head teacher", "interim head",
	"assistant head", "chief executive", "chief officer", "assistant chief executive",
	"chief operating officer", "chief finance officer", "chief people officer",
	"chief digital officer", "chief information officer", "chief legal officer",
	"section 151 officer", "monitoring officer", "all directors", "all heads of",
	"service manager", "programme manager", "project manager", "service lead", "lead officer",
	"town clerk", "clerk", "officer", "corporate head", "executive head", "ad", "ceo", "cex",
	"s151 officer", "democratic services manager", "hr manager", "finance manager",
	"communications manager", "policy officer", "managing director", "cyfarwyddwr", "pennaeth",
	"prif weithredwr" };

static const char *const hat_starts[] = { "deputy chief executive", "section 151", "s151", "s.151",
	"monitoring officer", "head of paid service", "returning officer", "chief finance officer",
	"town clerk", "deputy town clerk", "senior information risk owner", "siro",
	"proper officer", "responsible financial officer", "rfo", "caldicott guardian",
	"statutory scrutiny officer" };

/* A name that ends in one of these is a body. Sorted. */
static const char *const body_words[] = { "alliance", "board", "boards", "cabinet", "cell", "cmt",
	"committee", "committees", "council", "department", "departments", "directorate",
	"directorates", "division", "dmt", "forum", "group", "groups", "hub", "network", "office",
	"panel", "partnership", "partnerships", "section", "service", "services", "slt", "smt",
	"staff", "team", "teams", "unit", "workstream" };

static const char *const officer_words[] = { "accountant", "administrator", "adviser", "advisor",
	"agent", "analyst", "apprentice", "architect", "assistant", "auditor", "bursar", "ceo",
	"champion", "chief", "clerk", "commissioner", "consultant", "coordinator", "co-ordinator",
	"counsel", "deputy", "developer", "director", "directors", "ecologist", "engineer",
	"executive", "facilitator", "head", "heads", "headteacher", "inspector", "lead", "leads",
	"librarian", "manager", "managers", "officer", "officers", "owner", "planner", "principal",
	"programmer", "ranger", "registrar", "secretary", "solicitor", "specialist", "sro",
	"strategist", "supervisor", "surveyor", "teacher", "treasurer", "warden" };

static const char *const partner_words[] = { "academy", "association", "ccg", "charity",
	"charities", "college", "contractor", "contractors", "constabulary", "cqc", "defra",
	"developers", "dfe", "dft", "dluhc", "dwp", "healthwatch", "icb", "ics", "ihp", "jobcentre",
	"landlords", "lep", "lga", "ltd", "mhclg", "nhs", "ofsted", "partner", "partners", "pcc",
	"police", "providers", "schools", "trust", "universities", "university", "vcfse", "vcs",
	"vcse" };

static const char *const partner_phrases[] = { "police and crime commissioner",
	"housing association", "chamber of commerce", "citizens advice", "combined authority",
	"county council", "department for", "environment agency", "fire and rescue",
	"homes england", "arts council", "sport england", "local government association",
	"voluntary sector", "health board", "primary care", "integrated care board",
	"national highways", "public health england", "historic england", "natural england",
	"network rail", "welsh government", "town council", "parish council", "fire service",
	"ambulance service", "community sector" };

/* Words of services, so that "Public Health" is no person. Sorted. */
static const char *const service_words[] = { "adult", "adults", "all", "arts", "assets", "audit",
	"building", "business", "capital", "care", "change", "children", "children's", "climate",
	"commercial", "commissioning", "communications", "communities", "community", "control",
	"corporate", "council", "crime", "culture", "customer", "customers", "data", "delivery",
	"democratic", "design", "development", "digital", "early", "economic", "economy",
	"education", "emergency", "employment", "energy", "engagement", "enforcement",
	"engineering", "environment", "environmental", "equalities", "equality", "estates",
	"events", "facilities", "families", "family", "finance", "financial", "first", "fleet",
	"governance", "green", "grounds", "growth", "health", "help", "heritage", "highways",
	"homes", "homelessness", "hr", "housing", "human", "ict", "it", "improvement", "income",
	"information", "infrastructure", "insight", "internal", "inclusion", "leadership",
	"learning", "legal", "leisure", "libraries", "licensing", "local", "management",
	"marketing", "neighbourhood", "neighbourhoods", "parking", "parks", "people", "performance",
	"place", "places", "planning", "policy", "prevention", "private", "procurement",
	"programme", "project", "projects", "property", "protection", "public", "regeneration",
	"regulatory", "repairs", "resilience", "resources", "revenues", "risk", "safeguarding",
	"safety", "school", "send", "senior", "skills", "social", "space", "spaces", "sport",
	"strategic", "strategy", "street", "streets", "support", "sustainability", "technology",
	"the", "tourism", "town", "trading", "training", "transformation", "transport", "travel",
	"treasury", "various", "waste", "wellbeing", "workforce", "young", "youth" };

static bool has_word(const char *const *words, size_t count, const char *word, size_t length)
{
	for (size_t i = 0; i < count; i++)
		if (strncasecmp(words[i], word, length) == 0 && words[i][length] == '\0')
			return true;
	return false;
}

static bool is_word_byte(char byte)
{
	return isalnum((unsigned char)byte) || byte == '\'' || (unsigned char)byte >= 0x80;
}

static bool begins(const char *const *starts, size_t count, const char *text)
{
	for (size_t i = 0; i < count; i++) {
		size_t length = strlen(starts[i]);
		bool plural = (text[0] != '\0') && strncasecmp(text, starts[i], length) == 0 &&
			      text[length] == 's';
		if (strncasecmp(text, starts[i], length) == 0 &&
			!is_word_byte(text[length + plural]))
			return true;
	}
	return false;
}

bool lead_cell_kind_begins_member(const char *text)
{
	return begins(member_starts, COUNT(member_starts), text);
}

bool lead_cell_kind_begins_officer(const char *text)
{
	return begins(officer_starts, COUNT(officer_starts), text);
}

bool lead_cell_kind_begins_hat(const char *text)
{
	return begins(hat_starts, COUNT(hat_starts), text);
}

/* Takes the next word of text[*at..length), its length, or 0 at the end. */
static size_t next_word(const char *text, size_t length, size_t *at)
{
	while (*at < length && !is_word_byte(text[*at]))
		(*at)++;
	size_t end = *at;
	while (end < length && (is_word_byte(text[end]) || (text[end] == '-' && end > *at)))
		end++;
	return end - *at;
}

static bool any_word(const char *const *words, size_t count, const char *text, size_t length)
{
	size_t at = 0;
	for (size_t word = next_word(text, length, &at); word;
		word = next_word(text, length, &at)) {
		if (has_word(words, count, text + at, word))
			return true;
		at += word;
	}
	return false;
}

static bool is_common_word(const char *word, size_t length)
{
	return has_word(body_words, COUNT(body_words), word, length) ||
	       has_word(officer_words, COUNT(officer_words), word, length) ||
	       has_word(partner_words, COUNT(partner_words), word, length) ||
	       has_word(service_words, COUNT(service_words), word, length);
}

bool lead_cell_kind_is_capitals(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (!isupper((unsigned char)text[i]))
			return false;
	return length >= 2 && length <= 4;
}

bool lead_cell_kind_is_initials(const char *text, size_t length)
{
	return lead_cell_kind_is_capitals(text, length) && !is_common_word(text, length);
}

bool lead_cell_kind_is_person(const char *text, size_t length)
{
	size_t at = 0;
	int words = 0;
	for (size_t word = next_word(text, length, &at); word;
		word = next_word(text, length, &at)) {
		/* No person has five: a long list must not be read to its end at each comma. */
		if (words == 4)
			return false;
		bool title = isupper((unsigned char)text[at]) || (unsigned char)text[at] >= 0x80;
		bool particle =
			word <= 3 && words &&
			!has_word((const char *const[]){ "and", "of", "for" }, 3, text + at, word);
		if ((!title && !particle) || is_common_word(text + at, word))
			return false;
		if (++words > 4)
			return false;
		at += word;
	}
	return words >= 2 && !memchr(text, ',', length) && !memchr(text, '&', length);
}

/* The words before any bracket: what a name is, not what explains it. */
static size_t head_length(const char *name)
{
	const char *bracket = strchr(name, '(');
	size_t length = bracket && bracket > name ? (size_t)(bracket - name) : strlen(name);
	while (length && !is_word_byte(name[length - 1]))
		length--;
	return length;
}

static bool ends_in_body(const char *name, size_t length)
{
	size_t start = length;
	while (start && is_word_byte(name[start - 1]))
		start--;
	return has_word(body_words, COUNT(body_words), name + start, length - start);
}

bool lead_cell_kind_ends_in_body(const char *name, size_t length)
{
	while (length && !is_word_byte(name[length - 1]))
		length--;
	return ends_in_body(name, length);
}

/* "Chief Officers Group" is a body, "Executive Director - Place Group" a post. */
static bool is_body_of_officers(const char *name, size_t length)
{
	static const char *const bodies[] = { "board", "forum", "group", "meeting", "network",
		"office" };
	size_t start = length;
	while (start && is_word_byte(name[start - 1]))
		start--;
	bool body = has_word(bodies, COUNT(bodies), name + start, length - start);
	return body && !strcasestr(name, " of ") && !strpbrk(name, "-,:");
}

static bool is_partner(const char *name, size_t length)
{
	for (size_t i = 0; i < COUNT(partner_phrases); i++)
		if (strcasestr(name, partner_phrases[i]))
			return true;
	return any_word(partner_words, COUNT(partner_words), name, length);
}

enum lead_cell_kind lead_cell_kind_of(const char *name, bool *sure)
{
	size_t length = head_length(name);
	*sure = true;
	bool member = lead_cell_kind_begins_member(name) || strcasestr(name, "cabinet member") ||
		      strcasestr(name, "portfolio holder") || strcasestr(name, "cllr ");
	if (member && !ends_in_body(name, length))
		return LEAD_CABINET_MEMBER;
	if (lead_cell_kind_begins_member(name) &&
		(strcasestr(name, " for ") || strcasestr(name, " of ")))
		return LEAD_CABINET_MEMBER;
	if (lead_cell_kind_begins_officer(name) && !is_body_of_officers(name, length))
		return LEAD_OFFICER;
	if (lead_cell_kind_begins_hat(name) || strcasestr(name, "business partner"))
		return LEAD_OFFICER;
	if (is_partner(name, length))
		return any_word(officer_words, COUNT(officer_words), name, length) &&
				       !strcasestr(name, "commissioner")
			       ? LEAD_OFFICER
			       : LEAD_PARTNER;
	if (ends_in_body(name, length) || strcasestr(name, " team ") || strcasestr(name, " group "))
		return LEAD_TEAM;
	if (any_word(officer_words, COUNT(officer_words), name, length))
		return LEAD_OFFICER;
	if (lead_cell_kind_is_person(name, length))
		return LEAD_OFFICER;
	bool initials = lead_cell_kind_is_initials(name, length);
	*sure = !initials;
	return initials ? LEAD_OFFICER : LEAD_TEAM;
}
