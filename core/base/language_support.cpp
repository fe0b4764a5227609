// What the compiler refers to though the kernel never does: the deleting destructors of polymorphic
// classes, and the slots of pure virtual functions. Not part of what unit tests link.

#include "core/base/assert.h"
#include "core/base/integers.h"

void operator delete(void* /*object*/) noexcept { UNREACHABLE(); }
void operator delete(void* /*object*/, drydock::usize /*size*/) noexcept { UNREACHABLE(); }

extern "C" void __cxa_pure_virtual();
extern "C" void __cxa_pure_virtual() { UNREACHABLE(); }
