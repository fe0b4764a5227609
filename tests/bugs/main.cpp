// `drydock` with a kernel that has a bug put back; the build says which.

#include "sim/command_line.h"

int main(int argument_count, char** arguments)
{
    return drydock::sim::run_command_line(argument_count, arguments, DRYDOCK_KERNEL);
}
