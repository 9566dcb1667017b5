/* An endpoint for the benchmark of webhooks that answers each POST late: hook_sink PORT
 * MILLISECONDS. A thread a connection; nothing is kept. */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define REQUEST_BYTES 65536

static const char answer[] = "HTTP/1.1 204 No Content\r\n\r\n";
static struct timespec pause_before_answer;

/* How long the request at the beginning of so many bytes is; 0: more of it is to come. */
static size_t request_length(const char *bytes, size_t length)
{
	const char *end = memmem(bytes, length, "\r\n\r\n", 4);
	if (!end)
		return 0;
	size_t head = (size_t)(end - bytes) + 4;
	for (const char *line = bytes; line < end; line = strchr(line, '\n') + 1)
		if (strncasecmp(line, "Content-Length:", 15) == 0)
			head += strtoul(line + 15, NULL, 10);
	return head <= length ? head : 0;
}

static void *serve(void *context)
{
	int client = *(int *)context;
	char bytes[REQUEST_BYTES];
	size_t length = 0;
	free(context);
	for (;;) {
		ssize_t got = recv(client, bytes + length, sizeof(bytes) - length, 0);
		if (got <= 0)
			break;
		length += (size_t)got;
		size_t whole = request_length(bytes, length);
		if (!whole)
			continue;
		length -= whole;
		memmove(bytes, bytes + whole, length);
		if (pause_before_answer.tv_nsec)
			nanosleep(&pause_before_answer, NULL);
		if (send(client, answer, sizeof(answer) - 1, 0) < 0)
			break;
	}
	close(client);
	return NULL;
}

static void start(int client)
{
	pthread_t thread;
	int on = 1;
	int *context = malloc(sizeof(*context));
	if (!context)
		exit(EXIT_FAILURE);
	*context = client;
	setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (pthread_create(&thread, NULL, serve, context) != 0)
		exit(EXIT_FAILURE);
	pthread_detach(thread);
}

int main(int argc, char **argv)
{
	if (argc != 3)
		return EXIT_FAILURE;
	signal(SIGPIPE, SIG_IGN);
	pause_before_answer.tv_nsec = strtol(argv[2], NULL, 10) * 1000000;
	struct sockaddr_in here = { .sin_family = AF_INET,
		.sin_port = htons((unsigned short)strtoul(argv[1], NULL, 10)),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int on = 1;
	int server = socket(AF_INET, SOCK_STREAM, 0);
	setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(server, (struct sockaddr *)&here, sizeof(here)) != 0 || listen(server, 512) != 0)
		return EXIT_FAILURE;
	for (;;) {
		int client = accept(server, NULL, NULL);
		if (client >= 0)
			start(client);
	}
}
