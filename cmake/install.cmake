# What `cmake --install` puts where: programs, operators' scripts, units, and everything that is a template for the council.
include(GNUInstallDirs)
install(TARGETS goldenthread-api goldenthread-notifier RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT programs)
install(TARGETS goldenthread-office LIBRARY DESTINATION lib/goldenthread COMPONENT programs)

# Each service stands on the same restrictions; the units are whole files when they arrive.
file(READ deploy/systemd/hardening.conf GT_HARDENING)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS deploy/systemd/hardening.conf)
file(GLOB units CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}/deploy/systemd deploy/systemd/*.service.in)
foreach(unit ${units})
	string(REGEX REPLACE "\\.in$" "" name ${unit})
	configure_file(deploy/systemd/${unit} ${PROJECT_BINARY_DIR}/systemd/${name} @ONLY)
endforeach()
install(DIRECTORY ${PROJECT_BINARY_DIR}/systemd/ DESTINATION lib/systemd/system FILES_MATCHING PATTERN "*.service")
install(DIRECTORY deploy/systemd/ DESTINATION lib/systemd/system FILES_MATCHING PATTERN "*.timer")

set(share ${CMAKE_INSTALL_DATADIR}/goldenthread)
install(FILES deploy/roles.sql DESTINATION ${share})
install(FILES deploy/connect.sh DESTINATION ${share})
install(PROGRAMS deploy/backup DESTINATION ${CMAKE_INSTALL_BINDIR} RENAME goldenthread-backup)
install(PROGRAMS deploy/restore DESTINATION ${CMAKE_INSTALL_BINDIR} RENAME goldenthread-restore)
install(DIRECTORY notifier/templates deploy/prometheus deploy/grafana DESTINATION ${share})
install(FILES README.md CHANGELOG.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY examples DESTINATION ${CMAKE_INSTALL_DOCDIR})
