# What is installed beside the programs: configuration, units, manual pages. Paths within the units follow the prefix.
find_package(PkgConfig)

# Where systemd looks: its own word for /usr, else the folder of the same name below the prefix. Not cached, so that
# another prefix gives other folders.
function(basehttpd_systemd_folder VARIABLE PKG_CONFIG_NAME FALLBACK)
    if(DEFINED ${VARIABLE})
        return()
    endif()
    set(folder ${CMAKE_INSTALL_PREFIX}/${FALLBACK})
    if(PKG_CONFIG_FOUND AND CMAKE_INSTALL_PREFIX STREQUAL "/usr")
        pkg_get_variable(told systemd ${PKG_CONFIG_NAME})
        if(told)
            set(folder ${told})
        endif()
    endif()
    set(${VARIABLE} ${folder} PARENT_SCOPE)
endfunction()
basehttpd_systemd_folder(BASEHTTPD_UNITDIR systemdsystemunitdir lib/systemd/system)
basehttpd_systemd_folder(BASEHTTPD_SYSUSERSDIR sysusersdir lib/sysusers.d)
basehttpd_systemd_folder(BASEHTTPD_TMPFILESDIR tmpfilesdir lib/tmpfiles.d)

foreach(unit basehttpd.service basehttpd.socket basehttpd-activated.service)
    file(READ ${PROJECT_SOURCE_DIR}/systemd/${unit} text)
    string(REPLACE "# The paths /usr/sbin and /etc become those of the installation.\n\n" "" text "${text}")
    string(REPLACE "/usr/sbin/" "${CMAKE_INSTALL_FULL_SBINDIR}/" text "${text}")
    file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/systemd/${unit} CONTENT "${text}" @ONLY)
    install(FILES ${PROJECT_BINARY_DIR}/systemd/${unit} DESTINATION ${BASEHTTPD_UNITDIR} COMPONENT daemon)
endforeach()
install(FILES systemd/basehttpd.sysusers DESTINATION ${BASEHTTPD_SYSUSERSDIR} RENAME basehttpd.conf COMPONENT daemon)
install(FILES systemd/basehttpd.tmpfiles DESTINATION ${BASEHTTPD_TMPFILESDIR} RENAME basehttpd.conf COMPONENT daemon)

# What editors check and complete the configuration with, made of the table of its keys.
set(schema ${PROJECT_BINARY_DIR}/packaging/basehttpd.schema.json)
file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/packaging)
add_custom_command(OUTPUT ${schema} COMMAND basehttpd config --schema > ${schema} DEPENDS basehttpd)
add_custom_target(schema ALL DEPENDS ${schema})
install(FILES ${schema} DESTINATION ${CMAKE_INSTALL_DATADIR}/basehttpd COMPONENT daemon)

file(READ ${PROJECT_SOURCE_DIR}/etc/basehttpd.yaml text)
string(REPLACE "/usr/share/" "${CMAKE_INSTALL_FULL_DATADIR}/" text "${text}")
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/etc/basehttpd.yaml CONTENT "${text}" @ONLY)

# A configuration that is there already is somebody's own.
install(CODE "
    set(folder \"${CMAKE_INSTALL_FULL_SYSCONFDIR}/basehttpd\")
    if(NOT EXISTS \"\$ENV{DESTDIR}\${folder}/basehttpd.yaml\")
        file(INSTALL \"${PROJECT_BINARY_DIR}/etc/basehttpd.yaml\" DESTINATION \"\${folder}\")
    endif()" COMPONENT daemon)
install(DIRECTORY DESTINATION ${CMAKE_INSTALL_FULL_SYSCONFDIR}/basehttpd/conf.d COMPONENT daemon)
file(READ ${PROJECT_SOURCE_DIR}/etc/logrotate text)
string(REPLACE "/usr/sbin/" "${CMAKE_INSTALL_FULL_SBINDIR}/" text "${text}")
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/etc/logrotate CONTENT "${text}" @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/etc/logrotate DESTINATION ${CMAKE_INSTALL_FULL_SYSCONFDIR}/logrotate.d RENAME basehttpd COMPONENT daemon)

file(READ ${PROJECT_SOURCE_DIR}/etc/apparmor.profile text)
string(REPLACE "/usr/sbin/basehttpd" "${CMAKE_INSTALL_FULL_SBINDIR}/basehttpd" text "${text}")
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/etc/apparmor.profile CONTENT "${text}" @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/etc/apparmor.profile DESTINATION ${CMAKE_INSTALL_FULL_SYSCONFDIR}/apparmor.d RENAME basehttpd COMPONENT daemon)

# What other programs read the logs with. Those in /etc are found by themselves.
set(etc ${CMAKE_INSTALL_FULL_SYSCONFDIR})
install(FILES etc/lnav/basehttpd.json DESTINATION ${etc}/lnav/formats/basehttpd COMPONENT daemon)
install(FILES etc/fail2ban/filter.conf DESTINATION ${etc}/fail2ban/filter.d RENAME basehttpd.conf COMPONENT daemon)
install(FILES etc/fail2ban/jail.conf DESTINATION ${etc}/fail2ban/jail.d RENAME basehttpd.conf COMPONENT daemon)
install(FILES etc/ufw/basehttpd DESTINATION ${etc}/ufw/applications.d COMPONENT daemon)
install(DIRECTORY packaging/examples DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT daemon)

# Completions: one script finds what can come next, and each shell has a few lines that call it.
install(PROGRAMS packaging/completions/complete DESTINATION ${CMAKE_INSTALL_DATADIR}/basehttpd COMPONENT daemon)
function(basehttpd_install_completion SHELL FOLDER)
    set(file ${PROJECT_BINARY_DIR}/packaging/basehttpd.${SHELL})
    file(READ ${PROJECT_SOURCE_DIR}/packaging/completions/basehttpd.${SHELL} text)
    string(REPLACE "/usr/share/" "${CMAKE_INSTALL_FULL_DATADIR}/" text "${text}")
    file(CONFIGURE OUTPUT ${file} CONTENT "${text}" @ONLY)
    foreach(name IN LISTS ARGN)
        install(FILES ${file} DESTINATION ${CMAKE_INSTALL_DATADIR}/${FOLDER} RENAME ${name} COMPONENT daemon)
    endforeach()
endfunction()
basehttpd_install_completion(bash bash-completion/completions basehttpd basehttpctl)
set(BASEHTTPD_ZSH_FOLDER zsh/site-functions CACHE STRING "Where zsh looks for completions, below the data directory")
basehttpd_install_completion(zsh ${BASEHTTPD_ZSH_FOLDER} _basehttpd)
basehttpd_install_completion(fish fish/vendor_completions.d basehttpd.fish basehttpctl.fish)

install(FILES packaging/man/basehttpd.8 packaging/man/basehttpctl.8 packaging/man/basehttpctl-logs.8 DESTINATION ${CMAKE_INSTALL_MANDIR}/man8 COMPONENT daemon)
install(FILES packaging/man/basehttpd.yaml.5 DESTINATION ${CMAKE_INSTALL_MANDIR}/man5 COMPONENT daemon)
install(FILES packaging/man/basehttpd-handbook.7 packaging/man/basehttpd-logs.7 DESTINATION ${CMAKE_INSTALL_MANDIR}/man7 COMPONENT daemon)
install(FILES packaging/man/libbasehttp.3 DESTINATION ${CMAKE_INSTALL_MANDIR}/man3 COMPONENT development)
install(FILES README.md CHANGELOG.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT daemon)
