/* Tells what sort of lead a name is: an officer's post, a councillor, a team, a partner body. */
#pragma once

#include <stdbool.h>

#include "common/lead_cell.h"

/* One name, tidied. *sure becomes false where the shape of the words alone decided. */
enum lead_cell_kind lead_cell_kind_of(const char *name, bool *sure);

/* The text begins with a councillor's role ("Cabinet Member", "Cllr", "Leader"). */
bool lead_cell_kind_begins_member(const char *text);

/* The text begins with an officer's role that makes a post of its own ("Head of", "Director"). */
bool lead_cell_kind_begins_officer(const char *text);

/* The text begins with a second hat of one person ("Deputy Chief Executive", "Monitoring Officer").
 */
bool lead_cell_kind_begins_hat(const char *text);

/* Two or three capitalised words, none of them a word of posts or services. */
bool lead_cell_kind_is_person(const char *text, size_t length);

/* The last word is one of bodies ("Team", "Board"). */
bool lead_cell_kind_ends_in_body(const char *name, size_t length);

/* Two to four capitals: "JC", "HR". */
bool lead_cell_kind_is_capitals(const char *text, size_t length);

/* Capitals that are no word of services: "JC". */
bool lead_cell_kind_is_initials(const char *text, size_t length);
