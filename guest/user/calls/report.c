// What came of a list, in words that are the same on every machine that behaves alike.
#include "calls.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { kMostDepth = 8, kMostNames = 256, kMostRead = 1 << 16 };

static void print_result(struct outcome const* outcome)
{
    int64_t const result = outcome->result;
    if (result < 0 && result > -4096) {
        printf("%s", strerror((int)-result));
        return;
    }
    switch (outcome->kind) {
    case kPid: printf(result == 0 ? "0" : "a process"); break;
    case kStatus: printf("done"); break;
    case kAddress:
        if (result >= (int64_t)ARENA && result < (int64_t)(ARENA + kArenaPages * kPage))
            printf("m%d", (int)((result - (int64_t)ARENA) / kPage));
        else
            printf("an address");
        break;
    default: printf("%lld", (long long)result);
    }
}

static void print_line(unsigned number)
{
    struct outcome const* const outcome = &shared->lines[number];
    printf("%u: ", number);
    if (outcome->state == kNotReached)
        printf("not reached");
    else if (outcome->state == kRunning)
        printf("did not return");
    else if (outcome->result == kSkipped)
        printf("skipped");
    else
        print_result(outcome);
    if (outcome->looked > 0) {
        printf(" [%u bytes ", outcome->looked);
        for (unsigned i = 0; i < outcome->looked && i < kLookBytes; ++i)
            printf("%02x", outcome->bytes[i]);
        printf(" %016llx]", (unsigned long long)outcome->hash);
    }
    printf("\n");
}

static void print_content(int folder, char const* name)
{
    static unsigned char bytes[kMostRead];
    int const file = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    uint64_t hash = 0xcbf29ce484222325u;
    ssize_t const size = file < 0 ? -1 : read(file, bytes, sizeof bytes);
    for (ssize_t i = 0; i < size; ++i) hash = (hash ^ bytes[i]) * 0x100000001b3u;
    printf(" %016llx", (unsigned long long)hash);
    if (file >= 0) close(file);
}

static int compare_names(void const* left, void const* right)
{
    return strcmp(*(char* const*)left, *(char* const*)right);
}

static void print_folder(int folder, char const* path, unsigned depth)
{
    DIR* const stream = fdopendir(folder);
    if (stream == NULL) return;
    char* names[kMostNames];
    unsigned count = 0;
    for (struct dirent* entry; count < kMostNames && (entry = readdir(stream)) != NULL;) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            names[count++] = strdup(entry->d_name);
    }
    qsort(names, count, sizeof names[0], compare_names);
    for (unsigned i = 0; i < count; ++i) {
        struct stat status;
        if (fstatat(folder, names[i], &status, AT_SYMLINK_NOFOLLOW) != 0) continue;
        char below[512];
        snprintf(below, sizeof below, "%s/%s", path, names[i]);
        printf("%s %o %u %u", below, status.st_mode, status.st_uid, status.st_gid);
        if (!S_ISDIR(status.st_mode))
            printf(" links %u size %lld", (unsigned)status.st_nlink, (long long)status.st_size);
        if (S_ISREG(status.st_mode)) print_content(folder, names[i]);
        printf("\n");
        int const inner = S_ISDIR(status.st_mode) && depth < kMostDepth
                              ? openat(folder, names[i], O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
                              : -1;
        if (inner >= 0) print_folder(inner, below, depth + 1);
        free(names[i]);
    }
    closedir(stream);
}

void print_report(void)
{
    for (unsigned i = 0; i < list.count; ++i) print_line(i);
    for (unsigned i = 1; i <= 64; ++i) {
        if (shared->signals[i] != 0) printf("signal %u: %u times\n", i, shared->signals[i]);
    }
    int const folder = open("/w", O_RDONLY | O_DIRECTORY);
    if (folder >= 0) print_folder(folder, "/w", 0);
    fflush(stdout);
}
