/* How much longer work in flight may go on after a stop was requested. */
#pragma once

#include <stdbool.h>

/* Starts the clock; only the first call counts. Any thread may ask. */
void grace_begin(int seconds);
bool grace_is_over(void);

/* Milliseconds on a clock that never jumps. */
long long grace_now_ms(void);

/* Waits that long, or less when the time is over meanwhile. */
void grace_wait_ms(int milliseconds);
