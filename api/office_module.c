/* The module's one door: everything that stands on libraries for documents. */
#include "api/office.h"

extern const struct office goldenthread_office;

__attribute__((visibility("default"))) const struct office goldenthread_office = {
	.file_open = office_file_open,
	.file_main = office_file_main,
	.file_related = office_file_related,
	.file_failed = office_file_failed,
	.part_open = office_part_open,
	.part_next = office_part_next,
	.part_attribute = office_part_attribute,
	.part_text = office_part_text,
	.xlsx_write = export_xlsx_write,
	.calendar_load = export_calendar_load,
	.calendar_write = export_calendar_write,
};
