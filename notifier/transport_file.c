/* "Sends" by writing each message as a file into a directory: for trials, tests and audits. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "notifier/transport.h"

#define FILE_MODE 0640 /* people's names and addresses are inside */
#define DIRECTORY_MODE 0750
#define PATH_BYTES 4096

struct transport_session {
	const char *directory;
};

static const char *make_directory(struct arena *arena, const char *directory)
{
	char *path = arena_strdup(arena, directory);
	for (char *at = path + 1; *at; at++) {
		if (*at != '/')
			continue;
		*at = '\0';
		if (mkdir(path, DIRECTORY_MODE) != 0 && errno != EEXIST)
			return strerror(errno);
		*at = '/';
	}
	if (mkdir(path, DIRECTORY_MODE) != 0 && errno != EEXIST)
		return strerror(errno);
	return access(path, W_OK | X_OK) == 0 ? NULL : strerror(errno);
}

static bool start(
	const struct transport_settings *settings, struct arena *arena, const char **error)
{
	const char *directory = settings->url.directory;
	const char *fault = make_directory(arena, directory);
	if (!fault)
		return true;
	*error = arena_printf(
		arena, "names a directory that cannot be written: %s: %s", directory, fault);
	return false;
}

static void finish(void)
{
}

static struct transport_session *session_create(const struct transport_settings *settings)
{
	struct transport_session *session = xcalloc(1, sizeof(*session));
	session->directory = settings->url.directory;
	return session;
}

static void session_destroy(struct transport_session *session)
{
	free(session);
}

static bool write_all(int file, const unsigned char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t written = write(file, bytes, length);
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return false;
		bytes += written;
		length -= (size_t)written;
	}
	return true;
}

/* Complete and on the disk before it has its name, so that a reader never sees half a message. */
static bool write_file(int directory, const char *temporary, const struct transport_mail *mail)
{
	int file =
		openat(directory, temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, FILE_MODE);
	if (file < 0)
		return false;
	bool written = write_all(file, mail->bytes, mail->length) && fsync(file) == 0;
	return close(file) == 0 && written;
}

static bool put_file(const char *path, const struct transport_mail *mail, const char *name)
{
	char temporary[PATH_BYTES];
	snprintf(temporary, sizeof(temporary), ".%s.tmp", mail->file_name);
	int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (directory < 0)
		return false;
	bool put = write_file(directory, temporary, mail) &&
		   renameat(directory, temporary, directory, name) == 0 && fsync(directory) == 0;
	int saved = errno;
	if (!put)
		unlinkat(directory, temporary, 0);
	close(directory);
	errno = saved;
	return put;
}

static void send_mail(struct transport_session *session, const struct transport_mail *mail,
	const struct transport_gate *gate, struct transport_result *result)
{
	char name[PATH_BYTES];
	snprintf(name, sizeof(name), "%s.eml", mail->file_name);
	*result = (struct transport_result){ 0 };
	if (!gate->may_send_body(gate->context)) {
		transport_say(result, TRANSPORT_RETRY, "held back before the body left");
		return;
	}
	if (put_file(session->directory, mail, name))
		transport_say(result, TRANSPORT_SENT, "written to %s", name);
	else /* a full disk, no directory: every message would meet that */
		transport_say(
			result, TRANSPORT_CHANNEL, "cannot write %s: %s", name, strerror(errno));
}

const struct transport transport_file = {
	.form = "mime",
	.start = start,
	.finish = finish,
	.session_create = session_create,
	.session_destroy = session_destroy,
	.send = send_mail,
};
