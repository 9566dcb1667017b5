/* A message's stable identity as the name of a file. Pure. */
#pragma once

#include "common/arena.h"

/* 2022-03-24-assistant-chief-executive-12: the day, the post in lower-case ASCII, the id. */
const char *file_name_of(
	struct arena *arena, const char *day, const char *post, long long message_id);
