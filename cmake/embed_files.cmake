# Writes ${OUT}.c and ${OUT}.h: every file of FILES by its name, in a table that ends with NULL.
include(${CMAKE_CURRENT_LIST_DIR}/embed_bytes.cmake)
set(arrays "")
set(rows "")
set(count 0)
foreach(file ${FILES})
	embed_bytes(${file} bytes)
	get_filename_component(name ${file} NAME)
	get_filename_component(folder ${file} DIRECTORY)
	get_filename_component(folder ${folder} NAME)
	string(APPEND arrays "static const char file_${count}[] = {${bytes}0};\n")
	string(APPEND rows "\t{ \"${folder}/${name}\", file_${count}, sizeof(file_${count}) - 1 },\n")
	math(EXPR count "${count} + 1")
endforeach()
file(WRITE ${OUT}.h "/* Generated from the files it names. */\n#pragma once\n#include \"common/embed.h\"\n
extern const struct embedded_file ${TABLE}[]; /* ends with a NULL name */\nextern const size_t ${TABLE}_count;\n")
file(WRITE ${OUT}.c "/* Generated from the files it names. */\n#include \"${TABLE}.h\"\n
${arrays}\nconst struct embedded_file ${TABLE}[] = {\n${rows}\t{ NULL, NULL, 0 },\n};\nconst size_t ${TABLE}_count = ${count};\n")
