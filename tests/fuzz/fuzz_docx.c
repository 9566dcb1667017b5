/* Any bytes as the text of a Word document, or as the document. */
#include "tests/fuzz/fuzz_office.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct fuzz_part parts[] = {
	{ "_rels/.rels", "<Relationships><Relationship Id=\"r1\" Type=\"/officeDocument\" "
			 "Target=\"word/document.xml\"/></Relationships>" },
	{ "word/_rels/document.xml.rels", "<Relationships><Relationship Id=\"r1\" "
					  "Type=\"/numbering\" Target=\"numbering.xml\"/>"
					  "</Relationships>" },
	{ "word/numbering.xml",
		"<numbering><abstractNum abstractNumId=\"0\"><lvl ilvl=\"0\"><start val=\"1\"/>"
		"<numFmt val=\"decimal\"/><lvlText val=\"%1.\"/></lvl><lvl ilvl=\"1\">"
		"<numFmt val=\"lowerRoman\"/><lvlText val=\"%1.%2)\"/></lvl></abstractNum>"
		"<abstractNum abstractNumId=\"1\"><lvl ilvl=\"0\"><numFmt val=\"bullet\"/></lvl>"
		"</abstractNum><num numId=\"1\"><abstractNumId val=\"0\"/></num>"
		"<num numId=\"2\"><abstractNumId val=\"1\"/></num></numbering>" },
	{ NULL, NULL },
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_office(data, size, "word/document.xml", parts);
}
