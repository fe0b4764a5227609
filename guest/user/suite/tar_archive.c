#include "tar_archive.h"

#include "suite.h"

#include <string.h>

enum { block_size = 512 };
// Offsets in a header block: name 100, mode 8, uid 8, gid 8, size 12, mtime 12, checksum 8, type.
enum { at_mode = 100, at_uid = 108, at_gid = 116, at_size = 124, at_time = 136 };
enum { at_checksum = 148, at_type = 156, at_magic = 257 };

void name_archived_file(char* target, unsigned index)
{
    *put_number(put_text(target, "file"), index) = 0;
}

static void put_octal(char* target, unsigned digits, unsigned value)
{
    for (unsigned i = digits; i > 0; --i) {
        target[i - 1] = (char)('0' + value % 8);
        value /= 8;
    }
}

static void make_header(char* block, unsigned index)
{
    name_archived_file(block, index);
    put_octal(block + at_mode, 7, 0644);
    put_octal(block + at_uid, 7, 0);
    put_octal(block + at_gid, 7, 0);
    put_octal(block + at_size, 11, archived_size);
    put_octal(block + at_time, 11, 0);
    block[at_type] = '0';
    memcpy(block + at_magic, "ustar\00000", 8);
    // The checksum is taken with its own field full of blanks.
    memset(block + at_checksum, ' ', 8);
    unsigned sum = 0;
    for (unsigned i = 0; i < block_size; ++i) sum += (unsigned char)block[i];
    put_octal(block + at_checksum, 6, sum);
    block[at_checksum + 6] = 0;
}

size_t make_archive(char* target, size_t room)
{
    // A header and a block of content for each file, two empty blocks at the end.
    size_t const size = (archive_files * 2 + 2) * block_size;
    if (size > room) return 0;
    memset(target, 0, size);
    for (unsigned i = 0; i < archive_files; ++i) {
        char* const block = target + (size_t)i * 2 * block_size;
        make_header(block, i);
        memcpy(block + block_size, "fifteen bytes.\n", archived_size);
    }
    return size;
}
