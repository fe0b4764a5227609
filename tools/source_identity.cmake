# Writes a C++ file with the name and the hash of a set of sources: what a trace calls its kernel and simulator.
#   cmake -DPREFIX=drydock_kernel -DNAME=standard -DFOLDERS="a;b.patch" -DOUTPUT=file.cpp -P source_identity.cmake
# The hash covers contents and relative paths, so it does not depend on where the tree lies or how it is compiled.
cmake_minimum_required(VERSION 3.25)
set(lines "")
foreach(folder ${FOLDERS})
    get_filename_component(base ${folder} NAME)
    if(NOT IS_DIRECTORY ${folder})
        file(SHA256 ${folder} hash)
        string(APPEND lines "${base} ${hash}\n")
        continue()
    endif()
    file(GLOB_RECURSE files RELATIVE ${folder} ${folder}/*.cpp ${folder}/*.h ${folder}/*.S ${folder}/*.s ${folder}/*.ld)
    list(SORT files)
    foreach(file ${files})
        file(SHA256 ${folder}/${file} hash)
        string(APPEND lines "${base}/${file} ${hash}\n")
    endforeach()
endforeach()
string(SHA256 whole "${lines}")
string(SUBSTRING ${whole} 0 16 short)
file(CONFIGURE OUTPUT ${OUTPUT} CONTENT "// Made by tools/source_identity.cmake.
extern \"C\" char const @PREFIX@_name[];
extern \"C\" char const @PREFIX@_sources[];
extern \"C\" char const @PREFIX@_name[] = \"@NAME@\";
extern \"C\" char const @PREFIX@_sources[] = \"@short@\";
" @ONLY)
