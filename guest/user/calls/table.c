#include "calls.h"

#include <string.h>

#define CALL(name, number, result, compared, arguments) {#name, number, KIND_##result},
#define KIND_value kValue
#define KIND_fd kFd
#define KIND_pid kPid
#define KIND_address kAddress
#define KIND_id kId
#define KIND_status kStatus

static struct call const kCalls[] = {
#include "sim/fuzz/calls.def"
};

struct call const* find_call(char const* name, size_t length)
{
    for (size_t i = 0; i < sizeof kCalls / sizeof kCalls[0]; ++i) {
        if (strncmp(kCalls[i].name, name, length) == 0 && kCalls[i].name[length] == 0)
            return &kCalls[i];
    }
    return NULL;
}
