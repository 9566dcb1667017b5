/* The least that libcurl needs to post the same body so many times: hook_source URL POSTS
 * CONNECTIONS BODY. The benchmark of webhooks compares the notifier with it. */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static size_t drop(char *bytes, size_t size, size_t count, void *context)
{
	(void)bytes;
	(void)context;
	return size * count;
}

static CURL *make(const char *url, const char *body, struct curl_slist *headers)
{
	CURL *curl = curl_easy_init();
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	return curl;
}

/* Posts that have ended; each of those starts another one while there are any left. */
static long collect(CURLM *multi, long *left)
{
	CURLMsg *message;
	int queued;
	long ended = 0;
	while ((message = curl_multi_info_read(multi, &queued))) {
		CURL *curl = message->easy_handle;
		if (message->data.result != CURLE_OK)
			exit(EXIT_FAILURE);
		ended++;
		curl_multi_remove_handle(multi, curl);
		if (*left > 0) {
			(*left)--;
			curl_multi_add_handle(multi, curl);
		} else {
			curl_easy_cleanup(curl);
		}
	}
	return ended;
}

static double now_s(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	if (argc != 5)
		return EXIT_FAILURE;
	long posts = strtol(argv[2], NULL, 10);
	long left = posts;
	long ended = 0;
	curl_global_init(CURL_GLOBAL_DEFAULT);
	struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
	headers = curl_slist_append(headers, "Expect:");
	headers = curl_slist_append(headers, "webhook-id: evt_00000000000000000000000000000000");
	headers = curl_slist_append(headers, "webhook-timestamp: 1648110600");
	headers = curl_slist_append(
		headers, "webhook-signature: v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
	CURLM *multi = curl_multi_init();
	long connections = strtol(argv[3], NULL, 10);
	curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, connections);
	double begun_s = now_s();
	for (; connections > 0 && left > 0; connections--, left--)
		curl_multi_add_handle(multi, make(argv[1], argv[4], headers));
	while (ended < posts) {
		int running;
		curl_multi_perform(multi, &running);
		long more = collect(multi, &left);
		ended += more;
		if (!more)
			curl_multi_poll(multi, NULL, 0, 1000, NULL);
	}
	printf("%.1f\n", (double)posts / (now_s() - begun_s));
	curl_multi_cleanup(multi);
	curl_slist_free_all(headers);
	curl_global_cleanup();
	return EXIT_SUCCESS;
}
