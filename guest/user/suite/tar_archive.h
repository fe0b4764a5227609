// An archive in the ustar format (POSIX, pax), made here so that no program need run before the
// benchmark that unpacks it.
#pragma once

#include <stddef.h>

enum { archive_files = 20, archived_size = 15 };

// Writes the archive to `target`; its size, or 0 if there is no room.
size_t make_archive(char* target, size_t room);
// The name of file `index` in it, zero-terminated.
void name_archived_file(char* target, unsigned index);
