// Programs started by the suite, as an ordinary system starts them: /bin/true and shell commands of
// BusyBox on files under /tmp. A program that is missing or fails is never timed.
#include "families.h"
#include "tar_archive.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { command_size = 320, text_size = 24 * 1024 };
enum { grep_lines = 300, sed_lines = 200, sort_lines = 500, sort_words = 7 };
enum { exec_failed = 127 };

static char* const environment[] = {"PATH=/bin:/sbin:/usr/bin:/usr/sbin", "HOME=/", NULL};

static bool is_program(struct run* run, char const* path)
{
    if (access(path, X_OK) == 0) return true;
    fail(run, path);
    return false;
}

// Runs a program to its end; fails the run unless it exits with status 0.
static void spawn(struct run* run, char const* path, char* const* arguments)
{
    pid_t const child = fork();
    if (child == 0) {
        execve(path, arguments, environment);
        _exit(exec_failed);
    }
    if (child < 0) return fail(run, "fork");
    int status = 0;
    if (waitpid(child, &status, 0) != child) return fail(run, "waitpid");
    if (status == 0) return;
    char reason[64];
    char* const end = put_text(reason,
                               WIFEXITED(status) ? "the program exited with status "
                                                 : "the program was ended by signal ");
    put_number(end, (uint64_t)(WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status)));
    fail_because(run, reason);
}

static void shell(struct run* run, char const* command)
{
    char* const arguments[] = {(char*)"sh", (char*)"-c", (char*)command, NULL};
    spawn(run, "/bin/sh", arguments);
}

static void time_shell(struct run* run, char const* command)
{
    start(run);
    for (unsigned i = 0; i < run->iterations; ++i) {
        shell(run, command);
        if (has_failed(run)) return;
    }
    stop(run);
}

void run_exec_true(struct run* run)
{
    if (!is_program(run, "/bin/true")) return;
    char* const arguments[] = {(char*)"true", NULL};
    start(run);
    for (unsigned i = 0; i < run->iterations; ++i) {
        spawn(run, "/bin/true", arguments);
        if (has_failed(run)) return;
    }
    stop(run);
}

void run_shell_noop(struct run* run)
{
    if (is_program(run, "/bin/sh")) time_shell(run, "true");
}

static char text[text_size];

// Times `before FILE after` on a file with the text up to `end`.
static void time_on_file(struct run* run, char const* end, char const* before, char const* after)
{
    char command[command_size];
    char const* const path = scratch("input");
    put_text(put_text(put_text(command, before), path), after);
    if (!is_program(run, "/bin/sh")) return;
    if (write_scratch(run, "input", text, (size_t)(end - text))) time_shell(run, command);
    unlink(path);
}

void run_pipe_grep(struct run* run)
{
    static char const* const fruit[] = {"banana", "apple", "cherry", "orange", "grape"};
    char* end = text;
    for (unsigned i = 0; i < grep_lines; ++i) {
        end = put_number(put_text(end, "line "), i);
        end = put_text(put_text(put_text(end, " has a "), fruit[i % 5]), "\n");
    }
    time_on_file(run, end, "grep apple ", " > /dev/null");
}

void run_sed_pipeline(struct run* run)
{
    char* end = text;
    for (unsigned i = 0; i < sed_lines; ++i) {
        end = put_text(put_number(put_text(end, "prefix of line "), i), " and its suffix\n");
    }
    time_on_file(run, end, "sed 's/prefix/PRE/;s/suffix/SUF/' ", " > /dev/null");
}

// The status of a pipeline is its last program's: so the result is looked at, outside the clock.
static void check_counts(struct run* run, char const* input)
{
    char command[command_size];
    char const* const result = scratch("counts");
    char* end = put_text(put_text(command, "sort "), input);
    put_text(put_text(end, " | uniq -c | sort -rn > "), result);
    shell(run, command);
    unsigned lines = 0;
    int const file = has_failed(run) ? -1 : open_file(run, result, O_RDONLY);
    if (file >= 0) {
        ssize_t const size = read(file, text, sizeof text);
        for (ssize_t i = 0; i < size; ++i) lines += text[i] == '\n';
        close(file);
    }
    if (lines != sort_words) fail_because(run, "sort and uniq gave a wrong result");
    unlink(result);
}

void run_sort_uniq(struct run* run)
{
    static char const* const words[sort_words] = {
        "delta", "alpha", "golf", "echo", "bravo", "foxtrot", "charlie"};
    char command[command_size];
    char const* const input = scratch("input");
    char* end = text;
    // Steps of 3 and 5 through the words: no two neighbours alike, every word present.
    for (unsigned i = 0; i < sort_lines; ++i) {
        end = put_text(put_text(end, words[(i * 3 + i / sort_words * 5) % sort_words]), "\n");
    }
    put_text(put_text(put_text(command, "sort "), input), " | uniq -c | sort -rn > /dev/null");
    if (!is_program(run, "/bin/sh")) return;
    if (write_scratch(run, "input", text, (size_t)(end - text))) time_shell(run, command);
    if (!has_failed(run)) check_counts(run, input);
    unlink(input);
}

static void check_extracted(struct run* run, char const* folder)
{
    for (unsigned i = 0; i < archive_files; ++i) {
        char path[96];
        struct stat status;
        name_archived_file(put_text(put_text(path, folder), "/"), i);
        if (stat(path, &status) != 0 || status.st_size != archived_size) {
            return fail_because(run, "tar left a file out");
        }
    }
}

void run_tar_extract(struct run* run)
{
    char command[command_size];
    char const* const archive = scratch("archive");
    char const* const folder = scratch("out");
    size_t const size = make_archive(text, sizeof text);
    char* end = put_text(put_text(command, "rm -rf "), folder);
    end = put_text(put_text(end, "; mkdir "), folder);
    end = put_text(put_text(put_text(end, "; tar xf "), archive), " -C ");
    put_text(end, folder);
    if (!is_program(run, "/bin/sh")) return;
    if (write_scratch(run, "archive", text, size)) time_shell(run, command);
    if (!has_failed(run)) check_extracted(run, folder);
    for (unsigned i = 0; i < archive_files; ++i) {
        char path[96];
        name_archived_file(put_text(put_text(path, folder), "/"), i);
        unlink(path);
    }
    rmdir(folder);
    unlink(archive);
}
