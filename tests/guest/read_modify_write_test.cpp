#include "guest/read_modify_write.h"

#include <gtest/gtest.h>

namespace drydock::guest {
namespace {

bool modifies(std::initializer_list<u8> code)
{
    return modifies_memory({code.begin(), code.size()});
}

// Each of these was seen to fault as a write on a processor where nothing is mapped.
TEST(read_modify_write, instructions_that_write_back)
{
    EXPECT_TRUE(modifies({0x83, 0x00, 0x01}));                    // add dword [rax], 1
    EXPECT_TRUE(modifies({0x48, 0x09, 0x08}));                    // or [rax], rcx
    EXPECT_TRUE(modifies({0x80, 0x20, 0x7f}));                    // and byte [rax], 127
    EXPECT_TRUE(modifies({0x66, 0x11, 0x08}));                    // adc [rax], cx
    EXPECT_TRUE(modifies({0x31, 0x08}));                          // xor [rax], ecx
    EXPECT_TRUE(modifies({0xff, 0x00}));                          // inc dword [rax]
    EXPECT_TRUE(modifies({0xfe, 0x08}));                          // dec byte [rax]
    EXPECT_TRUE(modifies({0xf7, 0x10}));                          // not dword [rax]
    EXPECT_TRUE(modifies({0xf6, 0x18}));                          // neg byte [rax]
    EXPECT_TRUE(modifies({0xd1, 0x20}));                          // shl dword [rax], 1
    EXPECT_TRUE(modifies({0xc1, 0x10, 0x03}));                    // rcl dword [rax], 3
    EXPECT_TRUE(modifies({0x0f, 0xa4, 0x08, 0x01}));              // shld [rax], ecx, 1
    EXPECT_TRUE(modifies({0x0f, 0xab, 0x08}));                    // bts [rax], ecx
    EXPECT_TRUE(modifies({0x0f, 0xba, 0x28, 0x01}));              // bts dword [rax], 1
    EXPECT_TRUE(modifies({0x87, 0x08}));                          // xchg [rax], ecx
    EXPECT_TRUE(modifies({0xf0, 0x0f, 0xc1, 0x08}));              // lock xadd [rax], ecx
    EXPECT_TRUE(modifies({0xf0, 0x48, 0x0f, 0xb1, 0x15, 0, 0}));  // lock cmpxchg [rip], rdx
    EXPECT_TRUE(modifies({0xf0, 0x48, 0x0f, 0xc7, 0x08}));        // lock cmpxchg16b [rax]
    EXPECT_TRUE(modifies({0x64, 0x83, 0x04, 0x25, 0, 0}));        // add dword fs:[0], ...
}

TEST(read_modify_write, instructions_that_only_read)
{
    EXPECT_FALSE(modifies({0x8b, 0x08}));              // mov ecx, [rax]
    EXPECT_FALSE(modifies({0x03, 0x08}));              // add ecx, [rax]
    EXPECT_FALSE(modifies({0x83, 0x38, 0x01}));        // cmp dword [rax], 1
    EXPECT_FALSE(modifies({0x39, 0x08}));              // cmp [rax], ecx
    EXPECT_FALSE(modifies({0x85, 0x08}));              // test [rax], ecx
    EXPECT_FALSE(modifies({0xf6, 0x00, 0x01}));        // test byte [rax], 1
    EXPECT_FALSE(modifies({0xff, 0x30}));              // push qword [rax]
    EXPECT_FALSE(modifies({0xff, 0x10}));              // call [rax]
    EXPECT_FALSE(modifies({0xff, 0x20}));              // jmp [rax]
    EXPECT_FALSE(modifies({0x0f, 0xa3, 0x08}));        // bt [rax], ecx
    EXPECT_FALSE(modifies({0x0f, 0xba, 0x20, 0x01}));  // bt dword [rax], 1
    EXPECT_FALSE(modifies({0x0f, 0xb6, 0x08}));        // movzx ecx, byte [rax]
    EXPECT_FALSE(modifies({0xf3, 0x0f, 0x6f, 0x00}));  // movdqu xmm0, [rax]
    EXPECT_FALSE(modifies({0xf3, 0xa4, 0x90}));        // rep movsb
    EXPECT_FALSE(modifies({0xf7, 0x30}));              // div dword [rax]
    EXPECT_FALSE(modifies({0x48, 0x63, 0x08}));        // movsxd rcx, [rax]
}

TEST(read_modify_write, code_that_ends_early_is_none)
{
    EXPECT_FALSE(modifies({}));
    EXPECT_FALSE(modifies({0xf0}));
    EXPECT_FALSE(modifies({0xf0, 0x48}));
    EXPECT_FALSE(modifies({0x0f}));
    EXPECT_FALSE(modifies({0x0f, 0xb1}));
    EXPECT_FALSE(modifies({0x83}));
    EXPECT_FALSE(modifies({0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66}));
}

}  // namespace
}  // namespace drydock::guest
