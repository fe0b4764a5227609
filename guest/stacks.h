#pragma once

// The platform's own stacks, placed by boot.S, none of them a thread's:
//   platform       everything behind the kernel's door, interrupts while idle
//   report         says why the kernel stopped
//   entry          RSP0: takes what the processor pushes when it leaves user code
//   double fault, page fault, nmi, machine check
//                  one each, by IST (Intel SDM vol. 3, 6.14.5). A page fault has one so that CR2
//                  names the very byte where a thread's stack ends: a fault in pushing the
//                  fault's own frame would replace it

#include "core/base/integers.h"

extern "C" {
extern drydock::u8 drydock_guest_platform_stack[];
extern drydock::u8 drydock_guest_platform_stack_top[];
extern drydock::u8 drydock_guest_report_stack[];
extern drydock::u8 drydock_guest_report_stack_top[];
extern drydock::u8 drydock_guest_entry_stack[];
extern drydock::u8 drydock_guest_entry_stack_top[];
extern drydock::u8 drydock_guest_double_fault_stack[];
extern drydock::u8 drydock_guest_double_fault_stack_top[];
extern drydock::u8 drydock_guest_page_fault_stack[];
extern drydock::u8 drydock_guest_page_fault_stack_top[];
extern drydock::u8 drydock_guest_nmi_stack[];
extern drydock::u8 drydock_guest_nmi_stack_top[];
extern drydock::u8 drydock_guest_machine_check_stack[];
extern drydock::u8 drydock_guest_machine_check_stack_top[];
}
