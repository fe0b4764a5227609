// suite [--quick|--full] [--list] [--version] [--power-off] [NAME...|-|--names FILE]
//
// Runs the named benchmarks in the order given, all of them without a name; `-` takes names from
// standard input, one a line, each when the one before it is done, --names from a file. Prints
//     BENCH_START
//     BENCH <name> <iterations> <total_ns> <ns_per_iteration>
//     BENCH_SKIP <name> <why>
//     BENCH_END
// Linux gives its first program no more than some thirty words: hence --names. --version prints
// what the suite was built with. Full by default, quick as the first process of a machine. Exit
// status: 0, 1 if the results cannot be written, 2 for a wrong argument (nothing has run then).
#include "suite.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <unistd.h>

enum { name_size = 64, line_size = 256 };

struct options {
    bool is_quick;
    bool is_list;
    bool powers_off;
    bool is_version;
    bool reads_names;
    bool has_names;
    char const* names_path;
};

// What it was built with; the build says which C library.
static char const version[] = "gcc " __VERSION__ ", " SUITE_LIBC ", static\n";

static bool write_all(int file, char const* text)
{
    size_t left = strlen(text);
    while (left > 0) {
        ssize_t const written = write(file, text, left);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        text += written;
        left -= (size_t)written;
    }
    return true;
}

static void complain(char const* what, char const* argument, char const* advice)
{
    char line[line_size];
    char* end = put_text(line, "suite: ");
    for (unsigned i = 0; i < name_size && argument[i] != 0; ++i) *end++ = argument[i];
    put_text(put_text(put_text(put_text(end, ": "), what), advice), "\n");
    write_all(2, line);
}

static struct benchmark const* find_benchmark(char const* name)
{
    for (size_t i = 0; i < benchmark_count; ++i) {
        if (strcmp(benchmarks[i].name, name) == 0) return &benchmarks[i];
    }
    return NULL;
}

static bool print_list(void)
{
    for (size_t i = 0; i < benchmark_count; ++i) {
        char line[line_size];
        char* end = put_text(put_text(line, benchmarks[i].name), " ");
        end = put_text(put_number(end, benchmarks[i].full), " ");
        put_text(put_number(end, benchmarks[i].quick), "\n");
        if (!write_all(1, line)) return false;
    }
    return true;
}

static bool run_benchmark(struct benchmark const* benchmark, bool is_quick)
{
    struct run run = {.name = benchmark->name,
                      .iterations = is_quick ? benchmark->quick : benchmark->full};
    benchmark->run(&run);
    if (!run.is_timed) fail_because(&run, "it was not timed");
    char line[line_size];
    char* end = line;
    if (has_failed(&run)) {
        end = put_text(put_text(end, "BENCH_SKIP "), run.name);
        end = put_text(put_text(end, " "), run.reason);
    } else {
        end = put_text(put_text(put_text(end, "BENCH "), run.name), " ");
        end = put_text(put_number(end, run.iterations), " ");
        end = put_text(put_number(end, run.total_ns), " ");
        end = put_number(end, run.total_ns / run.iterations);
    }
    put_text(end, "\n");
    return write_all(1, line);
}

// Byte by byte, so that nothing is taken that the next name could still depend on.
static bool read_name(int file, char* name)
{
    size_t length = 0;
    char byte;
    ssize_t size;
    while ((size = read(file, &byte, 1)) == 1 && byte != '\n') {
        if (length < name_size - 1) name[length++] = byte;
    }
    name[length] = 0;
    return length > 0 || size == 1;
}

static int run_names_of(int file, bool is_quick)
{
    char name[name_size];
    while (read_name(file, name)) {
        if (name[0] == 0) continue;
        struct benchmark const* const benchmark = find_benchmark(name);
        if (benchmark == NULL) {
            complain("no such benchmark", name, "; --list names them");
            return 2;
        }
        if (!run_benchmark(benchmark, is_quick)) return 1;
    }
    return 0;
}

