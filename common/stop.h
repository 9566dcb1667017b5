/* SIGTERM and SIGINT, turned into one flag and one descriptor that can be waited on. */
#pragma once

#include <stdbool.h>

/* Call once, before any thread starts. SIGPIPE is ignored from here on. */
void stop_init(void);
bool stop_requested(void);
/* As if a signal had come. */
void stop_request(void);
/* Readable from the moment a stop was requested; never read from it. */
int stop_fd(void);
/* Waits up to that long or until a stop is requested; returns stop_requested(). */
bool stop_wait_ms(int timeout_ms);
