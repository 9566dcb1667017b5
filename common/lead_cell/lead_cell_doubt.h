/* Tells why a name that was read as one lead may be several, or none. Pure. */
#pragma once

#include "common/lead_cell.h"

/* A sentence for people, always the same pointer for the same doubt; NULL when there is none. */
const char *lead_cell_doubt(const char *name, enum lead_cell_kind kind);
