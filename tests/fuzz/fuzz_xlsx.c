/* Any bytes as a sheet of an Excel workbook, or as the workbook. */
#include "tests/fuzz/fuzz_office.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define RELS "<Relationships>"
#define REL(id, type, target)                                                                      \
	"<Relationship Id=\"" id "\" Type=\"/" type "\" Target=\"" target "\"/>"

static const struct fuzz_part parts[] = {
	{ "_rels/.rels", RELS REL("r1", "officeDocument", "xl/workbook.xml") "</Relationships>" },
	{ "xl/_rels/workbook.xml.rels",
		RELS REL("r1", "worksheet", "sheet1.xml") REL("r2", "sharedStrings", "strings.xml")
			REL("r3", "styles", "styles.xml") "</Relationships>" },
	{ "xl/workbook.xml",
		"<workbook><sheets><sheet name=\"A\" id=\"r1\"/></sheets></workbook>" },
	{ "xl/strings.xml",
		"<sst><si><t>Recommendation</t></si><si><r><t>Act</t></r><r><t>ion</t></r></si>"
		"<si><t>Lead</t></si><si><t>Timescale</t></si></sst>" },
	{ "xl/styles.xml",
		"<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"mmm yy\"/></numFmts>"
		"<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"164\"/>"
		"<xf numFmtId=\"9\"/></cellXfs></styleSheet>" },
	{ NULL, NULL },
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_office(data, size, "xl/sheet1.xml", parts);
}
