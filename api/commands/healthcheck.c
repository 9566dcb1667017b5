/* goldenthread-api healthcheck: asks the server on this machine whether it is ready, or alive. */
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "api/commands/commands.h"
#include "api/settings.h"

#define PATIENCE_S 5
#define ANSWER_BYTES 4096

/* A socket connected to where the server listens, or -1. Linux takes the addresses that mean "all
 * of this machine's", 0.0.0.0 and ::, for loopback. */
static int connect_to(const struct settings *settings, struct arena *arena)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	const struct timeval patience = { .tv_sec = PATIENCE_S };
	struct addrinfo *found;
	if (getaddrinfo(settings->address, arena_printf(arena, "%d", settings->port), &hints,
		    &found) != 0)
		return -1;
	int fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 &&
		(setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience)) != 0 ||
			setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) != 0 ||
			connect(fd, found->ai_addr, found->ai_addrlen) != 0)) {
		close(fd);
		fd = -1;
	}
	freeaddrinfo(found);
	return fd;
}

/* The answer as far as it fits; "" when there was none. */
static void ask(int fd, const char *path, char answer[ANSWER_BYTES], struct arena *arena)
{
	const char *request = arena_printf(
		arena, "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", path);
	size_t length = 0;
	ssize_t got = send(fd, request, strlen(request), MSG_NOSIGNAL);
	while (got > 0 && length < ANSWER_BYTES - 1) {
		got = recv(fd, answer + length, ANSWER_BYTES - 1 - length, 0);
		if (got > 0)
			length += (size_t)got;
	}
	answer[length] = '\0';
}

static bool is_healthy(const char *path)
{
	struct settings settings;
	char answer[ANSWER_BYTES] = "";
	struct arena *arena = arena_create();
	bool fine = settings_load_listen(&settings, arena);
	int fd = fine ? connect_to(&settings, arena) : -1;
	if (fd >= 0) {
		ask(fd, path, answer, arena);
		close(fd);
	}
	const char *body = strstr(answer, "\r\n\r\n");
	if (fine)
		puts(body ? body + 4 : "no answer");
	arena_destroy(arena);
	return strncmp(answer, "HTTP/1.1 200 ", strlen("HTTP/1.1 200 ")) == 0;
}

int command_healthcheck(int argc, char **argv)
{
	bool live = argc == 2 && strcmp(argv[1], "--live") == 0;
	if (argc > 1 && !live) {
		fputs("usage: goldenthread-api healthcheck [--live]\n", stderr);
		return 2;
	}
	return is_healthy(live ? "/livez" : "/readyz") ? 0 : 1;
}
