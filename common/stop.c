/* SIGTERM and SIGINT, turned into one flag and one descriptor that can be waited on. */
#include "common/stop.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>

#include "common/log.h"

/* Set by the handler, read by every thread; lock-free, so safe in a handler. */
static atomic_bool requested;
static int pipe_fds[2] = { -1, -1 };

void stop_request(void)
{
	int saved = errno;
	atomic_store(&requested, true);
	/* Only async-signal-safe calls here. A full pipe is already readable. */
	ssize_t written = write(pipe_fds[1], "", 1);
	(void)written;
	errno = saved;
}

static void on_signal(int number)
{
	(void)number;
	stop_request();
}

void stop_init(void)
{
	if (pipe2(pipe_fds, O_CLOEXEC | O_NONBLOCK) != 0)
		fatal("cannot make a pipe");
	struct sigaction action = { .sa_handler = on_signal };
	sigemptyset(&action.sa_mask);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	action.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &action, NULL);
}

bool stop_requested(void)
{
	return atomic_load(&requested);
}

int stop_fd(void)
{
	return pipe_fds[0];
}

bool stop_wait_ms(int timeout_ms)
{
	struct pollfd waited = { .fd = pipe_fds[0], .events = POLLIN };
	if (!stop_requested())
		poll(&waited, 1, timeout_ms);
	return stop_requested();
}
