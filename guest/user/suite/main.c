// suite [--quick|--full] [--list] [--power-off] [NAME...|-]
//
// Runs the named benchmarks in the order given, all of them without a name; `-` takes names from
// standard input, one a line, each when the one before it is done. Prints
//     BENCH_START
//     BENCH <name> <iterations> <total_ns> <ns_per_iteration>
//     BENCH_SKIP <name> <why>
//     BENCH_END
// Full by default, quick as the first process of a machine. Exit status: 0, 1 if the results cannot
// be written, 2 for a wrong argument (nothing has run then).
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
    bool reads_names;
    bool has_names;
};

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
static bool read_name(char* name)
{
    size_t length = 0;
    char byte;
    ssize_t size;
    while ((size = read(0, &byte, 1)) == 1 && byte != '\n') {
        if (length < name_size - 1) name[length++] = byte;
    }
    name[length] = 0;
    return length > 0 || size == 1;
}

static int run_names_of_input(bool is_quick)
{
    char name[name_size];
    while (read_name(name)) {
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
        } else if (strcmp(text, "--power-off") == 0) {
            options->powers_off = true;
        } else if (strcmp(text, "-") == 0) {
            options->reads_names = true;
        } else if (text[0] == '-') {
            complain("no such option", text, "; give --quick, --full, --list or --power-off");
            return false;
        } else if (find_benchmark(text) == NULL) {
            complain("no such benchmark", text, "; --list names them");
            return false;
        } else {
            options->has_names = true;
        }
    }
    if (options->reads_names && options->has_names) {
        complain("names come from arguments or from standard input", "-", ", not both");
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
        status = options->reads_names ? run_names_of_input(options->is_quick)
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
        status = options.is_list ? (print_list() ? 0 : 1) : run_suite(arguments + 1, &options);
    }
    if (options.powers_off) reboot(RB_POWER_OFF);
    return status;
}
