/* Where webhooks may go: every way of writing an address inside, and every address that a name may
 * turn out to have. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <string.h>

#include "common/destination.h"

static struct destination_allow allow_of(struct arena *arena, const char *text)
{
	struct destination_allow allow;
	const char *error = NULL;
	if (!destination_read_allow(arena, text, &allow, &error))
		fail_msg("%s: %s", text, error);
	return allow;
}

static const char *fault_of(const char *list, const char *url)
{
	struct arena *arena = arena_create();
	struct destination_allow allow = allow_of(arena, list);
	struct destination to;
	const char *fault = destination_read(arena, &allow, url, &to);
	arena_destroy(arena);
	return fault;
}

static void refuses(const char *list, const char *const *urls)
{
	for (; *urls; urls++)
		if (!fault_of(list, *urls))
			fail_msg("%s is not refused", *urls);
}

static void takes(const char *list, const char *const *urls)
{
	for (; *urls; urls++)
		if (fault_of(list, *urls))
			fail_msg("%s: %s", *urls, fault_of(list, *urls));
}

static void test_urls_inside_are_refused_however_they_are_written(void **state)
{
	(void)state;
	static const char *const urls[] = { "https://127.0.0.1/", "https://127.1/",
		"https://127.0.1", "https://2130706433/", "https://0x7f.1/", "https://0X7F.0.0.1/",
		"https://0177.0.0.1/", "https://017700000001/", "https://0/", "https://0.0.0.0/",
		"https://[::1]/", "https://[::]/", "https://[::ffff:127.0.0.1]/",
		"https://[::ffff:7f00:1]/", "https://[::7f00:1]/", "https://[64:ff9b::7f00:1]/",
		"https://[64:ff9b:1::1]/", "https://169.254.169.254/", "https://[fd00:ec2::254]/",
		"https://[fe80::1]/", "https://[fec0::1]/", "https://localhost/",
		"https://a.localhost/", "https://localhost./", "https://intranet/",
		"https://u@example.org/", "https://example.org@127.0.0.1/",
		"https://example.org:25/", "http://example.org/", "file:///etc/passwd",
		"gopher://example.org/", "smtp://example.org/", "//example.org/",
		"https:example.org", "https://", "https:///x", "HTTPS://example.org/", "", NULL };
	refuses("", urls);
}

static void test_public_urls_are_taken(void **state)
{
	(void)state;
	static const char *const urls[] = { "https://example.org", "https://example.org/a?b=c@d",
		"https://example.org?x", "https://example.org:8443/", "https://8.8.8.8/",
		"https://[2606:4700:4700::1111]/", "https://[::ffff:8.8.8.8]/", NULL };
	takes("", urls);
}

static void test_what_the_operator_lists_is_taken(void **state)
{
	(void)state;
	static const char *const list =
		"intranet, hooks.example.org:8080,10.1.0.0/16 , [fd00::1]:99,"
		"fd01::/16, 192.168.7.7";
	static const char *const taken[] = { "http://intranet/", "https://INTRANET:1234/",
		"http://hooks.example.org:8080/", "http://10.1.255.255:7/", "https://[fd00::1]:99/",
		"https://[fd01:2::3]/", "http://192.168.7.7/", "https://[::ffff:10.1.0.1]/", NULL };
	static const char *const refused[] = { "http://hooks.example.org/",
		"https://hooks.example.org:8081/", "https://10.2.0.0/", "https://[fd00::1]/",
		"https://[fd00::2]:99/", "http://user@intranet/", "http://192.168.7.8/",
		"https://10.1/", "http://example.org/", NULL };
	takes(list, taken);
	refuses(list, refused);
}

static void test_lists_that_say_nothing_sensible_are_refused(void **state)
{
	(void)state;
	static const char *const lists[] = { "10.0.0.0/33", "fd00::/129", "10.0.0.0/",
		"10.0.0.0/8x", "/8", "a/8", "host:0", "host:65536", "host:x", "[::1", "[::1]x",
		"1.2", "-a", "a..b", "http://x", "10.0.0.0/-1", "0x7f.1", NULL };
	for (const char *const *list = lists; *list; list++) {
		struct arena *arena = arena_create();
		struct destination_allow allow;
		const char *error = NULL;
		if (destination_read_allow(arena, *list, &allow, &error))
			fail_msg("%s is taken", *list);
		assert_non_null(strstr(error, "intranet.example.org"));
		arena_destroy(arena);
	}
	struct arena *arena = arena_create();
	assert_int_equal(allow_of(arena, " , ,").count, 0);
	arena_destroy(arena);
}

/* The port of the socket's address is nothing that this looks at; the destination's is. */
static bool reaches(const char *list, const char *url, const char *address)
{
	struct arena *arena = arena_create();
	struct destination_allow allow = allow_of(arena, list);
	struct destination to;
	struct sockaddr_in v4 = { .sin_family = AF_INET };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
	if (destination_read(arena, &allow, url, &to))
		fail_msg("%s cannot be read", url);
	bool is_v4 = inet_pton(AF_INET, address, &v4.sin_addr) == 1;
	assert_true(is_v4 || inet_pton(AF_INET6, address, &v6.sin6_addr) == 1);
	bool taken = destination_takes(
		&allow, &to, is_v4 ? (const struct sockaddr *)&v4 : (const struct sockaddr *)&v6);
	arena_destroy(arena);
	return taken;
}

