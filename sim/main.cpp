#include "sim/command_line.h"

int main(int argument_count, char** arguments)
{
    return drydock::sim::run_command_line(
        argument_count, arguments, drydock::sim::kUnpatchedKernel);
}
