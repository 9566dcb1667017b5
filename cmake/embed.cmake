# Turns files into C: SQL statements into a table and an enum, other files into byte arrays, the
# OpenAPI document into JSON and into the documentation page. Pure CMake at build time, but for these two
# (python3-yaml, python3-markdown, python3-jinja2).

# gt_embed_queries(<out-var> <Q|N> <glob> [EXCLUDE <folder>])
# sql/queries/action/list.sql -> Q_ACTION_LIST of api_queries.h; sql/queries/notifier/claim.sql ->
# N_CLAIM of notifier_queries.h.
function(gt_embed_queries target prefix glob)
	cmake_parse_arguments(ARG "" "EXCLUDE" "" ${ARGN})
	file(GLOB files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${glob})
	if(ARG_EXCLUDE)
		list(FILTER files EXCLUDE REGEX "/${ARG_EXCLUDE}/")
	endif()
	list(SORT files)
	set(out ${PROJECT_BINARY_DIR}/generated/${target})
	add_custom_command(OUTPUT ${out}.c ${out}.h
		COMMAND ${CMAKE_COMMAND} -DPREFIX=${prefix} -DNAME=${target} -DOUT=${out} "-DFILES=${files}"
			-P ${PROJECT_SOURCE_DIR}/cmake/embed_queries.cmake
		DEPENDS ${files} ${PROJECT_SOURCE_DIR}/cmake/embed_queries.cmake VERBATIM)
	set(${target} ${out}.c ${out}.h PARENT_SCOPE)
endfunction()

# gt_embed_files(<out-var> <table> <glob...>): struct embedded_file <table>[] in <table>.h
function(gt_embed_files target table)
	set(globs ${ARGN})
	list(TRANSFORM globs PREPEND ${PROJECT_SOURCE_DIR}/)
	set(files "")
	foreach(glob ${globs})
		file(GLOB some CONFIGURE_DEPENDS ${glob})
		list(SORT some)
		list(APPEND files ${some})
	endforeach()
	gt_embed_made(${table} ${files})
	set(out ${PROJECT_BINARY_DIR}/generated/${table})
	set(${target} ${out}.c ${out}.h PARENT_SCOPE)
endfunction()

# gt_embed_openapi(<out-var> <file.yaml> <examples-folder> <docs-folder> <errors.c...>): the document with its
# examples as JSON in openapi_json[0], and the page made from it and from the catalogue of errors in docs_files[]: its
# Content-Security-Policy, then its HTML.
function(gt_embed_openapi target yaml examples templates)
	set(generated ${PROJECT_BINARY_DIR}/generated)
	set(json ${generated}/openapi.json)
	set(page ${generated}/docs/page.csp ${generated}/docs/page.html)
	file(MAKE_DIRECTORY ${generated}/docs)
	file(GLOB programs CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/cmake/docs_*.py)
	file(GLOB parts CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${templates}/*)
	file(GLOB calls CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${examples}/*.json)
	add_custom_command(OUTPUT ${json}
		COMMAND /usr/bin/python3 -B ${PROJECT_SOURCE_DIR}/cmake/openapi_json.py
			${PROJECT_SOURCE_DIR}/${yaml} ${PROJECT_SOURCE_DIR}/${examples} ${json}
		DEPENDS ${PROJECT_SOURCE_DIR}/${yaml} ${calls} ${programs} ${PROJECT_SOURCE_DIR}/cmake/openapi_json.py VERBATIM)
	add_custom_command(OUTPUT ${page}
		COMMAND /usr/bin/python3 -B ${PROJECT_SOURCE_DIR}/cmake/docs_page.py ${json}
			${PROJECT_SOURCE_DIR}/${templates} ${generated}/docs/page.html ${generated}/docs/page.csp ${ARGN}
		DEPENDS ${json} ${programs} ${parts} ${ARGN} VERBATIM)
	gt_embed_made(openapi_json ${json})
	gt_embed_made(docs_files ${page})
	set(${target} ${generated}/openapi_json.c ${generated}/openapi_json.h ${generated}/docs_files.c
		${generated}/docs_files.h PARENT_SCOPE)
endfunction()

# gt_embed_made(<table> <file...>): files that the build makes, as struct embedded_file <table>[] in <table>.h
function(gt_embed_made table)
	set(out ${PROJECT_BINARY_DIR}/generated/${table})
	add_custom_command(OUTPUT ${out}.c ${out}.h
		COMMAND ${CMAKE_COMMAND} -DTABLE=${table} -DOUT=${out} "-DFILES=${ARGN}"
			-P ${PROJECT_SOURCE_DIR}/cmake/embed_files.cmake
		DEPENDS ${ARGN} ${PROJECT_SOURCE_DIR}/cmake/embed_files.cmake VERBATIM)
endfunction()
