// Code that changes itself: the next instruction, another page, through a second mapping of the file.
#include "support.h"

typedef int (*Function)(void);

// mov eax, value; ret
static void write_function(unsigned char* code, int value)
{
    code[0] = 0xb8;
    memcpy(code + 1, &value, 4);
    code[5] = 0xc3;
}

int main(void)
{
    unsigned char* const code = mmap(NULL, 8192, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(code != MAP_FAILED);
    long sum = 0;
    for (int i = 0; i < 1000; ++i) {
        write_function(code, i);
        sum += ((Function)code)();
    }
    printf("rewritten a thousand times: %ld\n", sum);

    // Overwrites the immediate of the instruction behind the store:
    // mov dword [rip+1], 42; mov eax, 1; ret
    unsigned char const sequence[] = {0xc7, 0x05, 0x01, 0, 0, 0, 42, 0, 0, 0, 0xb8, 1, 0, 0, 0, 0xc3};
    memcpy(code, sequence, sizeof sequence);
    printf("the next instruction: %d\n", ((Function)code)());

    // A function that crosses the page border, changed on one side only.
    unsigned char* const border = code + 4096 - 3;
    write_function(border, 0x11223344);
    printf("across the border: %x", ((Function)border)());
    code[4096] = 0x99;
    printf(" %x", ((Function)border)());
    code[4096 - 2] = 0x55;
    printf(" %x\n", ((Function)border)());

    // Written through another mapping of the same memory.
    int const file = open("/tmp/self_modifying.code", O_RDWR | O_CREAT | O_TRUNC, 0700);
    CHECK(file >= 0);
    CHECK(ftruncate(file, 4096) == 0);
    unsigned char* const writer = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    unsigned char* const runner = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_SHARED, file, 0);
    CHECK(writer != MAP_FAILED && runner != MAP_FAILED);
    sum = 0;
    for (int i = 0; i < 100; ++i) {
        write_function(writer, i);
        sum += ((Function)runner)();
    }
    printf("through a second mapping: %ld\n", sum);
    // By the kernel: read(2) or write(2) into the running page.
    for (int i = 0; i < 10; ++i) {
        unsigned char fresh[6];
        write_function(fresh, 1000 + i);
        CHECK(pwrite(file, fresh, sizeof fresh, 0) == sizeof fresh);
        sum += ((Function)runner)();
    }
    printf("written by the kernel: %ld\n", sum);
    unlink("/tmp/self_modifying.code");
    return 0;
}
