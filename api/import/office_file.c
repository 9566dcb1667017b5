/* An Office document (ECMA-376): a ZIP file of XML parts, read one node at a time, nothing trusted.
 */
#include "api/import/office_file.h"

#include <libxml/xmlreader.h>
#include <string.h>
#include <zip.h>

#include "common/log.h"

#define PARTS 4096 /* in one file */

struct office_file {
	struct arena *arena;
	struct findings *errors;
	zip_t *zip;
	size_t unpacked;
	bool failed;
};

static void fail(struct office_file *file, const char *code, const char *part, const char *detail)
{
	if (!file->failed)
		finding_add(file->errors, code, 0, NULL, "%s%s%s", part ? part : "",
			part ? ": " : "", detail);
	file->failed = true;
}

bool office_file_failed(const struct office_file *file)
{
	return file->failed;
}

static void discard_zip(void *zip)
{
	zip_discard(zip);
}

struct office_file *office_file_open(
	struct arena *arena, const char *bytes, size_t length, struct findings *errors)
{
	zip_error_t error;
	zip_error_init(&error);
	zip_source_t *source = zip_source_buffer_create(bytes, length, 0, &error);
	zip_t *zip = source ? zip_open_from_source(source, ZIP_RDONLY, &error) : NULL;
	if (!zip) {
		finding_add(errors, "broken_file", 0, NULL,
			"The file is cut off or damaged: it cannot be unpacked (%s)",
			zip_error_strerror(&error));
		if (source)
			zip_source_free(source);
		zip_error_fini(&error);
		return NULL;
	}
	zip_error_fini(&error);
	arena_defer(arena, discard_zip, zip);
	struct office_file *file = arena_alloc(arena, sizeof(*file));
	*file = (struct office_file){ .arena = arena, .errors = errors, .zip = zip };
	if (zip_get_num_entries(zip, 0) > PARTS) {
		fail(file, "broken_file", NULL, "It holds more files than any document");
		return NULL;
	}
	return file;
}

/* ---- a part ---- */

static int read_bytes(void *context, char *buffer, int length)
{
	struct office_part *part = context;
	zip_int64_t got = zip_fread(part->bytes, buffer, (zip_uint64_t)length);
	if (got < 0) {
		part->fault = "The part is cut off or damaged";
		return -1;
	}
	if ((size_t)got > part->left) {
		part->fault = "The part unpacks to more than any plan is long";
		return -1;
	}
	part->left -= (size_t)got;
	part->file->unpacked += (size_t)got;
	return (int)got;
}

static int close_nothing(void *context)
{
	(void)context;
	return 0;
}

static void ignore_error(void *context, const char *message, xmlParserSeverities severity,
	xmlTextReaderLocatorPtr locator)
{
	(void)context;
	(void)message;
	(void)severity;
	(void)locator;
}

static void close_zip_file(void *bytes)
{
	zip_fclose(bytes);
}

static void free_reader(void *reader)
{
	xmlFreeTextReader(reader);
}

bool office_part_open(struct office_file *file, const char *name, struct office_part *out)
{
	zip_file_t *bytes = name ? zip_fopen(file->zip, name, ZIP_FL_NOCASE) : NULL;
	*out = (struct office_part){
		.file = file, .arena = file->arena, .path = name, .bytes = bytes
	};
	if (!bytes)
		return false;
	arena_defer(file->arena, close_zip_file, bytes);
	size_t rest = OFFICE_BYTES > file->unpacked ? OFFICE_BYTES - file->unpacked : 0;
	out->left = rest < OFFICE_PART_BYTES ? rest : OFFICE_PART_BYTES;
	/* No DTD, no entities of its own, no network, and libxml2's limits stay on. */
	out->reader = xmlReaderForIO(read_bytes, close_nothing, out, name, NULL,
		XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_COMPACT);
	if (!out->reader)
		fatal("libxml2 cannot start");
	xmlTextReaderSetErrorHandler(out->reader, ignore_error, NULL);
	arena_defer(file->arena, free_reader, out->reader);
	return true;
}

