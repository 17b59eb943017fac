# libbasehttp.so, for programs of others (-DBUILD_SHARED_LIBS=ON), made of the objects of the archive.
#
# The daemon stays with the archive: across a library's boundary nothing is inlined and each call goes through a table, and
# an upgrade of the daemon replaces one file, which either runs or does not.

# Raised when a program that was linked with the last release would not work with this one.
set(BASEHTTP_SOVERSION 1)

# The interface is what the installed headers declare, and nothing else: everything is hidden, and the sources find each of
# those headers in a wrapper that shows it.
set(exported ${CMAKE_CURRENT_BINARY_DIR}/exported)
foreach(header IN LISTS basehttp_interface basehttp_included)
    file(CONFIGURE OUTPUT ${exported}/${header} CONTENT "#pragma GCC visibility push(default)
#include \"${CMAKE_CURRENT_SOURCE_DIR}/${header}\"
#pragma GCC visibility pop
")
endforeach()
target_include_directories(basehttp BEFORE PRIVATE ${exported})
set_target_properties(basehttp PROPERTIES CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON EXPORT_NAME archive)

# With link-time optimisation it would be optimised once more: the machine code in the objects is good enough. The script
# leaves out instances of the C++ library's templates, which depend on the compiler's mood.
file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/no_source.cc CONTENT "// CMake wants a source.\n")
add_library(basehttp_shared SHARED ${CMAKE_CURRENT_BINARY_DIR}/no_source.cc)
set_target_properties(basehttp_shared PROPERTIES OUTPUT_NAME basehttp EXPORT_NAME basehttp LINKER_LANGUAGE CXX
    SOVERSION ${BASEHTTP_SOVERSION} LINK_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/exported.map
    INTERPROCEDURAL_OPTIMIZATION OFF)
target_link_options(basehttp_shared PRIVATE -fno-lto LINKER:--version-script=${CMAKE_CURRENT_SOURCE_DIR}/exported.map
    LINKER:--no-undefined)
target_include_directories(basehttp_shared INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
target_compile_features(basehttp_shared INTERFACE cxx_std_23)
target_link_libraries(basehttp_shared PRIVATE $<LINK_LIBRARY:WHOLE_ARCHIVE,basehttp> PUBLIC fmt::fmt Threads::Threads)
install(TARGETS basehttp_shared EXPORT basehttp-targets
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT runtime NAMELINK_COMPONENT development)
