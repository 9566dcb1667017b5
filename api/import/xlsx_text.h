/* The characters of a spreadsheet's texts that are written as numbers. Pure. */
#pragma once

#include <stddef.h>

#include "common/arena.h"

/* A copy of text[0..length) in which "_x000D_" is the character of that number (ECMA-376 part 1,
 * 22.9.2.19); numbers that are no character of their own stay as they are written. */
const char *xlsx_text_decode(struct arena *arena, const char *text, size_t length);
