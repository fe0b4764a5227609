// With many names in one folder.
#define _GNU_SOURCE
#include "guest/user/growth/growth.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int total, listing;

static char const* name_of(int number)
{
    static char name[32];
    snprintf(name, sizeof name, "name-%d", number % total);
    return name;
}

static void make_names(int count)
{
    total = count;
    must(mkdir("/tmp/growth", 0755) == 0 && chdir("/tmp/growth") == 0, "/tmp/growth");
    for (int i = 0; i < count; ++i) must(mknod(name_of(i), S_IFREG | 0644, 0) == 0, "mknod");
}

static void open_one(int round)
{
    int const descriptor = open(name_of(round * 7919), O_RDONLY);
    must(descriptor >= 0, "open");
    close(descriptor);
}

static void look_up(int round)
{
    struct stat status;
    must(stat(name_of(round * 7919), &status) == 0, "stat");
}

static void look_up_none(int round)
{
    char name[32];
    snprintf(name, sizeof name, "none-%d", round);
    must(access(name, F_OK) != 0, "access");
}

static void make_one(int round)
{
    (void)round;
    int const descriptor = open("new", O_CREAT | O_EXCL | O_WRONLY, 0644);
    must(descriptor >= 0, "open");
    close(descriptor);
    must(unlink("new") == 0, "unlink");
}

static void rename_one(int round)
{
    char const* const name = name_of(round * 7919);
    must(rename(name, "other") == 0 && rename("other", name) == 0, "rename");
}

static void list_some(int round)
{
    char buffer[256];
    if (listing == 0) listing = open(".", O_RDONLY | O_DIRECTORY);
    if (round % 2 == 1) lseek(listing, 0, SEEK_SET);
    must(syscall(SYS_getdents64, listing, buffer, sizeof buffer) > 0, "getdents64");
}

struct operation const file_operations[] = {
    {"open_name", make_names, open_one},
    {"stat", NULL, look_up},
    {"stat_none", NULL, look_up_none},
    {"create_unlink", NULL, make_one},
    {"rename", NULL, rename_one},
    {"getdents", NULL, list_some},
    {NULL, NULL, NULL},
};
