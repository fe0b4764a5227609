# drydock_source_identity(PREFIX NAME FOLDER|FILE...): a source file that names a set of sources and their hash, as
# PREFIX_name and PREFIX_sources; its path is left in ${PREFIX}_IDENTITY.
function(drydock_source_identity prefix name)
    set(script ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/source_identity.cmake)
    set(files "")
    foreach(folder ${ARGN})
        set(found ${folder})
        if(IS_DIRECTORY ${folder})
            file(GLOB_RECURSE found CONFIGURE_DEPENDS ${folder}/*.cpp ${folder}/*.h ${folder}/*.S ${folder}/*.s ${folder}/*.ld)
        endif()
        list(APPEND files ${found})
    endforeach()
    set(output ${CMAKE_CURRENT_BINARY_DIR}/${prefix}_${name}_identity.cpp)
    add_custom_command(OUTPUT ${output}
        COMMAND ${CMAKE_COMMAND} -DPREFIX=${prefix} -DNAME=${name} "-DFOLDERS=${ARGN}" -DOUTPUT=${output} -P ${script}
        DEPENDS ${files} ${script} VERBATIM
        COMMENT "Naming the sources of ${prefix}")
    set(${prefix}_IDENTITY ${output} PARENT_SCOPE)
endfunction()
