#include "hwmodel/cpu.h"

#include "hwmodel/interpreter.h"

namespace drydock::hwmodel {

Cpu::Cpu(PhysicalMemory& memory, CpuEnvironment& environment, CpuOptions options)
    : interpreter_(std::make_unique<Interpreter>(memory, environment, options, counters_))
{}

Cpu::~Cpu() = default;

CpuStop Cpu::run(X86State& state, u64 root, u64 max_instructions)
{
    return interpreter_->run(state, root, max_instructions);
}

void Cpu::flush_page(u64 virtual_address) { interpreter_->flush_page(virtual_address); }
void Cpu::flush_all() { interpreter_->flush_all(); }
void Cpu::load_root(u64 root) { interpreter_->load_root(root); }
void Cpu::check_all() { interpreter_->check_all(); }

std::string Cpu::describe_bytes(u64 root, u64 rip) const
{
    return interpreter_->describe_bytes(root, rip);
}

CpuStatistics const& Cpu::statistics() const { return interpreter_->statistics(); }

}  // namespace drydock::hwmodel
