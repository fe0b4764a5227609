#pragma once

// What the programs about mounts share: the line of a mount in /proc/self/mountinfo, without what
// differs from place to place.
#include "tests/contracts/contract.h"

#include <sys/mount.h>
#include <sys/statfs.h>

#ifndef MS_NOSYMFOLLOW
#    define MS_NOSYMFOLLOW 256
#endif

static void show_mount(char const* what,
                       char const* source,
                       char const* target,
                       char const* type,
                       unsigned long flags,
                       char const* options)
{
    show(what, mount(source, target, type, flags, options));
}

// Takes out what a Linux that was built with other options shows for tmpfs.
static void drop_text(char* line, char const* text)
{
    char* const found = strstr(line, text);
    if (found != NULL) memmove(found, found + strlen(text), strlen(found + strlen(text)) + 1);
}

// proc(5): "36 35 98:0 /root /mount options [tag:N]... - type source options": numbers become #.
static void print_mountinfo(char* line)
{
    char* words[32] = {NULL};
    int count = 0;
    for (char* word = strtok(line, " \n"); word != NULL && count < 32; word = strtok(NULL, " \n"))
        words[count++] = word;
    require(count > 6, "fields of mountinfo");
    printf("  %s on %s (%s)", words[3], words[4], words[5]);
    int i = 6;
    for (; i < count && strcmp(words[i], "-") != 0; ++i) {
        char* const colon = strchr(words[i], ':');
        if (colon != NULL) *colon = 0;
        printf(" %s%s", words[i], colon != NULL ? ":#" : "");
    }
    // What is bound from the root has the root's file system, which is another one in each place.
    if (strncmp(words[3], "/work/", 6) == 0) i = count;
    for (; i < count; ++i) printf(" %s", words[i]);
    printf("\n");
}

// Those whose place begins with this path, as they stand there.
static void show_mounts(char const* what, char const* prefix)
{
    char line[4096];
    FILE* const file = fopen("/proc/self/mountinfo", "re");
    require(file != NULL, "mountinfo");
    printf("%s:\n", what);
    while (fgets(line, sizeof line, file) != NULL) {
        char place[4096];
        if (sscanf(line, "%*s %*s %*s %*s %4095s", place) != 1) continue;
        if (strncmp(place, prefix, strlen(prefix)) != 0) continue;
        drop_text(line, ",inode64");
        print_mountinfo(line);
    }
    fclose(file);
    fflush(stdout);
}

static void show_contents(char const* what, char const* path)
{
    char text[256];
    int const file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        show(what, -1);
        return;
    }
    ssize_t const size = read(file, text, sizeof text - 1);
    require(size >= 0, "read");
    close(file);
    text[size] = 0;
    printf("%s: \"%s\"\n", what, text);
    fflush(stdout);
}

static void show_exists(char const* what, char const* path) { show(what, access(path, F_OK)); }