static void test_a_name_that_turns_out_to_be_inside_is_not_reached(void **state)
{
	(void)state;
	static const char *const inside[] = { "0.0.0.0", "0.255.255.255", "10.0.0.0",
		"10.255.255.255", "100.64.0.0", "100.127.255.255", "127.0.0.1", "127.255.255.255",
		"169.254.0.0", "169.254.169.254", "172.16.0.0", "172.31.255.255", "192.0.0.1",
		"192.0.0.255", "192.0.2.1", "192.88.99.1", "192.168.0.0", "192.168.255.255",
		"198.18.0.0", "198.19.255.255", "198.51.100.7", "203.0.113.7", "224.0.0.0",
		"239.255.255.255", "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:10.0.0.1",
		"::ffff:127.0.0.1", "::127.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::1", "100::1",
		"2001::1", "2001:2::1", "2001:10::1", "2001:1ff::1", "2001:db8::1",
		"2002:a00:1::", "3fff::1", "3fff:fff::1", "5f00::1", "fc00::1", "fdff::1",
		"fe80::1", "fec0::1", "ff02::1", "4000::1", "1fff::1" };
	for (size_t i = 0; i < sizeof(inside) / sizeof(*inside); i++)
		if (reaches("", "https://rebind.example.org/", inside[i]))
			fail_msg("%s is reached", inside[i]);
}

static void test_their_neighbours_outside_are_reached(void **state)
{
	(void)state;
	static const char *const outside[] = { "1.0.0.0", "9.255.255.255", "11.0.0.0",
		"100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0", "169.253.255.255",
		"169.255.0.0", "172.15.255.255", "172.32.0.0", "191.255.255.255", "192.0.1.0",
		"192.0.3.0", "192.88.98.255", "192.88.100.0", "192.167.255.255", "192.169.0.0",
		"198.17.255.255", "198.20.0.0", "198.51.99.255", "198.51.101.0", "203.0.112.255",
		"203.0.114.0", "223.255.255.255", "2000::1", "2001:200::1", "2001:db7::1",
		"2001:db9::1", "2001:4860:4860::8888", "2003::1", "2606:4700::1", "3ffe::1",
		"3fff:1000::1", "::ffff:8.8.8.8" };
	for (size_t i = 0; i < sizeof(outside) / sizeof(*outside); i++)
		if (!reaches("", "https://rebind.example.org/", outside[i]))
			fail_msg("%s is not reached", outside[i]);
}

static void test_a_listed_host_is_reached_wherever_it_is(void **state)
{
	(void)state;
	assert_true(reaches("intranet", "http://intranet/", "10.0.0.1"));
	assert_true(reaches("10.0.0.0/24", "https://example.org/", "10.0.0.1"));
	assert_true(reaches("10.0.0.0/24", "https://example.org/", "::ffff:10.0.0.1"));
	assert_false(reaches("10.0.0.0/24", "https://example.org/", "10.0.1.1"));
	assert_false(reaches("intranet", "https://intranet.example.org/", "10.0.0.1"));
	assert_true(reaches("0.0.0.0/0", "https://example.org/", "127.0.0.1"));
	assert_false(reaches("0.0.0.0/0", "https://example.org/", "::1"));
}

static void test_other_families_are_never_reached(void **state)
{
	(void)state;
	struct arena *arena = arena_create();
	struct destination_allow allow = allow_of(arena, "0.0.0.0/0 ::/0 host");
	struct destination to;
	const struct sockaddr local = { .sa_family = AF_UNIX };
	assert_null(destination_read(arena, &allow, "http://host/", &to));
	assert_false(destination_takes(&allow, &to, &local));
	arena_destroy(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_urls_inside_are_refused_however_they_are_written),
		cmocka_unit_test(test_public_urls_are_taken),
		cmocka_unit_test(test_what_the_operator_lists_is_taken),
		cmocka_unit_test(test_lists_that_say_nothing_sensible_are_refused),
		cmocka_unit_test(test_a_name_that_turns_out_to_be_inside_is_not_reached),
		cmocka_unit_test(test_their_neighbours_outside_are_reached),
		cmocka_unit_test(test_a_listed_host_is_reached_wherever_it_is),
		cmocka_unit_test(test_other_families_are_never_reached),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
