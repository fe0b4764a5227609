// Programs that cannot run: the ELF file of this very program cut at many places and changed in each
// field of its headers, scripts that loop, arguments that are too long. execve must fail with Linux's
// errno, or the new program must die, and the caller goes on.
#include "support.h"

#include <elf.h>
#include <stddef.h>

static unsigned char image[4 * 1024 * 1024];
static size_t image_size;
static char const kPath[] = "/tmp/exec_errors.elf";

static void write_file(const char* path, const void* bytes, size_t size, mode_t mode)
{
    unlink(path);
    int const file = open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);
    CHECK(file >= 0);
    CHECK(write(file, bytes, size) == (ssize_t)size);
    CHECK(close(file) == 0);
}

static void try_run(const char* what, const char* path, char* const* arguments)
{
    fflush(stdout);
    pid_t const child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        alarm(5);
        execve(path, arguments, (char*[]){NULL});
        printf("%s: %s\n", what, error_name(errno));
        fflush(stdout);
        _exit(0);
    }
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) printf("%s: %s\n", what, status_text(status));
}

static void try_image(const char* what, size_t size)
{
    write_file(kPath, image, size, 0755);
    try_run(what, kPath, (char*[]){(char*)kPath, "child", NULL});
}

static void try_header(const char* what, size_t offset, uint64_t value, size_t width)
{
    unsigned char saved[8];
    memcpy(saved, image + offset, 8);
    memcpy(image + offset, &value, width);
    try_image(what, image_size);
    memcpy(image + offset, saved, 8);
}

static void elf_headers(void)
{
    static const size_t cuts[] = {0, 1, 3, 4, 5, 16, 17, 52, 63, 64, 65, 100, 119, 120, 200};
    char what[64];
    for (size_t i = 0; i < sizeof cuts / sizeof cuts[0]; ++i) {
        snprintf(what, sizeof what, "cut at %zu", cuts[i]);
        try_image(what, cuts[i]);
    }
    try_header("bad magic", 0, 0x464c457e, 4);
    try_header("32-bit class", EI_CLASS, ELFCLASS32, 1);
    try_header("relocatable", offsetof(Elf64_Ehdr, e_type), ET_REL, 2);
    try_header("core file", offsetof(Elf64_Ehdr, e_type), ET_CORE, 2);
    try_header("other machine", offsetof(Elf64_Ehdr, e_machine), EM_AARCH64, 2);
    try_header("program headers beyond the end", offsetof(Elf64_Ehdr, e_phoff), 0x7fffffff, 8);
    try_header("program headers nowhere", offsetof(Elf64_Ehdr, e_phoff), ~UINT64_C(0), 8);
    try_header("header size", offsetof(Elf64_Ehdr, e_phentsize), 55, 2);
    try_header("no program headers", offsetof(Elf64_Ehdr, e_phnum), 0, 2);
    try_header("too many program headers", offsetof(Elf64_Ehdr, e_phnum), 0xffff, 2);
}

static void segments(void)
{
    Elf64_Ehdr const* const header = (Elf64_Ehdr const*)image;
    size_t load = 0;
    for (int i = 0; i < header->e_phnum; ++i) {
        Elf64_Phdr const* const segment = (Elf64_Phdr const*)(image + header->e_phoff) + i;
        if (segment->p_type == PT_LOAD) {
            load = header->e_phoff + (size_t)i * sizeof(Elf64_Phdr);
            break;
        }
    }
    CHECK(load != 0);
    try_header("segment larger in the file", load + offsetof(Elf64_Phdr, p_memsz), 1, 8);
    try_header("segment at the kernel", load + offsetof(Elf64_Phdr, p_vaddr), 0xffff800000000000, 8);
    try_header("segment of absurd size", load + offsetof(Elf64_Phdr, p_memsz), 0x7fffffffffffffff, 8);
    try_header("segment not aligned", load + offsetof(Elf64_Phdr, p_offset), 0x123, 8);
}

static void scripts(void)
{
    static char const loop[] = "#!/tmp/exec_errors.loop\n";
    write_file("/tmp/exec_errors.loop", loop, sizeof loop - 1, 0755);
    try_run("script of itself", "/tmp/exec_errors.loop", (char*[]){"loop", NULL});
    static char const missing[] = "#!/no/such/interpreter -x\n";
    write_file("/tmp/exec_errors.script", missing, sizeof missing - 1, 0755);
    try_run("script without interpreter", "/tmp/exec_errors.script", (char*[]){"script", NULL});
    write_file("/tmp/exec_errors.script", "#!\n", 3, 0755);
    try_run("empty interpreter", "/tmp/exec_errors.script", (char*[]){"script", NULL});
    write_file("/tmp/exec_errors.script", "echo\n", 5, 0755);
    try_run("no magic", "/tmp/exec_errors.script", (char*[]){"script", NULL});
    write_file("/tmp/exec_errors.script", "echo\n", 5, 0644);
    try_run("not executable", "/tmp/exec_errors.script", (char*[]){"script", NULL});
    try_run("a directory", "/tmp", (char*[]){"tmp", NULL});
    try_run("nothing", "/tmp/exec_errors.none", (char*[]){"none", NULL});
    try_run("empty path", "", (char*[]){"", NULL});
    static char long_path[5000];
    memset(long_path, 'a', sizeof long_path - 1);
    try_run("path too long", long_path, (char*[]){"x", NULL});
    unlink("/tmp/exec_errors.loop");
    unlink("/tmp/exec_errors.script");
}

static void long_arguments(void)
{
    write_file(kPath, image, image_size, 0755);
    size_t const huge = 131072;
    char* const one = malloc(huge + 1);
    memset(one, 'x', huge);
    one[huge] = 0;
    try_run("one argument of 128 KiB and its end", kPath, (char*[]){(char*)kPath, one, NULL});
    one[huge - 1] = 0;
    try_run("one argument of 128 KiB", kPath, (char*[]){(char*)kPath, one, NULL});
    one[huge - 1] = 'x';
    one[120000] = 0;
    char* many[32];
    for (int i = 0; i < 31; ++i) many[i] = one;
    many[0] = (char*)kPath;
    many[31] = NULL;
    try_run("more than a quarter of the stack", kPath, many);
    many[9] = NULL;
    try_run("a megabyte", kPath, many);
    free(one);
}

int main(int count, char** arguments)
{
    if (count >= 2) {
        printf("the child runs with %d arguments\n", count);
        return 0;
    }
    int const self = open("/proc/self/exe", O_RDONLY);
    CHECK(self >= 0);
    image_size = (size_t)read(self, image, sizeof image);
    CHECK(image_size > 0 && image_size < sizeof image);
    close(self);
    (void)arguments;
    try_image("unchanged", image_size);
    elf_headers();
    segments();
    scripts();
    long_arguments();
    unlink(kPath);
    return 0;
}
