# Compiler and linker flags, carried by one interface target that everything links.
add_library(gt_flags INTERFACE)
target_compile_options(gt_flags INTERFACE
	-Wall -Wextra -Wconversion -Wformat=2 -Wshadow -Wstrict-prototypes -Wmissing-prototypes
	-Wimplicit-fallthrough -Wvla -Wundef -Wno-missing-field-initializers
	-Werror=implicit -Werror=incompatible-pointer-types -Werror=int-conversion)
if(CMAKE_C_COMPILER_ID STREQUAL "Clang")
	# clang warns of format strings that come through our own printf-like wrappers
	target_compile_options(gt_flags INTERFACE -Wno-format-nonliteral)
else()
	target_compile_options(gt_flags INTERFACE -Wtrampolines -Wbidi-chars=any -Wno-format-nonliteral)
endif()
if(GT_WERROR)
	target_compile_options(gt_flags INTERFACE -Werror)
endif()
if(GT_SANITIZE)
	target_compile_options(gt_flags INTERFACE
		-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
	target_link_options(gt_flags INTERFACE -fsanitize=address,undefined)
endif()
set(is_module $<STREQUAL:$<TARGET_PROPERTY:TYPE>,MODULE_LIBRARY>)
if(GT_HARDEN)
	# The OpenSSF Compiler Options Hardening Guide, less what gcc 12 does not take yet
	# (-fstrict-flex-arrays=3, -fhardened).
	target_compile_options(gt_flags INTERFACE
		-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fstack-clash-protection -fstack-protector-strong
		-fno-delete-null-pointer-checks -fno-strict-overflow
		-fno-strict-aliasing -ftrivial-auto-var-init=zero $<IF:${is_module},-fPIC,-fPIE>)
	target_link_options(gt_flags INTERFACE
		-Wl,-z,noexecstack -Wl,-z,relro -Wl,-z,now "$<$<NOT:${is_module}>:-pie;-Wl,-z,nodlopen>")
	if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|amd64|AMD64)$")
		# Debian 12's start-up objects are not marked, so the linker has to be told.
		target_compile_options(gt_flags INTERFACE -fcf-protection=full)
		target_link_options(gt_flags INTERFACE -Wl,-z,ibt -Wl,-z,shstk)
	elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64)$")
		target_compile_options(gt_flags INTERFACE -mbranch-protection=standard)
	endif()
endif()