static int run_names_of_file(char const* path, bool is_quick)
{
    int const file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        complain("cannot be read", path, "; give a file with a name in each line");
        return 2;
    }
    int const status = run_names_of(file, is_quick);
    close(file);
    return status;
}

static int run_arguments(char** arguments, struct options const* options)
{
    if (!options->has_names) {
        for (size_t i = 0; i < benchmark_count; ++i) {
            if (!run_benchmark(&benchmarks[i], options->is_quick)) return 1;
        }
    }
    for (char** argument = arguments; *argument != NULL; ++argument) {
        struct benchmark const* const benchmark = find_benchmark(*argument);
        if (benchmark != NULL && !run_benchmark(benchmark, options->is_quick)) return 1;
    }
    return 0;
}

static bool parse(char** arguments, struct options* options)
{
    for (char** argument = arguments; *argument != NULL; ++argument) {
        char const* const text = *argument;
        if (strcmp(text, "--quick") == 0) {
            options->is_quick = true;
        } else if (strcmp(text, "--full") == 0) {
            options->is_quick = false;
        } else if (strcmp(text, "--list") == 0) {
            options->is_list = true;
        } else if (strcmp(text, "--version") == 0) {
            options->is_version = true;
        } else if (strcmp(text, "--names") == 0 && argument[1] != NULL) {
            options->names_path = *++argument;
        } else if (strcmp(text, "--power-off") == 0) {
            options->powers_off = true;
        } else if (strcmp(text, "-") == 0) {
            options->reads_names = true;
        } else if (text[0] == '-') {
            complain("no such option", text, "; give --quick, --full, --list, --version, --names FILE or --power-off");
            return false;
        } else if (find_benchmark(text) == NULL) {
            complain("no such benchmark", text, "; --list names them");
            return false;
        } else {
            options->has_names = true;
        }
    }
    bool const is_in_file = options->names_path != NULL;
    if (options->reads_names + options->has_names + is_in_file > 1) {
        complain("names come from one place", is_in_file ? "--names" : "-", "; give one");
        return false;
    }
    return true;
}

// The first process of an initramfs finds nothing but what its archive brought.
static void prepare_machine(void)
{
    mkdir("/tmp", 01777);
    if (access("/dev/null", F_OK) == 0) return;
    mkdir("/dev", 0755);
    mount("dev", "/dev", "devtmpfs", 0, NULL);
}

static int run_suite(char** arguments, struct options const* options)
{
    char const* reason = "";
    if (!make_scratch(&reason)) {
        complain(reason, "/tmp", "; make it writable");
        return 1;
    }
    int status = write_all(1, "BENCH_START\n") ? 0 : 1;
    if (status == 0) {
        if (options->names_path != NULL)
            status = run_names_of_file(options->names_path, options->is_quick);
        else
            status = options->reads_names ? run_names_of(0, options->is_quick)
                                          : run_arguments(arguments, options);
    }
    if (status == 0 && !write_all(1, "BENCH_END\n")) status = 1;
    remove_scratch();
    return status;
}

int main(int count, char** arguments)
{
    bool const is_first = getpid() == 1;
    char const* const slash = count > 0 ? strrchr(arguments[0], '/') : NULL;
    // A kernel starts its first program as /init and panics when that ends.
    struct options options = {.is_quick = is_first,
                              .powers_off =
                                  is_first && slash != NULL && strcmp(slash, "/init") == 0};
    if (is_first) prepare_machine();
    int status = 2;
    if (count > 0 && parse(arguments + 1, &options)) {
        // The same place for every benchmark, wherever the suite was started.
        if (chdir("/") != 0) return 1;
        if (options.is_version)
            status = write_all(1, version) ? 0 : 1;
        else if (options.is_list)
            status = print_list() ? 0 : 1;
        else
            status = run_suite(arguments + 1, &options);
    }
    if (options.powers_off) reboot(RB_POWER_OFF);
    return status;
}
