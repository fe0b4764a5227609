#include "hwmodel/decoder.h"

#include "hwmodel/handlers.h"
#include "hwmodel/instruction_map.h"

#include <Zydis/Zydis.h>
#include <algorithm>

namespace drydock::hwmodel {

namespace {

// Intel SDM vol. 3, 6.15: what no decoder accepts is #UD, but over 15 bytes is #GP(0).
void make_invalid(Operation& op, bool is_too_long)
{
    op = {};
    op.handler = raise_handler();
    op.extra = is_too_long ? 13 : 6;
}

// Fuses a comparison with the conditional jump behind it.
void fuse(std::vector<Operation>& operations, FusionHint const& hint, unsigned condition)
{
    Operation& compare = operations[operations.size() - 2];
    Handler const fused = compare_jump_handler(hint.kind, hint.form, hint.size, condition);
    if (fused != nullptr) compare.handler = fused;
}

struct Cursor {
    std::span<u8 const> bytes;
    usize position = 0;
    Block& block;
    FusionHint previous{};
};

enum class StepResult : u8 { More, Ends, Truncated };

StepResult decode_one(ZydisDecoder const& decoder, Cursor& cursor)
{
    Block& block = cursor.block;
    ZydisDecodedInstruction instruction;
    ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
    std::span<u8 const> const rest = cursor.bytes.subspan(cursor.position);
    ZyanStatus const status = ZydisDecoderDecodeFull(
        &decoder, rest.data(), std::min<usize>(rest.size(), 15), &instruction, operands);
    Translated result;
    result.operation.offset = static_cast<u16>(cursor.position);
    result.operation.ordinal = static_cast<u8>(block.count);
    usize length = 1;
    if (ZYAN_SUCCESS(status)) {
        length = instruction.length;
        translate_instruction(instruction, operands, result);
    } else if (status == ZYDIS_STATUS_NO_MORE_DATA && rest.size() < 15) {
        return StepResult::Truncated;
    } else {
        bool const is_too_long =
            status == ZYDIS_STATUS_INSTRUCTION_TOO_LONG || status == ZYDIS_STATUS_NO_MORE_DATA;
        make_invalid(result.operation, is_too_long);
        length = std::min<usize>(rest.size(), 15);
        result.ends_block = true;
        result.operation.offset = static_cast<u16>(cursor.position);
        result.operation.ordinal = static_cast<u8>(block.count);
    }
    result.operation.length = static_cast<u8>(length);
    if (result.needs_address) {
        result.address.offset = result.operation.offset;
        result.address.ordinal = result.operation.ordinal;
        result.address.length = result.operation.length;
        block.operations.push_back(result.address);
    }
    if (result.extension != nullptr) {
        result.operation.immediate = reinterpret_cast<u64>(result.extension.get());
        block.extensions.push_back(std::move(result.extension));
    }
    block.operations.push_back(result.operation);
    cursor.position += length;
    ++block.count;
    if (result.is_conditional_jump && cursor.previous.is_valid)
        fuse(block.operations, cursor.previous, result.condition);
    cursor.previous = result.fusion;
    return result.ends_block ? StepResult::Ends : StepResult::More;
}

// A block that no jump ends goes on in the next one.
void append_end(Block& block, usize position)
{
    Operation end{};
    end.handler = block_end_handler();
    end.offset = static_cast<u16>(position);
    end.ordinal = static_cast<u8>(block.count);
    block.operations.push_back(end);
}

}  // namespace

DecodeResult decode(std::span<u8 const> bytes, unsigned max_instructions, Block& block)
{
    ZydisDecoder decoder;
    ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
    // The model announces neither BMI1 nor LZCNT: F3 0F BC and BD are BSF and BSR there.
    ZydisDecoderEnableMode(&decoder, ZYDIS_DECODER_MODE_TZCNT, ZYAN_FALSE);
    ZydisDecoderEnableMode(&decoder, ZYDIS_DECODER_MODE_LZCNT, ZYAN_FALSE);
    ZydisDecoderEnableMode(&decoder, ZYDIS_DECODER_MODE_MPX, ZYAN_FALSE);
    ZydisDecoderEnableMode(&decoder, ZYDIS_DECODER_MODE_CET, ZYAN_FALSE);
    ZydisDecoderEnableMode(&decoder, ZYDIS_DECODER_MODE_CLDEMOTE, ZYAN_FALSE);
    Cursor cursor{bytes, 0, block, {}};
    bool has_end = false;
    while (block.count < max_instructions && cursor.position < bytes.size()) {
        StepResult const step = decode_one(decoder, cursor);
        if (step == StepResult::Truncated) {
            if (block.count == 0) return DecodeResult::Truncated;
            break;
        }
        if (step == StepResult::Ends) {
            has_end = true;
            break;
        }
    }
    if (!has_end) append_end(block, cursor.position);
    Operation& last = block.operations.back();
    last.flags |= operation_flag::kLast;
    if (last.handler != raise_handler()) last.immediate = reinterpret_cast<u64>(&block);
    block.byte_count = static_cast<u32>(cursor.position);
    block.bytes.assign(bytes.begin(), bytes.begin() + static_cast<isize>(cursor.position));
    block.first = block.operations.data();
    return DecodeResult::Complete;
}

std::string disassemble(std::span<u8 const> bytes, u64 rip)
{
    ZydisDisassembledInstruction text;
    if (!ZYAN_SUCCESS(ZydisDisassembleIntel(ZYDIS_MACHINE_MODE_LONG_64,
                                            rip,
                                            bytes.data(),
                                            std::min<usize>(bytes.size(), 15),
                                            &text))) {
        return "(not an instruction)";
    }
    return text.text;
}

}  // namespace drydock::hwmodel
