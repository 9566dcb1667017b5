/* The members of an exported plan: its field tables. */
#pragma once

#include "api/schema.h"

extern const struct field export_doc_fields[];