/* What the node under the reader is to us. */
static bool take_node(struct office_part *part, int type)
{
	part->name = NULL;
	part->end = type == XML_READER_TYPE_END_ELEMENT;
	part->empty = false;
	switch (type) {
	case XML_READER_TYPE_ELEMENT:
	case XML_READER_TYPE_END_ELEMENT:
		part->name = (const char *)xmlTextReaderConstLocalName(part->reader);
		part->empty = !part->end && xmlTextReaderIsEmptyElement(part->reader) == 1;
		return true;
	case XML_READER_TYPE_TEXT:
	case XML_READER_TYPE_CDATA:
	case XML_READER_TYPE_SIGNIFICANT_WHITESPACE:
		return true;
	case XML_READER_TYPE_DOCUMENT_TYPE:
	case XML_READER_TYPE_ENTITY_REFERENCE:
		part->fault =
			"The part declares or uses entities, as no Office program writes them";
		return false;
	default:
		return false;
	}
}

bool office_part_next(struct office_part *part)
{
	if (part->empty) { /* its end, which the reader does not give */
		part->empty = false;
		part->end = true;
		return true;
	}
	int more;
	while ((more = xmlTextReaderRead(part->reader)) == 1 && !part->fault) {
		if (xmlTextReaderDepth(part->reader) > OFFICE_DEPTH)
			part->fault = "Its elements are nested too deep";
		else if (take_node(part, xmlTextReaderNodeType(part->reader)))
			return true;
	}
	if (more != 0 || part->fault)
		fail(part->file, "broken_file", part->path,
			part->fault ? part->fault : "The part is not the XML that it should be");
	return false;
}

const char *office_part_attribute(struct office_part *part, const char *name)
{
	const char *found = NULL;
	while (!found && xmlTextReaderMoveToNextAttribute(part->reader) == 1) {
		const char *own = (const char *)xmlTextReaderConstLocalName(part->reader);
		if (own && strcmp(own, name) == 0)
			found = (const char *)xmlTextReaderConstValue(part->reader);
	}
	char *copy = arena_strdup(part->arena, found);
	xmlTextReaderMoveToElement(part->reader);
	return copy;
}

const char *office_part_text(struct office_part *part)
{
	const char *text = (const char *)xmlTextReaderConstValue(part->reader);
	return text ? text : "";
}

/* ---- relations ---- */

/* Target is written relative to the part's folder, or from the root. */
static const char *resolve(struct office_file *file, const char *part, const char *target)
{
	if (*target == '/')
		return target + 1;
	const char *slash = strrchr(part, '/');
	int folder = slash ? (int)(slash + 1 - part) : 0;
	return arena_printf(file->arena, "%.*s%s", folder, part, target);
}

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text);
	size_t end_length = strlen(end);
	return length >= end_length && strcmp(text + length - end_length, end) == 0;
}

const char *office_file_related(
	struct office_file *file, const char *part, const char *id, const char *type)
{
	const char *slash = strrchr(part, '/');
	int folder = slash ? (int)(slash + 1 - part) : 0;
	const char *rels =
		arena_printf(file->arena, "%.*s_rels/%s.rels", folder, part, part + folder);
	struct office_part list;
	if (!office_part_open(file, rels, &list))
		return NULL;
	while (office_part_next(&list)) {
		if (!list.name || list.end || strcmp(list.name, "Relationship") != 0)
			continue;
		const char *own_id = office_part_attribute(&list, "Id");
		const char *own_type = office_part_attribute(&list, "Type");
		const char *target = office_part_attribute(&list, "Target");
		bool same = id ? own_id && strcmp(own_id, id) == 0
			       : own_type && ends_with(own_type, type);
		if (same && target)
			return resolve(file, part, target);
	}
	return NULL;
}

const char *office_file_main(struct office_file *file)
{
	return office_file_related(file, "", NULL, "/officeDocument");
}
