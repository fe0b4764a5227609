#pragma once

// The key that reaches past a guest that has the whole terminal: Ctrl-A X leaves, Ctrl-A Ctrl-A
// and Ctrl-A A send one Ctrl-A, anything else after Ctrl-A is sent with it.

#include <string>
#include <string_view>

namespace drydock::sim {

class EscapeKey {
public:
    static constexpr char kControlA = '\x01';

    // Appends to `result` what the guest gets. False when the user leaves.
    bool filter(std::string_view typed, std::string& result)
    {
        for (char const key : typed) {
            if (!is_pending_) {
                is_pending_ = key == kControlA;
                if (!is_pending_) result += key;
                continue;
            }
            is_pending_ = false;
            if (key == 'x' || key == 'X') return false;
            result += kControlA;
            if (key != kControlA && key != 'a' && key != 'A') result += key;
        }
        return true;
    }

private:
    bool is_pending_ = false;
};

}  // namespace drydock::sim
