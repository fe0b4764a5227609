// null(4), full(4), random(4): what the devices of memory give and take, and how they are mapped.
#include "tests/contracts/contract.h"
#include <sys/sysmacros.h>

static void show_device(char const* path)
{
    struct stat status;
    require(stat(path, &status) == 0, path);
    printf("%s: %s %u:%u mode %o\n", path, S_ISCHR(status.st_mode) ? "character" : "other",
           major(status.st_rdev), minor(status.st_rdev), status.st_mode & 0777);
}

int main(void)
{
    char text[16];
    char const* const names[] = {"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"};
    for (int i = 0; i < 5; ++i) {
        int const device = open(names[i], O_RDWR | O_TRUNC);
        show_device(names[i]);
        memset(text, 'x', sizeof text);
        show("read", read(device, text, sizeof text));
        if (i < 3) printf("  first byte %d\n", text[0]);
        show("read of nothing", read(device, text, 0));
        show("write", write(device, text, sizeof text));
        show("write of nothing", write(device, text, 0));
        show("bad read", i == 0 ? 0 : read(device, (void*)8, 4));
        show("lseek", lseek(device, 100, SEEK_SET) >= 0);
        show("ftruncate", ftruncate(device, 0));
        show("O_DIRECTORY", open(names[i], O_RDONLY | O_DIRECTORY));
    }
    int const zero = open("/dev/zero", O_RDWR);
    char* const memory = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE, zero, 4096);
    show_mapped("map zero", memory);
    memory[5000] = 'z';
    show("byte", memory[4999] + memory[5000]);
    show_mapped("map null", mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, open("/dev/null", O_RDONLY), 0));
    int const reader = open("/dev/null", O_RDONLY);
    show("write to a reader", write(reader, text, 1));
    show("write from a bad place to null", write(open("/dev/null", O_WRONLY), (void*)8, 4));
    return 0;
}
