// Names, files and folders under /tmp.
#include "families.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { tree_files = 10, entries_size = 1024 };

void run_open_close(struct run* run)
{
    if (!write_scratch(run, "file", "x", 1)) return;
    char const* const path = scratch("file");
    start(run);
    for (unsigned i = 0; i < run->iterations; ++i) {
        int const file = open(path, O_RDONLY);
        if (file < 0 || close(file) != 0) {
            fail(run, "open and close");
            break;
        }
    }
    if (!has_failed(run)) stop(run);
    unlink(path);
}

void run_stat(struct run* run)
{
    struct stat status;
    start(run);
    for (unsigned i = 0; i < run->iterations; ++i) {
        if (stat("/tmp", &status) != 0) return fail(run, "stat /tmp");
    }
    stop(run);
}

void run_access(struct run* run)
{
    start(run);
    for (unsigned i = 0; i < run->iterations; ++i) {
        if (access("/tmp", F_OK) != 0) return fail(run, "access /tmp");
    }
    stop(run);
}

void run_lseek(struct run* run)
{
    if (!write_scratch(run, "file", "x", 1)) return;
    int const file = open_file(run, scratch("file"), O_RDONLY);
    if (file < 0) return;
    start(run);
    for (unsigned i = 0; i < run->iterations; ++i) {
        if (lseek(file, 0, SEEK_CUR) != 0) {
            fail(run, "lseek");
            break;
        }
    }
    if (!has_failed(run)) stop(run);
    close(file);
    unlink(scratch("file"));
}

void run_getcwd(struct run* run)
{
    char path[256];
    start(run);
    for (unsigned i = 0; i < run->iterations; ++i) {
        if (syscall(SYS_getcwd, path, sizeof path) < 0) return fail(run, "getcwd");
    }
    stop(run);
}

void run_readlink(struct run* run)
{
    static char const target[] = "target";
    char const* const path = scratch("link");
    if (symlink(target, path) != 0) return fail(run, "symlink");
    char text[64];
    start(run);
    for (unsigned i = 0; i < run->iterations; ++i) {
        if (readlink(path, text, sizeof text) != (ssize_t)sizeof target - 1) {
            fail(run, "readlink");
            break;
        }
    }
    if (!has_failed(run)) stop(run);
    unlink(path);
}

// Whether at least one entry came.
static bool read_entries(char const* path)
{
    char entries[entries_size];
    int const folder = open(path, O_RDONLY | O_DIRECTORY);
    if (folder < 0) return false;
    long const size = syscall(SYS_getdents64, folder, entries, sizeof entries);
    return close(folder) == 0 && size > 0;
}

void run_getdents64(struct run* run)
{
    start(run);
    for (unsigned i = 0; i < run->iterations; ++i) {
        if (!read_entries("/tmp")) return fail(run, "getdents64 of /tmp");
    }
    stop(run);
}

// The paths of one tree, made once so that the timed part makes none.
struct tree {
    char outer[64];
    char inner[72];
    char files[tree_files][80];
};

static void name_tree(struct tree* tree)
{
    put_text(tree->outer, scratch("tree"));
    put_text(put_text(tree->inner, tree->outer), "/inner");
    for (unsigned i = 0; i < tree_files; ++i) {
        put_number(put_text(put_text(tree->files[i], tree->inner), "/f"), i);
    }
}

static bool make_file(char const* path)
{
    int const file = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    if (file < 0) return false;
    bool const is_written = write(file, "x", 1) == 1;
    return close(file) == 0 && is_written;
}

// One iteration; false with errno set where a step failed.
static bool grow_and_fell(struct tree const* tree)
{
    if (mkdir(tree->outer, 0700) != 0 || mkdir(tree->inner, 0700) != 0) return false;
    for (unsigned i = 0; i < tree_files; ++i) {
        if (!make_file(tree->files[i])) return false;
    }
    if (!read_entries(tree->inner)) return false;
    for (unsigned i = 0; i < tree_files; ++i) {
        if (unlink(tree->files[i]) != 0) return false;
    }
    return rmdir(tree->inner) == 0 && rmdir(tree->outer) == 0;
}

void run_file_tree(struct run* run)
{
    struct tree tree;
    name_tree(&tree);
    start(run);
    for (unsigned i = 0; i < run->iterations; ++i) {
        if (!grow_and_fell(&tree)) return fail(run, "a tree of files");
    }
    stop(run);
}
