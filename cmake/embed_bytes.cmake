# embed_bytes(<file> <out-var>): the file's bytes as a C initializer, a newline every 32 bytes.
function(embed_bytes file result)
	file(READ ${file} hex HEX)
	string(REGEX REPLACE "(................................................................)" "\\1\n" hex "${hex}")
	string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${hex}")
	set(${result} "${bytes}" PARENT_SCOPE)
endfunction()
