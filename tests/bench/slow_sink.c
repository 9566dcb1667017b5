/* A mail server for the benchmark that answers the end of each body late: slow_sink PORT
 * MILLISECONDS. A thread a connection; nothing is kept. */
#include <arpa/inet.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>

static struct timespec pause_before_answer;

static int answer(FILE *client, const char *line)
{
	return fputs(line, client) < 0 || fflush(client) != 0 ? -1 : 0;
}

/* Up to the line that holds a dot alone. */
static int take_body(FILE *client, char *line, int size)
{
	while (fgets(line, size, client))
		if (strcmp(line, ".\r\n") == 0)
			return 0;
	return -1;
}

static int serve(FILE *client)
{
	char line[4096];
	answer(client, "220 slow\r\n");
	while (fgets(line, sizeof(line), client)) {
		if (strncasecmp(line, "QUIT", 4) == 0)
			return answer(client, "221 bye\r\n");
		if (strncasecmp(line, "DATA", 4) == 0) {
			if (answer(client, "354 go on\r\n") != 0)
				return -1;
			if (take_body(client, line, sizeof(line)) != 0)
				return -1;
			nanosleep(&pause_before_answer, NULL);
		}
		if (answer(client, "250 ok\r\n") != 0)
			return -1;
	}
	return 0;
}

static void *serve_connection(void *context)
{
	FILE *client = context;
	serve(client);
	fclose(client);
	return NULL;
}

int main(int argc, char **argv)
{
	if (argc != 3)
		return EXIT_FAILURE;
	long milliseconds = strtol(argv[2], NULL, 10);
	pause_before_answer = (struct timespec){ .tv_sec = milliseconds / 1000,
		.tv_nsec = milliseconds % 1000 * 1000000 };
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons((unsigned short)strtol(argv[1], NULL, 10)),
		.sin_addr = { .s_addr = htonl(INADDR_LOOPBACK) } };
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	int on = 1;
	signal(SIGPIPE, SIG_IGN);
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(listener, (struct sockaddr *)&address, sizeof(address)) != 0 ||
		listen(listener, 256) != 0)
		return EXIT_FAILURE;
	for (;;) {
		pthread_t thread;
		int connection = accept(listener, NULL, NULL);
		FILE *client = connection >= 0 ? fdopen(connection, "r+") : NULL;
		if (client && pthread_create(&thread, NULL, serve_connection, client) == 0)
			pthread_detach(thread);
	}
}
