include(CMakeFindDependencyMacro)
find_dependency(Threads)
find_dependency(fmt)
include(${CMAKE_CURRENT_LIST_DIR}/basehttp-targets.cmake)

# Warns, when `target` is built, of uses of co_await that g++ 12 miscompiles without a word.
function(basehttp_check_co_await target)
    find_package(Python3 QUIET COMPONENTS Interpreter)
    if(NOT Python3_FOUND OR NOT CMAKE_CXX_COMPILER_ID STREQUAL "GNU" OR CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 13)
        return()
    endif()
    get_target_property(sources ${target} SOURCES)
    add_custom_command(TARGET ${target} PRE_LINK WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}
        COMMAND Python3::Interpreter ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/check-co-await ${sources} || ${CMAKE_COMMAND} -E true)
endfunction()
