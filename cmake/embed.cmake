# Turns files into C: SQL statements into a table and an enum, other files into byte arrays, the
# OpenAPI document into JSON. Pure CMake at build time, but for YAML to JSON (python3-yaml).

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
	set(out ${PROJECT_BINARY_DIR}/generated/${table})
	add_custom_command(OUTPUT ${out}.c ${out}.h
		COMMAND ${CMAKE_COMMAND} -DTABLE=${table} -DOUT=${out} "-DFILES=${files}"
			-P ${PROJECT_SOURCE_DIR}/cmake/embed_files.cmake
		DEPENDS ${files} ${PROJECT_SOURCE_DIR}/cmake/embed_files.cmake VERBATIM)
	set(${target} ${out}.c ${out}.h PARENT_SCOPE)
endfunction()

# gt_embed_json(<out-var> <table> <file.yaml>): the same, of the one file turned into JSON
function(gt_embed_json target table yaml)
	set(json ${PROJECT_BINARY_DIR}/generated/openapi.json)
	set(out ${PROJECT_BINARY_DIR}/generated/${table})
	add_custom_command(OUTPUT ${json}
		COMMAND /usr/bin/python3 ${PROJECT_SOURCE_DIR}/cmake/yaml_to_json.py
			${PROJECT_SOURCE_DIR}/${yaml} ${json}
		DEPENDS ${PROJECT_SOURCE_DIR}/${yaml} ${PROJECT_SOURCE_DIR}/cmake/yaml_to_json.py VERBATIM)
	add_custom_command(OUTPUT ${out}.c ${out}.h
		COMMAND ${CMAKE_COMMAND} -DTABLE=${table} -DOUT=${out} -DFILES=${json}
			-P ${PROJECT_SOURCE_DIR}/cmake/embed_files.cmake
		DEPENDS ${json} ${PROJECT_SOURCE_DIR}/cmake/embed_files.cmake VERBATIM)
	set(${target} ${out}.c ${out}.h PARENT_SCOPE)
endfunction()
