/* Which migration this program was built with. */
#pragma once

/* The newest migration's name, "0004_default". Call it once before threads start. */
const char *schema_version(void);
