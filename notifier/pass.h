/* The notifier's work: take back what was abandoned, plan what is owed, send what is due. */
#pragma once

#include <stdbool.h>

#include "notifier/setup.h"

/* Pass after pass until a stop is requested. */
void pass_loop(const struct setup *setup);

/* One pass, until nothing is due any more. False: the database was away. */
bool pass_once(const struct setup *setup) MUSTCHECK;
